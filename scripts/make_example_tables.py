"""Makes the example tables that the repository ships until it has a reference run of its own.

Losses are simulated, not measured: each task gets a place in a small space near its family, and a
read-out's loss grows with the distance from its sources to its target. The losses then go through the
project's own normalisation. So the example has the shape and size of a real table and says nothing
about real tasks.

Usage: python scripts/make_example_tables.py   (writes data/07_model_output, version 0)
"""

from itertools import combinations
from pathlib import Path

import numpy as np
from kedro.io import Version

from taskonomy_kedro.core.affinity import CandidateScore, NormalizationSettings, score_candidates
from taskonomy_kedro.core.affinity.tables import tabulate_scores
from taskonomy_kedro.core.tasks import FAMILIES, TASKS
from taskonomy_kedro.core.transfers import Candidate
from taskonomy_kedro.datasets import TableDataset

PROJECT = Path(__file__).resolve().parents[1]
VERSION = "2026-11-23T00.00.00.000Z"
ORIGIN = "EXAMPLE of simulated losses, made by scripts/make_example_tables.py; it says nothing of real tasks"
N_IMAGES, N_DIMENSIONS, TOP_SOURCES = 400, 4, 5


def simulate_scores(seed: int = 0) -> list[CandidateScore]:
    """Return scores of 26 first-order transfers, 10 pairs, full supervision and scratch for 22 targets."""
    rng = np.random.default_rng(seed)
    centres = {family: rng.normal(size=N_DIMENSIONS) for family in FAMILIES}
    places = {
        task.name: centres[task.family] + 0.45 * rng.normal(size=N_DIMENSIONS) for task in TASKS.values()
    }
    scores: list[CandidateScore] = []
    for target in (task.name for task in TASKS.values() if not task.is_source_only):
        distances = {source: _distance(places, source, target) for source in TASKS}
        nearest = sorted((source for source in TASKS if source != target), key=distances.__getitem__)
        candidates = [
            Candidate(target=target, sources=(target,), kind="full_supervision"),
            Candidate(target=target, sources=(), kind="scratch"),
            *(
                Candidate(
                    target=target,
                    sources=(source,),
                    kind="random" if source == "random_projection" else "transfer",
                )
                for source in sorted(TASKS)
            ),
            *(
                Candidate(target=target, sources=tuple(sorted(pair)))
                for pair in combinations(nearest[:TOP_SOURCES], 2)
            ),
        ]
        hardness = [_hardness(candidate, distances) + 0.1 * rng.normal() for candidate in candidates]
        difficulty = rng.normal(size=N_IMAGES)
        noise = rng.normal(size=(len(candidates), N_IMAGES))
        losses = np.exp(0.5 * np.array(hardness)[:, None] + difficulty + 0.6 * noise).astype(np.float32)
        ids = [candidate.transfer_id for candidate in candidates]
        scores += score_candidates(losses, ids, NormalizationSettings())
    return scores


def _distance(places: dict[str, np.ndarray], source: str, target: str) -> float:
    if source == "random_projection":
        return 4.0
    if source == target:
        return 0.3
    return float(np.linalg.norm(places[source] - places[target]))


def _hardness(candidate: Candidate, distances: dict[str, float]) -> float:
    if candidate.kind == "full_supervision":
        return 0.2
    if candidate.kind == "scratch":
        return 2.2
    nearest = min(distances[source] for source in candidate.sources)
    others = sum(1 / distances[source] for source in candidate.sources) - 1 / nearest
    return nearest - 0.3 * min(others, 1.0)


def main() -> None:
    """Write the two tables as the oldest version of their datasets."""
    tables = tabulate_scores(simulate_scores(), origin=ORIGIN)
    for name, table in zip(("affinities", "win_rates"), tables, strict=True):
        path = PROJECT / "data" / "07_model_output" / f"{name}.parquet"
        TableDataset(filepath=path.as_posix(), version=Version(None, VERSION)).save(table)
        print(f"{path.relative_to(PROJECT)}: {len(table)} rows")


if __name__ == "__main__":
    main()
