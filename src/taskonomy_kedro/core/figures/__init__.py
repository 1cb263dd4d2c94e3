"""From tables to Plotly figures."""

from taskonomy_kedro.core.figures.affinity_matrix import draw_affinity_matrix
from taskonomy_kedro.core.figures.gain_and_quality import draw_gain_and_quality
from taskonomy_kedro.core.figures.significance_plot import draw_significance
from taskonomy_kedro.core.figures.similarity_tree import draw_similarity_tree
from taskonomy_kedro.core.figures.taxonomy_graph import draw_taxonomy_graph

__all__ = [
    "draw_affinity_matrix",
    "draw_gain_and_quality",
    "draw_significance",
    "draw_similarity_tree",
    "draw_taxonomy_graph",
]
