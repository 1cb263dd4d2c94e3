import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.directory_trees import point_info, write

from taskonomy_kedro.core.directories import (
    ImageKey,
    Match,
    UnreadableFileError,
    index_directory,
    matches_of_point_infos,
    read_nonfixated_matches,
    read_sightings,
)
from taskonomy_kedro.core.directories.matches import project
from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.rooms import Camera

Tree = Callable[..., Path]
IMAGES = [("hanson", 0, 0), ("hanson", 0, 2), ("hanson", 12, 1), ("merom", 12, 1)]


def view(point: object, number: int, x: int, y: int) -> dict:
    return {
        "point_uuid": point, "view_id": number, "camera_uuid": f"c{number}",
        "nonfixated_pixel_x": x, "nonfixated_pixel_y": y,
    }  # fmt: skip


VIEWS = [view("0", 2, 40, 500), view(12, 1, 256, 256), view("99", 9, 1, 1)]
RECORD = {"point_uuid": "12", "point_location": [1.0, 2.0, 3.0], "views": VIEWS}


def test_a_file_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "point_12_view_all_domain_nonfixated_matches.json", RECORD)
    got = read_nonfixated_matches(path)
    assert (got.point, got.location) == (12, (1.0, 2.0, 3.0))
    assert got.matches[0] == Match(point=0, view=2, camera="c2", x=40, y=500)
    assert len(got.matches) == 3


@pytest.mark.parametrize(
    ("folder", "suffix"), [("nonfixated_matches", "nonfixated_matches"), ("nonfixated", "nonfixatedpose")]
)
def test_sightings_are_rows_of_the_index(tree: Tree, folder: str, suffix: str) -> None:
    root = tree(IMAGES, domains=["rgb", "point_info"])
    write(root / folder / "taskonomy/hanson" / f"point_12_view_all_domain_{suffix}.json", RECORD)
    index = index_directory(root)
    assert index.buildings == ("hanson", "merom")
    hanson, merom = read_sightings(index)
    assert hanson.building == "hanson"
    assert hanson.point.tolist() == [12, 12]
    assert [index.key(row) for row in hanson.row] == [("hanson", 0, 2), ("hanson", 12, 1)]
    assert len(merom.row) == 0


def test_sightings_of_some_buildings_with_several_processes_are_rows_of_the_whole_index(tree: Tree) -> None:
    root = tree(IMAGES, domains=["rgb", "point_info"])
    for building in ("hanson", "merom"):
        folder = root / "nonfixated_matches/taskonomy" / building
        write(folder / "point_12_view_all_domain_nonfixated_matches.json", RECORD)
    index = index_directory(root)
    (merom,) = read_sightings(index, ["merom"])
    assert [index.key(row) for row in merom.row] == [("merom", 12, 1)]
    both = list(read_sightings(index, processes=2))
    assert [one.building for one in both] == ["hanson", "merom"]
    assert both[1].row.tolist() == merom.row.tolist()


def test_a_file_of_matches_that_cannot_be_read_is_listed_and_the_others_are_used(tree: Tree) -> None:
    root = tree(IMAGES, domains=["rgb", "point_info"])
    folder = root / "nonfixated_matches/taskonomy/hanson"
    write(folder / "point_12_view_all_domain_nonfixated_matches.json", RECORD)
    broken = write(folder / "point_0_view_all_domain_nonfixated_matches.json", {"views": []})
    (hanson, _) = read_sightings(index_directory(root))
    assert hanson.point.tolist() == [12, 12]
    (row,) = hanson.unreadable
    assert (row.image_id, row.path) == ("hanson/0", str(broken))
    assert row.reason == "lacks the field 'point_location': download it again"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"views": None}, "has None in field 'views'; expected a list"),
        ({"views": [{"view_id": 1}]}, "lacks the field 'point_uuid'"),
        ({"views": [{**VIEWS[0], "view_id": math.inf}]}, "has inf in field 'view_id'"),
        ({"views": [{**VIEWS[0], "view_id": 10**400}]}, "has 1000.* in field 'view_id'; expected a whole"),
        ({"views": [{**VIEWS[0], "point_uuid": "9" * 30}]}, "in field 'point_uuid'; expected a whole"),
        ({"views": [7]}, "lacks the field 'point_uuid'"),
        ({"point_location": [1, 2]}, r"has \[1, 2\] in field 'point_location'; expected 3 numbers"),
        ({"point_location": [1, 2, math.nan]}, "in field 'point_location'; expected 3 numbers"),
    ],
)
def test_a_wrong_file_is_refused_by_field(tmp_path: Path, change: dict, message: str) -> None:
    path = write(tmp_path / "point_12_view_all_domain_nonfixated_matches.json", {**RECORD, **change})
    with pytest.raises(UnreadableFileError, match=message):
        read_nonfixated_matches(path)


def test_a_file_that_is_not_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "point_12_view_all_domain_nonfixated_matches.json"
    path.write_text("{")
    with pytest.raises(UnreadableFileError, match="is not JSON"):
        read_nonfixated_matches(path)
    path.write_text(json.dumps([]))
    with pytest.raises(UnreadableFileError, match="lacks the field 'point_location'"):
        read_nonfixated_matches(path)


def infos() -> list[PointInfo]:
    in_view = ([12, 55], [], [0, 12], [])
    return [
        PointInfo.from_json(point_info(point, view, seen), path="made")
        for (_, point, view), seen in zip(IMAGES, in_view, strict=True)
    ]


def test_matches_are_projected_by_hand() -> None:
    # The camera stands at (0, -2, 1.5) and looks along +y; f = 256 / tan(0.5) = 468.6.
    matches = matches_of_point_infos([ImageKey(*key) for key in IMAGES[:3]], infos()[:3])
    assert [one.point for one in matches] == [0, 12]
    # Point 12 lies at x = 1.2 m, 2 m ahead: 256 + 468.6 * 0.6 = 537 is outside and stays at the border.
    assert [(m.point, m.view, m.x, m.y) for m in matches[1].matches] == [(0, 0, 511, 256), (12, 1, 511, 256)]
    first = matches[0].matches[0]
    assert (first.point, first.view, first.x, first.y) == (0, 0, 256, 256)


def test_a_point_projects_where_the_rooms_camera_puts_it() -> None:
    camera = Camera.looking_at((1.0, -2.0, 1.2), (0.4, 1.0, 2.0), 1.1)
    record = point_info(0, 0) | {
        "camera_location": camera.location.tolist(),
        "camera_rotation_final": list(camera.euler()),
        "field_of_view_rads": 1.1,
    }
    info = PointInfo.from_json(record, path="made")
    rng = np.random.default_rng(0)
    places = np.array([0.4, 1.0, 2.0]) + rng.uniform(-0.5, 0.5, size=(20, 3))
    expected, _ = camera.project(places, 512)
    got = [project(info, tuple(place)) for place in places.tolist()]
    assert np.abs(np.array(got) - expected).max() <= 0.5 + 1e-9
    assert 0 <= expected.min() <= expected.max() <= 511
