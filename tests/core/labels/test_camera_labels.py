import math

import numpy as np
import pytest
from tests.core.labels.facts import LEVEL, facts, room_layout, vanishing_points

from taskonomy_kedro.core.labels import camera_labels
from taskonomy_kedro.core.labels.camera_labels import (
    camera_vectors,
    composed_pose,
    relative_pose,
    room_layout_corners,
)
from taskonomy_kedro.rooms import euler_from_rotation, rotation_from_euler

HALF = math.sqrt(0.5)


def turned(yaw, pitch=0.0, **changes):
    """A camera that looks along +y turned to the left by yaw, and up by pitch."""
    return facts(angles=(LEVEL + pitch, 0.0, yaw), **changes)


def random_views(count):
    rng = np.random.default_rng(4)
    return [
        facts(location=tuple(rng.uniform(-1.9, 1.9, 3)), angles=tuple(rng.uniform(-1.4, 1.4, 3)))
        for _ in range(count)
    ]


def test_vanishing_points_of_a_level_camera_that_looks_between_two_walls():
    # looks along (1, 1): world x is forward-right, world y forward-left
    points = vanishing_points(turned(-math.pi / 4)).reshape(3, 3)
    np.testing.assert_allclose(points, [[HALF, 0, -HALF], [-HALF, 0, -HALF], [0, 1, 0]], atol=1e-6)


@pytest.mark.parametrize("yaw", np.linspace(-3.1, 3.1, 8))
@pytest.mark.parametrize("pitch", [-0.5, 0.0, 0.4])
def test_first_points_forward_right_second_forward_left_third_up(yaw, pitch):
    first, second, third = vanishing_points(turned(yaw, pitch)).reshape(3, 3)
    assert first[0] > 0 > first[2]
    assert second[0] < 0
    assert second[2] < 0
    assert third[1] > 0.8
    np.testing.assert_allclose(np.cross(first, second), third, atol=1e-6)


def test_vanishing_points_are_the_projections_of_far_edges():
    info = turned(-0.5, 0.1)
    rotation = rotation_from_euler(info.camera_rotation_final)
    far = rotation.T @ (np.array([1e7, 0.0, 0.0]) - info.camera_location)  # along world x
    first = vanishing_points(info)[:3]
    np.testing.assert_allclose(first[:2] / first[2], far[:2] / far[2], atol=1e-5)


def test_room_layout_by_hand():
    # looks along world +y from (0.5, 0, 1.5); the stored box has x and y swapped, so the room spans
    # y -2..3, x -1..1, z 0..2.5: its middle is 0.5 m to the left, 0.25 m below, 0.5 m ahead
    layout = room_layout(facts(location=(0.5, 0.0, 1.5)))
    np.testing.assert_allclose(layout[:3], [-0.5, -0.25, -0.5], atol=1e-6)
    np.testing.assert_allclose(layout[3:6], [LEVEL, 0.0, -LEVEL], atol=1e-6)  # +x becomes the view
    np.testing.assert_allclose(layout[6:], [5.0, 2.0, 2.5], atol=1e-6)  # depth, width, height


def test_room_layout_has_the_corners_in_the_camera_frame():
    for info in random_views(20):
        rotation = rotation_from_euler(info.camera_rotation_final)
        y_range, x_range, z_range = info.bounding_box_ranges
        world = np.array([(x, y, z) for x in x_range for y in y_range for z in z_range])
        wanted = (world - info.camera_location) @ rotation
        got = room_layout_corners(room_layout(info))
        distance = np.linalg.norm(wanted[:, None] - got[None], axis=2)
        assert distance.min(axis=1).max() < 1e-5


def test_the_published_example_is_reproduced():
    # one real view, method.md §2.9: put its camera into its room, in a world turned by any quarter
    wanted = np.array([0.995, 0.296, -4.002, 1.512, -0.004, -1.702, 7.694, 7.108, 3.018])
    rotation = rotation_from_euler(wanted[3:6])
    center = rotation @ wanted[:3]
    low, high = center - wanted[6:] / 2, center + wanted[6:] / 2
    for quarter in range(4):
        turn = rotation_from_euler((0.0, 0.0, quarter * math.pi / 2))
        corners = np.sort(np.stack([turn @ low, turn @ high]), axis=0)
        x, y, z = (tuple(map(float, corners[:, k])) for k in range(3))
        info = facts(
            location=(0.0, 0.0, 0.0),
            angles=tuple(euler_from_rotation(turn @ rotation)),
            bounding_box_ranges=(y, x, z),
        )
        np.testing.assert_allclose(room_layout(info), wanted, atol=1e-5)


def test_a_file_without_a_box_has_no_layout():
    assert np.isnan(room_layout(facts(bounding_box_ranges=None))).all()


def test_relative_pose_by_hand():
    np.testing.assert_allclose(relative_pose(turned(0.7, 0.2), turned(0.7, 0.2)), 0.0, atol=1e-7)
    # the second camera stands 1 m behind the first and looks the same way: the first lies ahead, -z
    first, second = facts(location=(0, 1, 1.5)), facts(location=(0, 0, 1.5))
    np.testing.assert_allclose(relative_pose(first, second), [0, 0, 0, 0, 0, -1], atol=1e-7)
    # the first turned to the left by 0.3: about the second's up axis, y
    np.testing.assert_allclose(relative_pose(turned(0.3), facts()), [0, 0.3, 0, 0, 0, 0], atol=1e-6)


def test_a_pose_transforms_points_from_the_first_camera_to_the_second():
    first, second = random_views(2)
    pose = relative_pose(first, second)
    world = np.array([0.3, -2.0, 0.9])

    def seen(info):
        return rotation_from_euler(info.camera_rotation_final).T @ (world - info.camera_location)

    moved = rotation_from_euler(pose[:3]) @ seen(first) + pose[3:]
    np.testing.assert_allclose(moved, seen(second), atol=1e-5)


def test_the_middle_pose_of_egomotion_is_the_composition_of_the_others():
    (motion,) = camera_vectors("egomotion", random_views(3), np.array([[0, 1, 2]]))
    assert motion.dtype == np.float32
    composed = composed_pose(motion[:6], motion[12:])
    np.testing.assert_allclose(composed[3:], motion[9:12], atol=1e-5)
    np.testing.assert_allclose(rotation_from_euler(composed[:3]), rotation_from_euler(motion[6:9]), atol=1e-5)


def test_vectors_of_a_table_are_those_of_its_rows(monkeypatch):
    views = random_views(4)
    assert camera_vectors("vanishing_point", views).shape == (4, 9)
    rows = np.array([[0, 2], [3, 1]])
    poses = camera_vectors("nonfixated_pose", views, rows)
    np.testing.assert_array_equal(poses[1], relative_pose(views[3], views[1]))
    monkeypatch.setattr(camera_labels, "_ROWS_AT_ONCE", 1)
    np.testing.assert_array_equal(camera_vectors("nonfixated_pose", views, rows), poses)
    assert camera_vectors("egomotion", views, np.empty((0, 3), int)).shape == (0, 18)


def test_rows_of_the_wrong_width_are_refused():
    with pytest.raises(ValueError, match=r"'egomotion' reads 3 images at a time, got rows of shape \(1, 2\)"):
        camera_vectors("egomotion", random_views(2), np.array([[0, 1]]))
    with pytest.raises(ValueError, match="did you mean 'room_layout'"):
        camera_vectors("room_layouts", [])
