import pandas as pd
import pytest

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.figures import (
    draw_affinity_matrix,
    draw_gain_and_quality,
    draw_significance,
    draw_similarity_tree,
    draw_taxonomy_graph,
)
from taskonomy_kedro.core.figures.style import (
    FAMILY_COLOURS,
    TASK_LABELS,
    family_boundaries,
    order_by_family,
    task_label,
)
from taskonomy_kedro.core.tasks import FAMILIES, TASKS


def test_every_family_has_a_colour_and_every_task_a_name():
    assert set(FAMILY_COLOURS) == set(FAMILIES)
    assert set(TASKS) <= set(TASK_LABELS)
    assert len(set(TASK_LABELS.values())) == len(TASK_LABELS)


def test_a_custom_task_is_named_with_spaces():
    assert task_label("wall_colour") == "wall colour"


def test_tasks_are_ordered_by_family_then_dictionary_then_name():
    ordered = order_by_family(["zebra", "jigsaw", "normal", "apple", "depth_zbuffer", "denoising"])
    assert ordered == ["denoising", "depth_zbuffer", "normal", "jigsaw", "apple", "zebra"]
    assert family_boundaries(ordered) == [1, 3]


@pytest.mark.parametrize(
    ("draw", "n_tables"),
    [
        (draw_affinity_matrix, 2),
        (draw_gain_and_quality, 1),
        (draw_significance, 1),
        (draw_similarity_tree, 2),
        (draw_taxonomy_graph, 2),
    ],
)
def test_a_table_without_its_columns_is_refused_by_name(draw, n_tables):
    table = pd.DataFrame({"other": [1]})
    with pytest.raises(UserError, match="needs the column"):
        draw(*[table] * n_tables, **({"budget": 1} if draw is draw_taxonomy_graph else {}))
