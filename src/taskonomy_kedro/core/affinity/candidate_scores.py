"""One target's losses per image → affinity, gain and quality of each candidate."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from taskonomy_kedro.core.affinity.ahp import affinity_from_win_rates
from taskonomy_kedro.core.affinity.tournament import play_tournament
from taskonomy_kedro.core.base_settings import Settings
from taskonomy_kedro.core.candidates import Candidate
from taskonomy_kedro.core.errors import UserError


class NormalizationSettings(Settings):
    """Settings of the step from losses to affinities."""

    root = "normalization"

    floor: float = Field(
        1e-3, gt=0, lt=0.5, description="Win rates are clipped to [floor, 1 - floor] before ratios are taken."
    )


@dataclass(frozen=True, kw_only=True)
class CandidateScore:
    """Affinity, gain and quality of one candidate.

    Attributes:
        candidate: The candidate.
        affinity: Share of the target's affinity, > 0, sums to 1 over the target's candidates;
            NaN for the scratch network, which cannot be chosen.
        gain: Win rate against the scratch network, in [0, 1]; NaN if none was trained.
        quality: Win rate against the task-specific network, in [0, 1]; NaN if none was trained.
        n_images: Test images on which the candidate has a loss.
    """

    candidate: Candidate
    affinity: float
    gain: float
    quality: float
    n_images: int


def score_candidates(
    loss_by_image: NDArray[np.floating], transfer_ids: list[str], settings: NormalizationSettings
) -> list[CandidateScore]:
    """Normalise the losses of all candidates of one target.

    Args:
        loss_by_image: Loss, shape (n_candidates, n_images), lower is better, NaN where missing.
        transfer_ids: The label of each row, as `Candidate.transfer_id` writes it.
        settings: Clipping of the win rates.

    Returns:
        One score for each row, in the order of the rows.

    Raises:
        UserError: A label is not a candidate, occurs twice or belongs to another target; fewer
            than two candidates besides the scratch network; or losses that cannot be compared (see
            `play_tournament`). Messages name the target and the candidate.

    Example:
        >>> losses = np.array([[1.0, 2.0, 9.0, 4.0], [2.0, 3.0, 4.0, 5.0], [5.0, 5.0, 5.0, 5.0]])
        >>> ids = ["normal->depth", "full_supervision->depth", "scratch->depth"]
        >>> for score in score_candidates(losses, ids, NormalizationSettings()):
        ...     print(score.candidate.kind, round(score.affinity, 3), score.gain, score.quality)
        transfer 0.75 0.75 0.75
        full_supervision 0.25 0.875 0.5
        scratch nan 0.5 0.125
    """
    candidates = _parse_candidates(transfer_ids)
    target = candidates[0].target
    try:
        tournament = play_tournament(loss_by_image, transfer_ids)
        is_choice = np.array([candidate.kind != "scratch" for candidate in candidates])
        if is_choice.sum() < 2:
            raise UserError(
                f"expected at least two candidates besides the scratch network, got {transfer_ids}"
            )
        affinity = np.full(len(candidates), np.nan)
        affinity[is_choice] = affinity_from_win_rates(
            tournament.win_rates[np.ix_(is_choice, is_choice)], floor=settings.floor
        )
    except ValueError as error:
        raise UserError(f"target {target!r}: {error}") from error
    gain = _win_rate_against("scratch", candidates, tournament.win_rates)
    quality = _win_rate_against("full_supervision", candidates, tournament.win_rates)
    return [
        CandidateScore(
            candidate=candidate,
            affinity=float(affinity[i]),
            gain=float(gain[i]),
            quality=float(quality[i]),
            n_images=int(tournament.n_common[i, i]),
        )
        for i, candidate in enumerate(candidates)
    ]


def _parse_candidates(transfer_ids: list[str]) -> list[Candidate]:
    if not transfer_ids:
        raise UserError("expected losses of at least one candidate, got none")
    candidates = [Candidate.from_transfer_id(transfer_id) for transfer_id in transfer_ids]
    for number, candidate in enumerate(candidates):
        if candidate.target != candidates[0].target:
            raise UserError(
                f"target {candidates[0].target!r}: the row {transfer_ids[number]!r} belongs to another target"
            )
        if transfer_ids[number] in transfer_ids[:number]:
            raise UserError(f"target {candidate.target!r}: the row {transfer_ids[number]!r} occurs twice")
    return candidates


def _win_rate_against(
    kind: str, candidates: list[Candidate], win_rates: NDArray[np.float64]
) -> NDArray[np.float64]:
    rows = [i for i, candidate in enumerate(candidates) if candidate.kind == kind]
    return win_rates[:, rows[0]] if rows else np.full(len(candidates), np.nan)
