"""The taxonomy pipeline."""

from functools import partial
from typing import Any

from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.pipelines.taxonomy import nodes
from taskonomy_kedro.pipelines.taxonomy.program_preview import preview_program
from taskonomy_kedro.reporting.report_page import FIGURES

_NAME = "taxonomy"
_REPORTED = ("taxonomies", "taxonomy_summary", "what_if_page", "contact_sheet", "sanity_table")


def create_pipeline(parameters: dict[str, Any] | None = None) -> Pipeline:
    """Return the pipeline from affinities to taxonomies, significance, tree and figures.

    Args:
        parameters: Of the run: kedro-viz shows the program with them. No node depends on them.
    """
    drawing = [node.tag("figures") for node in _drawing()]
    return Pipeline([*_computing(parameters or {}), *drawing], tags=_NAME)


def _node(
    function: Any,
    inputs: str | list[str] | dict[str, str],
    outputs: str | list[str],
    name: str,
    preview: Any = None,
) -> Node:
    return Node(function, inputs, outputs, name=name, namespace=_NAME, preview_fn=preview)


def _computing(parameters: dict[str, Any]) -> list[Node]:
    return [
        _node(
            nodes.check_candidates,
            ["affinities", "win_rates", "params:program", "params:sources"],
            "candidates",
            "check_candidates",
        ),
        _node(
            nodes.solve,
            "candidates",
            ["taxonomies", "taxonomy_summary"],
            "solve_taxonomies",
            partial(preview_program, parameters),
        ),
        _node(
            nodes.compare_with_random_policies,
            ["candidates", "taxonomy_summary", "params:significance"],
            ["significance", "random_policies"],
            "compare_with_random_policies",
        ),
        _node(
            nodes.cluster_sources,
            ["candidates", "params:tree"],
            ["task_families", "similarity_merges"],
            "cluster_sources",
        ),
    ]


def _drawing() -> list[Node]:
    return [
        _node(nodes.draw_affinity_matrix, "candidates", "affinity_matrix", "draw_affinity_matrix"),
        _node(
            nodes.draw_taxonomy_graph,
            ["taxonomies", "taxonomy_summary"],
            "taxonomy_graph",
            "draw_taxonomy_graph",
        ),
        _node(
            nodes.draw_gain_and_quality,
            "taxonomy_summary",
            "gain_and_quality",
            "draw_gain_and_quality",
        ),
        _node(nodes.draw_significance, "significance", "significance_plot", "draw_significance"),
        _node(
            nodes.draw_similarity_tree,
            ["similarity_merges", "task_families"],
            "similarity_tree",
            "draw_similarity_tree",
        ),
        _node(nodes.draw_what_if, "candidates", "what_if_page", "draw_what_if"),
        _node(
            nodes.write_report,
            {name: name for name in (*_REPORTED, *(figure.name for figure in FIGURES))},
            "report",
            "write_report",
        ),
    ]
