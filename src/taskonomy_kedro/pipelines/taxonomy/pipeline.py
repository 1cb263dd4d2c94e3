"""The taxonomy pipeline."""

from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.pipelines.taxonomy import nodes


def create_pipeline() -> Pipeline:
    """Return the pipeline from affinities to taxonomies, significance, tree and figures."""
    drawing = [node.tag("figures") for node in _drawing()]
    return Pipeline([*_computing(), *drawing], tags="taxonomy")


def _computing() -> list[Node]:
    return [
        Node(
            nodes.check_candidates,
            inputs=["affinities", "win_rates", "params:program"],
            outputs="candidates",
            name="check_candidates",
        ),
        Node(
            nodes.solve,
            inputs=["candidates", "params:program"],
            outputs=["taxonomies", "taxonomy_summary"],
            name="solve_taxonomies",
        ),
        Node(
            nodes.compare_with_random_policies,
            inputs=["candidates", "taxonomy_summary", "params:program", "params:significance"],
            outputs=["significance", "random_policies"],
            name="compare_with_random_policies",
        ),
        Node(
            nodes.cluster_sources,
            inputs=["candidates", "params:tree"],
            outputs=["task_families", "similarity_merges"],
            name="cluster_sources",
        ),
    ]


def _drawing() -> list[Node]:
    return [
        Node(nodes.draw_affinity_matrix, "candidates", "affinity_matrix", name="draw_affinity_matrix"),
        Node(
            nodes.draw_taxonomy_graph,
            ["taxonomies", "taxonomy_summary"],
            "taxonomy_graph",
            name="draw_taxonomy_graph",
        ),
        Node(
            nodes.draw_gain_and_quality,
            "taxonomy_summary",
            "gain_and_quality",
            name="draw_gain_and_quality",
        ),
        Node(nodes.draw_significance, "significance", "significance_plot", name="draw_significance"),
        Node(
            nodes.draw_similarity_tree,
            ["similarity_merges", "task_families"],
            "similarity_tree",
            name="draw_similarity_tree",
        ),
        Node(nodes.draw_what_if, ["candidates", "params:program"], "what_if_page", name="draw_what_if"),
    ]
