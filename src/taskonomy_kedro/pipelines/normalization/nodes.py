"""Nodes of the normalization pipeline."""

import pandas as pd

from taskonomy_kedro.core.affinity import CandidateScore, NormalizationSettings, score_candidates
from taskonomy_kedro.core.affinity.tables import tabulate_scores
from taskonomy_kedro.core.gathered import Gathered
from taskonomy_kedro.core.transfers import ImageLosses


def score_target(
    image_losses: Gathered[ImageLosses], settings: NormalizationSettings, *, target: str
) -> list[CandidateScore]:
    """Play the tournament of one target: affinity, gain and quality of each candidate."""
    losses = image_losses.of(target)
    return score_candidates(losses.values, list(losses.transfer_ids), settings)


def gather_scores(*scores_of_targets: list[CandidateScore]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write the scores of all targets as the tables `affinities` and `win_rates`."""
    return tabulate_scores([score for scores in scores_of_targets for score in scores])
