import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.directory_trees import OFFICIAL, point_info, stored_arrays

from taskonomy_kedro.core.directories import (
    ImageKey,
    export_image,
    export_matches,
    index_directory,
    matches_of_point_infos,
    read_image,
    read_sightings,
)
from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.labels.stored import STORED_DOMAINS, StoredImage

KEY = ImageKey("room_00003", 4, 1)


def stored_image(key: ImageKey = KEY, size: int = 16, without: tuple[str, ...] = ()) -> StoredImage:
    arrays = stored_arrays(size, key.view)
    for name in without:
        arrays[name] = STORED_DOMAINS[name].empty(size, len(arrays[name]))
    return StoredImage(
        image_id=key.image_id,
        building=key.building,
        point=key.point,
        view=key.view,
        domains=arrays,
        point_info=PointInfo.from_json(point_info(key.point, key.view, [9]), path="made"),
        present=frozenset(STORED_DOMAINS) - set(without),
    )


def assert_equal(got: StoredImage, expected: StoredImage) -> None:
    assert got.image_id == expected.image_id
    assert got.present == expected.present
    assert got.point_info == expected.point_info
    assert set(got.domains) == set(expected.domains)
    for name, array in expected.domains.items():
        assert got.domains[name].dtype == array.dtype
        np.testing.assert_array_equal(got.domains[name], array, err_msg=name)


def test_an_export_reads_back_the_same_and_missing_labels_stay_missing(tmp_path: Path) -> None:
    without = ("normal", "class_scene", "segment_semantic", "mask_valid", "depth_zbuffer")
    image = stored_image(without=without)
    whole = stored_image(ImageKey("room_00003", 4, 2))
    whole.domains["segment_semantic"][:] = 1  # type: ignore[index]  # compressed well, but not missing
    for one in (image, whole):
        export_image(one, tmp_path)
    assert not list((tmp_path / "normal").rglob("*view_1*"))
    index = index_directory(tmp_path)
    for key, one in zip(index.keys(), (image, whole), strict=True):
        assert_equal(read_image(index, key, size=16), one)


def test_files_are_named_and_stored_as_in_the_data_set(tmp_path: Path) -> None:
    written = export_image(stored_image(), tmp_path)
    expected = set()
    for domain, (folder, suffix) in OFFICIAL.items():
        extension = "json" if domain == "point_info" else "npy" if "class" in domain else "png"
        expected.add(f"{folder}/taskonomy/room_00003/point_4_view_1_domain_{suffix}.{extension}")
    assert {path.relative_to(tmp_path).as_posix() for path in written} == expected
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()} == expected
    modes = {}
    for path in written:
        if path.suffix == ".png":
            with Image.open(path) as image:
                modes[path.parts[-4]] = (image.mode, path.read_bytes()[24])
    deep = {
        "depth_zbuffer",
        "depth_euclidean",
        "edge_texture",
        "edge_occlusion",
        "keypoints2d",
        "keypoints3d",
    }
    colour = {"rgb", "normal", "principal_curvature"}
    grey = {"mask_valid", "reshading", "segment_unsup2d", "segment_unsup25d", "segment_semantic"}
    assert modes == (
        dict.fromkeys(deep, ("I;16", 16)) | dict.fromkeys(colour, ("RGB", 8)) | dict.fromkeys(grey, ("L", 8))
    )
    (path,) = (tmp_path / "point_info").rglob("*.json")
    assert json.loads(path.read_text()) == point_info(4, 1, [9])


def test_a_failed_write_changes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export_image(stored_image(), tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def full(path: Path, content: bytes) -> int:
        with path.open("wb") as stream:
            stream.write(content[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match=r"cannot write .*_rgb.png \(No space left on device\); free space or"):
        export_image(stored_image(ImageKey("room_00003", 4, 1), size=8), tmp_path)
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_path_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(
        OSError, match=r"cannot write .*/file/rgb/.* \(Not a directory\); free space or choose"
    ):
        export_image(stored_image(), tmp_path / "file")
    if os.geteuid():  # the superuser writes anywhere
        tmp_path.chmod(0o500)
        with pytest.raises(OSError, match="Permission denied"):
            export_image(stored_image(), tmp_path)


def test_matches_are_written_to_one_file_for_each_point(tmp_path: Path) -> None:
    keys = [ImageKey("room", 0, 0), ImageKey("room", 0, 1), ImageKey("room", 1, 0)]
    infos = [
        PointInfo.from_json(point_info(key.point, key.view, in_view), path="made")
        for key, in_view in zip(keys, ([1], [], [0, 77]), strict=True)
    ]
    for key, info in zip(keys, infos, strict=True):
        image = stored_image(key, size=8)
        export_image(
            StoredImage(**{**{f: getattr(image, f) for f in image.__dataclass_fields__}, "point_info": info}),
            tmp_path,
        )
    written = export_matches(matches_of_point_infos(keys, infos), tmp_path, building="room")
    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        f"nonfixated_matches/taskonomy/room/point_{point}_view_all_domain_nonfixated_matches.json"
        for point in (0, 1)
    ]
    (sightings,) = read_sightings(index_directory(tmp_path))
    assert sightings.point.tolist() == [0, 0, 0, 1, 1]
    assert sightings.row.tolist() == [0, 1, 2, 0, 2]
