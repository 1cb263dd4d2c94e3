"""The tournaments of all targets: those with nothing to compare are left out by name, the rest stands."""

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
from taskonomy_kedro.core.tasks import nearest_name_hint

_REMEDY = "run the pipeline transfer_modeling again"


@dataclass(frozen=True, kw_only=True)
class TargetScores:
    """What the tournament of one target says.

    Attributes:
        target: Which.
        scores: One for each candidate; none where the target is left out.
        left_out: Why it is; empty where it is not.
    """

    target: str
    scores: list[CandidateScore]
    left_out: str = ""


def score_target(
    losses: ImageLosses, target: str, settings: NormalizationSettings, known: Collection[str]
) -> TargetScores:
    """Play the tournament of one target, if there are two candidates to compare.

    Readouts that diverged have no row. Where they leave fewer than two candidates beside the scratch
    network, the target is left out: without a choice nothing can be said of it.

    Args:
        losses: Of the candidates that there are.
        target: Which.
        settings: Clipping of the win rates.
        known: Names that a source may have.

    Raises:
        ValueError: A row is no candidate of this target or has an unknown source (see
            `check_candidates`), or losses cannot be compared (see `score_candidates`).
    """
    check_candidates(losses.transfer_ids, target, known)
    scratch = Candidate(target=target, sources=(), kind="scratch").transfer_id
    choices = [name for name in losses.transfer_ids if name != scratch]
    if len(choices) < 2:
        found = f"only {choices[0]} is left" if choices else "no candidate is left"
        return TargetScores(
            target=target, scores=[], left_out=f"a tournament needs two candidates, and {found}"
        )
    scores = score_candidates(losses.values, list(losses.transfer_ids), settings)
    return TargetScores(target=target, scores=scores)


def check_candidates(transfer_ids: Sequence[str], target: str, known: Collection[str]) -> None:
    """Refuse rows of losses that are of another target or read what nobody knows.

    Args:
        transfer_ids: Labels of the rows.
        target: Whose losses they are.
        known: Names that a source may have.

    Raises:
        ValueError: Names the target, the row and the nearest known name.
    """
    for transfer_id in transfer_ids:
        at = f"image_losses of the target {target!r}: the candidate {transfer_id!r}"
        try:
            candidate = Candidate.from_transfer_id(transfer_id)
        except ValueError as error:
            wanted = f"'source+source->{target}' with sorted, distinct sources"
            raise ValueError(f"{at} must read {wanted}; {_REMEDY}") from error
        if candidate.target != target:
            raise ValueError(f"{at} must end with '->{target}'; {_REMEDY}")
        for source in candidate.sources:
            if source not in known and candidate.kind != "full_supervision":  # that reads no representation
                raise ValueError(
                    f"{at} has the source {source!r}, which is no task here ({_REMEDY}, or enter a task of "
                    f"your own in data.tasks){nearest_name_hint(source, known)}"
                )


def tabulate_targets(of_targets: Sequence[TargetScores]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write the scores of all targets as the tables `affinities` and `win_rates`.

    Both keep a note of the targets that are left out, and why (`left_out_of`).

    Raises:
        ValueError: No target is left.
    """
    left_out = {scores.target: scores.left_out for scores in of_targets if scores.left_out}
    if len(left_out) == len(of_targets):
        reasons = "; ".join(f"{target} ({reason})" for target, reason in left_out.items())
        raise ValueError(
            f"no target is left to normalise: {reasons}; the table transfers says why candidates failed"
        )
    tables = tabulate_scores([score for scores in of_targets for score in scores.scores])
    for table in tables if left_out else ():
        table.attrs[LEFT_OUT] = left_out
    return tables
