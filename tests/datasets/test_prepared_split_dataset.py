"""Splits on this machine and on another file system: made once, copied whole or not at all."""

import errno
import json
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from fsspec import register_implementation
from fsspec.implementations.memory import MemoryFileSystem
from kedro.io import DatasetError
from tests.core.preparation.custom_labels import SIZE, write_rooms_with_labels
from tests.small_rooms import files, settings

from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.settings import DataSettings
from taskonomy_kedro.core.preparation.split_build import SplitBuild, prepare
from taskonomy_kedro.datasets import PreparedSplitDataset

ADDRESS = "shelf://bucket/prepared/validation"


class Shelf(MemoryFileSystem):
    """A file system elsewhere, which notes what is asked of it and may fill up."""

    protocol = "shelf"
    store: ClassVar[dict] = {}
    pseudo_dirs: ClassVar[list] = [""]
    asked: ClassVar[list[tuple[str, str]]] = []
    room_for = 10**9

    @classmethod
    def _strip_protocol(cls, path):
        return super()._strip_protocol(path.replace("shelf://", "memory://"))

    def put_file(self, lpath, rpath, *arguments, **options):
        if sum(verb == "put" for verb, _ in Shelf.asked) >= Shelf.room_for:
            raise OSError(errno.ENOSPC, "No space left on device")
        Shelf.asked.append(("put", rpath.rpartition("/")[2]))
        return super().put_file(lpath, rpath, *arguments, **options)

    def get_file(self, rpath, lpath, *arguments, **options):
        Shelf.asked.append(("get", rpath.rpartition("/")[2]))
        return super().get_file(rpath, lpath, *arguments, **options)

    def rm_file(self, path):
        Shelf.asked.append(("rm", path.rpartition("/")[2]))
        return super().rm_file(path)


register_implementation("shelf", Shelf, clobber=True)


@pytest.fixture
def shelf(monkeypatch) -> Shelf:
    monkeypatch.setattr(Shelf, "store", {})
    monkeypatch.setattr(Shelf, "pseudo_dirs", [""])
    monkeypatch.setattr(Shelf, "asked", [])
    return Shelf()


def preparation(**changes) -> SplitBuild:
    return prepare("validation", settings(**changes))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("prepared") / "validation"
    preparation().write(folder)
    return folder


def names(made: Path) -> set[str]:
    return {path.name for path in made.iterdir()}


def remote_files(shelf: Shelf) -> dict[str, bytes]:
    return {
        path.rpartition("/")[2]: shelf.cat_file(path)
        for path in shelf.ls("/bucket/prepared/validation", detail=False)
    }


def test_on_this_machine_a_split_is_made_kept_and_opened(made, tmp_path):
    dataset = PreparedSplitDataset(filepath=str(tmp_path / "validation"), cache_dir="not used")
    assert not dataset.exists()
    dataset.save(preparation())
    assert dataset.exists()
    stamp = (tmp_path / "validation/rgb.npy").stat().st_mtime_ns
    dataset.save(preparation())
    assert (tmp_path / "validation/rgb.npy").stat().st_mtime_ns == stamp
    assert files(tmp_path / "validation") == files(made)
    assert dataset.load().image_ids == PreparedSplit.open(made).image_ids
    assert [path.name for path in tmp_path.iterdir()] == ["validation"]


def test_a_missing_split_is_named_by_its_address(tmp_path, shelf):
    for address in (str(tmp_path / "validation"), ADDRESS):
        dataset = PreparedSplitDataset(filepath=address, cache_dir="c", project=str(tmp_path))
        with pytest.raises(
            DatasetError, match=f"{address} holds no finished split .*run the pipeline data_preparation"
        ):
            dataset.load()


def test_another_address_wants_a_cache_dir_and_says_where_to_set_it():
    with pytest.raises(
        DatasetError, match=r"shelf://.* not on this machine .*set cache_dir in the catalog entry"
    ):
        PreparedSplitDataset(filepath=ADDRESS)


def test_the_record_goes_first_and_comes_last(made, tmp_path, shelf):
    dataset = PreparedSplitDataset(filepath=ADDRESS, cache_dir=str(tmp_path))
    dataset.save(preparation())
    assert remote_files(shelf) == files(made)
    assert [name for _, name in shelf.asked][-1] == "record.json"
    assert sorted(shelf.asked) == sorted(("put", name) for name in names(made))
    shelf.asked.clear()
    dataset.save(preparation(seed=1))
    assert shelf.asked[0] == ("rm", "record.json")
    assert shelf.asked[-1] == ("put", "record.json")
    assert json.loads(shelf.cat_file("/bucket/prepared/validation/record.json"))["wanted"]["seed"] == 1


@pytest.mark.parametrize("address", ["memory://prepared/{}", "dir::memory://{}/prepared"])
def test_any_address_will_do(made, tmp_path, address):
    address = address.format(tmp_path.name)
    PreparedSplitDataset(filepath=address, cache_dir=str(tmp_path / "there")).save(preparation())
    here = PreparedSplitDataset(filepath=address, cache_dir=str(tmp_path / "here"))
    assert files(here.load().folder) == files(made)


