import numpy as np
import pytest
from skimage.color import deltaE_cie76, rgb2lab
from tests.label_examples import arrays

from taskonomy_kedro.core.labels.drawing import bars, class_color, maps, pixels, regions, self_made
from taskonomy_kedro.core.labels.input_transforms import TRANSFORMS, SelfMade
from taskonomy_kedro.core.labels.statistics import Standardisation


def _lightness(colors):
    return rgb2lab(colors)[..., 0]


def test_depth_grows_darker_without_a_step_back():
    metres = np.linspace(1.0, 5.0, 200)
    light = _lightness(maps.depth_colors(metres, 1.0, 5.0))
    assert (np.diff(light) <= 0.3).all()  # bytes are rounded
    assert light[0] - light[-1] > 70
    assert (np.diff(light[::10]) < 0).all()


def test_beyond_its_ends_the_scale_of_depth_stands_still():
    ends = maps.depth_colors(np.array([0.1, 1.0, 5.0, 90.0, np.inf]), 1.0, 5.0)
    assert (ends[0] == ends[1]).all()
    assert (ends[2] == ends[3]).all()
    assert (ends[2] == ends[4]).all()


def test_the_scale_of_depth_leaves_out_pixels_without_geometry():
    stored = np.full((16, 16), 1024, dtype=np.uint16)
    stored[:, 8:] = 65535
    drawn = maps.draw_depth(stored, 64)
    is_grey = (drawn == drawn[..., :1]).all(axis=-1)
    assert is_grey[:64, 32:].all()
    assert not is_grey[:64, :32].any()
    low, high = maps.depth_range(np.array([2.0, 2.0]))
    assert low == 2.0
    assert high > low


def test_responses_beyond_the_range_are_drawn_like_its_ends():
    stored = np.array([[0, 100], [200, 60000]], dtype=np.uint16)
    drawn = maps.draw_number_map(stored, 64, stored_range=(0.0, 200.0))[:64, :, 0]
    assert [drawn[0, 0], drawn[0, -1], drawn[63, 0], drawn[63, -1]] == [0, 128, 255, 255]


def test_normals_keep_their_stored_colours():
    normal = arrays()["normal"]
    drawn = maps.draw_number_map(normal, 32, stored_range=(0.0, 255.0))
    np.testing.assert_array_equal(drawn[:32], normal)


def test_curvature_tells_balls_cylinders_hollows_and_saddles_apart():
    colors = maps.curvature_colors(np.array([[0, 0], [1, 0], [1, 1], [0, -1], [-1, -1], [1, -1]], float))
    flat, cylinder, ball, hollow_way, bowl, saddle = colors.astype(int)
    assert (flat == 255).all()
    assert cylinder[0] > cylinder[1] > cylinder[2]
    assert ball[0] > 3 * ball[1]
    assert hollow_way.argmax() == 2
    assert bowl.argmax() == 2
    assert bowl.sum() < hollow_way.sum()
    assert saddle.argmax() == 1


def test_the_colours_of_curvature_fit_the_split():
    stored = np.full((32, 32, 3), (140, 127, 0), dtype=np.uint8)
    narrow = Standardisation(mean=np.zeros(2, np.float32), std=np.array([4.0, 1.0], np.float32))
    wide = maps.draw_curvature(stored, 32)[16, 16].astype(int)
    assert maps.draw_curvature(stored, 32, constants=narrow)[16, 16, 2] < wide[2]


def test_regions_that_touch_have_different_colours():
    rng = np.random.default_rng(0)
    seeds = rng.random((60, 2)) * 64
    places = np.stack(np.meshgrid(np.arange(64), np.arange(64), indexing="ij"), -1)
    ids = ((places[:, :, None] - seeds) ** 2).sum(-1).argmin(-1).astype(np.uint8)
    colors = regions.region_colors(ids).astype(int)
    for a, b in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1]), (np.s_[1:, 1:], np.s_[:-1, :-1])):
        differs = np.abs(colors[a] - colors[b]).sum(-1) > 0
        np.testing.assert_array_equal(differs, ids[a] != ids[b])
    assert len(np.unique(colors.reshape(-1, 3), axis=0)) > 8


def test_all_semantic_classes_have_colours_that_can_be_told_apart():
    lab = rgb2lab(np.array([[class_color(k) for k in range(17)]], dtype=np.uint8))[0]
    distance = deltaE_cie76(lab[:, None], lab[None]) + 1000 * np.eye(17)
    assert distance.min() > 15


