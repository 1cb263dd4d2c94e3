"""Nodes of the taxonomy pipeline."""

import logging

import pandas as pd
import plotly.graph_objects as go

from taskonomy_kedro.core import figures
from taskonomy_kedro.core.affinity.affinity_tables import origin_of, read_scores, tabulate_scores, with_origin
from taskonomy_kedro.core.sources.settings import SourcesSettings
from taskonomy_kedro.core.taxonomy import (
    Candidates,
    ProgramSettings,
    SignificanceSettings,
    TreeSettings,
    admit,
    similarity_tree,
    solve_taxonomies,
)
from taskonomy_kedro.core.taxonomy.taxonomy_tables import (
    tabulate_significance,
    tabulate_summary,
    tabulate_taxonomies,
    tabulate_tree,
)
from taskonomy_kedro.core.what_if import what_if_page
from taskonomy_kedro.reporting.report_page import report_page
from taskonomy_kedro.reporting.taxonomy_report import SHOWN_BUDGET

logger = logging.getLogger(__name__)


def check_candidates(
    affinities: pd.DataFrame, win_rates: pd.DataFrame, program: ProgramSettings, sources: SourcesSettings
) -> Candidates:
    """Read both tables and admit their candidates: bad input ends the run here, before anything is stored."""
    origin = origin_of(affinities)
    logger.info("Affinities: %s", origin or "this project's own run")
    scores = read_scores(affinities, win_rates)
    there = {source for score in scores for source in score.candidate.sources}
    costs = {source: cost for source, cost in sources.costs.items() if source in there}
    return admit(scores, program.with_costs(costs), origin=origin)


def solve(candidates: Candidates) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Solve every budget and order cap: the tables `taxonomies` and `taxonomy_summary`."""
    solved = solve_taxonomies(candidates)
    for taxonomy in solved:
        if taxonomy.status != "optimal":
            logger.warning(
                "budget %g, order cap %d: %s", taxonomy.budget, taxonomy.max_order, taxonomy.status
            )
    return _with_origin(candidates, tabulate_taxonomies(solved), tabulate_summary(solved))


def compare_with_random_policies(
    candidates: Candidates, taxonomy_summary: pd.DataFrame, settings: SignificanceSettings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare each taxonomy with random feasible ones: `significance` and `random_policies`."""
    compared, policies = tabulate_significance(candidates, taxonomy_summary, settings)
    for row in compared[compared["mean_gain"].notna()].to_dict("records"):
        if row["n_policies"] < settings.n_policies:
            logger.warning(
                "budget %g, order cap %d: found only %d of %d random policies; feasible sets are rare",
                row["budget"],
                row["max_order"],
                row["n_policies"],
                settings.n_policies,
            )
    return _with_origin(candidates, compared, policies)


def cluster_sources(candidates: Candidates, settings: TreeSettings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compute the similarity tree of the sources: `task_families` and `similarity_merges`."""
    return _with_origin(candidates, *tabulate_tree(similarity_tree(candidates.every_score, settings)))


def _with_origin(
    candidates: Candidates, first: pd.DataFrame, second: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Note in two tables where their numbers come from."""
    return with_origin(first, candidates.origin), with_origin(second, candidates.origin)


def draw_affinity_matrix(candidates: Candidates) -> go.Figure:
    """Draw the first-order matrix before and after normalisation."""
    return figures.draw_affinity_matrix(*tabulate_scores(candidates.every_score))


def draw_taxonomy_graph(taxonomies: pd.DataFrame, taxonomy_summary: pd.DataFrame) -> go.Figure:
    """Draw the taxonomy of each budget and order cap."""
    return figures.draw_taxonomy_graph(taxonomies, taxonomy_summary, budget=SHOWN_BUDGET)


def draw_gain_and_quality(taxonomy_summary: pd.DataFrame) -> go.Figure:
    """Draw gain and quality against the budget."""
    return figures.draw_gain_and_quality(taxonomy_summary)


def draw_significance(significance: pd.DataFrame) -> go.Figure:
    """Draw the taxonomies against the random policies."""
    return figures.draw_significance(significance)


def draw_similarity_tree(similarity_merges: pd.DataFrame, task_families: pd.DataFrame) -> go.Figure:
    """Draw the similarity tree, coloured by family."""
    return figures.draw_similarity_tree(similarity_merges, task_families)


def draw_what_if(candidates: Candidates) -> str:
    """Write the page that solves the program for the choices of a reader."""
    return what_if_page(candidates, budget=SHOWN_BUDGET)


def write_report(
    taxonomies: pd.DataFrame,
    taxonomy_summary: pd.DataFrame,
    what_if_page: str,
    contact_sheet: bytes | None,
    sanity_table: pd.DataFrame | None,
    **drawn: go.Figure,
) -> str:
    """Write the report page of the run; what no run has stored yet is omitted."""
    return report_page(
        taxonomies,
        taxonomy_summary,
        drawn,
        what_if=what_if_page,
        contact_sheet=contact_sheet,
        sanity=sanity_table,
    )
