import pytest

from taskonomy_kedro.core.labels.custom_tasks import CustomTasks, custom_task, task_dictionary
from taskonomy_kedro.core.tasks import TASKS


def test_an_entry_becomes_a_task_with_defaults_of_its_kind():
    task = custom_task("material", {"folder": "wall_material", "kind": "class_map", "classes": 5})
    assert task.domains == ("wall_material",)
    assert (task.mask, task.loss) == ("known_class", "cross_entropy")
    assert (task.decoder, task.family) == ("dense", "other")
    assert task.role == "source_and_target"


def test_keys_of_an_entry_replace_the_defaults():
    entry = {"kind": "regression_map", "channels": 2, "range": [0, 200], "mask": "none", "loss": "l2"}
    task = custom_task("flow", {**entry, "family": "3d"})
    assert task.domains == ("flow",)
    assert task.label.stored_range == (0.0, 200.0)
    assert (task.mask, task.loss, task.family) == ("none", "l2", "3d")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"kind": "regresion_map"}, "unknown kind 'regresion_map'; did you mean 'regression_map'"),
        ({}, "kind is missing; known: class, class_map, "),
        ({"kind": "class", "classes": 3, "los": "l1"}, "unknown key 'los'; did you mean 'loss'"),
        ({"kind": "class", "classes": 3, "loss": "l1"}, "unknown loss 'l1'; known: cross_entropy"),
        ({"kind": "class_map", "classes": 3, "mask": "valid_dept"}, "did you mean 'valid_depth'"),
        ({"kind": "class", "classes": 1}, "classes must be a whole number of at least 2, got 1"),
        ({"kind": "vector", "length": 2.5}, "length must be a whole number of at least 1, got 2.5"),
        ({"kind": "vector", "length": 2, "classes": 3}, "'classes' has no meaning for the kind 'vector'"),
        ({"kind": "regression_map"}, r"such as \[0, 255\], got None"),
        ({"kind": "regression_map", "range": [3, 3]}, r"range must rise .*, got \[3, 3\]"),
        ({"kind": "class", "classes": 2, "folder": 7}, "folder must be the name of a folder, .* got 7"),
        ({"kind": "class", "classes": 2, "folder": "a/b"}, "must be the name of a folder, .* got 'a/b'"),
        ({"kind": "class", "classes": 2, "bits": 8}, "'bits' has no meaning for the kind 'class'"),
        ({"kind": "regression_map", "range": [0, 9], "bits": 12}, "bits must be 8 or 16, got 12"),
        ({"kind": "regression_map", "range": [0, 300], "bits": 8}, r"up to 255, too few for the range \[0.0"),
        ({"kind": "regression_map", "range": [0, 70000]}, "files of 16 bits hold numbers up to 65535"),
        ({"kind": "regression_map", "range": [0, 9], "channels": 4}, "channels must be .* got 4 of 8 bits"),
        ({"kind": "regression_map", "range": [0, 999], "channels": 3}, "got 3 of 16 bits"),
        ({"kind": "class_map", "classes": 256, "bits": 8}, "up to 255, too few for 256 classes"),
        ("class", "expected keys and values"),
    ],
)
def test_a_wrong_entry_is_named_with_the_nearest_right_one(entry, message):
    with pytest.raises(ValueError, match=f"task 'mine': .*{message}"):
        custom_task("mine", entry)


def test_custom_tasks_join_the_26_and_never_replace_one():
    entry = {"kind": "class", "classes": 2}
    assert list(task_dictionary({"mine": entry})) == [*TASKS, "mine"]
    assert task_dictionary() == TASKS
    with pytest.raises(ValueError, match="'normal' is already one of the 26"):
        task_dictionary({"normal": entry})


@pytest.mark.parametrize(
    ("entry", "bits"),
    [
        ({"kind": "regression_map", "range": [0, 255]}, 8),
        ({"kind": "regression_map", "range": [0, 256]}, 16),
        ({"kind": "regression_map", "range": [0, 200], "bits": 16}, 16),
        ({"kind": "class_map", "classes": 255}, 8),
        ({"kind": "class_map", "classes": 256}, 16),  # id 0 is not learned, so ids go to 256
        ({"kind": "class_map", "classes": 256, "mask": "none"}, 8),
        ({"kind": "class", "classes": 256}, None),
    ],
)
def test_files_have_the_bits_that_the_numbers_need(entry, bits):
    assert custom_task("mine", entry).label.file_bits == bits


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("rgb2depth", "task 'rgb2depth': published tables use this name"),
        ("imagenet", "task 'imagenet': published tables use this name"),
        ("my-task", "task 'my-task': a name must begin with a letter and have letters, digits and _ only"),
        (3, "task 3: a name must begin with a letter"),
    ],
)
def test_a_name_that_would_confuse_tables_is_refused(name, message):
    with pytest.raises(ValueError, match=message):
        task_dictionary({name: {"kind": "class", "classes": 2}})


def test_collections_of_entries_are_hashable_and_equal_by_content():
    heat, place = {"kind": "regression_map", "range": [0, 255]}, {"kind": "class", "classes": 2}
    one, other = CustomTasks({"heat": heat, "place": place}), CustomTasks({"place": place, "heat": heat})
    assert one == other
    assert hash(one) == hash(other)
    assert one != CustomTasks({"heat": heat})
    assert one.to_json() == {"heat": heat, "place": place}
    assert list(one.tasks) == ["heat", "place"]
    one["heat"]["range"][0] = 7  # type: ignore[index]
    assert one["heat"] == heat
    assert CustomTasks() == {}
