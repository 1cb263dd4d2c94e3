"""Builds that resume after a stop, a power cut or a full disk."""

import errno
import json
import logging
import os
from pathlib import Path

import pytest
from tests.refused_writes import refuse_writes
from tests.small_rooms import Stopping, files, settings

from taskonomy_kedro.core.labels.stored import STORED_DOMAINS
from taskonomy_kedro.core.preparation import split_build
from taskonomy_kedro.core.preparation.image_sources import open_source
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.split_build import build_split


def n_first_room(folder: Path) -> int:
    return sum(image_id.startswith("room_00000/") for image_id in PreparedSplit.open(folder).image_ids)


def stop_after(n_images: int, folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        build_split("train", settings(), folder, source=Stopping(open_source(settings()), n_images))


@pytest.mark.parametrize("in_second_room", [-10, 2, 9])
def test_a_stopped_build_resumes_to_the_same_bytes(whole, tmp_path, monkeypatch, in_second_room):
    monkeypatch.setattr(split_build, "_COMMIT_IMAGES", 1)
    stop_after(n_first_room(whole) + in_second_room, tmp_path / "train")
    again = Stopping(open_source(settings()), 10**9)
    build_split("train", settings(), tmp_path / "train", source=again)
    assert again.asked == [1 if in_second_room > 0 else 0]
    assert files(tmp_path / "train") == files(whole)


@pytest.fixture
def half_done(whole, tmp_path, monkeypatch) -> Path:
    """A folder in which one of two rooms is committed."""
    monkeypatch.setattr(split_build, "_COMMIT_IMAGES", 1)
    stop_after(n_first_room(whole) + 3, tmp_path / "train")
    assert json.loads((tmp_path / "train/done.json").read_text())["images"] == n_first_room(whole)
    return tmp_path / "train"


@pytest.mark.parametrize("name", ["rgb.npy", "images.jsonl", "class_scene.npy"])
def test_a_file_shorter_than_committed_restarts_the_split_with_a_warning(whole, half_done, name, caplog):
    path = half_done / name
    path.write_bytes(path.read_bytes()[:200])  # as a power cut leaves it
    again = Stopping(open_source(settings()), 10**9)
    with caplog.at_level(logging.WARNING):
        build_split("train", settings(), half_done, source=again)
    assert f"{name} has 200 of the " in caplog.text
    assert again.asked == [0]
    assert files(half_done) == files(whole)


def test_everything_is_synced_before_it_is_noted(half_done, monkeypatch):
    order: list[str] = []
    sync = os.fsync

    def recorded(handle: int) -> None:
        names = {path.stat().st_ino: path.name for path in half_done.glob("*")}
        order.append(names.get(os.fstat(handle).st_ino, "the folder"))
        sync(handle)

    monkeypatch.setattr(os, "fsync", recorded)
    build_split("train", settings(), half_done)
    done = order.index(".done.json.unfinished")
    assert {*(f"{name}.npy" for name in STORED_DOMAINS), "images.jsonl"} <= set(order[:done])
    facts = order.index(".split.json.unfinished")
    finished = {path.name for path in half_done.iterdir()} - {"split.json"}
    assert {name.removeprefix(".").removesuffix(".unfinished") for name in order[:facts]} >= finished


def test_after_a_stop_at_the_end_no_image_is_read_again(whole, tmp_path, monkeypatch):
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(split_build, "write_camera_labels", stop)
        with pytest.raises(KeyboardInterrupt):
            build_split("train", settings(), tmp_path / "train")
    again = Stopping(open_source(settings()), 0)
    build_split("train", settings(), tmp_path / "train", source=again)
    assert again.asked == [2]
    assert files(tmp_path / "train") == files(whole)
    build_split("train", settings(), tmp_path / "train", source=again)
    assert again.asked == [2]  # the whole split is opened


@pytest.mark.parametrize("name", ["rgb.npy", "images.jsonl", "egomotion_rows.npy", "split.json"])
@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "free some space and run again, which resumes where it last saved its work, or"),
        (errno.EROFS, "make it writable and run again, or set products_dir"),
    ],
)
def test_a_full_or_read_only_disk_is_reported(whole, tmp_path, monkeypatch, name, number, remedy):
    folder = tmp_path / "train"
    with monkeypatch.context() as patch:
        refuse_writes(patch, name, number)
        with pytest.raises(OSError, match=remedy) as caught:
            build_split("train", settings(), folder)
    assert str(caught.value).startswith(f"cannot write {folder}/{name} ({os.strerror(number)})")
    build_split("train", settings(), folder)  # once there is space again
    assert files(folder) == files(whole)
