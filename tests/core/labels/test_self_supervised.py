import numpy as np
import pytest

from taskonomy_kedro.core.labels.self_supervised import (
    PERMUTATIONS,
    noisy_picture,
    picture_with_hole,
    sampled_pixels,
    shuffled_tiles,
)
from taskonomy_kedro.core.labels.targets import picture

IDS = ["a/0/0", "a/0/1", "b/3/2"]


def grey_images(n=3, size=64, value=128):
    return np.full((n, size, size, 3), value, dtype=np.uint8)


def test_noise_has_a_tenth_of_the_range_and_stays_within_it():
    clean = picture(grey_images())
    noisy = noisy_picture(grey_images(), IDS, seed=1)
    assert noisy.dtype == np.float32
    assert (noisy - clean).std() == pytest.approx(0.2, rel=0.01)  # [-1, 1] is twice as wide as [0, 1]
    assert abs((noisy - clean).mean()) < 0.005
    white = noisy_picture(grey_images(value=255), IDS, seed=1)
    assert white.max() == 1.0
    assert (white == 1.0).mean() == pytest.approx(0.5, abs=0.02)


def test_noise_of_an_image_depends_on_its_id_and_the_seed_alone():
    together = noisy_picture(grey_images(), IDS, seed=1)
    alone = noisy_picture(grey_images(1), IDS[2:], seed=1)
    np.testing.assert_array_equal(together[2], alone[0])
    assert not np.array_equal(together[0], together[1])
    assert not np.array_equal(alone, noisy_picture(grey_images(1), IDS[2:], seed=2))


@pytest.mark.parametrize("size", [64, 256])
def test_the_hole_is_the_middle_quarter_exactly(size):
    holed = picture_with_hole(grey_images(1, size, 255))
    expected = np.ones((1, 3, size, size), dtype=np.float32)
    expected[:, :, size // 4 : 3 * size // 4, size // 4 : 3 * size // 4] = 0
    np.testing.assert_array_equal(holed, expected)
    assert (holed == 0).mean() == 0.25


def test_the_permutations_are_the_published_set():
    assert PERMUTATIONS.shape == (100, 9)
    assert (np.sort(PERMUTATIONS, axis=1) == np.arange(9)).all()
    assert len({tuple(row) for row in PERMUTATIONS}) == 100
    assert PERMUTATIONS[0].tolist() == [6, 5, 2, 4, 7, 3, 1, 8, 0]
    assert PERMUTATIONS[-1].tolist() == [2, 7, 0, 6, 8, 4, 1, 5, 3]
    distance = (PERMUTATIONS[:, None] != PERMUTATIONS[None]).sum(axis=2)[np.triu_indices(100, 1)]
    assert (distance.min(), distance.max()) == (2, 9)
    assert distance.mean() == pytest.approx(8.08, abs=0.005)


def cell_images(n, size):
    """Cell k, counted by rows, is all of value 20 k."""
    cell = size // 3
    values = np.zeros((size, size), dtype=np.uint8)
    for k in range(9):
        values[k // 3 * cell : (k // 3 + 1) * cell, k % 3 * cell : (k % 3 + 1) * cell] = 20 * k
    return np.repeat(np.repeat(values[None, ..., None], n, axis=0), 3, axis=3)


def test_each_input_shows_the_cell_of_its_class():
    tiles, classes = shuffled_tiles(cell_images(3, 63), IDS, seed=0)
    alone, one = shuffled_tiles(cell_images(1, 63), IDS[1:2], seed=0)
    np.testing.assert_array_equal(tiles[1], alone[0])
    assert classes[1] == one[0]
    ids = [f"a/{k}/0" for k in range(1500)]
    assert len(np.unique(shuffled_tiles(grey_images(1500, 6), ids, seed=0, size=2)[1])) == 100
    assert tiles.shape == (3, 9, 3, 63, 63)
    for k in range(3):
        shown = np.rint((tiles[k].mean(axis=(1, 2, 3)) + 1) * 127.5 / 20).astype(int)
        np.testing.assert_array_equal(shown, PERMUTATIONS[classes[k]])
        assert (tiles[k].max(axis=(1, 2, 3)) - tiles[k].min(axis=(1, 2, 3))).max() < 1e-5


def test_a_tile_is_nine_tenths_of_its_cell_stretched_over_the_input():
    size = 96  # cells of 32, crops of 28
    ramp = np.broadcast_to(np.arange(size, dtype=np.uint8)[:, None, None], (size, size, 3))
    tiles, classes = shuffled_tiles(ramp[None], IDS[:1], seed=0)
    rows = (tiles[0].mean(axis=(1, 3)) + 1) * 127.5
    source = PERMUTATIONS[classes[0]] // 3 * 32
    spans = rows[:, -1] - rows[:, 0]
    np.testing.assert_allclose(spans, 27, atol=0.01)  # from the middle of the first pixel to the last's
    starts = rows[:, 0] - source
    assert starts.min() > -0.01
    assert starts.max() < 4.01
    assert len(np.unique(starts.round())) > 1


def test_sampled_pixels_are_distinct_and_differ_by_image_and_draw():
    pixels = sampled_pixels(IDS, 64 * 64, n_sampled=300, seed=0)
    assert pixels.shape == (3, 300)
    assert all(len(np.unique(row)) == 300 for row in pixels)
    assert pixels.min() >= 0
    assert pixels.max() < 64 * 64
    assert not np.array_equal(pixels[0], pixels[1])
    assert not np.array_equal(pixels, sampled_pixels(IDS, 64 * 64, n_sampled=300, seed=0, draw=1))
    np.testing.assert_array_equal(pixels[1:2], sampled_pixels(IDS[1:2], 64 * 64, n_sampled=300, seed=0))
    assert sampled_pixels(IDS, 16, n_sampled=300, seed=0).shape == (3, 16)


def test_every_image_needs_an_id():
    with pytest.raises(ValueError, match="expected one id for each of 3 images, got 2"):
        noisy_picture(grey_images(), IDS[:2], seed=0)
