"""Real directories as a source: changed files, skipped files, resumed builds."""

import logging
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.directory_trees import point_info, write, write_tree
from tests.small_rooms import Stopping, files

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.preparation import split_build
from taskonomy_kedro.core.preparation.image_sources import _directory_source, open_source
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.settings import DataSettings
from taskonomy_kedro.core.preparation.split_build import build_split, describe_split
from taskonomy_kedro.recipes.recipe_parts import UNKNOWN, changes

BUILDINGS = ("hanson", "ihlen", "merom", "uvalda")
DOMAINS = ("rgb", "normal", "depth_zbuffer", "point_info")
FOR_TRAINING = "ihlen"  # by its name, see `split_buildings`


@pytest.fixture
def root(tmp_path: Path) -> Path:
    images = [(name, point, view) for name in BUILDINGS for point in range(5) for view in range(2)]
    write_tree(tmp_path / "data", images, domains=DOMAINS, size=32)
    return tmp_path / "data"


def settings(root: Path, **directory: Any) -> DataSettings:
    return DataSettings(
        source="directory", image_size=32, processes=1, directory={"dataset_dir": str(root), **directory}
    )


def file_of(root: Path, domain: str, point: int, view: int, building: str = FOR_TRAINING) -> Path:
    (path,) = (root / domain / "taskonomy" / building).glob(f"point_{point}_view_{view}_*")
    return path


def break_image(root: Path, point: int, view: int) -> Path:
    path = file_of(root, "normal", point, view)
    path.write_bytes(path.read_bytes()[:60])
    return path


def described(data: DataSettings) -> dict[str, Any]:
    """Return what the training split depends on, of a directory that is walked now."""
    _directory_source.cache_clear()
    return describe_split("train", data)


def test_a_moved_directory_has_the_same_recipe(root, tmp_path):
    first = described(settings(root))
    assert described(settings(Path(root.name), project=str(tmp_path), max_unreadable_share=0.5)) == first
    shutil.copytree(root, tmp_path / "copy/data")  # keeps the times, as rsync -a does
    assert described(settings(tmp_path / "copy/data")) == first


def test_a_changed_file_is_noticed_and_its_folder_named(root):
    before = described(settings(root))
    path = file_of(root, "normal", 3, 1)
    write(path, np.full((32, 32, 3), 7, dtype=np.uint8))
    after = described(settings(root))
    (reason,) = changes(after, before)
    assert reason.startswith("files.ihlen.normal was 10 files, ")
    assert f"is 10 files, {sum(p.stat().st_size for p in path.parent.iterdir())} bytes, newest " in reason
    older = file_of(root, "normal", 0, 0)  # not the newest, and of the same size
    os.utime(older, ns=(0, older.stat().st_mtime_ns - 10**9))
    assert len(changes(described(settings(root)), after)) == 1
    shutil.rmtree(root / "normal/taskonomy" / FOR_TRAINING)
    assert changes(described(settings(root)), after) == ["files.ihlen.normal is gone"]


def test_the_files_of_other_splits_do_not_count(root):
    before = described(settings(root))
    os.utime(file_of(root, "normal", 0, 0, building="hanson"), (0, 0))
    assert described(settings(root)) == before


def test_of_a_directory_that_is_gone_only_the_settings_are_known(root):
    before = described(settings(root))
    shutil.rmtree(root)
    after = describe_split("train", settings(root))
    assert {name for name in after if after[name] != before[name]} == {"files", "vector_lengths"}
    assert after["files"] == UNKNOWN


def test_unreadable_files_are_skipped_listed_and_the_rest_is_whole(root, tmp_path):
    paths = [break_image(root, 1, 0), break_image(root, 4, 1)]
    folder = tmp_path / "train"
    build_split("train", settings(root, max_unreadable_share=0.2), folder)
    split = PreparedSplit.open(folder)
    assert [(row["image_id"], row["path"]) for row in split.unreadable] == [
        ("ihlen/1/0", str(paths[0])), ("ihlen/4/1", str(paths[1])),
    ]  # fmt: skip
    assert split.image_ids == tuple(
        f"ihlen/{p}/{v}" for p in range(5) for v in range(2) if (p, v) not in ((1, 0), (4, 1))
    )
    assert split.facts["n_unreadable"] == 2


@pytest.mark.parametrize("after", [3, 4, 5])
def test_after_a_stop_the_bytes_are_the_same_and_nothing_is_listed_twice(root, tmp_path, monkeypatch, after):
    monkeypatch.setattr(split_build, "_COMMIT_IMAGES", 1)
    for place in ((0, 1), (1, 1), (2, 0), (4, 1)):
        break_image(root, *place)
    wanted = settings(root, max_unreadable_share=0.5)
    build_split("train", wanted, tmp_path / "whole")
    folder = tmp_path / "train"
    stopping = Stopping(open_source(wanted), after)
    with pytest.raises(KeyboardInterrupt):
        build_split("train", wanted, folder, source=stopping)
    again = Stopping(open_source(wanted), 10**9)
    build_split("train", wanted, folder, source=again)
    assert again.asked[0] > 0
    assert files(folder) == files(tmp_path / "whole")


