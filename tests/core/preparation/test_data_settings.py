from dataclasses import asdict
from pathlib import Path

import pytest

from taskonomy_kedro.core.preparation.settings import DataSettings, DirectorySettings, RoomsSettings


def test_nested_tables_become_settings():
    settings = DataSettings(rooms={"train": 3}, image_size=128)
    assert settings.rooms == RoomsSettings(train=3)
    assert settings.rooms.test == RoomsSettings().test


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("source", "room", "data.source must be one of rooms, directory, got 'room'; did you mean 'rooms'"),
        ("image_size", 16, "data.image_size must be a whole number ≥ 32, got 16"),
        ("image_size", 1024, "data.image_size must be at most 512 and a multiple of 4, .* got 1024"),
        ("image_size", 50, "a multiple of 4, .* got 50"),
        ("seed", -1, "data.seed must be a whole number ≥ 0"),
        ("processes", 0, "data.processes must be a whole number ≥ 1, got 0"),
        ("tuples_per_image", 0, "data.tuples_per_image must be a number > 0, got 0"),
        ("rooms", {"trian": 3}, "data.rooms has no setting 'trian'; did you mean 'train'"),
        ("rooms", {"test": 0}, "data.rooms.test must be a whole number ≥ 1, got 0"),
        ("rooms", 3, "data.rooms must be a table of settings, got 3"),
        ("directory", {"max_unreadable_share": 2}, r"max_unreadable_share must lie in \[0, 1\], got 2"),
        ("directory", {"leave_out": 3}, "data.directory.leave_out must be a list of names, got 3"),
        ("directory", {"let_in": {"rough": 1}}, "data.directory.let_in must be a list of names, got"),
        ("source", "directory", "dataset_dir is not set: give --params=data.directory.dataset_dir=DIR"),
    ],
)
def test_a_bad_setting_is_named(setting, value, message):
    with pytest.raises(ValueError, match=message):
        DataSettings(**{setting: value})


@pytest.mark.parametrize("given", [["a", "b"], ("a", "b"), "a b", " a  b "])
def test_names_of_buildings_come_as_a_list_or_as_words(given):
    settings = DataSettings(directory={"leave_out": given, "let_in": None})
    assert settings.directory.leave_out == ("a", "b")
    assert settings.directory.let_in == ()
    assert hash(settings) == hash(DataSettings(directory={"leave_out": ["a", "b"]}))


@pytest.mark.parametrize(
    ("dataset_dir", "path"),
    [("d/e", "/project/d/e"), ("/d/e", "/d/e"), ("../d", "/project/../d"), ("~/d", f"{Path.home()}/d")],
)
def test_a_relative_directory_starts_at_the_project(dataset_dir, path):
    assert DirectorySettings(dataset_dir=dataset_dir, project="/project").path == Path(path)


HEAT = {"kind": "regression_map", "range": [0, 255]}
DIRECTORY = {"source": "directory", "directory": {"dataset_dir": "somewhere"}}


def test_own_tasks_are_part_of_what_settings_are_known_by():
    one, other = (DataSettings(**DIRECTORY, tasks={"heat": HEAT, **more}) for more in ({}, {"cold": HEAT}))
    assert hash(one) != hash(other)
    assert one == DataSettings(**DIRECTORY, tasks={"heat": dict(HEAT)})
    assert hash(one) == hash(DataSettings(**DIRECTORY, tasks={"heat": dict(HEAT)}))
    assert DataSettings(**DIRECTORY, tasks=None) == DataSettings(**DIRECTORY)
    assert asdict(one)["tasks"] == {"heat": HEAT}


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        ({"heat": {**HEAT, "rang": 3}}, "data.tasks: task 'heat': unknown key 'rang'; did you mean 'range'"),
        ({"normal": HEAT}, "data.tasks: task 'normal' is already one of the 26"),
        (
            {"heat": {**HEAT, "folder": "edge"}},
            "folder name 'edge' is taken by the data set's edge_occlusion",
        ),
        ({"heat": {**HEAT, "folder": "points"}}, "'points' is taken by the data set's point_info"),
        ({"heat": {**HEAT, "folder": "train"}}, "'train' is taken by a level of the data set's folders"),
        ({"heat": {**HEAT, "folder": "room_layout"}}, "'room_layout' is taken by a task of the data set"),
        ({"heat": {**HEAT, "folder": "egomotion_rows"}}, "'egomotion_rows' is taken by a list of pairs"),
        (
            {"present": HEAT},
            "'present' is taken by the table of the labels that are there; rename the folder",
        ),
        (
            {"heat": HEAT, "warm": {"folder": "heat", "kind": "class_map", "classes": 4}},
            "tasks 'heat' and 'warm' read the folder 'heat' in different ways",
        ),
        ([HEAT], "data.tasks must be a table of tasks, such as .* got"),
    ],
)
def test_a_bad_task_of_ones_own_is_named_before_anything_runs(tasks, message):
    with pytest.raises(ValueError, match=message):
        DataSettings(**DIRECTORY, tasks=tasks)


def test_two_tasks_may_learn_from_one_folder():
    settings = DataSettings(
        **DIRECTORY, tasks={"heat": HEAT, "heat2": {**HEAT, "folder": "heat", "loss": "l2"}}
    )
    assert [task.domains for task in settings.tasks.tasks.values()] == [("heat",), ("heat",)]


def test_rooms_have_no_labels_of_ones_own():
    with pytest.raises(
        ValueError, match=r"data\.tasks names heat, and rooms have no folders .*--env=taskonomy"
    ):
        DataSettings(tasks={"heat": HEAT})
