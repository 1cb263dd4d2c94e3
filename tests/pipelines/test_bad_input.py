"""Bad input through the preparing nodes: a sentence with file and remedy, and what was good stays."""

import errno
import json
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from kedro.io import DataCatalog, MemoryDataset
from kedro.runner import SequentialRunner
from tests.directory_trees import point_info, stored_arrays, write, write_tree
from tests.refused_writes import refuse_writes
from tests.small_rooms import files
from tests.small_session import begin, catalog_entries

from taskonomy_kedro.core.preparation.settings import SPLITS, DataSettings
from taskonomy_kedro.pipelines.data_preparation import create_pipeline
from taskonomy_kedro.recipes.reuse import reusing

TRAINS = "ihlen"  # of the four buildings, by its name
BUILDINGS = ("hanson", TRAINS, "merom", "uvalda")
IMAGES = [(building, point, view) for building in BUILDINGS for point in range(2) for view in range(2)]


def prepare(root: Path, **directory: object) -> None:
    """Run the preparing nodes on a directory, into `prepared` beside it."""
    data = {
        "source": "directory",
        "image_size": 32,
        "processes": 1,
        "directory": {"dataset_dir": str(root / "data"), **directory},
    }
    entries = catalog_entries("data_preparation", folder=root)
    pipeline = reusing(create_pipeline().only_nodes_with_tags(*SPLITS))
    begin(pipeline.nodes, {"data": data}, entries, root)
    catalog = DataCatalog.from_config(entries)
    catalog["params:data"] = MemoryDataset(DataSettings(**data))
    SequentialRunner().run(pipeline, catalog)


def prepared(root: Path) -> dict[str, dict[str, bytes]]:
    folder = root / "05_model_input/prepared"
    return {
        path.parent.relative_to(folder).as_posix(): files(path.parent) for path in folder.rglob("split.json")
    }


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("good")
    write_tree(root / "data", IMAGES, size=32)
    prepare(root)
    return root


@pytest.fixture
def root(good: Path, tmp_path: Path) -> Path:
    """A directory that has been prepared, to be spoiled by a test."""
    shutil.copytree(good, tmp_path / "root")
    return tmp_path / "root"


def file_of(root: Path, domain: str) -> Path:
    (path,) = (root / "data" / domain / "taskonomy" / TRAINS).glob("point_1_view_0_*")
    return path


def json_with(**changes: object) -> Callable[[Path], object]:
    record = {name: value for name, value in {**point_info(1, 0), **changes}.items() if value is not ...}
    return lambda path: path.write_text(json.dumps(record))


ARRAYS, LARGER = stored_arrays(32, 99), stored_arrays(40, 99)
OBJECTS = np.array([*ARRAYS["class_object"][:-1], np.nan], dtype=np.float32)


@pytest.mark.parametrize(
    ("domain", "spoil", "reason"),
    [
        pytest.param(
            "depth_zbuffer",
            lambda path: write(path, ARRAYS["reshading"]),
            r"is 8-bit with 1 channel; wanted depth_zbuffer 16-bit with 1 channel: download or write it again",
            id="wrong bit depth",
        ),
        pytest.param(
            "depth_euclidean",
            lambda path: write(path, ARRAYS["rgb"]),
            r"is 8-bit with 3 channels; wanted .*: a picture of the depth is no depth; download the depth itself",
            id="depth of three channels",
        ),
        pytest.param(
            "point_info",
            json_with(camera_location=...),
            r"field 'camera_location' is missing: download it again",
            id="a field is missing",
        ),
        pytest.param(
            "point_info",
            json_with(camera_distance=float("nan")),
            r"field 'camera_distance' must be a finite number, got nan: download it again",
            id="NaN in a field",
        ),
        pytest.param(
            "point_info",
            json_with(resolution=float("nan")),
            r"field 'resolution' must be a whole number, got nan: download it again",
            id="NaN in a whole field",
        ),
        pytest.param(
            "point_info",
            lambda path: path.write_text("{"),
            r"is not JSON .*: download it again",
            id="not JSON",
        ),
        pytest.param(
            "class_object",
            lambda path: write(path, OBJECTS),
            r"has nan at place 15; wanted finite numbers: download it again",
            id="NaN in a vector",
        ),
        pytest.param(
            "normal",
            lambda path: write(path, LARGER["normal"]),
            r"is 40x40 pixels; wanted 32x32 as .*rgb.png: download both again",
            id="another size",
        ),
        pytest.param(
            "rgb",
            lambda path: path.write_bytes(b"<html>"),
            "is not an image: download it again",
            id="no image",
        ),
    ],
)
def test_a_bad_file_is_named_with_its_remedy_and_what_was_good_stays(root, domain, spoil, reason):
    path, before = file_of(root, domain), prepared(root)
    spoil(path)
    with pytest.raises(ValueError, match=rf"^1 of the first 4 images .*\n  {path}: {reason}") as caught:
        prepare(root)
    assert (
        "raise data.directory.max_unreadable_share, which goes on, or mend these files or name their buildings"
        in str(caught.value)
    )
    assert prepared(root) == before
    prepare(root, max_unreadable_share=0.25)  # the remedy
    (path_of_list,) = [path for path in root.rglob("unreadable.json") if path.stat().st_size > 10]
    listed = json.loads(path_of_list.read_text())
    assert [(row["image_id"], row["path"]) for row in listed] == [(f"{TRAINS}/1/0", str(path))]