def test_the_share_is_of_the_whole_split_also_after_a_stop(root, tmp_path, monkeypatch):
    """Two of ten are unreadable, one before the stop and one after it: 20 %, not 1 of 4."""
    monkeypatch.setattr(split_build, "_COMMIT_IMAGES", 1)
    for place in ((0, 1), (4, 1)):
        break_image(root, *place)

    def stopped(share: float, folder: Path) -> None:
        wanted = settings(root, max_unreadable_share=share)
        with pytest.raises(KeyboardInterrupt):
            source = Stopping(open_source(wanted), 6)
            build_split("train", wanted, folder, source=source)
        build_split("train", wanted, folder)

    stopped(0.2, tmp_path / "train")
    assert PreparedSplit.open(tmp_path / "train").facts["n_unreadable"] == 2
    with pytest.raises(
        ValueError, match=r"2 of the first 10 images \(of 10\) cannot be read, more than .* 0.1"
    ):
        stopped(0.1, tmp_path / "again")


def test_a_higher_share_resumes_where_too_many_were_unreadable(root, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(split_build, "_COMMIT_IMAGES", 1)
    break_image(root, 4, 0)
    with pytest.raises(ValueError, match=r"raise data\.directory\.max_unreadable_share"):
        build_split("train", settings(root), tmp_path / "train")
    with caplog.at_level(logging.INFO):
        build_split("train", settings(root, max_unreadable_share=0.1), tmp_path / "train")
    assert "resuming after 8 images" in caplog.text


def test_excluded_buildings_are_reported_unless_they_are_listed(root, caplog):
    write_tree(root, [("rough", 0, 0)], domains=DOMAINS, size=32)
    (root / "rgb/taskonomy/empty").mkdir()
    source = open_source(settings(root))
    assert f"2 buildings of {root} are excluded: rough: some of its viewpoints are wrong; " in caplog.text
    assert "empty: no image with rgb and point_info (rgb: 0 in " in caplog.text
    assert source.n_items("train") == 10
    caplog.clear()
    for names in (["empty", "rough"], "empty rough"):
        open_source(settings(root, leave_out=names))
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    let_in = open_source(settings(root, let_in=["rough"], leave_out="empty"))
    assert sum(let_in.n_items(split) for split in ("train", "transfer", "validation", "test")) == 41


def write_matches(root: Path, point: int, *seen_by: tuple[int, int]) -> None:
    place = {"camera_uuid": "c", "nonfixated_pixel_x": 3, "nonfixated_pixel_y": 4}
    views = [{"point_uuid": str(looks_at), "view_id": view, **place} for looks_at, view in seen_by]
    folder = root / "nonfixated_matches/taskonomy" / FOR_TRAINING
    record = {"point_uuid": str(point), "point_location": [0, 0, 0], "views": views}
    write(folder / f"point_{point}_view_all_domain_nonfixated_matches.json", record)


def test_matches_make_pairs_that_no_point_info_lists(root, tmp_path):
    """Image 1/0 sees point 0; only the file of point 0 says so."""
    write_matches(root, 0, (1, 0), (0, 0), (0, 1), (77, 0))
    folder = root / "nonfixated_matches/taskonomy" / FOR_TRAINING
    broken = write(folder / "point_2_view_all_domain_nonfixated_matches.json", {})
    build_split("train", settings(root), tmp_path / "train")
    split = PreparedSplit.open(tmp_path / "train")
    pairs = [{split.image_ids[row] for row in pair} for pair in split.tuples["nonfixated_pose"]]
    assert len(pairs) == 2
    assert {"ihlen/0/0", "ihlen/1/0"} in pairs
    assert {"ihlen/0/1", "ihlen/1/0"} in pairs
    assert split.tuple_labels["nonfixated_pose"].shape == (2, 6)
    assert [(row["image_id"], row["path"]) for row in split.unreadable] == [("ihlen/2", str(broken))]
    before = described(settings(root))
    broken.unlink()
    assert changes(described(settings(root)), before)[0].startswith(
        "files.ihlen.nonfixated_matches was 2 files"
    )


def test_matches_that_point_info_repeats_change_nothing(root, tmp_path):
    """Rooms export both: reading back gives the pairs of the rooms."""
    write(file_of(root, "point_info", 1, 0), point_info(1, 0, in_view=[0]))
    build_split("train", settings(root), tmp_path / "without")
    write_matches(root, 0, (1, 0))
    build_split("train", settings(root), tmp_path / "with")
    one, other = (files(tmp_path / name) for name in ("without", "with"))
    assert one == other


def test_images_that_could_not_be_read_see_nothing(root, tmp_path):
    break_image(root, 1, 0)
    write_matches(root, 0, (1, 0), (1, 1))
    build_split("train", settings(root, max_unreadable_share=0.1), tmp_path / "train")
    split = PreparedSplit.open(tmp_path / "train")
    pairs = {frozenset(split.image_ids[row] for row in pair) for pair in split.tuples["nonfixated_pose"]}
    assert pairs == {frozenset((f"ihlen/0/{view}", "ihlen/1/1")) for view in range(2)}


def test_a_directory_is_walked_once_a_session(root, monkeypatch):
    from taskonomy_kedro.core.preparation import image_sources

    walks: list[object] = []
    walk = image_sources.index_directory
    monkeypatch.setattr(image_sources, "index_directory", lambda *a, **k: walks.append(a) or walk(*a, **k))
    for _ in range(2):
        for split in ("train", "transfer", "validation", "test"):
            describe_split(split, settings(root))
    assert len(walks) == 2


def test_a_relative_directory_is_relative_to_the_project(root, tmp_path, monkeypatch):
    monkeypatch.chdir(root)
    source = open_source(settings(Path(root.name), project=str(tmp_path)))
    assert source.n_items("train") == 10
    with pytest.raises(UserError, match=f"no directory {tmp_path}/rgb"):
        open_source(settings(Path("rgb"), project=str(tmp_path)))
