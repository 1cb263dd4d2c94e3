import numpy as np
import pytest

from taskonomy_kedro.core.labels.creases import with_creases
from taskonomy_kedro.rooms import Rendering

SIZE, FIELD_OF_VIEW = 64, np.pi / 2
FOCAL = SIZE / 2


def view_of(depth_z, normal, *, curvature=None, instance=None, valid=None):
    """Return a rendering of which only what creases depend on means anything."""
    shape = depth_z.shape
    zeros = np.zeros(shape, dtype=np.float32)
    return Rendering(
        rgb=np.zeros((*shape, 3), dtype=np.uint8),
        depth_z=depth_z.astype(np.float32),
        depth_euclidean=zeros,
        normal=normal.astype(np.float32),
        instance=np.zeros(shape, dtype=int) if instance is None else instance,
        semantic=np.zeros(shape, dtype=np.uint8),
        is_mixed=np.zeros(shape, dtype=bool),
        reshading=zeros,
        curvature=np.zeros((*shape, 2), dtype=np.float32) if curvature is None else curvature,
        valid=np.ones(shape, dtype=bool) if valid is None else valid,
    )


def folded_wall(sign, *, nearest=2.0, size=SIZE, is_lying=False):
    """Return two planes at 45 degrees to the view that meet in the middle: an edge (1) or a corner (-1)."""
    across = (np.arange(size) + 0.5 - size / 2) / (size / 2)  # x of the ray at depth 1
    # z = nearest + sign·|x|, and the ray has x = across·z
    depth = np.tile(nearest / (1 - sign * np.abs(across)), (size, 1))
    depth = np.where((depth > 0) & (depth < 50), depth, 50.0)
    slope = np.sign(across) * sign
    normal = np.stack(np.broadcast_arrays(slope, 0.0, 1.0), axis=-1) / np.sqrt(2)
    normal = np.tile(normal, (size, 1, 1))
    if is_lying:  # rows go down, y goes up
        depth, normal = depth.T, normal.swapaxes(0, 1)[..., [1, 0, 2]] * np.array([1.0, -1.0, 1.0])
    return view_of(depth, normal)


@pytest.mark.parametrize("is_lying", [False, True])
@pytest.mark.parametrize(("sign", "channel"), [(1, 0), (-1, 1)])
def test_two_walls_meet_in_an_edge_or_a_corner(sign, channel, is_lying):
    found = with_creases(folded_wall(sign, is_lying=is_lying), FIELD_OF_VIEW)
    found = found.swapaxes(0, 1) if is_lying else found
    beside = found[:, SIZE // 2 - 1 : SIZE // 2 + 1, channel]
    # pixels half a step from the middle, less than 0.1 m apart: a quarter turn over 0.1 m
    np.testing.assert_allclose(beside, sign * (np.pi / 2) / 0.1, rtol=1e-5)
    assert not found[..., 1 - channel].any()
    assert not found[:, : SIZE // 2 - 1].any()
    assert not found[:, SIZE // 2 + 1 :].any()


def test_an_angle_is_measured_over_the_distance_if_that_is_more():
    far = with_creases(folded_wall(-1, nearest=10.0), FIELD_OF_VIEW)[0, SIZE // 2, 1]
    half = 0.5 / FOCAL
    width = 2 * half * 10 / (1 + half)
    assert far == pytest.approx(-(np.pi / 2) / width, rel=1e-4)


def test_larger_images_have_wider_creases_of_the_same_share():
    found = with_creases(folded_wall(-1, size=2 * SIZE), FIELD_OF_VIEW)
    assert np.flatnonzero(found[0, :, 1]).tolist() == [SIZE - 2, SIZE - 1, SIZE, SIZE + 1]


def test_an_occluding_surface_has_no_crease_with_the_background():
    facing, floor = np.array([0.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.0])
    depth, normal = np.full((SIZE, SIZE), 1.0), np.tile(facing, (SIZE, SIZE, 1))
    depth[:20], normal[:20] = 6.0, floor
    assert not with_creases(view_of(depth, normal), FIELD_OF_VIEW).any()


def test_curved_faces_have_their_exact_curvature():
    image = folded_wall(1)
    exact = np.full((SIZE, SIZE, 2), 3.0, dtype=np.float32)
    ball = view_of(image.depth_z, image.normal, curvature=exact)
    np.testing.assert_array_equal(with_creases(ball, FIELD_OF_VIEW), exact)
    two = np.zeros((SIZE, SIZE), dtype=int)
    two[:, SIZE // 2 :] = 1
    touching = view_of(image.depth_z, image.normal, curvature=exact, instance=two)
    assert with_creases(touching, FIELD_OF_VIEW)[0, SIZE // 2, 0] > 10


def test_the_border_of_the_sky_has_no_crease():
    image = folded_wall(-1)
    valid = np.ones((SIZE, SIZE), dtype=bool)
    valid[:, SIZE // 2 :] = False
    assert not with_creases(view_of(image.depth_z, image.normal, valid=valid), FIELD_OF_VIEW).any()


def test_a_small_step_between_faces_that_do_not_meet_is_no_crease():
    upper, lower = np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.7, 1.0]) / np.sqrt(1.49)
    depth, normal = np.full((SIZE, SIZE), 1.0), np.tile(lower, (SIZE, SIZE, 1))
    # the lower face lies before the plane of the upper, the upper behind that of the lower
    depth[:20], normal[:20] = 1.05, upper
    assert not with_creases(view_of(depth, normal), FIELD_OF_VIEW)[18:22].any()
