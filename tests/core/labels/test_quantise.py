import numpy as np
import pytest

from taskonomy_kedro.core.labels import quantise


def test_depth_is_stored_to_half_a_unit_and_unknown_stays_unknown():
    metres = np.array([0.0, 0.5, 1.2345, 15.6, 127.9, 500.0, np.inf, np.nan], dtype=np.float32)
    stored = quantise.stored_depth(metres)
    assert stored.dtype == np.uint16
    assert stored[1] == 256  # half a metre at 1/512 m
    assert list(stored[-3:]) == [65534, 65535, 65535]  # far is not unknown
    back = quantise.depth_in_metres(stored)
    np.testing.assert_allclose(back[:5], metres[:5], atol=0.5 / 512 + 1e-6)
    assert np.isinf(back[-2:]).all()


def test_the_logarithm_of_every_stored_depth_can_be_inverted():
    units = np.arange(65536, dtype=np.uint16)
    logarithm = quantise.log_depth(units)
    assert logarithm.dtype == np.float32
    assert logarithm[0] == 0.0
    assert logarithm[-1] == pytest.approx(1.0)
    # float32 holds seven digits of a logarithm: the largest depths may move by one unit
    assert np.abs(quantise.depth_from_log(logarithm).astype(int) - units).max() <= 1


def test_the_mask_has_the_limit_of_the_released_code():
    stored = np.array([[0, 64499, 64500, 65535]], dtype=np.uint16)
    assert quantise.valid_mask(stored).tolist() == [[255, 255, 0, 0]]


def test_stored_curvature_of_a_sphere_a_plane_and_a_needle():
    # k = 1/r, 127 + k * 0.03 * 127: a ball of 0.15 m gives 127 + 25.4
    curvature = np.array([[1 / 0.15, 1 / 0.15], [0.0, 0.0], [1000.0, 0.0], [-1000.0, -5.0]])
    stored = quantise.stored_curvature(curvature)
    assert stored.tolist() == [[152, 152, 0], [127, 127, 0], [254, 127, 0], [0, 108, 0]]
    back = quantise.curvature_per_metre(stored)
    np.testing.assert_allclose(back[0], 1 / 0.15, atol=0.5 / 127 / 0.03)
    assert back[2, 0] == pytest.approx(1 / 0.03)


def test_responses_and_brightness_are_clipped_not_wrapped():
    assert quantise.stored_response(np.array([-0.1, 0.5, 1.0, 1.3])).tolist() == [0, 32768, 65535, 65535]
    assert quantise.stored_brightness(np.array([-0.1, 0.5, 1.0, 1.3])).tolist() == [0, 128, 255, 255]


def test_stored_normals_have_y_down_and_grey_without_geometry():
    normal = np.array([[[0, 0, 1], [0, 1, 0], [1, 0, 0], [0, 0, 0]]], dtype=np.float32)
    stored = quantise.stored_normal(normal, np.array([[True, True, True, False]]))
    # facing the viewer; a floor (up in the world, so low in y down); facing right; the sky
    assert stored.tolist() == [[[128, 128, 255], [128, 0, 128], [255, 128, 128], [128, 128, 128]]]
    vectors = np.random.default_rng(0).normal(size=(1, 500, 3)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=-1, keepdims=True)
    stored = quantise.stored_normal(vectors, np.ones((1, 500), bool)).astype(int)
    assert np.abs(stored - 127.5 * (1 + vectors * [1, -1, 1])).max() <= 0.501
