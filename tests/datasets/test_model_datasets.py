"""The same cases for every product that is a folder with a record."""

import builtins
import errno
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fsspec.implementations.local import LocalFileSystem
from kedro.io import DatasetError

from taskonomy_kedro.core.training.products import (
    AverageGuess,
    Examples,
    Product,
    Representations,
    TaskLosses,
    TrainedNetwork,
)
from taskonomy_kedro.datasets import (
    AverageGuessDataset,
    ExamplesDataset,
    RepresentationsDataset,
    TaskLossesDataset,
    TrainedNetworkDataset,
)
from taskonomy_kedro.errors import _disk_remedy

FACTS = {"task": "normal", "wanted": {"seed": 0, "data": {"test": "abc"}}, "outcome": {"content": "0123"}}
WEIGHTS = {"encoder.a": torch.arange(6.0).reshape(2, 3), "encoder.n": torch.tensor(7)}
VALUES = np.array([[0.1, np.nan], [0.2, 0.3], [1.0, 2.0]], dtype=np.float32)
CODES = np.arange(2 * 8 * 4, dtype=np.float16).reshape(2, 8, 2, 2)


def same_weights(one: TrainedNetwork, other: TrainedNetwork) -> None:
    assert one.weights.keys() == other.weights.keys()
    assert all(torch.equal(one.weights[key], other.weights[key]) for key in one.weights)


def same_losses(one: TaskLosses, other: TaskLosses) -> None:
    np.testing.assert_array_equal(one.values, other.values)
    assert one.item_ids == other.item_ids


CASES = [
    pytest.param(TrainedNetworkDataset, TrainedNetwork(**FACTS, weights=WEIGHTS), same_weights, id="network"),
    pytest.param(
        AverageGuessDataset,
        AverageGuess(**FACTS, output=CODES.astype(np.float32)),
        lambda one, other: np.testing.assert_array_equal(one.output, other.output),
        id="guess",
    ),
    pytest.param(
        TaskLossesDataset,
        TaskLosses(**FACTS, values=VALUES, item_ids=("a/0/0", "a/0/0|b/1/2")),
        same_losses,
        id="losses",
    ),
    pytest.param(
        RepresentationsDataset,
        Representations(**FACTS, arrays={"test": CODES}),
        lambda one, other: np.testing.assert_array_equal(one.arrays["test"], other.arrays["test"]),
        id="representations",
    ),
    pytest.param(
        ExamplesDataset,
        Examples(**FACTS, png=b"\x89PNG\r\n"),
        lambda one, other: one.png == other.png or pytest.fail("another picture"),
        id="examples",
    ),
]


def other(product: Product) -> Any:
    """Return a product of the same kind with another record."""
    return replace(product, outcome={"content": "4567"})


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def refuse(patch: pytest.MonkeyPatch, is_meant: Callable[[str], bool]) -> None:
    """Let the disk be full for files of some names."""
    whole = LocalFileSystem.open

    def opened(fs: LocalFileSystem, path: str, mode: str = "rb", **options: Any) -> Any:
        if "w" in mode and is_meant(str(path)):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return whole(fs, path, mode, **options)

    patch.setattr(LocalFileSystem, "open", opened)