def test_what_is_unchanged_is_neither_made_nor_copied(tmp_path, shelf):
    dataset = PreparedSplitDataset(filepath=ADDRESS, cache_dir=str(tmp_path))
    dataset.save(preparation())
    shelf.asked.clear()
    dataset.save(preparation())
    dataset.load()
    assert shelf.asked == []


def test_a_file_the_new_split_lacks_is_removed(made, tmp_path, shelf):
    dataset = PreparedSplitDataset(filepath=ADDRESS, cache_dir=str(tmp_path))
    dataset.save(preparation())
    shelf.pipe_file("/bucket/prepared/validation/of_old.npy", b"1")
    dataset.save(preparation(seed=1))
    assert set(remote_files(shelf)) == names(made)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_stopped_copy_never_looks_finished_and_the_next_run_only_copies(
    tmp_path, shelf, monkeypatch, is_first
):
    dataset = PreparedSplitDataset(filepath=ADDRESS, cache_dir=str(tmp_path))
    if not is_first:
        dataset.save(preparation(seed=1))
        shelf.asked.clear()
    with monkeypatch.context() as patch:
        patch.setattr(Shelf, "room_for", 5)
        with pytest.raises(
            DatasetError, match=rf"cannot copy the split to {ADDRESS} \(No space left .*free space there"
        ):
            dataset.save(preparation())
    assert not dataset.exists()
    elsewhere = PreparedSplitDataset(filepath=ADDRESS, cache_dir=str(tmp_path / "elsewhere"))
    for one in (dataset, elsewhere):
        with pytest.raises(DatasetError, match="holds no finished split"):
            one.load()
    stamp = (tmp_path / "shelf/bucket/prepared/validation/rgb.npy").stat().st_mtime_ns
    dataset.save(preparation())
    assert (tmp_path / "shelf/bucket/prepared/validation/rgb.npy").stat().st_mtime_ns == stamp
    assert elsewhere.load().image_ids == dataset.load().image_ids


def test_a_changed_remote_split_is_fetched_again_record_last(tmp_path, shelf):
    here = PreparedSplitDataset(filepath=ADDRESS, cache_dir=str(tmp_path / "here"))
    there = PreparedSplitDataset(filepath=ADDRESS, cache_dir=str(tmp_path / "there"))
    there.save(preparation())
    first = here.load()
    there.save(preparation(seed=1))
    shelf.asked.clear()
    second = here.load()
    assert shelf.asked[-1] == ("get", "record.json")
    assert second.fingerprint == there.load().fingerprint != first.fingerprint
    assert not np.array_equal(second.arrays["rgb"], first.arrays["rgb"])


def test_of_a_split_whose_own_tasks_are_noted_anew_only_the_record_travels(tmp_path, shelf):
    write_rooms_with_labels(tmp_path / "data")
    heat = {"kind": "regression_map", "range": [0, 200]}
    here, there = (
        PreparedSplitDataset(filepath=ADDRESS, cache_dir=str(tmp_path / place)) for place in ("here", "there")
    )
    for loss in ("l1", "l2"):
        data = DataSettings(
            source="directory", image_size=SIZE, processes=1,
            directory={"dataset_dir": str(tmp_path / "data")}, tasks={"heat": {**heat, "loss": loss}},
        )  # fmt: skip
        shelf.asked.clear()
        there.save(prepare("validation", data))
        assert here.load().tasks["heat"].loss == loss
    assert shelf.asked == [("put", "record.json"), ("get", "record.json")]


def test_a_stopped_fetch_is_done_again(tmp_path, shelf, monkeypatch):
    PreparedSplitDataset(filepath=ADDRESS, cache_dir=str(tmp_path / "there")).save(preparation())
    here = PreparedSplitDataset(filepath=ADDRESS, cache_dir=str(tmp_path / "here"))
    whole = Shelf.get_file

    def full(self, rpath, lpath, *arguments, **options):
        if rpath.endswith("rgb.npy"):
            raise OSError(errno.ENOSPC, "No space left on device")
        return whole(self, rpath, lpath, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Shelf, "get_file", full)
        with pytest.raises(DatasetError, match=r"cannot copy shelf://.* \(No space left .*set cache_dir"):
            here.load()
    assert files(here.load().folder) == remote_files(shelf)


def test_the_cache_is_below_the_project_and_apart_for_each_address(tmp_path, shelf):
    for address in (ADDRESS, "shelf://bucket/other/validation"):
        dataset = PreparedSplitDataset(filepath=address, cache_dir="data/cache", project=str(tmp_path))
        dataset.save(preparation())
    folders = {path.parent.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("record.json")}
    assert folders == {f"data/cache/shelf/bucket/{kind}/validation" for kind in ("prepared", "other")}


def test_bad_input_is_told_without_a_preface(tmp_path):
    empty = tmp_path / "file"
    empty.touch()
    with pytest.raises(DatasetError, match=r"^cannot write .*file/\.validation\.unfinished .Not a directory"):
        PreparedSplitDataset(filepath=str(empty / "validation")).save(preparation())
