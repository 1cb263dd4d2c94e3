import numpy as np
import pytest
from scipy import ndimage
from skimage.transform import resize as skimage_resize

from taskonomy_kedro.core.directories.resizing import crop_square, resize
from taskonomy_kedro.core.labels.domains import STORED_DOMAINS

RNG = np.random.default_rng(1)
COLOUR = RNG.integers(0, 256, size=(48, 48, 3)).astype(np.uint8)
DEEP = RNG.integers(0, 65535, size=(48, 48)).astype(np.uint16)


@pytest.mark.parametrize("name", ["rgb", "depth_zbuffer", "segment_unsup2d", "mask_valid", "edge_texture"])
def test_the_right_size_changes_nothing(name: str) -> None:
    pixels = {"rgb": COLOUR, "segment_unsup2d": COLOUR[..., 0], "mask_valid": COLOUR[..., 0]}.get(name, DEEP)
    np.testing.assert_array_equal(resize(pixels, STORED_DOMAINS[name], 48), pixels)


@pytest.mark.parametrize(("name", "pixels"), [("rgb", COLOUR), ("edge_texture", DEEP)])
def test_half_the_size_is_bilinear_as_in_the_published_code(name: str, pixels: np.ndarray) -> None:
    expected = skimage_resize(pixels, (24, 24), order=1, preserve_range=True, anti_aliasing=False)
    got = resize(pixels, STORED_DOMAINS[name], 24)
    assert got.dtype == pixels.dtype
    assert np.abs(got - expected).max() <= 0.5 + 1e-6  # rounded, halves either way


@pytest.mark.parametrize("size", [6, 8, 16, 36, 32, 20])
def test_smaller_sizes_are_means_of_the_covered_area(size: int) -> None:
    # Enlarging by repetition and then taking whole blocks gives the covered area without weights.
    large = np.kron(DEEP.astype(np.float64), np.ones((size, size)))
    expected = large.reshape(size, 48, size, 48).mean(axis=(1, 3))
    assert (
        np.abs(resize(DEEP, STORED_DOMAINS["edge_texture"], size) - expected).max() <= 0.5 + 0.02
    )  # float32 weights


def test_larger_sizes_are_interpolated_linearly_between_pixel_centres() -> None:
    expected = ndimage.zoom(DEEP.astype(float), 2, order=1, mode="nearest", grid_mode=True)
    assert np.abs(resize(DEEP, STORED_DOMAINS["edge_texture"], 96) - expected).max() <= 0.51


def test_depth_is_averaged_as_a_logarithm() -> None:
    depth = np.array([[99, 9999], [99, 9999]], dtype=np.uint16)
    assert resize(depth, STORED_DOMAINS["depth_zbuffer"], 1).tolist() == [[999]]  # ln 1000 lies midway
    far = np.full((4, 4), 65535, dtype=np.uint16)
    assert resize(far, STORED_DOMAINS["depth_euclidean"], 2).tolist() == [[65535] * 2] * 2
    every = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    twice = np.kron(every, np.ones((2, 2), dtype=np.uint16))
    np.testing.assert_array_equal(resize(twice, STORED_DOMAINS["depth_zbuffer"], 256), every)


def test_ids_are_never_mixed() -> None:
    ids = np.where(RNG.random((48, 48)) < 0.5, 3, 17).astype(np.uint8)
    for size in (24, 16, 20, 96):
        got = resize(ids, STORED_DOMAINS["segment_semantic"], size)
        assert got.shape == (size, size)
        assert set(np.unique(got)) == {3, 17}
    corners = np.zeros((8, 8), dtype=np.uint8)
    corners[4:, :4], corners[:4, 4:], corners[4:, 4:] = 1, 2, 3
    assert resize(corners, STORED_DOMAINS["segment_unsup2d"], 2).tolist() == [[0, 2], [1, 3]]


def test_the_mask_has_only_completely_known_pixels() -> None:
    mask = np.full((32, 32), 255, dtype=np.uint8)
    mask[0, 0] = 0
    assert resize(mask, STORED_DOMAINS["mask_valid"], 4).tolist() == [[0, 255, 255, 255], *[[255] * 4] * 3]
    # One unknown pixel of 256 is less than a hundredth.
    assert resize(mask, STORED_DOMAINS["mask_valid"], 2).tolist() == [[255, 255], [255, 255]]


def test_images_are_cropped_to_the_middle_square() -> None:
    wide = np.arange(24).reshape(3, 8)
    np.testing.assert_array_equal(crop_square(wide), wide[:, 2:5])
    np.testing.assert_array_equal(crop_square(wide.T), wide.T[2:5])
