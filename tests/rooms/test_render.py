import math
from dataclasses import replace

import numpy as np
import pytest
from tests.bare_rooms import GREY, bare_room
from tests.unprojecting import unproject

from taskonomy_kedro.rooms import make_room, make_views, render
from taskonomy_kedro.rooms.cameras import Camera
from taskonomy_kedro.rooms.furniture.parts import Parts, frame_along
from taskonomy_kedro.rooms.primitives import BOX, ELLIPSOID, FRUSTUM, UPRIGHT, Primitive
from taskonomy_kedro.rooms.settings import RoomSettings

# float32 labels of a few metres: half a unit in the last place is 2e-7 m
EXACT = 1e-6


def test_depth_of_a_wall_by_hand(camera):
    image = render(bare_room(), camera, size=64)
    wall = image.instance == 5  # high y, 4.5 m ahead
    assert wall.any()
    np.testing.assert_allclose(image.depth_z[wall], 4.5, rtol=EXACT)
    # the corner pixel's ray leans by its place in the image plane, f = 32 pixels at a right angle
    row, column = np.argwhere(wall)[0]
    x, y = (column + 0.5 - 32) / 32, (32 - row - 0.5) / 32
    assert image.depth_euclidean[row, column] == pytest.approx(4.5 * math.sqrt(1 + x * x + y * y), rel=EXACT)
    np.testing.assert_allclose(image.normal[wall], np.array([[0, 0, 1]] * wall.sum()), atol=EXACT)
    # a lamp at the camera: half as strong at 8 m, and by the cosine
    distance = 4.5 * math.sqrt(1 + x * x + y * y)
    wanted = 64 / (64 + distance**2) * 4.5 / distance
    assert image.reshading[row, column] == pytest.approx(wanted, rel=1e-5)


def test_sphere_depth_normals_and_curvature(camera):
    radius = 0.4
    solid = Primitive(ELLIPSOID, (2.0, 2.5, 1.2), UPRIGHT, (radius,) * 3, GREY)
    image = render(bare_room(solid), camera, size=65)  # odd: a pixel centre lies on the axis
    on = image.instance == 6
    np.testing.assert_allclose(image.curvature[on], 1 / radius, rtol=EXACT)
    assert not image.curvature[~on].any()
    assert image.depth_z[32, 32] == pytest.approx(2.0 - radius, rel=EXACT)
    outward = (unproject(camera, image.depth_z)[on] - solid.center) / radius
    normal = image.normal[on] @ camera.rotation.T
    np.testing.assert_allclose(normal, outward, atol=2e-6)


@pytest.mark.parametrize("axis", [(0.0, 0.0, 1.0), (1.0, 0.0, 0.0), (0.6, 0.0, 0.8)])
def test_cylinder_curvature_and_caps(camera, axis):
    radius, half = 0.3, 0.5
    solid = Primitive(FRUSTUM, (2.0, 2.3, 1.0), frame_along(axis), (radius, 0.0, half), GREY)
    image = render(bare_room(solid), camera, size=64)
    on = image.instance == 6
    rel = unproject(camera, image.depth_z)[on] - solid.center
    along = rel @ np.array(axis)
    across = np.linalg.norm(rel - along[:, None] * np.array(axis), axis=1)
    is_side = np.abs(across - radius) < 1e-5
    is_cap = np.abs(np.abs(along) - half) < 1e-5
    assert is_side.any()
    assert (is_side | is_cap).all()
    np.testing.assert_allclose(
        image.curvature[on][is_side & ~is_cap], [[1 / radius, 0]] * (is_side & ~is_cap).sum(), rtol=EXACT
    )
    assert not image.curvature[on][is_cap & ~is_side].any()
    normal = image.normal[on] @ camera.rotation.T
    side = is_side & ~is_cap
    np.testing.assert_allclose(normal[side] @ np.array(axis), 0, atol=1e-6)


