from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.directory_trees import OFFICIAL, OLD, stored_arrays, write

from taskonomy_kedro.core.directories import ImageKey, UnreadableFileError, index_directory, read_image
from taskonomy_kedro.core.labels.domains import Domain
from taskonomy_kedro.core.labels.stored import STORED_DOMAINS

Tree = Callable[..., Path]
KEY = ImageKey("hanson", 4, 1)


def path_of(root: Path, domain: str) -> Path:
    folder, suffix = OFFICIAL[domain]
    (path,) = (root / folder / "taskonomy" / "hanson").glob(f"point_4_view_1_domain_{suffix}.*")
    return path


def read(root: Path, size: int = 8, **settings: Any) -> Any:
    return read_image(index_directory(root, **settings), KEY, size=size)


@pytest.mark.parametrize("names", [OFFICIAL, OLD], ids=["official", "old"])
def test_every_domain_is_read_as_it_was_written(tree: Tree, names: dict) -> None:
    image = read(tree([KEY], names=names))
    assert image.image_id == "hanson/4/1"
    assert image.present == set(STORED_DOMAINS)
    for name, expected in stored_arrays(8, 0).items():
        assert image.domains[name].dtype == expected.dtype
        np.testing.assert_array_equal(image.domains[name], expected)
    assert image.point_info.camera_distance == 2.0
    assert image.point_info.view_id == 1


def test_all_domains_are_resized(tree: Tree) -> None:
    image = read(tree([KEY], size=16), size=4)
    arrays = stored_arrays(16, 0)
    assert image.image_size == 4
    blocks = arrays["reshading"].reshape(4, 4, 4, 4).mean(axis=(1, 3))
    assert np.abs(image.domains["reshading"] - blocks).max() <= 0.5
    np.testing.assert_array_equal(image.domains["segment_unsup2d"], arrays["segment_unsup2d"][2::4, 2::4])
    # Two of the first block's sixteen pixels have no geometry.
    assert image.domains["mask_valid"].tolist() == [[0, 255, 255, 255], *[[255] * 4] * 3]


def test_the_mask_combines_the_depth_and_the_file(tree: Tree) -> None:
    root = tree([KEY])
    depth = np.full((8, 8), 64499, dtype=np.uint16)
    depth[0, 0], depth[0, 1] = 64500, 65535
    write(path_of(root, "depth_zbuffer"), depth)
    mask = np.full((8, 8), 255, dtype=np.uint8)
    mask[7, 7] = 0
    write(path_of(root, "mask_valid"), mask)
    both = np.full((8, 8), 255)
    both[0, :2] = both[7, 7] = 0
    np.testing.assert_array_equal(read(root).domains["mask_valid"], both)
    path_of(root, "mask_valid").unlink()
    both[7, 7] = 255
    np.testing.assert_array_equal(read(root).domains["mask_valid"], both)
    path_of(root, "depth_zbuffer").unlink()
    image = read(root)
    assert not image.domains["mask_valid"].any()
    assert {"mask_valid", "depth_zbuffer"}.isdisjoint(image.present)


def test_missing_labels_are_filled_and_not_present(tree: Tree) -> None:
    root = tree([KEY, ("hanson", 4, 2)])
    for domain in ("normal", "segment_semantic", "class_object"):
        path_of(root, domain).unlink()
    path_of(root, "class_scene").write_bytes(b"none")  # a tiny file stands for no label
    image = read(root)
    assert image.present == set(STORED_DOMAINS) - {
        "normal",
        "segment_semantic",
        "class_object",
        "class_scene",
    }
    assert (image.domains["normal"] == 128).all()
    assert not image.domains["segment_semantic"].any()
    assert np.isnan(image.domains["class_object"]).all()
    assert np.isnan(image.domains["class_scene"]).all()
    # As long as those of the other image.
    assert image.domains["class_object"].shape == (16,)
    assert image.domains["class_scene"].shape == (8,)


def test_a_directory_of_rgb_alone_can_be_read(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 256, size=(8, 12, 3)).astype(np.uint8)
    write(tmp_path / "rgb/home/attic.png", picture)
    write(tmp_path / "warmth/home/attic.png", np.full((8, 12), 7, dtype=np.uint8))
    write(tmp_path / "kind/home/attic.npy", np.array(3))
    own = [Domain(name="warmth", kind="grey"), Domain(name="kind", kind="vector")]
    index = index_directory(tmp_path, domains=["warmth", "kind"], required=["rgb"], custom_formats=own)
    image = read_image(index, index.key(0), size=8)
    assert image.present == {"rgb", "warmth", "kind"}
    assert image.point_info is None
    np.testing.assert_array_equal(image.domains["rgb"], picture[:, 2:10])
    assert (image.domains["warmth"] == 7).all()
    assert image.domains["kind"].tolist() == [3.0]
    assert set(image.domains) == {*STORED_DOMAINS, "warmth", "kind"}


def test_a_vector_of_another_length_is_refused(tree: Tree) -> None:
    root = tree([("hanson", 1, 1), KEY])
    path = write(path_of(root, "class_object"), np.zeros(15))
    with pytest.raises(
        UnreadableFileError, match="holds 15 numbers; the others of class_object hold 16"
    ) as got:
        read(root)
    assert got.value.path == str(path)


@pytest.mark.parametrize("size", [0, 1025])
def test_a_size_out_of_range_is_refused(tree: Tree, size: int) -> None:
    with pytest.raises(ValueError, match=f"image size must be between 1 and 1024, got {size}"):
        read(tree([KEY]), size=size)


@pytest.mark.parametrize(
    ("domain", "content", "message"),
    [
        ("normal", stored_arrays(4, 0)["normal"], r"is 4x4 pixels; expected 8x8 as .*_rgb.png: .*collection"),
        ("point_info", b"", r"point_info\.json: is not JSON"),
        ("point_info", b"\xff\xfe\x00", r"point_info\.json: is not JSON"),
        ("point_info", b"[1]", "expected an object with the fields"),
        ("point_info", b"{}", "field 'camera_location' is missing"),
        ("edge_texture", None, r"edge_texture.png: cannot be opened \(No such .*\): make it readable"),
    ],
)
def test_a_wrong_file_is_refused(tree: Tree, domain: str, content: Any, message: str) -> None:
    root = tree([KEY])
    path, index = path_of(root, domain), index_directory(root)
    if content is None:
        path.unlink()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        write(path, content)
    with pytest.raises(UnreadableFileError, match=message) as caught:
        read_image(index, KEY, size=8)
    assert str(caught.value).count(str(path)) == 1