@pytest.mark.parametrize(("kind", "product", "same"), CASES)
class TestEveryProduct:
    @pytest.mark.parametrize("remote", [False, True])
    def test_round_trip_and_again(self, kind, product, same, tmp_path, remote):
        root = f"memory:/{tmp_path}" if remote else str(tmp_path)
        dataset = kind(filepath=f"{root}/normal", metadata={"kedro-viz": {"layer": "x"}})
        for _ in range(2):
            dataset.save(product)
            loaded = dataset.load()
            same(loaded, product)
            for name in ("task", "wanted", "outcome", "failure", "is_kept"):
                assert getattr(loaded, name) == getattr(product, name), name
        names = {path.rsplit("/", 1)[-1] for path in dataset._fs.ls(dataset._path, detail=False)}
        assert len(names) == 2
        assert "record.json" in names

    def test_what_is_loaded_can_be_saved_elsewhere(self, kind, product, same, tmp_path):
        first, second = (kind(filepath=str(tmp_path / name)) for name in "ab")
        first.save(product)
        if kind is not RepresentationsDataset:  # whose files are taken over
            second.save(first.load())
            same(second.load(), product)

    def test_only_missing_outputs_always_asks_the_node(self, kind, product, same, tmp_path):
        dataset = kind(filepath=str(tmp_path / "normal"))
        dataset.save(product)
        assert not dataset.exists()

    def test_the_record_comes_last(self, kind, product, same, tmp_path, monkeypatch):
        """Killed anywhere in a save, there is the old product whole, or none: never half a one."""
        dataset = kind(filepath=str(tmp_path / "normal"))
        dataset.save(product)
        wanted = files(tmp_path / "normal")
        moved: list[str] = []
        whole = LocalFileSystem.mv

        def mv(fs, source, target, **options):
            moved.append(Path(target).name)
            if moved[-1] != "record.json":
                assert not (tmp_path / "normal" / "record.json").exists()
            return whole(fs, source, target, **options)

        monkeypatch.setattr(LocalFileSystem, "mv", mv)
        dataset.save(other(product))
        assert moved[-1] == "record.json"
        assert len(moved) == 2
        assert files(tmp_path / "normal").keys() == wanted.keys()

    def test_killed_before_the_record_there_is_nothing_finished(
        self, kind, product, same, tmp_path, monkeypatch
    ):
        dataset = kind(filepath=str(tmp_path / "normal"))
        dataset.save(product)

        def killed(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr("taskonomy_kedro.datasets.recorded_folder.atomic_write", killed)
            with pytest.raises(KeyboardInterrupt):
                dataset.save(other(product))
        with pytest.raises(DatasetError, match="holds nothing finished"):
            dataset.load()
        dataset.save(product)
        same(dataset.load(), product)
        assert len(files(tmp_path / "normal")) == 2

    def test_a_full_disk_leaves_the_old_product(self, kind, product, same, tmp_path, monkeypatch):
        dataset = kind(filepath=str(tmp_path / "normal"))
        dataset.save(product)
        with monkeypatch.context() as patch:
            refuse(patch, lambda path: path.endswith(".unfinished"))
            full = r"^cannot write .*normal \(No space left.*\): free some space and run again"
            with pytest.raises(DatasetError, match=full) as told:
                dataset.save(other(product))
        assert _disk_remedy(told.value) is None  # said once
        assert len(files(tmp_path / "normal")) == 2
        loaded = dataset.load()
        same(loaded, product)
        assert loaded.content == "0123"

    def test_what_a_stopped_save_left_is_in_nobodys_way(self, kind, product, same, tmp_path):
        dataset = kind(filepath=str(tmp_path / "normal"))
        dataset.save(product)
        (name,) = set(files(tmp_path / "normal")) - {"record.json"}
        (tmp_path / "normal" / f".{name}.unfinished").write_bytes(b"half")
        (tmp_path / "normal" / ".record.json.0123").write_bytes(b"half")
        dataset.save(other(product))
        assert dataset.load().content == "4567"
        assert set(files(tmp_path / "normal")) == {name, "record.json"}

    def test_a_product_that_is_only_pointed_to_writes_nothing(self, kind, product, same, tmp_path):
        dataset = kind(filepath=str(tmp_path / "normal"))
        dataset.save(replace(product, is_kept=True))
        assert not list(tmp_path.iterdir())
        dataset.save(product)
        inodes = {path: path.stat().st_ino for path in tmp_path.rglob("*")}
        dataset.save(kind.kind(task="normal", wanted={}, is_kept=True))
        assert {path: path.stat().st_ino for path in tmp_path.rglob("*")} == inodes
        same(dataset.load(), product)

    def test_a_failure_takes_the_place_of_what_was_there(self, kind, product, same, tmp_path):
        dataset = kind(filepath=str(tmp_path / "normal"))
        dataset.save(product)
        dataset.save(product.without("the training loss was nan at step 3"))
        assert set(files(tmp_path / "normal")) == {"record.json"}
        assert dataset.load().failure == "the training loss was nan at step 3"
        dataset.save(product)
        same(dataset.load(), product)

    def test_what_was_never_finished_is_a_sentence(self, kind, product, same, tmp_path):
        (tmp_path / "normal").mkdir()
        with pytest.raises(
            DatasetError, match=f"{tmp_path}/normal holds nothing finished.*run the pipeline task_modeling"
        ):
            kind(filepath=str(tmp_path / "normal")).load()

    def test_it_describes_itself(self, kind, product, same, tmp_path):
        dataset = kind(filepath=str(tmp_path / "normal"))
        assert str(tmp_path / "normal") in str(dataset)
        assert dataset.metadata is None


def test_a_foreign_pickle_among_weights_runs_no_code(tmp_path):
    dataset = TrainedNetworkDataset(filepath=str(tmp_path / "normal"))
    dataset.save(TrainedNetwork(**FACTS, weights=WEIGHTS))
    traces = tmp_path / "traces"

    class Malicious:
        def __reduce__(self):
            return builtins.exec, (f"open({str(traces)!r}, 'w')",)

    torch.save({"encoder.a": Malicious()}, tmp_path / "normal" / "weights.pt")
    with pytest.raises(DatasetError):
        dataset.load()
    assert not traces.exists()


@pytest.mark.parametrize("kind", [AverageGuessDataset, TaskLossesDataset])
def test_arrays_hold_no_pickles(kind, tmp_path):
    product = next(case.values[1] for case in CASES if case.values[0] is kind)
    dataset = kind(filepath=str(tmp_path / "normal"))
    dataset.save(product)
    (name,) = set(files(tmp_path / "normal")) - {"record.json"}
    objects = np.array([{"a": 1}], dtype=object)
    path = tmp_path / "normal" / name
    np.save(path, objects) if name.endswith("npy") else np.savez(path, values=objects, item_ids=objects)
    with pytest.raises(DatasetError):
        dataset.load()


@pytest.mark.parametrize("remote", [False, True])
def test_arrays_written_beforehand_are_taken_over(tmp_path, remote):
    written = tmp_path / ".normal.unfinished" / "test.npy"
    written.parent.mkdir()
    np.save(written, CODES)
    product = Representations(**FACTS, arrays={"test": np.load(written, mmap_mode="r")})
    root = f"memory:/{tmp_path}" if remote else str(tmp_path)
    dataset = RepresentationsDataset(filepath=f"{root}/normal")
    dataset.save(product)
    assert not written.exists()
    loaded = dataset.load().arrays["test"]
    np.testing.assert_array_equal(loaded, CODES)
    assert isinstance(loaded, np.memmap) != remote


def test_a_picture_is_previewed(tmp_path):
    dataset = ExamplesDataset(filepath=str(tmp_path / "normal"))
    dataset.save(Examples(**FACTS, png=b"\x89PNG"))
    assert str(dataset.preview()) == "iVBORw=="
    assert Path(dataset.png_path()).read_bytes() == b"\x89PNG"
