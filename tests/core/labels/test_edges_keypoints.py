import numpy as np
import pytest
from skimage.filters import sobel

from taskonomy_kedro.core.labels.edges_keypoints import (
    image_keypoints,
    keypoint_sigmas,
    occlusion_edges,
    texture_edges,
)


def step_image(size, low, high):
    rgb = np.full((size, size, 3), low, dtype=np.uint8)
    rgb[:, size // 2 :] = high
    return rgb


def blob_image(size, radius):
    y, x = np.mgrid[:size, :size] + 0.5 - size / 2
    disc = np.where(x**2 + y**2 < radius**2, 230, 40)
    return np.repeat(disc[..., None], 3, axis=2).astype(np.uint8)


@pytest.mark.parametrize("size", [64, 128, 256, 512])
def test_a_step_answers_alike_at_every_size_and_only_where_it_is(size):
    edges = texture_edges(step_image(size, 51, 153))  # a step of 0.4
    assert edges.max() == pytest.approx(0.25 * 0.4, rel=0.1)
    assert edges[:, : size // 4].max() < 1e-6
    assert abs(int(edges[size // 2].argmax()) - size // 2) <= 1


def test_twice_the_step_is_twice_the_edge():
    low, high = (texture_edges(step_image(64, 51, 51 + d)).max() for d in (50, 100))
    assert high == pytest.approx(2 * low, rel=1e-5)


def test_a_jump_in_depth_has_sobels_value():
    depth = np.full((64, 64), 512, dtype=np.uint16)
    depth[:, 32:] = 2048
    wanted = sobel(np.sqrt(depth.astype(float)) / 256)[10, 31]
    assert wanted == pytest.approx((np.sqrt(2048) - np.sqrt(512)) / 256 / np.sqrt(2))
    edges = occlusion_edges(depth)
    assert edges[10, 31] == pytest.approx(wanted, rel=1e-5)
    assert edges[10, 32] == pytest.approx(wanted, rel=1e-5)
    assert np.delete(edges[10], [31, 32]).max() == 0


def slanted(size):
    return np.broadcast_to(np.linspace(600, 2500, size), (size, size)).astype(np.uint16)


def test_a_slanted_wall_is_no_edge_in_a_small_image_and_keeps_its_slope_at_full_size():
    assert occlusion_edges(slanted(64)).max() < 0.1 * 0.00625
    full = occlusion_edges(slanted(512))
    wanted = sobel(np.sqrt(slanted(512).astype(float)) / 256)
    np.testing.assert_allclose(full[256, 1:-1], wanted[256, 1:-1], rtol=1e-3, atol=1e-7)


def test_the_border_of_the_sky_is_no_edge():
    depth = np.full((32, 32), 1000, dtype=np.uint16)
    depth[:10] = 65535
    assert occlusion_edges(depth).max() == 0


def test_a_bright_plain_wall_has_no_keypoints():
    assert image_keypoints(np.full((64, 64, 3), 230, dtype=np.uint8)).max() < 1e-9


def test_scales_are_odd_and_grow_with_the_image():
    assert keypoint_sigmas(64) == (1, 3)
    assert all(sigma % 2 for size in (64, 96, 128, 256, 512) for sigma in keypoint_sigmas(size))
    assert keypoint_sigmas(512)[-1] == 31


@pytest.mark.parametrize(("size", "radius"), [(64, 3), (256, 10)])
def test_a_disc_is_a_keypoint_and_an_edge_is_none(size, radius):
    disc = image_keypoints(blob_image(size, radius))
    assert disc[size // 2 - 2 : size // 2 + 2, size // 2 - 2 : size // 2 + 2].max() == disc.max()
    assert disc.max() > 20 * image_keypoints(step_image(size, 40, 230)).max()
