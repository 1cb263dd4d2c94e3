"""Which candidates the program may choose from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from taskonomy_kedro.core.affinity import CandidateScore
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.tasks import nearest_name_hint
from taskonomy_kedro.core.taxonomy.settings import ProgramSettings

# Beyond this ratio of prices, the cheapest label is smaller than the solvers' tolerance.
_MAX_COST_RATIO = 1e6


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """All scored candidates of a run, and those that the program may choose from.

    Attributes:
        settings: The program's parameters, which decide who may be chosen.
        targets: Sorted names of the tasks that must be solved.
        scores: The candidates that may be chosen, of every order.
        every_score: Those of the whole table, scratch networks included.
        origin: Where the numbers come from; None for a run of one's own.
    """

    settings: ProgramSettings
    targets: tuple[str, ...]
    scores: tuple[CandidateScore, ...]
    every_score: tuple[CandidateScore, ...]
    origin: str | None = None

    def up_to_order(self, max_order: int) -> tuple[CandidateScore, ...]:
        """Return the candidates with at most `max_order` sources."""
        return tuple(score for score in self.scores if score.candidate.order <= max_order)

    @property
    def sources(self) -> tuple[str, ...]:
        """Sorted names of all tasks that some candidate is fed from."""
        return tuple(sorted({source for score in self.scores for source in score.candidate.sources}))


def admit(
    scores: Sequence[CandidateScore], settings: ProgramSettings, *, origin: str | None = None
) -> Candidates:
    """Apply the roles of the settings to a table of scored candidates.

    The scratch networks are what gain is measured against; they cannot be chosen.

    Args:
        scores: Distinct candidates, as `read_scores` returns them.
        settings: The program's parameters.
        origin: Where the numbers come from.

    Raises:
        UserError: The table is empty, the settings name a task that the table does not have, no target
            or candidate remains, or prices are too far apart; the message names it.
    """
    if not scores:
        raise UserError("the table of affinities is empty")
    known = {score.candidate.target for score in scores}
    known |= {source for score in scores for source in score.candidate.sources}
    for key in ("importance", "label_cost", "source_only", "target_only", "exclude"):
        for task in getattr(settings, key):
            if task not in known:
                raise UserError(
                    f"program.{key} names the unknown task {task!r}{nearest_name_hint(task, known)}"
                )
    no_target = {*settings.source_only, *settings.exclude}
    no_source = {*settings.target_only, *settings.exclude}
    targets = tuple(sorted({score.candidate.target for score in scores} - no_target))
    if not targets:
        raise UserError("program.source_only and program.exclude exclude every target")
    candidates = Candidates(
        settings=settings,
        targets=targets,
        every_score=tuple(scores),
        origin=origin,
        scores=tuple(
            score
            for score in scores
            if score.candidate.kind != "scratch"
            and score.candidate.target not in no_target
            and no_source.isdisjoint(score.candidate.sources)
            and (settings.allow_full_supervision or score.candidate.target not in score.candidate.sources)
        ),
    )
    if not candidates.scores:
        raise UserError(
            "no candidate remains to choose from: program.target_only, program.exclude and "
            "program.allow_full_supervision exclude all of them"
        )
    prices = [settings.label_cost.get(source, 1.0) for source in candidates.sources]
    if max(prices) > _MAX_COST_RATIO * min(prices):
        raise UserError(
            f"program.label_cost: the most expensive label may cost {_MAX_COST_RATIO:g} times the cheapest, "
            f"not more (1 if not named), got {max(prices):g} and {min(prices):g}"
        )
    return candidates


def drop_dominated(scores: Iterable[CandidateScore]) -> list[CandidateScore]:
    """Drop every candidate that another one into the same target dominates.

    If j needs only sources that i needs, and its affinity is at least as high, then replacing i by j keeps
    a taxonomy feasible and does not lower its objective, for any label costs and importance. So the
    optimum is preserved.

    Returns:
        The others, sorted by target and falling affinity; ties by fewer sources, then by name.
    """
    undominated: dict[str, list[CandidateScore]] = {}
    for score in sorted(scores, key=_best_first):
        rivals = undominated.setdefault(score.candidate.target, [])
        sources = set(score.candidate.sources)
        if not any(sources.issuperset(rival.candidate.sources) for rival in rivals):
            rivals.append(score)
    return [score for rivals in undominated.values() for score in rivals]


def _best_first(score: CandidateScore) -> tuple[str, float, int, tuple[str, ...], str]:
    candidate = score.candidate
    return candidate.target, -score.affinity, candidate.order, candidate.sources, candidate.kind
