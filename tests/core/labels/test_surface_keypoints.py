import numpy as np
import pytest

from taskonomy_kedro.core.labels.surface_keypoints import plane_distance, surface_keypoints

FOV = 1.0


def floor_and_walls(size, corner=(0.4, 2.0), height=1.2):
    """A camera at the origin sees a floor, a wall ahead and a wall to the right, which meet in a corner."""
    slope = np.tan(FOV / 2) * ((np.arange(size) + 0.5) * 2 / size - 1)
    x, y = slope[None, :], -slope[:, None]
    with np.errstate(divide="ignore"):
        depths = [
            np.where(y < 0, height / np.maximum(-y, 1e-9), np.inf) + 0 * x,
            np.full((size, size), corner[1]),
            np.where(x > 0, corner[0] / np.maximum(x, 1e-9), np.inf) + 0 * y,
        ]
    depth = np.min(depths, axis=0).astype(np.float32)
    normals = np.array([[0, 1, 0], [0, 0, 1], [-1, 0, 0]], dtype=np.float32)
    return depth, normals[np.argmin(depths, axis=0)]


@pytest.mark.parametrize("size", [64, 128])
def test_a_plane_has_one_distance_however_slanted(size):
    depth, normal = floor_and_walls(size)
    distance = plane_distance(depth, normal, FOV)
    for axis, wanted in ((1, 1.2), (2, 2.0), (0, 0.4)):
        np.testing.assert_allclose(distance[normal[..., axis] != 0], wanted, rtol=1e-5)


@pytest.mark.parametrize("size", [64, 128, 256])
def test_corners_respond_strongly_edges_weakly_and_faces_not(size):
    depth, normal = floor_and_walls(size, height=0.5)
    strength = surface_keypoints(depth, normal, FOV)
    focal = size / 2 / np.tan(FOV / 2)
    column, row = size / 2 + focal * 0.4 / 2.0, size / 2 + focal * 0.5 / 2.0
    peak = np.unravel_index(strength.argmax(), strength.shape)
    assert np.hypot(peak[0] - row, peak[1] - column) < 0.06 * size
    assert strength.max() < 1.0
    edge = strength[: size // 4, int(column)].max()  # up the edge between the two walls
    assert edge < 0.35 * strength.max()
    assert strength[size // 4, size // 4] < 1e-6  # the middle of a wall


@pytest.mark.parametrize("angle", [0.0, 0.4, np.pi / 4, 2.0])
def test_a_straight_edge_is_no_corner_at_any_angle(angle):
    place = np.arange(128) - 63.7
    is_left = np.cos(angle) * place[None, :] + np.sin(angle) * place[:, None] < 0
    normal = np.where(is_left[..., None], [0.6, 0.0, 0.8], [-0.6, 0.0, 0.8]).astype(np.float32)
    edge = surface_keypoints(np.full((128, 128), 2.0, dtype=np.float32), normal, FOV)
    corner = surface_keypoints(*floor_and_walls(128, height=0.5), FOV)
    assert edge[32:96, 32:96].max() < 0.25 * corner.max()


def test_the_support_has_a_size_in_metres():
    # the same corner from twice as far, drawn twice as fine: pixels see the same metres
    near = surface_keypoints(*floor_and_walls(64, (0.2, 1.0), 0.25), FOV)
    far = surface_keypoints(*floor_and_walls(128, (0.4, 2.0), 0.5), FOV)
    area_near, area_far = ((image > image.max() / 2).mean() for image in (near, far))
    # twice as far: the support fills about a quarter of the share of the image
    assert 2.5 < area_near / area_far < 6.0


def test_pixels_without_geometry_have_no_response():
    depth, normal = floor_and_walls(64)
    depth[:20], normal[:20] = np.inf, 0.0
    strength = surface_keypoints(depth, normal, FOV)
    assert np.isfinite(strength).all()
    assert strength[:20].max() == 0
