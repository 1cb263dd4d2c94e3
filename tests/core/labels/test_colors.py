import numpy as np
import pytest
from skimage.color import rgb2lab

from taskonomy_kedro.core.labels.colors import COLOR_BINS, color_bins, color_counts, lightness, spread_bins


def random_images(n, size):
    return np.random.default_rng(0).integers(0, 256, (n, size, size, 3)).astype(np.uint8)


def test_the_bins_are_the_published_313():
    assert COLOR_BINS.shape == (313, 2)
    assert COLOR_BINS[0].tolist() == [-90, 50]
    assert COLOR_BINS[-1].tolist() == [100, 0]
    assert len(np.unique(COLOR_BINS, axis=0)) == 313
    assert sorted(map(tuple, COLOR_BINS)) == list(map(tuple, COLOR_BINS))
    rows = {a: COLOR_BINS[COLOR_BINS[:, 0] == a, 1] for a in (-90, -60, 0, 40, 80, 100)}
    ends = {a: (b.min(), b.max(), len(b)) for a, b in rows.items()}
    assert ends == {
        -90: (50, 90, 5),
        -60: (-20, 90, 12),
        0: (-70, 100, 18),
        40: (-100, 90, 20),
        80: (-110, 70, 19),
        100: (-90, 0, 10),
    }


def test_weights_sum_to_one_and_the_heaviest_bin_is_the_nearest():
    rgb = np.repeat(np.repeat(random_images(4, 16), 4, axis=1), 4, axis=2)  # blocks of one colour
    bins, weights = color_bins(rgb)
    assert bins.shape == weights.shape == (4, 16, 16, 10)
    np.testing.assert_allclose(weights.sum(axis=-1), 1.0, atol=1e-6)
    ab = rgb2lab(rgb[:, ::4, ::4])[..., 1:]
    distance = np.linalg.norm(ab[..., None, :] - COLOR_BINS, axis=-1)
    heaviest = np.take_along_axis(bins, weights.argmax(axis=-1)[..., None], axis=-1)[..., 0]
    excess = np.take_along_axis(distance, heaviest[..., None].astype(int), axis=-1)[..., 0] - distance.min(-1)
    assert excess.max() < 1e-4
    assert (np.diff(weights, axis=-1) <= 1e-7).all()


def test_weights_of_a_colour_by_hand():
    with pytest.raises(ValueError, match="multiples of 4, got 6 x 6"):
        color_bins(random_images(1, 6))
    halves = np.zeros((1, 4, 4, 3), dtype=np.uint8)
    halves[0, :2] = (200, 40, 40)
    mean = np.full((1, 4, 4, 3), (100, 20, 20), dtype=np.uint8)
    np.testing.assert_array_equal(color_bins(halves)[0], color_bins(mean)[0])
    grey = np.full((1, 4, 4, 3), 119, dtype=np.uint8)  # a and b under 0.003: bin (0, 0), then four at 10
    bins, weights = color_bins(grey)
    assert COLOR_BINS[bins[0, 0, 0, 0]].tolist() == [0, 0]
    np.testing.assert_allclose(weights[0, 0, 0, 1:5] / weights[0, 0, 0, 0], np.exp(-100 / 50), rtol=2e-3)


def test_spread_distributions_hold_the_same_weights():
    bins, weights = color_bins(random_images(2, 8))
    spread = spread_bins(bins, weights)
    assert spread.shape == (2, 313, 2, 2)
    np.testing.assert_allclose(spread.sum(axis=1), 1.0, atol=1e-6)
    assert spread[1, bins[1, 0, 1, 3], 0, 1] == weights[1, 0, 1, 3]


def test_counts_are_of_nearest_bins_and_add_up():
    bins, _ = color_bins(random_images(3, 16))
    counts = color_counts(bins)
    assert counts.shape == (313,)
    assert counts.sum() == 3 * 16
    np.testing.assert_array_equal(counts, color_counts(bins[:1]) + color_counts(bins[1:]))


def test_lightness_is_that_of_lab_from_black_to_white():
    rgb = random_images(2, 8)
    rgb[0, 0, 0], rgb[0, 0, 1] = 0, 255
    light = lightness(rgb)
    assert light.shape == (2, 1, 8, 8)
    assert light.dtype == np.float32
    np.testing.assert_allclose(light[0, 0, 0, :2], [-1, 1], atol=1e-5)
    rgb[1, :, :, :] = np.arange(8)[:, None]  # the straight piece for the darkest
    np.testing.assert_allclose(lightness(rgb)[:, 0], rgb2lab(rgb)[..., 0] / 50 - 1, atol=2e-5)