def test_cone_points_lie_on_the_cone(camera):
    growth = -0.5
    solid = Primitive(FRUSTUM, (2.0, 2.3, 0.6), UPRIGHT, (0.35, growth, 0.4), GREY)
    high = Camera.looking_at((2.0, 1.0, 2.2), (2.0, 2.3, 0.6), 0.9)
    for view in (camera, high):
        image = render(bare_room(solid), view, size=64)
        on = image.instance == 6
        rel = unproject(view, image.depth_z)[on] - solid.center
        across = np.hypot(rel[:, 0], rel[:, 1])
        is_side = np.abs(across - (0.35 + growth * rel[:, 2])) < 1e-5
        assert (is_side | (np.abs(np.abs(rel[:, 2]) - 0.4) < 1e-5)).all()
        # the normal curvature across a cone: 1 / (r sqrt(1 + growth^2))
        inner = is_side & (np.abs(rel[:, 2]) < 0.39)
        wanted = 1 / (across[inner] * math.sqrt(1 + growth**2))
        np.testing.assert_allclose(image.curvature[on][inner, 0], wanted, rtol=1e-4)
        # it narrows upwards, so its side looks up a little
        upward = (image.normal[on] @ view.rotation.T)[inner, 2]
        np.testing.assert_allclose(upward, -growth / math.sqrt(1 + growth**2), atol=1e-5)


def test_ellipsoid_curvature_at_its_poles(camera):
    a, b, c = 0.5, 0.3, 0.2
    solid = Primitive(ELLIPSOID, (2.0, 2.5, 1.2), UPRIGHT, (a, b, c), GREY)
    image = render(bare_room(solid), camera, size=65)
    # at (0, -b, 0) the sections are ellipses with curvature b / a^2 and b / c^2
    np.testing.assert_allclose(image.curvature[32, 32], [b / c**2, b / a**2], rtol=1e-5)


def test_quads_and_rotated_boxes_are_at_their_positions(camera):
    parts = Parts()
    parts.quad((2.0, 2.0, 1.2), 0.6, 0.4, GREY)
    quad = render(bare_room(*parts.items), camera, size=64)
    on = quad.instance == 6
    np.testing.assert_allclose(quad.depth_z[on], 1.5, rtol=EXACT)
    assert on.sum() == pytest.approx((0.6 / 1.5 * 32) * (0.4 / 1.5 * 32), rel=0.15)
    turned = Parts()
    turned.box((2.0, 2.5), 0.8, (0.8, 0.5, 0.9), GREY, yaw=0.5, tilt=0.3)
    box = turned.items[0]
    image = render(bare_room(box), camera, size=64)
    on = image.instance == 6
    own = (unproject(camera, image.depth_z)[on] - box.center) @ np.array(box.axes).T
    face = np.abs(own) / np.array(box.half)
    np.testing.assert_allclose(face.max(axis=1), 1.0, atol=1e-5)


def test_normals_are_the_gradient_of_depth_on_planes():
    """On a plane 1 / depth is affine in the pixel, its gradient is the normal over the distance."""
    room = make_room(seed=3, index=2)
    checked = 0
    for view in make_views(room, seed=3, settings=RoomSettings(views_per_room=10)):
        image = render(room, view.camera, size=64)
        focal = view.camera.focal_length(64)
        near = 1.0 / image.depth_z.astype(np.float64)
        gx = (near[1:-1, 2:] - near[1:-1, :-2]) / 2 * focal
        gy = (near[:-2, 1:-1] - near[2:, 1:-1]) / 2 * focal
        v, u = np.mgrid[1:63, 1:63] + 0.5
        x, y = (u - 32) / focal, (32 - v) / focal
        normal = np.stack([gx, gy, gx * x + gy * y - near[1:-1, 1:-1]], axis=-1)
        length = np.linalg.norm(normal, axis=-1, keepdims=True)
        normal = np.divide(-normal, length, where=length > 0, out=np.zeros_like(normal))
        same = np.ones((62, 62), dtype=bool)
        for dy, dx in ((0, 1), (2, 1), (1, 0), (1, 2)):
            shifted = image.normal[dy : dy + 62, dx : dx + 62]
            same &= (np.abs(shifted - image.normal[1:-1, 1:-1]) < 1e-6).all(axis=-1)
            same &= image.instance[dy : dy + 62, dx : dx + 62] == image.instance[1:-1, 1:-1]
        flat = same & (image.instance[1:-1, 1:-1] < 6)  # floor, ceiling, walls
        # float32 depth: relative 6e-8, over two pixels of about 1/55
        np.testing.assert_allclose(normal[flat], image.normal[1:-1, 1:-1][flat], atol=5e-4)
        checked += int(flat.sum())
    assert checked > 5000


