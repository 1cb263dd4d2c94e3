"""Nodes of the taxonomy pipeline."""

import logging
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from taskonomy_kedro.core import figures
from taskonomy_kedro.core.affinity import CandidateScore
from taskonomy_kedro.core.affinity.affinity_tables import origin_of, read_scores, tabulate_scores, with_origin
from taskonomy_kedro.core.taxonomy import (
    ProgramSettings,
    SignificanceSettings,
    TreeSettings,
    similarity_tree,
    solve_taxonomies,
)
from taskonomy_kedro.core.taxonomy.admission import admit
from taskonomy_kedro.core.taxonomy.taxonomy_tables import (
    tabulate_significance,
    tabulate_summary,
    tabulate_taxonomies,
    tabulate_tree,
)
from taskonomy_kedro.core.what_if import what_if_page

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ScoredTable:
    """All candidates of a run, and where their numbers come from; in memory only.

    Attributes:
        scores: One for each candidate.
        origin: What the tables say of their numbers, None for a run of one's own.
    """

    scores: list[CandidateScore]
    origin: str | None

    def told(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table with the same origin."""
        return with_origin(table, self.origin)


def check_candidates(
    affinities: pd.DataFrame, win_rates: pd.DataFrame, program: ProgramSettings
) -> ScoredTable:
    """Read both tables and hold them against the program: bad input ends here, before anything is stored."""
    origin = origin_of(affinities)
    logger.info("Affinities: %s", origin or "this project's own run")
    scores = read_scores(affinities, win_rates)
    admit(scores, program)
    return ScoredTable(scores=scores, origin=origin)


def solve(candidates: ScoredTable, program: ProgramSettings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Solve every budget and order cap: the tables `taxonomies` and `taxonomy_summary`."""
    solved = solve_taxonomies(candidates.scores, program)
    for taxonomy in solved:
        if taxonomy.status != "optimal":
            logger.warning(
                "budget %g, order cap %d: %s", taxonomy.budget, taxonomy.max_order, taxonomy.status
            )
    return candidates.told(tabulate_taxonomies(solved)), candidates.told(tabulate_summary(solved))


def compare_with_random_policies(
    candidates: ScoredTable,
    taxonomy_summary: pd.DataFrame,
    program: ProgramSettings,
    settings: SignificanceSettings,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Set each taxonomy among random feasible ones: `significance` and `random_policies`."""
    compared, policies = tabulate_significance(candidates.scores, taxonomy_summary, program, settings)
    for row in compared[compared["mean_gain"].notna()].to_dict("records"):
        if row["n_policies"] < settings.n_policies:
            logger.warning(
                "budget %g, order cap %d: only %d random policies found, of %d; feasible sets are rare",
                row["budget"],
                row["max_order"],
                row["n_policies"],
                settings.n_policies,
            )
    return candidates.told(compared), candidates.told(policies)


def cluster_sources(candidates: ScoredTable, settings: TreeSettings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Grow the similarity tree of the sources: `task_families` and `similarity_merges`."""
    families, merges = tabulate_tree(similarity_tree(candidates.scores, settings))
    return candidates.told(families), candidates.told(merges)


def draw_affinity_matrix(candidates: ScoredTable) -> go.Figure:
    """Draw the first-order matrix before and after normalisation."""
    return figures.draw_affinity_matrix(*tabulate_scores(candidates.scores))


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


def draw_what_if(candidates: ScoredTable, program: ProgramSettings) -> str:
    """Write the page that solves the program for whatever a reader chooses."""
    return what_if_page(candidates.scores, program, origin=candidates.origin)
