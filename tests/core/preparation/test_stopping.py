"""What a stop, a power cut or a full disk leaves behind, and how a preparation goes on from there."""

import errno
import json
import logging
import os
import re
from pathlib import Path

import pytest
from tests.refused_writes import refuse_writes
from tests.small_rooms import Stopping, files, settings

from taskonomy_kedro.core.labels.stored import STORED_DOMAINS
from taskonomy_kedro.core.preparation import split_build
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.split_build import SplitBuild, prepare


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("prepared") / "train"
    prepare("train", settings()).write(folder)
    return folder


@pytest.mark.parametrize("in_second_room", [-10, 2, 9])
def test_a_stopped_preparation_goes_on_to_the_same_bytes(made, tmp_path, monkeypatch, in_second_room):
    monkeypatch.setattr(split_build, "_COMMIT_IMAGES", 1)
    whole = prepare("train", settings())
    ids = PreparedSplit.open(made).image_ids
    after = sum(image_id.startswith("room_00000/") for image_id in ids) + in_second_room
    stopping = Stopping(whole.source, after)
    folder = tmp_path / "train"
    with pytest.raises(KeyboardInterrupt):
        SplitBuild(split="train", settings=settings(), source=stopping).write(folder)
    assert not folder.exists()
    again = Stopping(whole.source, 10**9)
    SplitBuild(split="train", settings=settings(), source=again).write(folder)
    assert again.asked == [1 if in_second_room > 0 else 0]
    assert files(folder) == files(made)
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("is_committed", [True, False])
def test_a_stopped_preparation_of_other_settings_is_not_gone_on_with(
    tmp_path, made, caplog, monkeypatch, is_committed
):
    """What is lost by that is told, where anything is."""
    monkeypatch.setattr(split_build, "_COMMIT_IMAGES", 1 if is_committed else 256)
    folder = tmp_path / "train"
    other = prepare("train", settings(seed=1))
    with pytest.raises(KeyboardInterrupt):
        SplitBuild(split="train", settings=settings(seed=1), source=Stopping(other.source, 20)).write(folder)
    with caplog.at_level(logging.WARNING):
        prepare("train", settings()).write(folder)
    lost = re.search(
        r"an unfinished preparation of (\d+) images is thrown away, because seed was 1, is 0", caplog.text
    )
    assert (lost is not None and int(lost[1]) > 0) == ("thrown away" in caplog.text) == is_committed
    assert files(folder) == files(made)


def test_what_was_good_stays_when_making_it_anew_fails(made, tmp_path):
    folder = tmp_path / "train"
    prepare("train", settings()).write(folder)
    other = prepare("train", settings(seed=1))
    with pytest.raises(KeyboardInterrupt):
        SplitBuild(split="train", settings=settings(seed=1), source=Stopping(other.source, 3)).write(folder)
    assert files(folder) == files(made)


@pytest.fixture
def half_done(made, tmp_path, monkeypatch) -> Path:
    """A folder beside which one of two rooms is committed."""
    monkeypatch.setattr(split_build, "_COMMIT_IMAGES", 1)
    source = prepare("train", settings()).source
    n_first = sum(image_id.startswith("room_00000/") for image_id in PreparedSplit.open(made).image_ids)
    with pytest.raises(KeyboardInterrupt):
        SplitBuild(split="train", settings=settings(), source=Stopping(source, n_first + 3)).write(
            tmp_path / "train"
        )
    assert json.loads((tmp_path / ".train.unfinished/done.json").read_text())["images"] == n_first
    return tmp_path / "train"


@pytest.mark.parametrize("name", ["rgb.npy", "images.jsonl", "class_scene.npy"])
def test_a_file_shorter_than_promised_makes_the_split_start_anew_and_says_so(made, half_done, name, caplog):
    path = half_done.parent / ".train.unfinished" / name
    path.write_bytes(path.read_bytes()[:200])  # as a power cut leaves it
    again = Stopping(prepare("train", settings()).source, 10**9)
    with caplog.at_level(logging.WARNING):
        SplitBuild(split="train", settings=settings(), source=again).write(half_done)
    assert "an unfinished preparation of " in caplog.text
    assert f"{name} has 200 of the " in caplog.text
    assert again.asked == [0]
    assert files(half_done) == files(made)


