"""Losses per image → win rates → affinities; and the tables published with the paper."""

from taskonomy_kedro.core.affinity.ahp import affinity_from_win_rates
from taskonomy_kedro.core.affinity.candidate_scores import (
    CandidateScore,
    NormalizationSettings,
    score_candidates,
)
from taskonomy_kedro.core.affinity.published import PublishedTables, read_published_tables
from taskonomy_kedro.core.affinity.target_scores import TargetScores, score_target, tabulate_targets
from taskonomy_kedro.core.affinity.tournament import Tournament, play_tournament

__all__ = [
    "CandidateScore",
    "NormalizationSettings",
    "PublishedTables",
    "TargetScores",
    "Tournament",
    "affinity_from_win_rates",
    "play_tournament",
    "read_published_tables",
    "score_candidates",
    "score_target",
    "tabulate_targets",
]
