"""Exports into folders that are empty, partly written or hold other files."""

import re
from pathlib import Path

import pytest
from kedro.io import DatasetError
from tests.small_rooms import ROOMS, settings

from taskonomy_kedro.core.preparation.directory_export import Export
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.split_build import build_split
from taskonomy_kedro.datasets import TaskonomyDirectoryDataset


@pytest.fixture(scope="module")
def split(tmp_path_factory) -> PreparedSplit:
    folder = tmp_path_factory.mktemp("prepared") / "train"
    build_split("train", settings(rooms={**ROOMS, "train": 1, "views_per_room": 4}), folder)
    return PreparedSplit.open(folder)


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_paths_are_those_of_the_written_files(split, tmp_path):
    Export((split,)).write(tmp_path)
    assert set(Export((split,)).paths(tmp_path)) == set(files(tmp_path))
    assert len(list(tmp_path.rglob("*_rgb.png"))) == len(split)


def test_paths_respect_missing_labels_and_camera_facts(split, tmp_path, monkeypatch):
    part = PreparedSplit.open(split.folder)
    part.is_present[1, :3] = False
    vectors = {**part.arrays, "vanishing_point": part.arrays["vanishing_point"].copy()}
    is_first = [image_id.split("/")[1] == "0" for image_id in part.image_ids]  # all that look at one point
    vectors["vanishing_point"][is_first] = float("nan")
    object.__setattr__(part, "arrays", vectors)
    infos = [None if out else info for info, out in zip(part.point_infos, is_first, strict=True)]
    part.__dict__["point_infos"] = infos
    Export((part,)).write(tmp_path)
    assert set(Export((part,)).paths(tmp_path)) == set(files(tmp_path))
    assert len(files(tmp_path)) < len(set(Export((split,)).paths(tmp_path)))


@pytest.mark.parametrize("is_stopped", [True, False])
def test_a_repeated_or_stopped_export_gives_the_same_files(split, tmp_path, is_stopped):
    Export((split,)).write(tmp_path)
    whole = files(tmp_path)
    if is_stopped:
        for path in [*whole][::2]:
            path.rename(path.with_name(f".{path.name}.7.part"))
    Export((split,)).write(tmp_path)
    assert {path: content for path, content in files(tmp_path).items() if path.name[0] != "."} == whole


@pytest.mark.parametrize(
    "stranger",
    [
        "rgb/taskonomy/room_00009/point_0_view_0_domain_rgb.png",
        "rgb/taskonomy/room_00000/point_99_view_0_domain_rgb.png",
        "nonfixated_matches/taskonomy/room_00000/point_99_view_all_domain_nonfixated_matches.json",
        "notes.txt",
    ],
)
def test_a_directory_with_another_file_is_refused_before_the_first_is_written(split, tmp_path, stranger):
    (tmp_path / stranger).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / stranger).touch()
    dataset = TaskonomyDirectoryDataset(directory=str(tmp_path), project="")
    message = f"^{tmp_path} holds {re.escape(stranger)}, .*: set export_dir to another folder, or empty"
    with pytest.raises(DatasetError, match=message):
        dataset.save(Export((split,)))
    assert [*files(tmp_path)] == [tmp_path / stranger]


def test_hidden_folders_are_ignored(split, tmp_path):
    (tmp_path / ".git/refs").mkdir(parents=True)
    for name in (".git/config", ".git/refs/main"):
        (tmp_path / name).touch()
    Export((split,)).write(tmp_path)
    assert len(list(tmp_path.rglob("*_rgb.png"))) == len(split)
