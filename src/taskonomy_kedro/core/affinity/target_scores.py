"""The tournaments of all targets; a target with fewer than two candidates is excluded by name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from taskonomy_kedro.core.affinity.affinity_tables import LEFT_OUT, tabulate_scores
from taskonomy_kedro.core.affinity.candidate_scores import (
    CandidateScore,
    NormalizationSettings,
    score_candidates,
)
from taskonomy_kedro.core.candidates import Candidate, ImageLosses
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.tasks import nearest_name_hint

_REMEDY = "run the pipeline transfer_modeling again"


@dataclass(frozen=True, kw_only=True)
class TargetScores:
    """Result of the tournament of one target.

    Attributes:
        target: Name of the target.
        scores: One for each candidate; empty if the target is excluded.
        left_out: Why the target is excluded; empty if it is not.
    """

    target: str
    scores: list[CandidateScore]
    left_out: str = ""


def score_target(
    losses: ImageLosses, target: str, settings: NormalizationSettings, known: Collection[str]
) -> TargetScores:
    """Play the tournament of one target, if there are two candidates to compare.

    Readouts that diverged have no row. With fewer than two candidates besides the scratch network there
    is no choice to rank, and the target is excluded.

    Args:
        losses: Of the candidates that were trained.
        target: Name of the target.
        settings: Clipping of the win rates.
        known: Names that a source may have.

    Raises:
        UserError: A row is not a candidate of this target or has an unknown source (see
            `check_candidates`), or losses cannot be compared (see `score_candidates`).
    """
    check_candidates(losses.transfer_ids, target, known)
    scratch = Candidate(target=target, sources=(), kind="scratch").transfer_id
    choices = [name for name in losses.transfer_ids if name != scratch]
    if len(choices) < 2:
        found = f"only {choices[0]} remains" if choices else "no candidate remains"
        return TargetScores(
            target=target, scores=[], left_out=f"a tournament needs two candidates, but {found}"
        )
    scores = score_candidates(losses.values, list(losses.transfer_ids), settings)
    return TargetScores(target=target, scores=scores)


def check_candidates(transfer_ids: Sequence[str], target: str, known: Collection[str]) -> None:
    """Refuse rows of losses that belong to another target or have an unknown source.

    Args:
        transfer_ids: Labels of the rows.
        target: Name of the target.
        known: Names that a source may have.

    Raises:
        UserError: Names the target, the row and the nearest known name.
    """
    for transfer_id in transfer_ids:
        at = f"image_losses of the target {target!r}: the candidate {transfer_id!r}"
        try:
            candidate = Candidate.from_transfer_id(transfer_id)
        except ValueError as error:
            wanted = f"'source+source->{target}' with sorted, distinct sources"
            raise UserError(f"{at} must have the form {wanted}; {_REMEDY}") from error
        if candidate.target != target:
            raise UserError(f"{at} must end with '->{target}'; {_REMEDY}")
        for source in candidate.sources:
            if source not in known and candidate.kind != "full_supervision":  # that reads no representation
                raise UserError(
                    f"{at} has the unknown source {source!r} ({_REMEDY}, or add your own "
                    f"task to data.tasks){nearest_name_hint(source, known)}"
                )


def tabulate_targets(of_targets: Sequence[TargetScores]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write the scores of all targets as the tables `affinities` and `win_rates`.

    Both tables record the excluded targets with the reason (`left_out_of`).

    Raises:
        UserError: No target remains.
    """
    left_out = {scores.target: scores.left_out for scores in of_targets if scores.left_out}
    if len(left_out) == len(of_targets):
        reasons = "; ".join(f"{target} ({reason})" for target, reason in left_out.items())
        raise UserError(
            f"no target remains to normalise: {reasons}; the table transfers lists why candidates failed"
        )
    tables = tabulate_scores([score for scores in of_targets for score in scores.scores])
    for table in tables if left_out else ():
        table.attrs[LEFT_OUT] = left_out
    return tables
