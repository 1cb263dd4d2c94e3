"""A solved taxonomy: the best transfers from a set of labelled sources, checked against the constraints."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from taskonomy_kedro.core.affinity import CandidateScore
from taskonomy_kedro.core.taxonomy.program import BUDGET_SLACK
from taskonomy_kedro.core.taxonomy.solvers import Status


@dataclass(frozen=True, kw_only=True)
class Taxonomy:
    """The best taxonomy found for one budget and order cap.

    Attributes:
        budget: Supervision budget, in units of label cost.
        max_order: Order cap.
        status: `optimal` is proven (gap 0); `infeasible` and `time_limit` may have no selection.
        selected: The candidate of each target, by target name; empty where none was found.
        objective: Σ r_t · p of the selection, recomputed from the table; NaN without one.
        objective_bound: Proven upper bound of the objective; NaN where infeasible.
        label_cost: Cost of the sources in use, ≤ budget; NaN without a selection.
        solve_seconds: Wall time of this program.
    """

    budget: float
    max_order: int
    status: Status
    selected: tuple[CandidateScore, ...]
    objective: float
    objective_bound: float
    label_cost: float
    solve_seconds: float

    @property
    def sources_used(self) -> tuple[str, ...]:
        """Sorted names of the sources to label."""
        return sources_of(self.selected)

    @property
    def mean_gain(self) -> float:
        """Mean gain over the targets that have one, NaN without any."""
        return _mean([score.gain for score in self.selected])

    @property
    def mean_quality(self) -> float:
        """Mean quality over the targets that have one, NaN without any."""
        return _mean([score.quality for score in self.selected])


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return math.fsum(known) / len(known) if known else math.nan


def sources_of(selected: Sequence[CandidateScore]) -> tuple[str, ...]:
    """Return the sorted names of all sources of some candidates."""
    return tuple(sorted({source for score in selected for source in score.candidate.sources}))


def cost_of(sources: Collection[str], label_cost: Mapping[str, float]) -> float:
    """Return the cost of labelling some sources; 1 for each that is not named."""
    return math.fsum(label_cost.get(source, 1.0) for source in sources)


def objective_of(selected: Sequence[CandidateScore], importance: Mapping[str, float]) -> float:
    """Return Σ r_t · p of a selection."""
    return math.fsum(importance.get(score.candidate.target, 1.0) * score.affinity for score in selected)


def best_selection(
    scores: Sequence[CandidateScore], targets: Sequence[str], labelled: Collection[str]
) -> tuple[CandidateScore, ...] | None:
    """Return the best candidate of each target that the labelled sources allow.

    Args:
        scores: Candidates, best affinity first for each target, as `drop_dominated` orders them.
        targets: Tasks that must be solved.
        labelled: Sources with labels.

    Returns:
        One candidate for each target, in the order of the targets, or None if one has none.
    """
    best: dict[str, CandidateScore] = {}
    for score in scores:
        if score.candidate.target not in best and set(score.candidate.sources) <= set(labelled):
            best[score.candidate.target] = score
    if any(target not in best for target in targets):
        return None
    return tuple(best[target] for target in targets)


def verify_selection(
    selected: Sequence[CandidateScore],
    *,
    admitted: Collection[CandidateScore],
    targets: Sequence[str],
    label_cost: Mapping[str, float],
    budget: float,
    max_order: int,
) -> None:
    """Check a selection against every constraint of the program, whatever the solver said.

    Raises:
        RuntimeError: A constraint is violated, by a fault of the solver or of this code; the message
            names the constraint and the candidate.
    """
    where = f"budget {budget:g}, order cap {max_order}"
    solved = sorted(score.candidate.target for score in selected)
    if solved != sorted(targets):
        raise RuntimeError(f"{where}: each target needs exactly one candidate, got {solved}")
    for score in selected:
        if score not in admitted:
            raise RuntimeError(f"{where}: {score.candidate.transfer_id} may not be chosen")
        if score.candidate.order > max_order:
            raise RuntimeError(f"{where}: {score.candidate.transfer_id} has {score.candidate.order} sources")
    cost = cost_of(sources_of(selected), label_cost)
    if cost > budget * (1 + BUDGET_SLACK):
        raise RuntimeError(f"{where}: the sources cost {cost!r}, more than {budget!r}")
