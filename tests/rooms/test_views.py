import itertools
import math

import numpy as np
import pytest
from tests.unprojecting import unproject

from taskonomy_kedro.rooms import (
    Camera,
    RoomSettings,
    make_room,
    make_views,
    render,
    rotation_from_euler,
    visible_points,
)
from taskonomy_kedro.rooms.ray_casting import SHELL, cast_rays

SEED = 4
SETTINGS = RoomSettings(views_per_room=12)
ROOMS = [make_room(seed=SEED, index=index) for index in range(8)]
VIEWS = [make_views(room, seed=SEED, settings=SETTINGS) for room in ROOMS]
SIZE = 64
SAME_DEPTH = 0.01  # relative; a pixel is about 0.018 of the depth wide


def test_fixated_point_is_at_the_centre_and_not_hidden():
    for room, views in zip(ROOMS, VIEWS, strict=True):
        for view in views:
            place, depth = view.camera.project(view.point_location[None], SIZE)
            np.testing.assert_allclose(place, [[SIZE / 2, SIZE / 2]], atol=1e-6)
            assert depth[0] == pytest.approx(view.camera_distance)
            local = view.camera.to_camera(view.point_location[None])[0]
            np.testing.assert_allclose(local, [0, 0, -view.camera_distance], atol=1e-9)
            image = render(room, view.camera, size=65)  # odd: the middle pixel's centre is the point
            assert image.depth_z[32, 32] == pytest.approx(view.camera_distance, rel=1e-6)
            assert image.instance[32, 32] == view.object_id
            cosine = image.normal[32, 32, 2]
            assert math.cos(view.obliqueness_angle) == pytest.approx(cosine, abs=1e-5)


def test_euler_angles_rebuild_the_rotation_without_roll():
    for view in VIEWS[0]:
        a, b, c = view.rotation_euler
        assert b == pytest.approx(0.0, abs=1e-12)
        np.testing.assert_allclose(rotation_from_euler((a, b, c)), view.camera.rotation, atol=1e-12)
        down = view.point_location[2] - view.camera.location[2]
        assert math.sin(view.pitch) * view.camera_distance == pytest.approx(down)


def test_points_of_fixated_pairs_have_the_same_depth_and_object_or_are_occluded():
    """Every pixel of every pair: no point lies before what the other view shows within a pixel of it.

    What lies behind must be hidden. Left over are surfaces thinner than a pixel, between the pixel centres.
    """
    n_points = n_before = n_lost = n_near = n_same = 0
    for room, views in zip(ROOMS, VIEWS, strict=True):
        images = [render(room, view.camera, size=SIZE, samples=1) for view in views]
        for i, j in itertools.permutations(range(len(views)), 2):
            if views[i].point_id != views[j].point_id:
                continue
            camera, is_valid = views[j].camera, images[i].valid
            points = unproject(views[i].camera, np.where(is_valid, images[i].depth_z, 1.0))[is_valid]
            place, depth = camera.project(points, SIZE)
            is_inside = (depth > 0) & ((place >= 1) & (place < SIZE - 1)).all(axis=1)
            points, depth = points[is_inside], depth[is_inside]
            instance = images[i].instance[is_valid][is_inside]
            column, row = np.floor(place[is_inside]).astype(int).T
            shown = np.where(images[j].valid, images[j].depth_z, np.inf)
            nine = np.stack([shown[row + dy, column + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)])
            labels = np.stack(
                [images[j].instance[row + dy, column + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
            )
            is_near = (np.abs(nine - depth) < SAME_DEPTH * depth).any(axis=0)
            n_near += int(is_near.sum())
            n_same += int((labels == instance).any(axis=0)[is_near].sum())
            n_points += len(points)
            n_before += int((depth < nine.min(axis=0) * (1 - SAME_DEPTH)).sum())
            behind = points[depth > nine.max(axis=0) * (1 + SAME_DEPTH)]
            nearness, _ = cast_rays(room.solids, camera.location, behind - camera.location)
            n_lost += int((nearness < 1 + 1e-5).sum())  # nothing hides them
    assert n_points > 500_000
    assert n_same / n_near > 0.99
    assert n_before / n_points < 0.003  # 0.0011 was measured
    assert n_lost / n_points < 0.003  # 0.0007


def test_cameras_are_inside_the_room_and_clear_of_everything():
    for room, views in zip(ROOMS, VIEWS, strict=True):
        boxes = np.array([p.bounds() for p in room.primitives[SHELL:]])
        low, high = np.array(room.box).T
        for view in views:
            c = view.camera.location
            assert ((c > low + 0.2) & (c < high - 0.2)).all()
            gap = np.maximum(np.maximum(boxes[:, :3] - c, c - boxes[:, 3:]), 0)
            assert np.sqrt((gap**2).sum(axis=1)).min() >= SETTINGS.clearance


def test_every_point_has_two_to_six_informative_views():
    for room, views in zip(ROOMS, VIEWS, strict=True):
        assert len(views) in (12, 13), room.name
        assert [v.point_id for v in views] == sorted(v.point_id for v in views)
        counts = np.bincount([v.point_id for v in views])
        assert counts.min() >= 2
        assert counts.max() <= 6
        for point in range(len(counts)):
            assert [v.view_id for v in views if v.point_id == point] == list(range(counts[point]))
        shown = [len(np.unique(render(room, v.camera, size=32).instance)) for v in views]
        assert min(shown) >= 3


def test_visible_points_agree_with_the_depth_images():
    count = 0
    for room, views in zip(ROOMS, VIEWS, strict=True):
        seen = visible_points(room, views, SIZE)
        images = [render(room, view.camera, size=SIZE) for view in views]
        location = {view.point_id: view.point_location for view in views}
        for point, sightings in enumerate(seen):
            own = {k for k, view in enumerate(views) if view.point_id == point}
            assert own <= {s.view for s in sightings}
            for s in sightings:
                place, depth = views[s.view].camera.project(location[point][None], SIZE)
                np.testing.assert_allclose(place[0], [s.x, s.y])
                assert 0 <= s.x < SIZE
                assert 0 <= s.y < SIZE
                row, column = int(s.y), int(s.x)
                window = images[s.view].depth_z[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
                assert window.min() * 0.95 <= depth[0] <= window.max() * 1.05
                count += s.view not in own
    assert count > 30


def test_mean_angle_of_view_is_that_of_the_real_data():
    angles = [view.camera.field_of_view_rads for views in VIEWS for view in views]
    assert math.degrees(np.mean(angles)) == pytest.approx(61.2, abs=5)


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("image_size", 8, "image_size must be at least 16 pixels, got 8"),
        ("samples", 3, "samples must be 1, 2 or 4, got 3"),
        ("views_per_room", 1, "at least 2, got 1"),
        ("views_per_point", (1, 6), r"views_per_point must be .* got \(1, 6\)"),
        ("field_of_view_rads", (1.0, 0.5), r"field_of_view_rads must be .* got \(1.0, 0.5\)"),
        ("clearance", 0.0, "clearance must be"),
        ("views_per_room", "many", "views_per_room must be a whole number, got 'many'"),
    ],
)
def test_bad_settings_are_refused(setting, value, message):
    with pytest.raises((ValueError, TypeError), match=message):
        RoomSettings(**{setting: value})


def test_a_camera_straight_above_its_point_is_refused():
    with pytest.raises(ValueError, match="needs a point that is not straight above"):
        Camera.looking_at((1.0, 1.0, 2.0), (1.0, 1.0, 0.0), 1.0)
