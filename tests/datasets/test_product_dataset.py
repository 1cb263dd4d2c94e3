"""The same cases for every product that is a folder named by its recipe."""

import builtins
import errno
import json
import os
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import torch
from fsspec import register_implementation
from fsspec.implementations.memory import MemoryFileSystem
from kedro.io import DatasetError
from tests.refused_writes import refuse_writes
from tests.small_rooms import settings

from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.split_build import build_split
from taskonomy_kedro.core.readouts.transfer_losses import TransferLosses
from taskonomy_kedro.core.training.products import (
    AverageGuess,
    Examples,
    Representations,
    TaskLosses,
    TrainedNetwork,
)
from taskonomy_kedro.datasets import (
    AverageGuessDataset,
    ExamplesDataset,
    JSONProductDataset,
    PreparedSplitDataset,
    RepresentationsDataset,
    TaskLossesDataset,
    TrainedNetworkDataset,
    TransferLossesDataset,
)
from taskonomy_kedro.recipes import Recipe
from taskonomy_kedro.recipes.reuse import REUSED

FACTS = {"task": "normal", "outcome": {"content": "0123"}}
WEIGHTS = {"encoder.a": torch.arange(6.0).reshape(2, 3), "encoder.n": torch.tensor(7)}
VALUES = np.array([[0.1, np.nan], [0.2, 0.3], [1.0, 2.0]], dtype=np.float32)
CODES = np.arange(2 * 8 * 4, dtype=np.float16).reshape(2, 8, 2, 2)
LABELS = {"transfer_ids": ("a->n", "b->n", "c->n"), "item_ids": ("a/0/0", "a/0/0|b/1/2")}
CASES = {
    "network": (TrainedNetworkDataset, TrainedNetwork(**FACTS, weights=WEIGHTS), "weights"),
    "guess": (AverageGuessDataset, AverageGuess(**FACTS, output=CODES.astype(np.float32)), "output"),
    "losses": (TaskLossesDataset, TaskLosses(**FACTS, values=VALUES, item_ids=LABELS["item_ids"]), "values"),
    "readouts": (TransferLossesDataset, TransferLosses(**FACTS, values=VALUES, **LABELS), "values"),
    "representations": (RepresentationsDataset, Representations(**FACTS, arrays={"test": CODES}), "arrays"),
    "examples": (ExamplesDataset, Examples(**FACTS, png=b"\x89PNG\r\n"), "png"),
}


def asking(dataset: Any, seed: int = 0, **more: Any) -> Any:
    """Let a dataset ask for the product of a recipe."""
    recipe = Recipe(parts={"settings": {"training": {"seed": seed}}}, inputs={}, **more)
    dataset._pinned = (recipe, f"run of seed {seed}")
    return dataset


def equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    is_array = isinstance(one, np.ndarray | torch.Tensor)
    return np.array_equal(one, other, equal_nan=True) if is_array else one == other


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("is_remote", [False, True])
def test_each_recipe_has_its_own_product(case, is_remote, tmp_path):
    kind, product, field = CASES[case]
    root = f"memory:/{tmp_path}" if is_remote else str(tmp_path)
    dataset = kind(filepath=f"{root}/normal", cache_dir=str(tmp_path / "cache"))
    for seed in (0, 1):
        asking(dataset, seed)
        assert not dataset.exists()
        dataset.save(replace(product, outcome={"content": str(seed)}))
        assert dataset.exists()
    for seed in (0, 1):
        loaded = asking(dataset, seed).load()
        assert equal(getattr(loaded, field), getattr(product, field))
        assert loaded.content == str(seed)
        assert dataset.record()["run"] == f"run of seed {seed}"
    assert dataset.record()["rebuilt_because"] == "training.seed was 0, is 1"
    folders = {path.rsplit("/", 1)[-1] for path in dataset._fs.ls(dataset._path, detail=False)}
    assert len(folders) == 2
    assert not list((tmp_path / "cache").rglob(".*"))  # nothing unfinished


@pytest.mark.parametrize("case", CASES)
def test_a_failure_is_stored_and_exists_only_if_expected(case, tmp_path):
    kind, product, field = CASES[case]
    dataset = asking(kind(filepath=str(tmp_path)))
    dataset.save(product.without("the training loss was nan"))
    assert not dataset.exists()
    assert dataset.load().failure == "the training loss was nan"
    assert dataset.reason() == "the training loss was nan"
    dataset.save(product)
    assert dataset.exists()
    assert equal(getattr(dataset.load(), field), getattr(product, field))
    dataset.save(product.without("there is no decoder", is_expected=True))  # another run was faster
    assert dataset.load().failure == ""
    other = asking(dataset, seed=1)
    other.save(product.without("there is no decoder", is_expected=True))
    assert other.exists()
    assert other.load().failure == "there is no decoder"


def test_a_failure_of_other_parameters_and_a_reuse_leave_the_product(tmp_path):
    dataset = asking(TrainedNetworkDataset(filepath=str(tmp_path)))
    network = CASES["network"][1]
    dataset.save(network)
    before = files(tmp_path)
    dataset.save(REUSED)
    assert files(tmp_path) == before
    asking(dataset, seed=1).save(network.without("diverged"))
    after = files(tmp_path)
    assert {name: after[name] for name in before} == before
    assert pickle.loads(pickle.dumps(asking(dataset))).exists()  # in another process


