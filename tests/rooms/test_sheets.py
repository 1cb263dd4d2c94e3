"""Curved sheets: hollow and saddle surfaces, seen from both sides."""

import math

import numpy as np
import pytest
from tests.bare_rooms import GREY, bare_room
from tests.unprojecting import unproject

from taskonomy_kedro.rooms import render
from taskonomy_kedro.rooms.cameras import Camera
from taskonomy_kedro.rooms.furniture.parts import Parts, frame_along
from taskonomy_kedro.rooms.primitives import SHEET, UPRIGHT, Primitive
from taskonomy_kedro.rooms.ray_casting import cast_rays
from taskonomy_kedro.rooms.surfaces import surface_at

EXACT = 1e-6  # half a unit in the last place of a float32 of a few metres is 2e-7


def on_and_own(solid, camera, size=64):
    """Pixels of the sheet, their positions and normals in its own axes."""
    image = render(bare_room(solid), camera, size=size)
    on = image.instance == 6
    axes = np.array(solid.axes)
    own = (unproject(camera, image.depth_z)[on] - solid.center) @ axes.T
    return image, on, own, image.normal[on] @ camera.rotation.T @ axes.T


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_the_inside_of_a_sphere_is_hollow_and_its_outside_is_not(camera, side):
    """The half of a sphere away from the camera is seen from the inside, the other from the outside."""
    radius = 0.6
    axes = ((0.0, side, 0.0), (-side, 0.0, 0.0), (0.0, 0.0, 1.0))
    half_sphere = Primitive(SHEET, (2.0, 2.5, 1.2), axes, (radius, 0.0, radius), GREY, True, -1.0, 0.0)
    image, on, own, normal = on_and_own(half_sphere, camera, size=65)
    np.testing.assert_allclose(image.curvature[on], -side / radius, rtol=EXACT)
    assert image.depth_z[32, 32] == pytest.approx(2.0 + side * radius, rel=EXACT)
    np.testing.assert_allclose(normal, -side * own / radius, atol=3e-6)


@pytest.mark.parametrize("axis", [(0.0, 0.0, 1.0), (1.0, 0.0, 0.0), (0.6, 0.0, 0.8)])
@pytest.mark.parametrize(
    ("radius", "growth", "bend"),
    [(0.3, 0.0, 0.8), (0.25, 0.3, 0.09), (0.3, 0.2, 0.0), (0.3, -0.1, -0.5), (0.4, 0.1, 0.6)],
)
def test_points_lie_on_the_sheet_and_normals_are_its_gradient(camera, axis, radius, growth, bend):
    half = 0.35
    solid = Primitive(SHEET, (2.0, 2.3, 1.1), frame_along(axis), (radius, growth, half), GREY, True, bend)
    # looks into it from its end
    end = np.array(solid.center) + 1.2 * np.array(axis) + (0.05, -0.25, 0.0)
    high = Camera.looking_at(tuple(end), solid.center, 0.9)
    n_inside = n_outside = 0
    for view in (camera, high):
        image, on, own, normal = on_and_own(solid, view)
        x, y, z = own.T
        implicit = x**2 + y**2 - (radius**2 + 2 * radius * growth * z + bend * z**2)
        assert np.abs(implicit).max() < 1e-5
        assert np.abs(z).max() <= half + 1e-5
        gradient = np.stack([x, y, -(radius * growth + bend * z)], axis=1)
        gradient /= np.linalg.norm(gradient, axis=1, keepdims=True)
        side = np.sign((gradient * normal).sum(axis=1))
        np.testing.assert_allclose(normal, gradient * side[:, None], atol=1e-5)
        way = (view.location - solid.center) @ np.array(solid.axes).T - own
        assert ((normal * way).sum(axis=1) > -1e-6).all()
        n_inside, n_outside = n_inside + int((side < 0).sum()), n_outside + int((side > 0).sum())
        # a circle of latitude has normal curvature 1 / |gradient| on the outside, by Meunier's theorem
        around = side / np.sqrt(x**2 + y**2 + (radius * growth + bend * z) ** 2)
        k = image.curvature[on]
        gap = np.minimum(np.abs(k[:, 0] - around), np.abs(k[:, 1] - around))
        np.testing.assert_allclose(gap, 0, atol=1e-4)
        if bend > growth**2:
            assert (k[:, 0] > 0).all()
            assert (k[:, 1] < 0).all()
        if bend == growth**2:
            np.testing.assert_allclose(np.abs(k).min(axis=1), 0, atol=1e-6)
    assert n_inside > 20
    assert n_outside > 100


