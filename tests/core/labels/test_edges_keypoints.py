import numpy as np
import pytest

from taskonomy_kedro.core.labels.edges_keypoints import (
    image_keypoints,
    keypoint_sigmas,
    occlusion_edges,
    texture_edges,
)
from taskonomy_kedro.core.labels.quantise import stored_response
from taskonomy_kedro.core.labels.targets import target_of
from taskonomy_kedro.core.tasks import TASKS


def step_image(size, low, high):
    rgb = np.full((size, size, 3), low, dtype=np.uint8)
    rgb[:, size // 2 :] = high
    return rgb


def blob_image(size, radius):
    y, x = np.mgrid[:size, :size] + 0.5 - size / 2
    disc = np.where(x**2 + y**2 < radius**2, 230, 40)
    return np.repeat(disc[..., None], 3, axis=2).astype(np.uint8)


@pytest.mark.parametrize("size", [64, 128, 256, 512])
def test_a_step_has_the_same_response_at_every_size_and_none_elsewhere(size):
    edges = texture_edges(step_image(size, 51, 153))  # a step of 0.4
    assert edges.max() == pytest.approx(0.25 * 0.4, rel=0.1)
    assert edges[:, : size // 4].max() < 1e-6
    assert abs(int(edges[size // 2].argmax()) - size // 2) <= 1


def test_twice_the_step_is_twice_the_edge():
    low, high = (texture_edges(step_image(64, 51, 51 + d)).max() for d in (50, 100))
    assert high == pytest.approx(2 * low, rel=1e-5)


def depth_jump(size):
    depth = np.full((size, size), 512, dtype=np.uint16)
    depth[:, size // 2 :] = 2048
    return depth


def test_a_jump_in_depth_has_sobels_value_at_full_size():
    depth = depth_jump(512)
    depth[100:] = 65535  # the border of the sky is no edge
    edges = occlusion_edges(depth)
    assert edges[90:].max() == pytest.approx(edges[10].max())
    wanted = (np.sqrt(2048) - np.sqrt(512)) / 256 / np.sqrt(2)
    np.testing.assert_allclose(edges[10, 255:257], wanted, rtol=1e-5)
    assert np.delete(edges[10], [255, 256]).max() < 1e-12


def test_a_smoothed_jump_is_equally_strong_at_every_size():
    peaks = []
    for size in (64, 128, 256):
        edges = stored_response(occlusion_edges(depth_jump(size)))[None]
        stored = {"edge_occlusion": edges, "mask_valid": np.full(edges.shape, 255, dtype=np.uint8)}
        peaks.append(target_of(TASKS["edge_occlusion"], stored).values.max() + 1)
    np.testing.assert_allclose(peaks, peaks[-1], rtol=0.3)


def test_a_slanted_wall_has_the_same_slope_at_every_size():
    def slope(size):
        wall = np.broadcast_to(np.linspace(600, 2500, size), (size, size)).astype(np.uint16)
        return float(np.median(occlusion_edges(wall)))

    assert slope(64) == pytest.approx(slope(512), rel=0.05)
    assert slope(64) < 0.1 * 0.00625  # of the range that is learned


def test_scales_are_odd_and_grow_with_the_image():
    assert keypoint_sigmas(64) == (1, 3)
    assert all(sigma % 2 for size in (64, 96, 128, 256, 512) for sigma in keypoint_sigmas(size))
    assert keypoint_sigmas(512)[-1] == 31


@pytest.mark.parametrize(("size", "radius"), [(64, 3), (256, 10)])
def test_a_disc_is_a_keypoint_but_not_an_edge_or_a_plain_wall(size, radius):
    disc = image_keypoints(blob_image(size, radius))
    assert disc[size // 2 - 2 : size // 2 + 2, size // 2 - 2 : size // 2 + 2].max() == disc.max()
    assert disc.max() > 20 * image_keypoints(step_image(size, 40, 230)).max()
    assert image_keypoints(step_image(size, 230, 230)).max() < 1e-9


def test_a_small_blob_is_found_at_64_pixels_as_at_512():
    """A disc of 12 pixels of 512 is one of 1.5 pixels at 64: between the whole scales 1 and 3."""
    large = blob_image(512, 12)
    small = large.reshape(64, 8, 64, 8, 3).mean(axis=(1, 3)).astype(np.uint8)
    at_64, at_512 = (image_keypoints(image).max() for image in (small, large))
    assert at_64 == pytest.approx(at_512, rel=0.6)
    assert at_64 > 0.005  # the range that is learned
