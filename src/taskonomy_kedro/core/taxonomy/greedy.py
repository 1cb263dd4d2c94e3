"""A quick taxonomy without a proof, for programs that a time limit cuts short."""

from collections.abc import Sequence

from taskonomy_kedro.core.affinity import CandidateScore
from taskonomy_kedro.core.taxonomy.program import BUDGET_SLACK
from taskonomy_kedro.core.taxonomy.settings import ProgramSettings
from taskonomy_kedro.core.taxonomy.solution import best_selection, cost_of, objective_of


def greedy_selection(
    scores: Sequence[CandidateScore], targets: Sequence[str], settings: ProgramSettings, budget: float
) -> tuple[CandidateScore, ...] | None:
    """Label the source that helps most, again and again, while the budget lasts.

    Args:
        scores: Candidates, best affinity first for each target.
        targets: Tasks that must be solved.
        settings: Label costs and importance.
        budget: Supervision budget.

    Returns:
        A selection within the budget, or None where this way leads to none.
    """

    def reach(labelled: set[str]) -> tuple[int, float]:
        singly = (best_selection(scores, [target], labelled) for target in targets)
        solved = [selection[0] for selection in singly if selection]
        return len(solved), objective_of(solved, settings.importance)

    labelled: set[str] = set()
    left = {source for score in scores for source in score.candidate.sources}
    while True:
        limit = budget * (1 + BUDGET_SLACK)
        affordable = [
            source for source in sorted(left) if cost_of(labelled | {source}, settings.label_cost) <= limit
        ]
        if not affordable:
            return best_selection(scores, targets, labelled)
        best = max(affordable, key=lambda source: reach(labelled | {source}))
        labelled.add(best)
        left.discard(best)
