"""Own tasks that change, and preparations that stop, between two runs."""

import logging
from pathlib import Path

import pytest
from tests.core.preparation.custom_labels import ENTRIES, settings, write_rooms_with_labels
from tests.small_rooms import files

from taskonomy_kedro.core.labels.custom_tasks import task_dictionary
from taskonomy_kedro.core.preparation import split_build
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.split_build import SplitBuild, prepare
from taskonomy_kedro.core.tasks import TASKS


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("rooms") / "data"
    write_rooms_with_labels(root)
    return root


def test_an_entry_that_changes_is_noticed_and_one_that_stays_is_kept(root, tmp_path, caplog):
    folder = tmp_path / "train"
    entries = {"material": ENTRIES["material"]}
    with caplog.at_level(logging.INFO):
        prepare("train", settings(root, entries)).write(folder)
        prepare("train", settings(root, entries)).write(folder)
        assert "train: unchanged" in caplog.text
        assert "noted" not in caplog.text
        caplog.clear()
        prepare("train", settings(root, {"material": {**ENTRIES["material"], "classes": 6}})).write(folder)
    assert "train: made anew, because custom_labels.wall_material.n_ids was 6, is 7" in caplog.text
    assert PreparedSplit.open(folder).tasks["material"].label.size == 6
    prepare("train", settings(root, {})).write(folder)
    assert PreparedSplit.open(folder).tasks == TASKS
    assert not (folder / "wall_material.npy").exists()


HEAT = ENTRIES["heat"]


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ({"heat": {**HEAT, "range": [0, 100]}}, "tasks.heat.range was [0, 200], is [0, 100]"),
        ({"heat": {**HEAT, "loss": "l1"}}, "tasks.heat.loss was l2, is l1"),
        ({"heat": {**HEAT, "mask": "none"}}, "tasks.heat.mask was valid_depth, is none"),
        ({"warmth": {**HEAT, "folder": "heat"}}, "tasks.heat is gone; tasks.warmth is new"),
        ({"heat": HEAT, "heat2": {**HEAT, "folder": "heat"}}, "tasks.heat2 is new"),
    ],
)
def test_what_moves_no_stored_byte_is_noted_and_nothing_is_read(
    root, tmp_path, caplog, monkeypatch, entries, reason
):
    folder = tmp_path / "train"
    prepare("train", settings(root, {"heat": HEAT})).write(folder)
    before = files(folder)
    promise = prepare("train", settings(root, entries))
    monkeypatch.setattr(promise.source, "images", None)
    with caplog.at_level(logging.INFO):
        promise.write(folder)
    assert f"train: own tasks are noted anew, because {reason}" in caplog.text
    assert PreparedSplit.open(folder).tasks == task_dictionary(entries)
    assert {name for name, content in files(folder).items() if content != before[name]} == {"record.json"}


def test_a_finished_split_that_is_yet_to_take_its_place_tells_the_tasks_of_now(root, tmp_path, monkeypatch):
    folder, now = tmp_path / "train", {"heat": {**HEAT, "loss": "l1"}}
    with monkeypatch.context() as patch:
        patch.setattr(split_build, "replace_folder", lambda folder: None)
        prepare("train", settings(root, {"heat": HEAT})).write(folder)
    promise = prepare("train", settings(root, now))
    monkeypatch.setattr(promise.source, "images", None)
    promise.write(folder)
    assert PreparedSplit.open(folder).tasks == task_dictionary(now)


def test_a_stopped_preparation_goes_on_with_own_labels(root, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(split_build, "_COMMIT_IMAGES", 1)
    prepare("train", settings(root)).write(tmp_path / "whole")
    whole = prepare("train", settings(root))
    images = whole.source.images

    def broken_off(split, skip=0, skipped=()):
        for number, item in enumerate(images(split, skip, skipped)):
            if number == 2:
                raise KeyboardInterrupt
            yield item

    monkeypatch.setattr(whole.source, "images", broken_off, raising=False)
    with pytest.raises(KeyboardInterrupt):
        whole.write(tmp_path / "train")
    monkeypatch.setattr(whole.source, "images", images)
    with caplog.at_level(logging.INFO):
        SplitBuild(split="train", settings=whole.settings, source=whole.source).write(tmp_path / "train")
    assert "train: going on after 1 images" in caplog.text
    assert files(tmp_path / "train") == files(tmp_path / "whole")
