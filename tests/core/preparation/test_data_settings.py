from pathlib import Path

import pytest

from taskonomy_kedro.core.preparation.settings import DataSettings, DirectorySettings


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("source", "room", "data.source must be 'rooms' or 'directory', got 'room'; did you mean 'rooms'"),
        ("image_size", 16, "data.image_size must be ≥ 32, got 16"),
        ("image_size", 1024, "data.image_size must be ≤ 512, got 1024"),
        ("image_size", 50, "data.image_size must be a multiple of 4, got 50"),
        ("rooms", {"trian": 3}, "data.rooms has no setting 'trian'; did you mean 'train'"),
        ("directory", {"max_unreadable_share": 2}, "max_unreadable_share must be ≤ 1, got 2"),
        ("source", "directory", "dataset_dir is not set: give --params=data.directory.dataset_dir=DIR"),
    ],
)
def test_a_bad_setting_is_named(setting, value, message):
    with pytest.raises(ValueError, match=message):
        DataSettings(**{setting: value})


@pytest.mark.parametrize(
    ("dataset_dir", "path"),
    [("d/e", "/project/d/e"), ("/d/e", "/d/e"), ("../d", "/project/../d"), ("~/d", f"{Path.home()}/d")],
)
def test_a_relative_directory_starts_at_the_project(dataset_dir, path):
    assert DirectorySettings(dataset_dir=dataset_dir, project="/project").path == Path(path)


HEAT = {"kind": "regression_map", "range": [0, 255]}
DIRECTORY = {"source": "directory", "directory": {"dataset_dir": "somewhere"}}


def test_custom_tasks_count_in_comparison_and_hash():
    one, other = (DataSettings(**DIRECTORY, tasks={"heat": HEAT, **more}) for more in ({}, {"cold": HEAT}))
    assert hash(one) != hash(other)
    assert one == DataSettings(**DIRECTORY, tasks={"heat": dict(HEAT)})
    assert hash(one) == hash(DataSettings(**DIRECTORY, tasks={"heat": dict(HEAT)}))
    assert DataSettings(**DIRECTORY, tasks=None) == DataSettings(**DIRECTORY)
    assert one.model_dump()["tasks"] == {"heat": HEAT}


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        ({"heat": {**HEAT, "rang": 3}}, "data.tasks: task 'heat': unknown key 'rang'; did you mean 'range'"),
        ({"normal": HEAT}, "data.tasks: task 'normal' is already one of the 26"),
        ({"heat": {**HEAT, "folder": "edge"}}, "name 'edge' is taken by the data set's edge_occlusion"),
        ({"heat": {**HEAT, "folder": "points"}}, "'points' is taken by the data set's point_info"),
        ({"heat": {**HEAT, "folder": "train"}}, "'train' is taken by a level of the data set's folders"),
        ({"heat": {**HEAT, "folder": "room_layout"}}, "'room_layout' is taken by a task of the data set"),
        ({"heat": {**HEAT, "folder": "egomotion_rows"}}, "'egomotion_rows' is taken by a list of pairs"),
        ({"present": HEAT}, "'present' is taken by the table of existing labels; rename the folder"),
        (
            {"heat": HEAT, "warm": {"folder": "heat", "kind": "class_map", "classes": 4}},
            "tasks 'heat' and 'warm' read the folder 'heat' in different ways",
        ),
        ([HEAT], "data.tasks must be a table of tasks, such as .* got"),
    ],
)
def test_a_wrong_custom_task_is_named_before_anything_runs(tasks, message):
    with pytest.raises(ValueError, match=message):
        DataSettings(**DIRECTORY, tasks=tasks)


def test_two_tasks_may_learn_from_one_folder():
    settings = DataSettings(
        **DIRECTORY, tasks={"heat": HEAT, "heat2": {**HEAT, "folder": "heat", "loss": "l2"}}
    )
    assert [task.domains for task in settings.tasks.tasks.values()] == [("heat",), ("heat",)]


def test_rooms_have_no_custom_labels():
    with pytest.raises(
        ValueError, match=r"data\.tasks names heat, and rooms have no folders .*--env=taskonomy"
    ):
        DataSettings(tasks={"heat": HEAT})