def test_what_is_promised_is_on_the_disk_before(half_done, tmp_path, monkeypatch):
    order: list[str] = []
    sync = os.fsync

    unfinished = tmp_path / ".train.unfinished"

    def recorded(handle: int) -> None:
        names = {path.stat().st_ino: path.name for path in unfinished.glob("*")}
        order.append(names.get(os.fstat(handle).st_ino, "the folder"))
        sync(handle)

    monkeypatch.setattr(os, "fsync", recorded)
    prepare("train", settings()).write(half_done)
    done = order.index(".done.json.unfinished")
    assert {*(f"{name}.npy" for name in STORED_DOMAINS), "images.jsonl"} <= set(order[:done])
    record = order.index(".record.json.unfinished")
    finished = {path.name for path in half_done.iterdir()} - {"record.json"}
    assert {name.removeprefix(".").removesuffix(".unfinished") for name in order[:record]} >= finished


def test_a_stop_in_the_finish_reads_nothing_again(made, tmp_path, monkeypatch):
    folder = tmp_path / "train"
    with monkeypatch.context() as patch:
        patch.setattr(split_build, "write_camera_labels", stop)
        with pytest.raises(KeyboardInterrupt):
            prepare("train", settings()).write(folder)
    again = Stopping(prepare("train", settings()).source, 0)
    SplitBuild(split="train", settings=settings(), source=again).write(folder)
    assert again.asked == [2]
    assert files(folder) == files(made)


def stop(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_stop_before_the_new_split_is_in_its_place_makes_nothing_again(made, tmp_path, monkeypatch):
    folder = tmp_path / "train"
    with monkeypatch.context() as patch:
        patch.setattr(split_build, "replace_folder", stop)
        with pytest.raises(KeyboardInterrupt):
            prepare("train", settings()).write(folder)
    again = Stopping(prepare("train", settings()).source, 0)
    SplitBuild(split="train", settings=settings(), source=again).write(folder)
    assert again.asked == []
    assert files(folder) == files(made)
    assert not list(tmp_path.glob(".*"))


def test_a_stop_between_the_two_renamings_leaves_the_old_split(made, tmp_path, monkeypatch, caplog):
    folder = tmp_path / "train"
    prepare("train", settings()).write(folder)
    rename = Path.rename

    def stopped(path: Path, target: Path) -> Path:
        if path.name == ".train.unfinished":
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", stopped)
        with pytest.raises(KeyboardInterrupt):
            prepare("train", settings(seed=1)).write(folder)
    assert not folder.exists()
    assert PreparedSplit.open(folder).record["wanted"]["seed"] == 0  # whoever opens it puts it back
    assert files(folder) == files(made)
    folder.rename(tmp_path / ".train.outdated")
    with caplog.at_level(logging.INFO):
        prepare("train", settings()).write(folder)
    assert "put back" in caplog.text
    assert "unchanged" in caplog.text
    assert files(folder) == files(made)


@pytest.mark.parametrize(
    "name", ["rgb.npy", "images.jsonl", "present.npy", "egomotion_rows.npy", "record.json"]
)
@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (
            errno.ENOSPC,
            "free some space and run again, which goes on where it last saved its work, or set products_dir",
        ),
        (errno.EROFS, "make it writable and run again, or set products_dir"),
    ],
)
def test_a_disk_that_cannot_be_written_is_named_and_the_old_split_stays(
    made, tmp_path, monkeypatch, name, number, remedy
):
    folder = tmp_path / "train"
    prepare("train", settings()).write(folder)
    with monkeypatch.context() as patch:
        refuse_writes(patch, name, number)
        with pytest.raises(OSError, match=remedy) as caught:
            prepare("train", settings(seed=1)).write(folder)
    assert str(caught.value).startswith(
        f"cannot write {tmp_path}/.train.unfinished/{name} ({os.strerror(number)})"
    )
    assert files(folder) == files(made)
    prepare("train", settings(seed=1)).write(folder)  # once there is space again
    assert PreparedSplit.open(folder).record["wanted"]["seed"] == 1
