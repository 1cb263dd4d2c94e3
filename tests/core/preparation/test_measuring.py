import numpy as np

from taskonomy_kedro.core.preparation import measuring
from taskonomy_kedro.core.preparation.measuring import measure_statistics


def test_constants_are_those_of_the_arrays(split):
    statistics = measure_statistics(split)
    stored = split.arrays["principal_curvature"][..., :2][split.arrays["mask_valid"] == 255]
    np.testing.assert_allclose(statistics.standardisation("curvature").mean, stored.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(statistics.standardisation("curvature").std, stored.std(axis=0), rtol=1e-5)
    layouts = split.arrays["room_layout"].astype(np.float64)
    np.testing.assert_allclose(
        statistics.standardisation("room_layout").mean, layouts.mean(axis=0), atol=1e-5
    )
    assert {"vanishing_point", "fixated_pose", "nonfixated_pose", "egomotion"} <= set(
        statistics.standardisations
    )
    assert statistics.class_weights["segment_semantic"].shape == (17,)
    assert statistics.color_weights.shape == (313,)


def test_blocks_do_not_move_the_numbers(split, monkeypatch):
    whole = measure_statistics(split).to_json()
    monkeypatch.setattr(measuring, "_BLOCK", 5)
    assert measure_statistics(split).to_json() == whole


def test_colours_are_counted_on_images_of_the_whole_split(split, monkeypatch):
    monkeypatch.setattr(measuring, "_COLOR_IMAGES", 4)
    seen = []
    real = measuring.color_bins
    monkeypatch.setattr(measuring, "color_bins", lambda rgb: seen.append(rgb) or real(rgb))
    measure_statistics(split)
    n = len(split)
    np.testing.assert_array_equal(np.concatenate(seen), split.arrays["rgb"][[0, n // 4, n // 2, 3 * n // 4]])
