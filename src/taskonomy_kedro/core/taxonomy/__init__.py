"""Affinities → the best taxonomy under each supervision budget, its significance, the similarity tree."""

from taskonomy_kedro.core.taxonomy.admission import Candidates, admit
from taskonomy_kedro.core.taxonomy.settings import ProgramSettings, SignificanceSettings, TreeSettings
from taskonomy_kedro.core.taxonomy.significance import PolicySampler, RandomPolicies, percentile_among
from taskonomy_kedro.core.taxonomy.solution import Taxonomy
from taskonomy_kedro.core.taxonomy.sweep import solve_taxonomies
from taskonomy_kedro.core.taxonomy.tree import SimilarityTree, similarity_tree

__all__ = [
    "Candidates",
    "PolicySampler",
    "ProgramSettings",
    "RandomPolicies",
    "SignificanceSettings",
    "SimilarityTree",
    "Taxonomy",
    "TreeSettings",
    "admit",
    "percentile_among",
    "similarity_tree",
    "solve_taxonomies",
]
