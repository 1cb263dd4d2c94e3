import pandas as pd
import pytest

from taskonomy_kedro.core.figures import draw_similarity_tree


@pytest.fixture
def merges():
    """Joins (0, 2) at 1, then (1, 3) at 2, then both at 4; numbered as SciPy's linkage."""
    rows = [(0, 2, 1.0, 2), (1, 3, 2.0, 2), (4, 5, 4.0, 4)]
    return pd.DataFrame(rows, columns=["left", "right", "distance", "size"])


@pytest.fixture
def task_families():
    rows = [("normal", 1, 0), ("curvature", 1, 2), ("edge_texture", 2, 1), ("my_own_task", 2, 3)]
    return pd.DataFrame(rows, columns=["source", "family", "leaf_index"])


def branches(figure):
    return {trace.name: trace for trace in figure.data if trace.mode == "lines"}


def test_leaves_stand_in_leaf_order_from_the_top(merges, task_families):
    figure = draw_similarity_tree(merges, task_families)
    rows, named = figure.layout.yaxis2, figure.layout.yaxis3
    names = [text.split(">")[1].split("<")[0] for text in named.categoryarray]
    assert names == ["Normals", "Curvature", "2D edges", "my own task"]
    assert named.overlaying == "y2"
    assert named.range == rows.range  # a name stands at its leaf
    assert rows.range[0] > rows.range[1]
    markers = [place for trace in figure.data if trace.mode == "markers" for place in trace.y]
    assert sorted(markers) == sorted(named.categoryarray)


def test_a_join_stands_at_its_distance_between_what_it_joins(merges, task_families):
    joins = branches(draw_similarity_tree(merges, task_families))["between clusters"]
    assert list(joins.x)[:4] == [1.0, 4.0, 4.0, 2.0]
    assert list(joins.y)[:4] == [0.5, 0.5, 2.5, 2.5]


def test_branches_of_a_cluster_share_a_colour_and_joins_between_are_neutral(merges, task_families):
    found = branches(draw_similarity_tree(merges, task_families))
    assert set(found) == {"cluster 1", "cluster 2", "between clusters"}
    assert len({trace.line.color for trace in found.values()}) == 3
    # From its leaves to where it meets the others: the cluster's colour covers its stem as well.
    assert max(x for x in found["cluster 1"].x if x is not None) == 4.0


def test_a_cluster_of_one_leaf_has_a_colour_too(merges, task_families):
    alone = task_families.assign(family=[1, 1, 2, 3])
    assert {"cluster 2", "cluster 3"} <= set(branches(draw_similarity_tree(merges, alone)))


def test_tables_with_unlike_leaves_are_refused(merges, task_families):
    with pytest.raises(ValueError, match=r"'leaf_index' must number the 4 leaves .* got \[0, 1, 2, 2\]"):
        draw_similarity_tree(merges, task_families.replace({"leaf_index": {3: 2}}))
