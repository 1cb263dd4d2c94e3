"""The taxonomy pipeline."""

from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.pipelines.taxonomy import nodes

_TABLES = ["affinities", "win_rates"]


def create_pipeline() -> Pipeline:
    """Return the pipeline from affinities to taxonomies, significance, tree and figures."""
    computing = [
        Node(
            nodes.solve,
            inputs=[*_TABLES, "params:program"],
            outputs=["taxonomies", "taxonomy_summary"],
            name="solve_taxonomies",
        ),
        Node(
            nodes.compare_with_random_policies,
            inputs=[*_TABLES, "taxonomy_summary", "params:program", "params:significance"],
            outputs=["significance", "random_policies"],
            name="compare_with_random_policies",
        ),
        Node(
            nodes.cluster_sources,
            inputs=[*_TABLES, "params:tree"],
            outputs=["task_families", "similarity_merges"],
            name="cluster_sources",
        ),
    ]
    drawing = [
        Node(nodes.draw_affinity_matrix, _TABLES, "affinity_matrix", name="draw_affinity_matrix"),
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
    ]
    return Pipeline(
        [*computing, *(node.tag("figures") for node in drawing)],
        tags="taxonomy",
    )
