from pathlib import Path

import pytest

from taskonomy_kedro.core.preparation.settings import DataSettings, DirectorySettings, RoomsSettings


def test_nested_tables_become_settings():
    settings = DataSettings(rooms={"train": 3}, image_size=128)
    assert settings.rooms == RoomsSettings(train=3)
    assert settings.rooms.test == 17


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
        ("source", "directory", "data_dir is not set: give --params=data.directory.data_dir=DIR"),
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
    ("data_dir", "path"),
    [("d/e", "/project/d/e"), ("/d/e", "/d/e"), ("../d", "/project/../d"), ("~/d", f"{Path.home()}/d")],
)
def test_a_relative_directory_starts_at_the_project(data_dir, path):
    assert DirectorySettings(data_dir=data_dir, project="/project").path == Path(path)
