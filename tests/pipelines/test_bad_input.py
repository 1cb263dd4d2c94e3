"""Bad input to the nodes of data_preparation: a message with file and fix; earlier products stay."""

import errno
import json
import logging
import shutil
from pathlib import Path

import numpy as np
import pytest
from kedro.io import DataCatalog, MemoryDataset
from kedro.runner import SequentialRunner
from tests.directory_trees import stored_arrays, write, write_tree
from tests.refused_writes import refuse_writes
from tests.small_rooms import files
from tests.small_session import begin, catalog_entries

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.preparation.settings import SPLITS, DataSettings
from taskonomy_kedro.pipelines.data_preparation import create_pipeline
from taskonomy_kedro.recipes.reuse import reusing

TRAINS = "ihlen"  # the building of the training split, by its name
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
    """A prepared directory that a test may damage."""
    shutil.copytree(good, tmp_path / "root")
    return tmp_path / "root"


def file_of(root: Path, domain: str) -> Path:
    (path,) = (root / "data" / domain / "taskonomy" / TRAINS).glob("point_1_view_0_*")
    return path


NORMAL = stored_arrays(32, 99)["normal"]


@pytest.mark.parametrize(
    ("domain", "content", "reason"),
    [
        ("depth_zbuffer", NORMAL[..., 0], "is 8-bit with 1 channel; expected depth_zbuffer 16-bit with 1"),
        ("point_info", "{", "is not JSON"),
        ("point_info", "{}", "field 'camera_location' is missing: download it again"),
        ("class_object", np.full(16, np.nan), "has nan at index 0; expected finite numbers"),
        ("normal", NORMAL[:8, :8], "is 8x8 pixels; expected 32x32 as .*rgb.png: download both again"),
        ("rgb", "<html>", "is not an image: download it again"),
    ],
)
def test_a_bad_file_is_named_with_its_fix_and_earlier_products_stay(root, domain, content, reason):
    path, before = file_of(root, domain), prepared(root)
    path.write_text(content) if isinstance(content, str) else write(path, content)
    message = (
        rf"(?s)^1 of the first 4 images .*raise data.directory.max_unreadable_share.*\n  {path}: {reason}"
    )
    with pytest.raises(UserError, match=message):
        prepare(root)
    assert prepared(root) == before
    prepare(root, max_unreadable_share=0.25)  # as the message suggests
    (path_of_list,) = [path for path in root.rglob("unreadable.json") if path.stat().st_size > 10]
    listed = json.loads(path_of_list.read_text())
    assert [(row["image_id"], row["path"]) for row in listed] == [(f"{TRAINS}/1/0", str(path))]


def test_an_empty_building_is_reported_and_skipped(root, caplog):
    before = prepared(root)
    (root / "data/rgb/taskonomy/zurich").mkdir()
    with caplog.at_level(logging.WARNING):
        prepare(root)
    assert f"1 building of {root}/data is excluded: zurich: no image with rgb and point_info" in caplog.text
    assert prepared(root) == before


@pytest.mark.parametrize(
    ("split_file", "message"),
    [
        (None, r"all requested buildings of .*data are excluded \(hanson: .*finish their download"),
        ("cauthron,1,0,0", "tiny.csv lists 1 building, none of which is in .*there are hanson"),
        (
            f"{TRAINS},1,0,0\nhanson,0,0,1",
            "data has no building for the split 'transfer' and 'validation' .*train 1, transfer 0, .* two of `val`",
        ),
    ],
    ids=["no images", "other buildings", "splits without buildings"],
)
def test_splits_that_cannot_be_filled_are_refused(root, split_file, message):
    before = prepared(root)
    if split_file is None:
        shutil.rmtree(root / "data/rgb/taskonomy")
        for building in BUILDINGS:
            (root / "data/rgb/taskonomy" / building).mkdir(parents=True)
    else:
        (root / "data/train_val_test_tiny.csv").write_text(f"id,train,val,test\n{split_file}\n")
    with pytest.raises(UserError, match=message):
        prepare(root, **({} if split_file is None else {"subset": "tiny"}))
    assert prepared(root) == before


@pytest.mark.parametrize(
    ("number", "remedy"), [(errno.ENOSPC, "free some space and run again"), (errno.EROFS, "make it writable")]
)
def test_a_full_or_read_only_disk_is_reported(root, monkeypatch, number, remedy):
    before = prepared(root)
    write(file_of(root, "normal"), NORMAL)  # something to do
    with monkeypatch.context() as patch:
        refuse_writes(patch, "normal.npy", number)
        with pytest.raises(OSError, match=rf"^cannot write {root}.*/prepared/train/.*/normal.npy .*{remedy}"):
            prepare(root)
    assert prepared(root) == before
    prepare(root)
    assert len(prepared(root)) == len(before) + 1


def test_a_folder_that_cannot_be_created_is_named(root, monkeypatch):
    before = prepared(root)
    write(file_of(root, "normal"), NORMAL)

    def refuse(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refuse)
        with pytest.raises(
            OSError, match=r"^cannot write .*unfinished \(Permission denied\): make it writable"
        ):
            prepare(root)
    assert prepared(root) == before
