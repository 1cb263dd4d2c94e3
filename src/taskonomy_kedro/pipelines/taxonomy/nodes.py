"""Nodes of the taxonomy pipeline."""

import logging

import pandas as pd
import plotly.graph_objects as go

from taskonomy_kedro.core import figures
from taskonomy_kedro.core.affinity.tables import origin_of, read_scores, with_origin
from taskonomy_kedro.core.taxonomy import (
    ProgramSettings,
    SignificanceSettings,
    TreeSettings,
    similarity_tree,
    solve_taxonomies,
)
from taskonomy_kedro.core.taxonomy.tables import (
    tabulate_significance,
    tabulate_summary,
    tabulate_taxonomies,
    tabulate_tree,
)

logger = logging.getLogger(__name__)


def solve(
    affinities: pd.DataFrame, win_rates: pd.DataFrame, program: ProgramSettings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Solve every budget and order cap: the tables `taxonomies` and `taxonomy_summary`."""
    origin = origin_of(affinities)
    logger.info("Affinities: %s", origin or "this project's own run")
    solved = solve_taxonomies(read_scores(affinities, win_rates), program)
    for taxonomy in solved:
        if taxonomy.status != "optimal":
            logger.warning(
                "budget %g, order cap %d: %s", taxonomy.budget, taxonomy.max_order, taxonomy.status
            )
    return with_origin(tabulate_taxonomies(solved), origin), with_origin(tabulate_summary(solved), origin)


def compare_with_random_policies(
    affinities: pd.DataFrame,
    win_rates: pd.DataFrame,
    taxonomy_summary: pd.DataFrame,
    program: ProgramSettings,
    settings: SignificanceSettings,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Set each taxonomy among random feasible ones: `significance` and `random_policies`."""
    scores = read_scores(affinities, win_rates)
    compared, policies = tabulate_significance(scores, taxonomy_summary, program, settings)
    origin = origin_of(affinities)
    return with_origin(compared, origin), with_origin(policies, origin)


def cluster_sources(
    affinities: pd.DataFrame, win_rates: pd.DataFrame, settings: TreeSettings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Grow the similarity tree of the sources: `task_families` and `similarity_merges`."""
    families, merges = tabulate_tree(similarity_tree(read_scores(affinities, win_rates), settings))
    origin = origin_of(affinities)
    return with_origin(families, origin), with_origin(merges, origin)


def draw_affinity_matrix(affinities: pd.DataFrame, win_rates: pd.DataFrame) -> go.Figure:
    """Draw the first-order matrix before and after normalisation."""
    return figures.draw_affinity_matrix(affinities, win_rates)


def draw_taxonomy_graph(taxonomies: pd.DataFrame, taxonomy_summary: pd.DataFrame) -> go.Figure:
    """Draw the taxonomy of each budget and order cap."""
    return figures.draw_taxonomy_graph(taxonomies, taxonomy_summary)


def draw_gain_and_quality(taxonomy_summary: pd.DataFrame) -> go.Figure:
    """Draw gain and quality against the budget."""
    return figures.draw_gain_and_quality(taxonomy_summary)


def draw_significance(significance: pd.DataFrame) -> go.Figure:
    """Draw the taxonomies against the random policies."""
    return figures.draw_significance(significance)


def draw_similarity_tree(similarity_merges: pd.DataFrame, task_families: pd.DataFrame) -> go.Figure:
    """Draw the similarity tree, coloured by family."""
    return figures.draw_similarity_tree(similarity_merges, task_families)
