import io
import pickle
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from taskonomy_kedro.core.directories import UnreadableFileError
from taskonomy_kedro.core.directories.decoding import decode_image, decode_vector
from taskonomy_kedro.core.labels.domains import STORED_DOMAINS, Domain

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 18, size=(6, 6)).astype(np.uint8)
COLOUR = RNG.integers(0, 256, size=(6, 6, 3)).astype(np.uint8)
DEEP = RNG.integers(0, 65536, size=(6, 6)).astype(np.uint16)


def file_of(image: Image.Image | np.ndarray, kind: str = "PNG", **settings: object) -> bytes:
    stream = io.BytesIO()
    (Image.fromarray(image) if isinstance(image, np.ndarray) else image).save(stream, kind, **settings)
    return stream.getvalue()


def png(bits: int, colour: int, rows: bytes, side: int) -> bytes:
    """A PNG by hand, for what Pillow does not write; rows already carry their filter byte."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + name + content + check

    head = side.to_bytes(4, "big") * 2 + bytes([bits, colour, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


DEEP_COLOUR = png(16, 2, (b"\0" + bytes(range(12))) * 2, 2)
DEEP_GREY_ALPHA = png(16, 4, (b"\0" + bytes(range(8))) * 2, 2)


def vector_file(array: np.ndarray, **settings: object) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, **settings)
    return stream.getvalue()


@pytest.mark.parametrize("domain", ["rgb", "normal", "principal_curvature"])
def test_colour_is_read_and_alpha_dropped(domain: str) -> None:
    with_alpha = np.concatenate([COLOUR, GREY[..., None]], axis=2)
    for content in (file_of(COLOUR), file_of(with_alpha)):
        np.testing.assert_array_equal(decode_image(content, STORED_DOMAINS[domain], "x.png"), COLOUR)


def test_grey_rgb_is_tiled_and_a_palette_resolved() -> None:
    tiled = np.repeat(GREY[..., None], 3, axis=2)
    for image in (Image.fromarray(GREY), Image.fromarray(np.stack([GREY, GREY], axis=2), "LA")):
        np.testing.assert_array_equal(decode_image(file_of(image), STORED_DOMAINS["rgb"], "x.png"), tiled)
    palette = Image.fromarray(GREY, "P")
    palette.putpalette([value for k in range(18) for value in (k, 2 * k, 255 - k)])
    got = decode_image(file_of(palette), STORED_DOMAINS["rgb"], "x.png")
    np.testing.assert_array_equal(got, np.stack([GREY, 2 * GREY, 255 - GREY], axis=2))


def test_a_photograph_is_rotated_by_its_exif_orientation() -> None:
    shot = np.zeros((8, 16, 3), dtype=np.uint8)
    shot[:, :8] = 200
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter to the right
    got = decode_image(file_of(shot, "JPEG", exif=exif, quality=95), STORED_DOMAINS["rgb"], "x.jpg")
    assert got.shape == (16, 8, 3)
    assert got[2, 4, 0] > 150 > 50 > got[13, 4, 0]


@pytest.mark.parametrize("domain", ["depth_zbuffer", "depth_euclidean", "edge_texture", "keypoints3d"])
def test_16_bit_files_are_read_unchanged(domain: str) -> None:
    got = decode_image(file_of(DEEP), STORED_DOMAINS[domain], "x.png")
    assert got.dtype == np.uint16
    np.testing.assert_array_equal(got, DEEP)


def test_8_bit_edges_are_widened_to_the_full_range() -> None:
    grey = np.array([[0, 1], [128, 255]], dtype=np.uint8)
    got = decode_image(file_of(grey), STORED_DOMAINS["edge_texture"], "x.png")
    assert got.tolist() == [[0, 257], [32896, 65535]]


def test_reshading_of_three_channels_is_averaged() -> None:
    colour = np.array([[[10, 11, 12], [0, 0, 1]], [[255, 255, 255], [1, 1, 0]]], dtype=np.uint8)
    expected = [[11, 0], [255, 1]]
    opaque = np.full((2, 2, 1), 255, dtype=np.uint8)
    for content in (file_of(colour), file_of(np.concatenate([colour, opaque], axis=2))):
        assert decode_image(content, STORED_DOMAINS["reshading"], "x.png").tolist() == expected


def test_ids_of_a_palette_image_are_its_indices() -> None:
    palette = Image.fromarray(GREY, "P")
    palette.putpalette([255 - value for value in range(54)])
    np.testing.assert_array_equal(
        decode_image(file_of(palette), STORED_DOMAINS["segment_semantic"], "x.png"), GREY
    )


def test_a_mask_of_one_bit_or_of_zeros_and_ones_becomes_0_and_255() -> None:
    mask = GREY > 8
    expected = np.where(mask, 255, 0)
    for image in (Image.fromarray(mask), Image.fromarray(mask.astype(np.uint8))):
        np.testing.assert_array_equal(
            decode_image(file_of(image), STORED_DOMAINS["mask_valid"], "x.png"), expected
        )


@pytest.mark.parametrize(
    ("domain", "content", "message"),
    [
        (
            "depth_zbuffer",
            file_of(COLOUR),
            "is 8-bit with 3 channels; expected depth_zbuffer 16-bit .*no depth",
        ),
        ("depth_euclidean", file_of(GREY), "is 8-bit with 1 channel; expected depth_euclidean 16-bit"),
        ("depth_zbuffer", DEEP_GREY_ALPHA, "is 16-bit with 2 channels; expected depth_zbuffer"),
        ("rgb", DEEP_COLOUR, "is 16-bit with 3 channels; expected rgb 8-bit with 3 channels"),
        ("rgb", file_of(DEEP), "is 16-bit with 1 channel; expected rgb 8-bit"),
        ("normal", file_of(GREY), "is 8-bit with 1 channel; expected normal 8-bit with 3 channels"),
        ("principal_curvature", DEEP_COLOUR, "is 16-bit with 3 channels; expected principal_curvature"),
        ("edge_texture", file_of(COLOUR), "is 8-bit with 3 channels; expected edge_texture 16-bit"),
        ("reshading", file_of(DEEP), "is 16-bit with 1 channel; expected reshading 8-bit with 1 channel"),
        (
            "reshading",
            file_of(Image.fromarray(GREY, "P")),
            "is a palette image of 1 bits; expected reshading",
        ),
        ("segment_unsup2d", file_of(DEEP), "is 16-bit with 1 channel; expected segment_unsup2d 8-bit"),
        ("segment_semantic", file_of(COLOUR), "is 8-bit with 3 channels; expected segment_semantic 8-bit"),
        ("segment_semantic", file_of(GREY + 1), "holds the id 18; expected 0 to 17"),
        ("mask_valid", file_of(COLOUR), "expected mask_valid 8-bit with 1 channel"),
        ("rgb", b"", "is not an image: download it again"),
        ("rgb", b"<html>404</html>", "is not an image: download it again"),
        ("rgb", file_of(COLOUR)[:-30], "is not a whole image"),
        ("rgb", file_of(COLOUR)[:20], "is not a whole image"),
        ("normal", file_of(COLOUR)[:60] + bytes(40) + file_of(COLOUR)[100:], "is not a whole image"),
    ],
)
def test_a_wrong_image_is_refused_by_name(domain: str, content: bytes, message: str) -> None:
    with pytest.raises(UnreadableFileError, match=message) as caught:
        decode_image(content, STORED_DOMAINS[domain], "/data/point_1_view_2.png")
    assert str(caught.value).startswith("/data/point_1_view_2.png: ")


def test_the_error_is_picklable() -> None:
    error = pickle.loads(pickle.dumps(UnreadableFileError("a.png", "is empty")))
    assert (error.path, error.reason, str(error)) == ("a.png", "is empty", "a.png: is empty")


def test_custom_labels_may_have_16_bit_ids() -> None:
    form = Domain(name="rooms", kind="ids", bits=16)
    np.testing.assert_array_equal(decode_image(file_of(DEEP), form, "x.png"), DEEP)
    np.testing.assert_array_equal(decode_image(file_of(GREY), form, "x.png"), GREY)


def test_63_of_365_scenes_are_selected_and_sum_to_one() -> None:
    places = np.zeros(365)
    places[[3, 4, 363]] = 0.1, 0.6, 0.3
    got = decode_vector(vector_file(places), STORED_DOMAINS["class_scene"], "x.npy")
    assert len(got) == 63
    np.testing.assert_allclose(got[[0, -1]], [0.25, 0.75], rtol=1e-6)
    assert got[1:-1].max() == 0


@pytest.mark.parametrize(
    ("domain", "content", "message"),
    [
        ("class_object", vector_file(np.array([1.0, np.nan])), "has nan at index 1; expected finite numbers"),
        ("class_object", vector_file(np.array([np.inf, 1.0])), "has inf at index 0; expected finite numbers"),
        ("class_object", vector_file(np.full(3, -np.inf)), "has -inf at index 0; expected finite numbers"),
        ("class_scene", vector_file(np.array([-np.inf, 1.0])), "has -inf at index 0; expected finite"),
        ("class_scene", vector_file(np.array([-0.5, 1.0])), "has probabilities from -0.5 that sum to 0.5"),
        ("class_scene", vector_file(np.zeros(365)), "has probabilities from 0.0 that sum to 0.0"),
        ("class_scene", vector_file(np.eye(365)[4]), "gives no probability to any indoor class"),
        ("class_object", vector_file(np.zeros((3, 4))), r"has shape \(3, 4\); expected one vector"),
        ("class_object", vector_file(np.array([])), r"has shape \(0,\); expected one vector"),
        ("class_object", vector_file(np.array(["a"])), "holds <U1; expected numbers"),
        ("class_object", vector_file(np.array([{}]), allow_pickle=True), "not a plain array .*allow_pickle"),
        ("class_object", pickle.dumps([1, 2]), "is not a plain array of numbers"),
        ("class_object", vector_file(np.zeros(50))[:-9], "is not a plain array of numbers"),
    ],
)
def test_a_wrong_vector_is_refused_by_name(domain: str, content: bytes, message: str) -> None:
    with pytest.raises(UnreadableFileError, match=message):
        decode_vector(content, STORED_DOMAINS[domain], str(Path("x.npy")))


@pytest.mark.parametrize(
    ("domain", "stored"),
    [
        ("class_object", RNG.normal(size=(1, 1, 1000))),  # further axes are dropped
        ("class_object", np.array([-np.inf, 0.0])),  # an impossible class
        ("class_scene", np.array([0.2, 0.3])),
    ],
)
def test_other_vectors_are_read_unchanged_as_float32(domain: str, stored: np.ndarray) -> None:
    got = decode_vector(vector_file(stored), STORED_DOMAINS[domain], "x.npy")
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got, stored.ravel().astype(np.float32))