def test_sky_is_marked_everywhere():
    seen = 0
    for index in range(8):
        room = make_room(seed=5, index=index)
        for view in make_views(room, seed=5, settings=RoomSettings(views_per_room=6)):
            image = render(room, view.camera, size=32)
            sky = ~image.valid
            seen += int(sky.sum())
            assert np.isinf(image.depth_z[sky]).all()
            assert np.isinf(image.depth_euclidean[sky]).all()
            assert not image.normal[sky].any()
            assert not image.reshading[sky].any()
            assert np.isfinite(image.depth_z[image.valid]).all()
            np.testing.assert_allclose(np.linalg.norm(image.normal[image.valid], axis=-1), 1, atol=1e-6)
            assert (image.normal[image.valid][:, 2] > -1).all()
            assert (image.curvature[..., 0] >= image.curvature[..., 1]).all()
    assert seen > 0


def test_labels_do_not_depend_on_the_samples(camera):
    room = make_room(seed=0, index=1)
    view = make_views(room, seed=0, settings=RoomSettings(views_per_room=2))[0]
    one, two = (render(room, view.camera, size=32, samples=samples) for samples in (1, 2))
    np.testing.assert_array_equal(one.instance, two.instance)
    np.testing.assert_allclose(one.depth_z, two.depth_z, rtol=EXACT)
    assert np.abs(one.rgb.astype(int) - two.rgb).mean() < 12


def test_pixels_that_two_classes_share_are_mixed(camera):
    parts = Parts()
    parts.box((2.0, 2.5), 0.5, (0.9, 0.3, 1.4), GREY)
    room = bare_room(*parts.items)
    room = replace(room, objects=(*room.objects[:6], replace(room.objects[6], semantic=6)))
    image = render(room, camera, size=64)
    near_edge = np.zeros((64, 64), dtype=bool)
    for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)):
        near_edge |= np.roll(image.semantic, (dy, dx), (0, 1)) != image.semantic
    assert not image.is_mixed[~near_edge].any()
    assert 0.15 < image.is_mixed.sum() / near_edge.sum() < 0.6
    assert not render(room, camera, size=64, samples=1).is_mixed.any()
    np.testing.assert_array_equal(render(room, camera, size=64, samples=4).is_mixed, image.is_mixed)


def test_a_solid_below_the_lamp_casts_a_shadow():
    view = Camera.looking_at((0.5, 0.5, 1.6), (2.0, 2.5, 0.0), 1.2)
    solid = Primitive(BOX, (2.0, 2.5, 0.8), UPRIGHT, (0.3, 0.3, 0.02), GREY)
    lit, dark = (render(room, view, size=65) for room in (bare_room(), bare_room(solid)))
    places, _ = view.project(np.array([[2.0, 2.5, 0.0], [3.3, 2.5, 0.0]]), 65)
    (below_x, below_y), (beside_x, beside_y) = places.astype(int)
    assert dark.instance[below_y, below_x] == 0
    assert dark.rgb[below_y, below_x].mean() < 0.75 * lit.rgb[below_y, below_x].mean()
    np.testing.assert_array_equal(dark.rgb[beside_y, beside_x], lit.rgb[beside_y, beside_x])


def test_a_sheet_on_a_box_is_not_shadowed_by_the_box():
    parts = Parts()
    parts.box((2.0, 2.9), 0.5, (1.5, 0.5, 1.2), GREY)  # the lamp grazes its front
    box = bare_room(*parts.items)
    parts.quad((2.0, 2.648, 1.1), 1.5, 1.2, GREY)
    both = replace(box, primitives=(*box.primitives, parts.items[1]), owners=(*box.owners, 6))
    view = Camera.looking_at((2.0, 0.5, 1.4), (2.0, 2.65, 1.1), 0.4)
    plain, stuck = (render(room, view, size=64).rgb.astype(int) for room in (box, both))
    np.testing.assert_allclose(stuck, plain, atol=3)


@pytest.mark.parametrize(
    ("size", "samples", "message"), [(1, 2, "size .* got 1"), (64, 3, "samples .* got 3")]
)
def test_bad_sizes_are_refused(camera, size, samples, message):
    with pytest.raises(ValueError, match=message):
        render(bare_room(), camera, size=size, samples=samples)
