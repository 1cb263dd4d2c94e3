"""All products of a kind under one name."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from kedro.io import DatasetError, Version

from taskonomy_kedro.core.candidates import ImageLosses
from taskonomy_kedro.core.training.products import TaskLosses
from taskonomy_kedro.datasets import GatheredDataset, ImageLossesDataset, TaskLossesDataset

OLD, NEW = "2026-01-01T00.00.00.000Z", "2026-02-02T00.00.00.000Z"


def task_losses(folder: Path) -> GatheredDataset:
    members = {
        "type": "taskonomy_kedro.datasets.TaskLossesDataset",
        "filepath": str(folder / "losses" / "{name}"),
    }
    return GatheredDataset(filepath=str(folder / "losses.json"), members=members)


def save_losses(folder: Path, task: str, value: float) -> None:
    values = np.full((3, 2), value, dtype=np.float32)
    facts = {"wanted": {}, "outcome": {"loss": value, "n_items": 2}}
    product = TaskLosses(task=task, values=values, item_ids=("a", "b"), **facts)
    TaskLossesDataset(filepath=str(folder / "losses" / task)).save(product)


def test_single_products_are_opened_only_when_they_are_asked_for(tmp_path):
    save_losses(tmp_path, "normal", 0.5)
    dataset = task_losses(tmp_path)
    dataset.save(["normal", "reshading"])  # the second is not there, and nobody asks for it
    gathered = dataset.load()
    assert gathered.names == ("normal", "reshading")
    assert gathered.of("normal").values[0, 0] == np.float32(0.5)
    with pytest.raises(DatasetError, match=r"losses/reshading holds nothing finished .* run the pipeline"):
        gathered.of("reshading")


def test_a_product_made_alone_is_found_and_a_newer_one_counts(tmp_path):
    dataset = task_losses(tmp_path)
    assert not dataset.exists()
    save_losses(tmp_path, "normal", 0.5)
    assert dataset.load().names == ()
    assert dataset.load().of("normal").values[0, 0] == np.float32(0.5)
    save_losses(tmp_path, "normal", 0.25)
    assert dataset.load().of("normal").values[0, 0] == np.float32(0.25)


def test_losses_that_are_not_there_are_told_with_what_to_run(tmp_path):
    for version in (None, Version(OLD, NEW)):
        dataset = ImageLossesDataset(filepath=str(tmp_path / "normal.npz"), version=version)
        with pytest.raises(
            DatasetError, match=r"there are no losses.*normal.npz; run the pipeline transfer_mod"
        ):
            dataset.load()
    dataset = ImageLossesDataset(filepath=str(tmp_path / "normal.npz"), version=Version(None, NEW))
    with pytest.raises(DatasetError, match=r"^there are no losses in .*normal.npz; run"):
        dataset.load()


def test_what_it_loads_it_saves(tmp_path):
    dataset = task_losses(tmp_path)
    dataset.save(("normal", "reshading"))
    before = (tmp_path / "losses.json").read_bytes()
    dataset.save(dataset.load())
    assert (tmp_path / "losses.json").read_bytes() == before
    assert json.loads(before) == {"names": ["normal", "reshading"]}


def test_what_is_made_of_the_products_is_made_once_until_others_are_gathered(tmp_path):
    dataset = task_losses(tmp_path)
    dataset.save(["normal"])
    made = []
    for _ in range(2):
        dataset.load().once("key", lambda: made.append(1) or "product")
    assert made == [1]
    assert dataset.load().once("key", lambda: "other") == "product"
    dataset.save(["normal"])
    assert dataset.load().once("key", lambda: "new") == "new"
    dataset.release()
    assert dataset.load().once("key", lambda: "newer") == "newer"


def test_another_process_gets_none_of_what_was_opened(tmp_path):
    dataset = task_losses(tmp_path)
    dataset.save(["normal"])
    dataset.load().once("key", lambda: (value for value in ()))  # a generator cannot be pickled
    assert pickle.loads(pickle.dumps(dataset)).load().names == ("normal",)


def image_losses(folder: Path, version: Version) -> GatheredDataset:
    members = {
        "type": "taskonomy_kedro.datasets.ImageLossesDataset",
        "filepath": str(folder / "image_losses" / "{name}.npz"),
        "versioned": True,
    }
    return GatheredDataset(filepath=str(folder / "image_losses.json"), members=members, version=version)


def test_a_version_that_is_asked_for_holds_for_the_single_products(tmp_path):
    for version, value in ((OLD, 1.0), (NEW, 2.0)):
        values = np.full((1, 2), value, dtype=np.float32)
        losses = ImageLosses(values=values, transfer_ids=("a->normal",), image_ids=("x", "y"))
        path = str(tmp_path / "image_losses" / "normal.npz")
        ImageLossesDataset(filepath=path, version=Version(None, version)).save(losses)
        image_losses(tmp_path, Version(None, version)).save(["normal"])
    newest = image_losses(tmp_path, Version(None, None)).load().of("normal")
    assert newest.values[0, 0] == 2.0
    assert image_losses(tmp_path, Version(OLD, None)).load().of("normal").values[0, 0] == 1.0
    preview = image_losses(tmp_path, Version(None, None)).preview()
    assert preview["columns"] == ["name", "transfers", "images"]
    assert preview["data"] == [["normal", 1, 2]]


def test_the_preview_has_a_row_a_product(tmp_path):
    save_losses(tmp_path, "normal", 0.123456)
    dataset = task_losses(tmp_path)
    dataset.save(["normal"])
    preview = dataset.preview()
    assert preview["columns"] == ["name", "n_items", "loss"]
    assert preview["data"] == [["normal", 2, 0.1235]]


def test_a_place_without_a_name_is_refused(tmp_path):
    with pytest.raises(DatasetError, match=r"must have \{name\} in it, .* got '/losses/all'"):
        GatheredDataset(filepath=str(tmp_path / "a.json"), members={"type": "x", "filepath": "/losses/all"})
