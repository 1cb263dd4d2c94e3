"""Measures the sweep of all budgets and order caps with both solvers, and one program at a time.

Usage: python benchmarks/taxonomy.py [--published DIR --set 1k]
"""

import argparse
import statistics
import time
from itertools import combinations
from pathlib import Path

import numpy as np
import pulp

from taskonomy_kedro.core.affinity import CandidateScore, read_published_tables
from taskonomy_kedro.core.candidates import Candidate
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.taxonomy import ProgramSettings, solve_taxonomies
from taskonomy_kedro.core.taxonomy.admission import admit

MAX_ORDERS = (1, 2, 3, 4, 24)


def draw_table(seed: int, *, is_structured: bool) -> list[CandidateScore]:
    """Draw a table of the shape of the paper's largest: 22 targets, 26 sources, about 1,700 candidates.

    First order for every source; pairs and triplets of the best 5, quadruples of the best 6, nested
    prefixes of the ranking above. A candidate of more sources is a little better than its best part.
    With structure some sources are good for most targets, as in measured tables; without, each target
    has a ranking of its own, which is much harder for the solvers.
    """
    rng = np.random.default_rng(seed)
    common = rng.normal(size=len(TASKS)) if is_structured else np.zeros(len(TASKS))
    scores = []
    for target in (name for name, task in TASKS.items() if not task.is_source_only):
        strength = dict(zip(TASKS, np.exp(common + 0.7 * rng.normal(size=len(TASKS))), strict=True))
        ranked = sorted((s for s in TASKS if s != target), key=lambda s: -strength[s])
        sets: list[tuple[str, ...]] = [(source,) for source in TASKS]
        sets += [c for k in (2, 3) for c in combinations(ranked[:5], k)] + list(combinations(ranked[:6], 4))
        if target not in ("fixated_pose", "nonfixated_pose", "egomotion", "point_matching"):
            sets += [tuple(ranked[:k]) for k in range(5, 25)]
        candidates = [Candidate(target=target, sources=(target,), kind="full_supervision")]
        candidates += [
            Candidate.from_transfer_id(f"{'+'.join(sorted(sources))}->{target}") for sources in sets
        ]
        weight = [8.0] + [
            max(strength[s] for s in c.sources) * (1 + 0.2 * rng.random() * len(c.sources) ** 0.5)
            for c in candidates[1:]
        ]
        total = sum(weight)
        scores += [
            CandidateScore(candidate=c, affinity=w / total, gain=0.5, quality=0.5, n_images=0)
            for c, w in zip(candidates, weight, strict=True)
        ]
    return scores


def one_program_at_a_time(scores: list[CandidateScore], budgets: list[int], max_order: int) -> list[float]:
    """Solve the program as in the paper, a new model for each budget, all candidates, CBC: the baseline."""
    admitted = admit(scores, ProgramSettings())
    chosen = admitted.up_to_order(max_order)
    objectives = []
    for budget in budgets:
        problem = pulp.LpProblem("plain", pulp.LpMaximize)
        x = [problem.add_variable(f"x{i}", cat="Binary") for i in range(len(chosen))]
        y = {s: problem.add_variable(f"y{i}", cat="Binary") for i, s in enumerate(admitted.sources)}
        problem += pulp.lpSum(score.affinity * v for score, v in zip(chosen, x, strict=True))
        for target in admitted.targets:
            problem += (
                pulp.lpSum(v for s, v in zip(chosen, x, strict=True) if s.candidate.target == target) == 1
            )
        for score, v in zip(chosen, x, strict=True):
            problem += score.candidate.order * v <= pulp.lpSum(y[s] for s in score.candidate.sources)
        problem += pulp.lpSum(y.values()) <= budget
        path = pulp.PULP_CBC_CMD.pulp_cbc_path
        problem.solve(pulp.COIN_CMD(path=path, msg=False, gapRel=0, gapAbs=0, threads=1))
        objectives.append(float(pulp.value(problem.objective)))
    return objectives


def time_table(name: str, scores: list[CandidateScore], *, repeats: int = 3) -> None:
    n_sources = len(admit(scores, ProgramSettings()).sources)
    print(f"{name}: {len(scores)} candidates, {n_sources} budgets x {len(MAX_ORDERS)} order caps")
    found = {}
    for solver in ("HiGHS", "CBC"):
        seconds = []
        for _ in range(repeats):
            start = time.perf_counter()
            settings = ProgramSettings(budgets="all", max_orders=MAX_ORDERS, solver=solver)
            found[solver] = solve_taxonomies(admit(scores, settings))
            seconds.append(time.perf_counter() - start)
        statuses = {taxonomy.status for taxonomy in found[solver]}
        print(f"  {solver:5}: {statistics.median(seconds):.2f} s (median of {repeats}; {statuses})")
    difference = max(
        abs(one.objective - other.objective)
        for one, other in zip(found["HiGHS"], found["CBC"], strict=True)
        if one.status == other.status == "optimal"
    )
    print(f"  largest difference of the objectives: {difference:.1e}")
    start = time.perf_counter()
    plain = one_program_at_a_time(scores, [3, 10], max_order=4)
    per_program = (time.perf_counter() - start) / 2
    ours = [t.objective for t in found["CBC"] if t.max_order == 4 and t.budget in (3, 10)]
    difference = max(abs(one - other) for one, other in zip(plain, ours, strict=True))
    print(f"  plain program: {per_program:.2f} s each (objectives agree within {difference:.1e}),")
    print(f"  so {per_program * n_sources * len(MAX_ORDERS):.0f} s for all")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--published", type=Path, help="directory of the tables published with the paper")
    parser.add_argument("--set", default="1k")
    arguments = parser.parse_args()
    time_table("table with common good sources", draw_table(0, is_structured=True))
    time_table("table of unrelated targets", draw_table(0, is_structured=False))
    if arguments.published:
        tables = read_published_tables(arguments.published, arguments.set)
        time_table(f"published set {arguments.set}", [s for s in tables.scores if s.candidate.order])


if __name__ == "__main__":
    main()