def test_a_product_without_a_failed_input_exists_until_the_input_does(tmp_path):
    network = asking(TrainedNetworkDataset(filepath=str(tmp_path / "network")), 3)
    network.save(CASES["network"][1].without("diverged"))
    recipe = Recipe(
        parts={}, inputs={"network": network.recipe.hash}, addresses={"network": str(tmp_path / "network")}
    )
    losses = TaskLossesDataset(filepath=str(tmp_path / "losses"))
    losses._pinned = (recipe, "")
    losses.save(CASES["losses"][1])
    assert losses.exists()
    network.save(CASES["network"][1])
    assert not losses.exists()


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"half")])
def test_a_damaged_product_is_reported_and_replaced(tmp_path, caplog, damage):
    dataset = asking(TrainedNetworkDataset(filepath=str(tmp_path)))
    dataset.save(CASES["network"][1])
    (weights,) = tmp_path.rglob("weights.pt")
    damage(weights)
    assert not dataset.exists()
    assert "weights.pt is damaged" in caplog.text
    assert dataset.reason() == "its files are damaged"
    dataset.save(CASES["network"][1])
    assert dataset.exists()


@pytest.mark.parametrize("content", ["", "[1, 2]", '{"files": {}}', "\x00"])
def test_a_garbage_record_is_reported_and_counts_as_missing(tmp_path, caplog, content):
    dataset = asking(TrainedNetworkDataset(filepath=str(tmp_path)))
    dataset.save(CASES["network"][1])
    (record,) = tmp_path.rglob("record.json")
    record.write_text(content)
    assert not dataset.exists()
    assert f"{record} " in caplog.text
    assert "counts as missing" in caplog.text
    dataset.save(CASES["network"][1])
    assert dataset.exists()


def test_a_missing_product_says_what_differs(tmp_path):
    dataset = TrainedNetworkDataset(filepath=str(tmp_path), name="task_modeling.3d.normal.network")
    with pytest.raises(DatasetError, match="holds no product of these .*; run the pipeline task_modeling"):
        asking(dataset).load()
    dataset.save(CASES["network"][1])
    with pytest.raises(DatasetError, match="training.seed was 0, is 1"):
        asking(dataset, 1).load()


def test_scratch_is_removed_once_the_product_is_there_and_stays_until_then(tmp_path, monkeypatch):
    dataset = asking(TrainedNetworkDataset(filepath=str(tmp_path)))
    dataset.scratch.mkdir(parents=True)
    (dataset.scratch / "checkpoint.pt").write_bytes(b"state")
    with monkeypatch.context() as patch:
        refuse_writes(patch, "weights.pt", errno.ENOSPC)
        full = rf"^cannot write {tmp_path} \(No space left.*\): free some space and run again"
        with pytest.raises(DatasetError, match=full):
            dataset.save(CASES["network"][1])
    assert (dataset.scratch / "checkpoint.pt").read_bytes() == b"state"
    dataset.save(CASES["network"][1])
    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == {"weights.pt", "record.json"}


