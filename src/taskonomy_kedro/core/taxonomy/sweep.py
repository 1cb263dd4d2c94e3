"""All budgets and order caps of one table."""

import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from taskonomy_kedro.core.affinity import CandidateScore
from taskonomy_kedro.core.taxonomy.admission import Candidates, drop_dominated
from taskonomy_kedro.core.taxonomy.greedy import greedy_selection
from taskonomy_kedro.core.taxonomy.program import build_program
from taskonomy_kedro.core.taxonomy.solution import (
    Taxonomy,
    best_selection,
    cost_of,
    objective_of,
    sources_of,
    verify_selection,
)
from taskonomy_kedro.core.taxonomy.solvers import Answer, ProgramSolver, open_solver

# A solver's "optimal" is believed only if its bound is the objective recomputed from the table, within
# this share of it (or this much, for objectives below 1).
_PROOF_TOLERANCE = 1e-9


def solve_taxonomies(candidates: Candidates) -> list[Taxonomy]:
    """Find the best taxonomy for every budget and order cap.

    Args:
        candidates: Those that may be chosen, with the program's parameters; see `admit`.

    Returns:
        One taxonomy for each order cap and budget, both rising. Each selection fulfils every
        constraint, and each `optimal` one is proven so.

    Raises:
        RuntimeError: The solver broke a constraint or claims an optimum that the table denies.

    Example:
        Two targets, and a label for one of them: normals serve both.

        >>> from taskonomy_kedro.core.candidates import Candidate
        >>> from taskonomy_kedro.core.taxonomy import ProgramSettings, admit
        >>> table = {
        ...     "normal->normal": 0.9,
        ...     "curvature->normal": 0.1,
        ...     "normal->curvature": 0.4,
        ...     "curvature->curvature": 0.6,
        ... }
        >>> scores = [
        ...     CandidateScore(
        ...         candidate=Candidate.from_transfer_id(name), affinity=p, gain=0.8, quality=0.5, n_images=4
        ...     )
        ...     for name, p in table.items()
        ... ]
        >>> (taxonomy,) = solve_taxonomies(admit(scores, ProgramSettings(budgets=1, max_orders=1)))
        >>> taxonomy.status, taxonomy.sources_used, round(taxonomy.objective, 3)
        ('optimal', ('normal',), 1.3)
        >>> [chosen.candidate.transfer_id for chosen in taxonomy.selected]
        ['normal->curvature', 'normal->normal']
    """
    budgets, max_orders = resolve_budgets(candidates), resolve_orders(candidates)
    # A cap above the highest order there is changes nothing: the same programs are not solved again.
    highest = max((score.candidate.order for score in candidates.scores), default=1)
    caps = sorted({min(max_order, highest) for max_order in max_orders})
    n_threads = n_workers()
    # Every n-th budget of a cap is one piece of work with a model of its own: neighbouring budgets are
    # alike hard, so the pieces are too. Both solvers work outside Python's lock.
    pieces = [(cap, budgets[start::n_threads]) for cap in caps for start in range(n_threads)]
    with ThreadPoolExecutor(max_workers=n_threads) as pool:
        sweeps = pool.map(lambda piece: _CappedSweep(candidates, piece[0]).solve(piece[1]), pieces)
    solved = {(taxonomy.max_order, taxonomy.budget): taxonomy for sweep in sweeps for taxonomy in sweep}
    return [
        replace(solved[min(max_order, highest), budget], max_order=max_order)
        for max_order in max_orders
        for budget in budgets
    ]


def n_workers() -> int:
    """Return how many budgets are solved at a time: one for each core that this process may use."""
    import joblib  # here: every command imports this module, and few solve

    return int(joblib.cpu_count())


def resolve_budgets(candidates: Candidates) -> tuple[float, ...]:
    """Return the budgets in numbers; `all` is about one for each source, in equal round steps."""
    settings = candidates.settings
    if settings.budgets != "all":
        return tuple(settings.budgets)
    total = cost_of(candidates.sources, settings.label_cost)
    step = _round_number(total / len(candidates.sources))
    # the last step is shorter where the cost of all is no multiple
    whole = math.ceil(total / step * (1 - _PROOF_TOLERANCE)) - 1
    return (*(step * (number + 1) for number in range(whole)), total)


def _round_number(value: float) -> float:
    """Return the nearest of 1, 2 and 5 times a power of ten, by ratio: budgets are to be read."""
    power = 10.0 ** math.floor(math.log10(value))
    return min((digit * power for digit in (1, 2, 5, 10)), key=lambda near: abs(math.log(near / value)))


def resolve_orders(candidates: Candidates) -> tuple[int, ...]:
    """Return the order caps in numbers; `all` is one for each order of the candidates."""
    if candidates.settings.max_orders != "all":
        return tuple(candidates.settings.max_orders)
    return tuple(sorted({score.candidate.order for score in candidates.scores})) or (1,)