def test_an_empty_building_is_counted_listed_and_skipped(root, caplog):
    before = prepared(root)
    (root / "data/rgb/taskonomy/zurich").mkdir()
    with caplog.at_level(logging.WARNING):
        prepare(root)
    (warning,) = [r.getMessage() for r in caplog.records if "left out" in r.getMessage()]
    assert warning.startswith(
        f"1 building of {root}/data is left out: zurich: no image with rgb and point_info"
    )
    assert prepared(root) == before


def test_nothing_but_empty_buildings_is_an_error_that_says_so(root):
    before = prepared(root)
    for path in (root / "data/rgb").rglob("*.png"):
        path.unlink()
    with pytest.raises(
        ValueError, match=r"all buildings wanted of .*data are left out \(hanson: .*finish their download"
    ):
        prepare(root)
    assert prepared(root) == before


def test_a_split_file_of_other_buildings_is_named(root):
    before = prepared(root)
    (root / "data/train_val_test_tiny.csv").write_bytes(b"id,train,val,test\rcauthron,1,0,0\r")
    with pytest.raises(
        ValueError, match=r"train_val_test_tiny.csv names 1 building, none of which is in .*there are hanson"
    ):
        prepare(root, subset="tiny")
    assert prepared(root) == before


def test_a_split_without_buildings_is_named(root):
    (root / "data/train_val_test_tiny.csv").write_text(f"id,train,val,test\n{TRAINS},1,0,0\nhanson,0,0,1\n")
    before = prepared(root)
    with pytest.raises(
        ValueError,
        match=r"data has no building for the split 'transfer' and 'validation' .*train 1, transfer 0, .* two of `val`",
    ):
        prepare(root, subset="tiny")
    assert prepared(root) == before  # told before anything is read


@pytest.mark.parametrize(
    ("number", "remedy"), [(errno.ENOSPC, "free some space and run again"), (errno.EROFS, "make it writable")]
)
def test_a_disk_that_is_full_or_read_only_is_named(root, monkeypatch, number, remedy):
    before = prepared(root)
    write(file_of(root, "normal"), ARRAYS["normal"])  # something to do
    with monkeypatch.context() as patch:
        refuse_writes(patch, "normal.npy", number)
        with pytest.raises(OSError, match=rf"^cannot write {root}.*/prepared/train/.*/normal.npy .*{remedy}"):
            prepare(root)
    assert prepared(root) == before
    prepare(root)
    assert len(prepared(root)) == len(before) + 1


def test_a_folder_that_may_not_be_made_is_named(root, monkeypatch):
    before = prepared(root)
    write(file_of(root, "normal"), ARRAYS["normal"])

    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        with pytest.raises(
            OSError, match=r"^cannot write .*unfinished \(Permission denied\): make it writable"
        ):
            prepare(root)
    assert prepared(root) == before