@pytest.mark.parametrize("number", range(4))
def test_killed_anywhere_in_a_save_there_is_a_whole_product_or_none(tmp_path, monkeypatch, number):
    dataset = asking(TrainedNetworkDataset(filepath=str(tmp_path)))
    dataset.save(CASES["network"][1].without("diverged"))  # is replaced
    calls: list[str] = []

    def killed(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            calls.append(name)
            if len(calls) == number + 1:
                raise KeyboardInterrupt
            return real(*arguments, **named)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", killed("rename", Path.rename))
        patch.setattr(shutil, "rmtree", killed("rmtree", shutil.rmtree))
        with pytest.raises(KeyboardInterrupt):
            dataset.save(CASES["network"][1])
    if dataset.exists():
        assert equal(dataset.load().weights, WEIGHTS)
    dataset.save(CASES["network"][1])
    assert dataset.exists()
    assert equal(dataset.load().weights, WEIGHTS)


def test_a_foreign_pickle_among_weights_runs_no_code(tmp_path):
    dataset = asking(TrainedNetworkDataset(filepath=str(tmp_path)))
    dataset.save(CASES["network"][1])
    traces = tmp_path / "traces"

    class Malicious:
        def __reduce__(self):
            return builtins.exec, (f"open({str(traces)!r}, 'w')",)

    (weights,) = tmp_path.rglob("weights.pt")
    torch.save({"encoder.a": Malicious()}, weights)
    with pytest.raises(DatasetError):
        dataset.load()
    assert not traces.exists()


@pytest.mark.parametrize("case", ["guess", "losses", "readouts"])
def test_arrays_hold_no_pickles(case, tmp_path):
    dataset = asking(CASES[case][0](filepath=str(tmp_path)))
    dataset.save(CASES[case][1])
    (path,) = tmp_path.rglob("*.np*")
    objects = np.array([{"a": 1}], dtype=object)
    np.save(path, objects) if path.suffix == ".npy" else np.savez(path, values=objects)
    with pytest.raises(DatasetError, match="cannot be read"):
        dataset.load()


def test_arrays_written_to_scratch_are_moved(tmp_path):
    dataset = asking(RepresentationsDataset(filepath=str(tmp_path)))
    dataset.scratch.mkdir(parents=True)
    np.save(dataset.scratch / "test.npy", CODES)
    inode = (dataset.scratch / "test.npy").stat().st_ino
    dataset.save(
        Representations(**FACTS, arrays={"test": np.load(dataset.scratch / "test.npy", mmap_mode="r")})
    )
    (moved,) = tmp_path.rglob("test.npy")
    assert moved.stat().st_ino == inode
    assert isinstance(dataset.load().arrays["test"], np.memmap)


def test_plain_values_and_pictures(tmp_path):
    facts = asking(JSONProductDataset(filepath=str(tmp_path / "facts")))
    facts.save({"a": [1.5, None]})
    assert facts.load() == {"a": [1.5, None]}
    picture = asking(ExamplesDataset(filepath=str(tmp_path / "examples")))
    picture.save(Examples(**FACTS, png=b"\x89PNG"))
    assert str(picture.preview()) == "iVBORw=="
    assert Path(picture.png_path()).read_bytes() == b"\x89PNG"


class Shelf(MemoryFileSystem):
    """A file system elsewhere, which counts copies and may fill up."""

    protocol = "shelf"
    store: ClassVar[dict] = {}
    pseudo_dirs: ClassVar[list] = [""]
    copied: ClassVar[list[str]] = []
    room_for = 10**9

    @classmethod
    def _strip_protocol(cls, path):
        return super()._strip_protocol(path.replace("shelf://", "memory://"))

    def put_file(self, lpath, rpath, *arguments, **options):
        if len(Shelf.copied) >= Shelf.room_for:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        Shelf.copied.append(rpath.rpartition("/")[2])
        return super().put_file(lpath, rpath, *arguments, **options)

    def get_file(self, rpath, lpath, *arguments, **options):
        Shelf.copied.append(rpath.rpartition("/")[2])
        return super().get_file(rpath, lpath, *arguments, **options)


register_implementation("shelf", Shelf, clobber=True)


@pytest.fixture
def shelf(monkeypatch) -> type[Shelf]:
    for name, value in {"store": {}, "pseudo_dirs": [""], "copied": []}.items():
        monkeypatch.setattr(Shelf, name, value)
    return Shelf


def split_dataset(folder: Path, address: str = "shelf://bucket/prepared/test") -> PreparedSplitDataset:
    return asking(PreparedSplitDataset(filepath=address, cache_dir="cache", project=str(folder)))


def built(dataset: PreparedSplitDataset) -> PreparedSplit:
    return build_split("test", settings(), dataset.scratch)


def test_a_split_is_moved_to_its_place(tmp_path):
    dataset = asking(PreparedSplitDataset(filepath=str(tmp_path / "test")))
    content = built(dataset).fingerprint
    dataset.save(built(dataset))
    assert dataset.exists()
    assert dataset.load().fingerprint == content
    assert dataset.load() is dataset.load()
    assert [path.name for path in (tmp_path / "test").iterdir()] == [dataset.recipe.hash]


def test_a_split_elsewhere_is_copied_once_and_kept_here(tmp_path, shelf):
    dataset = split_dataset(tmp_path / "there")
    split = built(dataset)
    dataset.save(split)
    shelf.copied.clear()
    assert dataset.load().image_ids == split.image_ids
    assert shelf.copied == []
    here = split_dataset(tmp_path / "here")
    assert here.load().fingerprint == split.fingerprint
    assert shelf.copied[-1] == "split.json"
    n_copied = len(shelf.copied)
    split_dataset(tmp_path / "here").load()
    assert len(shelf.copied) == n_copied


def test_a_stopped_copy_never_looks_finished_and_the_next_run_only_copies(tmp_path, shelf, monkeypatch):
    dataset = split_dataset(tmp_path)
    split = built(dataset)
    with monkeypatch.context() as patch:
        patch.setattr(Shelf, "room_for", 5)
        with pytest.raises(DatasetError, match="cannot write .*No space left"):
            dataset.save(split)
    assert not dataset.exists()
    stamp = (dataset.scratch / "rgb.npy").stat().st_mtime_ns
    dataset.save(built(dataset))
    assert (dataset.load().folder / "rgb.npy").stat().st_mtime_ns == stamp
    record = json.loads(Shelf().cat_file(f"{dataset._folder}/record.json"))
    assert record["outcome"]["content"] == split.fingerprint


def test_another_machine_needs_a_cache_dir():
    with pytest.raises(DatasetError, match="shelf://.* not on this machine .*set cache_dir"):
        PreparedSplitDataset(filepath="shelf://bucket/prepared/test")
    with pytest.raises(DatasetError, match="shelf://.* not on this machine.*set cache_dir"):
        _ = TrainedNetworkDataset(filepath="shelf://bucket/networks").scratch
