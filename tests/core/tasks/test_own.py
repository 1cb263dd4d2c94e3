import pytest

from taskonomy_kedro.core.tasks import TASKS, own_task, task_dictionary


def test_an_entry_becomes_a_task_with_defaults_of_its_kind():
    task = own_task("material", {"folder": "wall_material", "kind": "class_map", "classes": 5})
    assert task.domains == ("wall_material",)
    assert (task.mask, task.loss, task.decoder, task.family) == (
        "known_class",
        "cross_entropy",
        "dense",
        "other",
    )
    assert task.label.shape(64) == (64, 64)
    assert task.role == "source_and_target"


def test_what_is_named_is_taken():
    entry = {"kind": "regression_map", "channels": 2, "range": [0, 1000], "mask": "none", "loss": "l2"}
    task = own_task("flow", {**entry, "family": "3d"})
    assert task.domains == ("flow",)
    assert task.label.shape(64) == (2, 64, 64)
    assert task.label.stored_range == (0.0, 1000.0)
    assert (task.mask, task.loss, task.family) == ("none", "l2", "3d")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"kind": "regresion_map"}, "unknown kind 'regresion_map'; did you mean 'regression_map'"),
        ({}, "kind is missing; known: class, class_map, regression_map, vector"),
        ({"kind": "class", "classes": 3, "los": "l1"}, "unknown key 'los'; did you mean 'loss'"),
        ({"kind": "class", "classes": 3, "loss": "l1"}, "unknown loss 'l1'; known: cross_entropy"),
        ({"kind": "class_map", "classes": 3, "mask": "valid_dept"}, "did you mean 'valid_depth'"),
        ({"kind": "class", "classes": 1}, "classes must be a whole number of at least 2, got 1"),
        ({"kind": "class"}, "classes must be a whole number of at least 2, got None"),
        ({"kind": "vector", "length": 2.5}, "length must be a whole number of at least 1, got 2.5"),
        ({"kind": "vector", "length": 2, "classes": 3}, "'classes' has no meaning for the kind 'vector'"),
        ({"kind": "regression_map"}, r"such as \[0, 255\], got None"),
        ({"kind": "regression_map", "range": [3, 3]}, r"range must rise, got \[3, 3\]"),
        ({"kind": "class", "classes": 2, "folder": 7}, "folder must be the name of a folder, got 7"),
        ("class", "wanted keys and values"),
    ],
)
def test_a_wrong_entry_is_named_with_the_nearest_right_one(entry, message):
    with pytest.raises(ValueError, match=f"task 'mine': .*{message}"):
        own_task("mine", entry)


def test_own_tasks_join_the_26_and_never_replace_one():
    entry = {"kind": "class", "classes": 2}
    assert list(task_dictionary({"mine": entry})) == [*TASKS, "mine"]
    assert task_dictionary() == TASKS
    with pytest.raises(ValueError, match="'normal' is already one of the 26"):
        task_dictionary({"normal": entry})
