"""Nodes of the normalization pipeline."""

import logging

import pandas as pd

from taskonomy_kedro.core import affinity
from taskonomy_kedro.core.affinity import NormalizationSettings, TargetScores
from taskonomy_kedro.core.candidates import ImageLosses
from taskonomy_kedro.core.gathered import Gathered
from taskonomy_kedro.recipes import recipe

logger = logging.getLogger(__name__)


@recipe(picks={"image_losses": "target"})
def score_target(
    image_losses: Gathered[ImageLosses],
    settings: NormalizationSettings,
    *,
    target: str,
    known: tuple[str, ...],
) -> TargetScores:
    """Play the tournament of one target: affinity, gain and quality of each candidate."""
    scores = affinity.score_target(image_losses.of(target), target, settings, known)
    if scores.left_out:
        logger.error("%s is excluded from affinities and taxonomies: %s", target, scores.left_out)
    return scores


def gather_scores(*of_targets: TargetScores) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write the scores of all targets as the tables `affinities` and `win_rates`."""
    return affinity.tabulate_targets(of_targets)
