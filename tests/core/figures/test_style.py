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


def test_a_users_task_is_named_with_spaces():
    assert task_label("wall_colour") == "wall colour"


def test_tasks_are_ordered_by_family_then_dictionary_then_name():
    ordered = order_by_family(["zebra", "jigsaw", "normal", "apple", "depth_zbuffer", "denoising"])
    assert ordered == ["denoising", "depth_zbuffer", "normal", "jigsaw", "apple", "zebra"]
    assert family_boundaries(ordered) == [1, 3]