def test_unknown_classes_are_striped_and_known_ones_coloured():
    stored = np.array([[0, 1], [2, 3]], dtype=np.uint8).repeat(16, 0).repeat(16, 1)
    drawn = regions.draw_class_map(stored, 32, is_zero_unknown=True, class_names=("ground", "a", "b"))
    assert len(np.unique(drawn[:16, :16].reshape(-1, 3), axis=0)) == 2
    assert tuple(drawn[8, 24]) == class_color(0)
    assert tuple(drawn[24, 8]) == class_color(1)
    assert tuple(drawn[24, 24]) == class_color(2)
    from_zero = regions.draw_class_map(stored, 32, is_zero_unknown=False, class_names=())
    assert tuple(from_zero[24, 8]) == class_color(2)


def test_colours_made_from_bins_come_close_to_the_original():
    blocks = np.random.default_rng(0).integers(40, 220, (8, 8, 3)).astype(np.uint8)
    rgb = blocks.repeat(4, axis=0).repeat(4, axis=1)  # one colour a bin
    made = self_made.recolored(rgb)
    assert deltaE_cie76(rgb2lab(rgb), rgb2lab(made)).max() < 1.5  # without weights 2.7


def test_noise_and_tiles_are_those_of_the_image_and_the_seed():
    rgb = arrays()["rgb"]
    for draw in (self_made.draw_denoising, self_made.draw_jigsaw):
        first = draw(rgb, "room/0/0", 64, seed=3)
        np.testing.assert_array_equal(first, draw(rgb, "room/0/0", 64, seed=3))
        assert (first != draw(rgb, "room/0/1", 64, seed=3)).any()
        assert (first != draw(rgb, "room/0/0", 64, seed=4)).any()


def test_only_the_left_half_of_denoising_is_noisy():
    rgb = np.full((64, 64, 3), 128, dtype=np.uint8)
    drawn = self_made.draw_denoising(rgb, "room/0/0", 64, seed=0)[:64].astype(int)
    assert drawn[:, :30].std() > 20
    assert (drawn[:, 34:] == 128).all()


def test_the_hole_is_grey_and_covers_a_quarter():
    rgb = np.full((64, 64, 3), 250, dtype=np.uint8)
    drawn = TRANSFORMS["hole"].draw_label(SelfMade(rgb, "room/0/0", 64, seed=0))[:64]
    assert (drawn[..., 0] == 128).mean() == 0.25
    assert (drawn[16:48, 16:48] == 128).all()


def test_bars_are_as_long_as_the_probabilities_and_the_likeliest_comes_first():
    drawn = bars.draw_distribution(np.array([0.1, 0.6, 0.3]), ("a", "b", "c"), 100)[:100]
    is_bar = (drawn == bars._BAR).all(axis=-1)
    rows = [is_bar[k * 20 + 2].sum() for k in range(3)]  # the first row of each bar, above the letters
    assert rows == pytest.approx([60, 30, 10], abs=2)


def test_a_vector_grows_right_and_left_of_its_zero_line():
    drawn = bars.draw_vector(np.array([1.0, -1.0]), 100)[:100]
    is_bar = (drawn == bars._BAR).all(axis=-1)
    assert np.flatnonzero(is_bar[2]).min() >= 49
    assert np.flatnonzero(is_bar[22]).max() <= 51


def test_pictures_are_enlarged_by_whole_pixels_and_reduced_by_mean():
    board = np.array([[[0, 0, 0], [200, 0, 0]], [[0, 0, 0], [200, 0, 0]]], dtype=np.uint8)
    assert set(pixels.resized(board, 64)[..., 0].ravel()) == {0, 200}
    assert pixels.resized(np.tile(board, (32, 32, 1)), 32)[..., 0].tolist() == [[100] * 32] * 32
    assert set(pixels.thinned(np.tile(board, (32, 32, 1)), 32)[..., 0].ravel()) <= {0, 200}


def test_a_caption_too_long_is_cut_and_leaves_the_picture_alone():
    picture = np.full((64, 64, 3), 9, dtype=np.uint8)
    drawn = pixels.with_caption(picture, "a very long line of words that nobody can read in so small a place")
    assert drawn.shape == (64 + pixels.caption_height(64), 64, 3)
    np.testing.assert_array_equal(drawn[:64], picture)
    assert (drawn[64:] < 128).any()