class _CappedSweep:
    """The programs of one order cap: one model, rising budgets."""

    def __init__(self, candidates: Candidates, max_order: int) -> None:
        under_cap = candidates.up_to_order(max_order)
        self._targets = candidates.targets
        self._admitted = frozenset(under_cap)
        self._max_order = max_order
        self._settings = candidates.settings
        self._scores = drop_dominated(under_cap)
        self._solver: ProgramSolver | None = None
        self._ceiling = math.nan

    def solve(self, budgets: Sequence[float]) -> list[Taxonomy]:
        """Return one taxonomy for each budget; the budgets rise."""
        everything = best_selection(
            self._scores, self._targets, {s for score in self._scores for s in score.candidate.sources}
        )
        if everything is not None:
            self._ceiling = objective_of(everything, self._settings.importance)
        taxonomies: list[Taxonomy] = []
        for budget in budgets:
            start = time.perf_counter()
            if everything is None:
                answer = Answer(status="infeasible", labelled=None, bound=math.nan)
            elif self._cost(everything) <= budget:
                # Every target has its best candidate: no budget can do better.
                answer = Answer(
                    status="optimal", labelled=frozenset(sources_of(everything)), bound=self._ceiling
                )
            else:
                answer = self._open().solve(budget)
            previous = taxonomies[-1].selected if taxonomies else ()
            taxonomies.append(self._taxonomy(budget, answer, previous, start))
        return taxonomies

    def _open(self) -> ProgramSolver:
        if self._solver is None:
            program = build_program(
                self._scores,
                self._targets,
                importance=self._settings.importance,
                label_cost=self._settings.label_cost,
            )
            self._solver = open_solver(
                self._settings.solver, program, time_limit_seconds=self._settings.time_limit_seconds
            )
        return self._solver

    def _cost(self, selected: Sequence[CandidateScore]) -> float:
        return cost_of(sources_of(selected), self._settings.label_cost)

    def _taxonomy(
        self, budget: float, answer: Answer, previous: tuple[CandidateScore, ...], start: float
    ) -> Taxonomy:
        selected = self._selection(budget, answer, previous)
        self._check_against_others(budget, answer, selected, previous)
        if selected:
            verify_selection(
                selected,
                admitted=self._admitted,
                targets=self._targets,
                label_cost=self._settings.label_cost,
                budget=budget,
                max_order=self._max_order,
            )
        objective = objective_of(selected, self._settings.importance) if selected else math.nan
        if answer.status == "optimal":
            self._check_proof(budget, answer, objective)
        return Taxonomy(
            budget=budget,
            max_order=self._max_order,
            status=answer.status,
            selected=selected,
            objective=objective,
            objective_bound=objective if answer.status == "optimal" else min(answer.bound, self._ceiling),
            label_cost=self._cost(selected) if selected else math.nan,
            solve_seconds=time.perf_counter() - start,
        )

    def _selection(
        self, budget: float, answer: Answer, previous: tuple[CandidateScore, ...]
    ) -> tuple[CandidateScore, ...]:
        found = None
        if answer.labelled is not None:
            found = best_selection(self._scores, self._targets, answer.labelled)
        if answer.status != "time_limit":
            return found or ()
        # Stopped early: a smaller budget's answer or a greedy one may be better than the solver's.
        greedy = greedy_selection(self._scores, self._targets, self._settings, budget)
        offers = [offer for offer in (found, previous, greedy) if offer]
        return max(offers, key=lambda offer: objective_of(offer, self._settings.importance), default=())

    def _check_against_others(
        self,
        budget: float,
        answer: Answer,
        selected: tuple[CandidateScore, ...],
        previous: tuple[CandidateScore, ...],
    ) -> None:
        """Compare a proven answer with quick ones: what they find within the budget disproves it.

        The answer of a smaller budget is available; a greedy one takes longer and is computed only if the
        solver finds none.
        """
        if answer.status == "time_limit":
            return
        greedy: tuple[CandidateScore, ...] = ()
        if answer.status == "infeasible":
            greedy = greedy_selection(self._scores, self._targets, self._settings, budget) or ()
        for found in (greedy, previous):
            value = objective_of(found, self._settings.importance)
            best = objective_of(selected, self._settings.importance)
            if found and (not selected or value > best + _PROOF_TOLERANCE * max(1.0, abs(best))):
                raise RuntimeError(
                    f"budget {budget!r}, order cap {self._max_order}: the solver claims {answer.status}, "
                    f"but labels within the budget reach {value!r}; use the other program.solver"
                )

    def _check_proof(self, budget: float, answer: Answer, objective: float) -> None:
        slack = _PROOF_TOLERANCE * max(1.0, abs(objective))
        if not abs(answer.bound - objective) <= slack:
            raise RuntimeError(
                f"budget {budget:g}, order cap {self._max_order}: the solver claims an optimum of "
                f"{answer.bound!r}, the table gives its choice {objective!r}"
            )