def test_the_waist_of_a_neck_by_hand(camera):
    """r(z)^2 = a^2 + c z^2: at the waist 1/a around it and -r'' = -c/a along it."""
    parts = Parts()
    parts.wall((2.0, 2.5), 0.8, 0.5, 0.8, GREY, waist=0.3)
    image = render(bare_room(*parts.items), camera, size=65)
    bend = (0.5**2 - 0.3**2) / 0.4**2
    np.testing.assert_allclose(image.curvature[32, 32], [1 / 0.3, -bend / 0.3], rtol=1e-5)
    assert image.depth_z[32, 32] == pytest.approx(2.0 - 0.3, rel=EXACT)


def test_a_bowl_has_its_rim_its_depth_and_is_hollow_from_above():
    parts = Parts()
    parts.bowl((2.0, 2.5), 0.7, 0.3, 0.12, GREY)
    bowl = parts.items[0]
    np.testing.assert_allclose(bowl.bounds(), (1.7, 2.2, 0.7, 2.3, 2.8, 0.82), atol=1e-9)
    above = Camera.looking_at((2.0, 2.4, 2.2), (2.0, 2.5, 0.7), 0.5)
    image = render(bare_room(bowl), above, size=65)
    on = image.instance == 6
    ball = (0.3**2 + 0.12**2) / (2 * 0.12)
    np.testing.assert_allclose(image.curvature[on], -1 / ball, rtol=1e-5)
    points = unproject(above, image.depth_z)[on]
    assert points[:, 2].min() == pytest.approx(0.7, abs=1e-3)


def test_an_arc_has_its_angle_and_bounds():
    parts = Parts()
    s = math.sqrt(0.5)
    parts.arc((2.0, 2.5, 1.0), (s, 0.0, s), (0.0, 1.0, 0.0), 0.2, 3.0, GREY, opening=math.pi / 2)
    np.testing.assert_allclose(parts.items[0].bounds(), (2.0, 1.0, 1.0, 2.2, 4.0, 1.2), atol=1e-9)
    room = bare_room(*parts.items)
    directions = np.array([[s, 0.0, s], [s, 0.0, -s], [1.0, 0.0, 0.01], [1.0, 0.0, -0.01]])
    near, ids = cast_rays(room.solids, np.array([2.0, 2.5, 1.0]), directions)
    assert (ids == 6).tolist() == [True, False, True, False]
    assert near[0] == pytest.approx(1 / 0.2)
    met = np.array([[2.0 + 0.2 * s, 2.5, 1.0 + 0.2 * s]])
    surface = surface_at(room.solids, ids[:1], tuple(met.T), np.array([2.0, 2.5, 1.0]))
    np.testing.assert_allclose(surface.curvature, [[0.0, -1 / 0.2]], atol=1e-9)


def test_single_rays_hit_a_sheet_as_an_image_shows_it(camera):
    parts = Parts()
    parts.wall((2.0, 2.3), 0.6, 0.35, 0.9, GREY, top=0.25, waist=0.2)
    parts.bowl((2.9, 3.0), 0.7, 0.4, 0.3, GREY)
    parts.arc((1.2, 3.0, 1.0), (0.0, 1.0, 0.0), UPRIGHT[2], 0.5, 1.6, GREY)
    room = bare_room(*parts.items)
    image = render(room, camera, size=48)
    points = unproject(camera, image.depth_z).reshape(-1, 3)
    near, ids = cast_rays(room.solids, camera.location, points - camera.location)
    np.testing.assert_allclose(near, 1.0, atol=1e-5)
    assert (room.solids.object_id[ids] == image.instance.ravel()).mean() > 0.999
    assert set(np.unique(image.instance)) >= {6, 7, 8}
