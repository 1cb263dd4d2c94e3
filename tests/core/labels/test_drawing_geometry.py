import math

import numpy as np
import pytest
from tests.core.labels.facts import room_layout, vanishing_points
from tests.label_examples import camera

from taskonomy_kedro.core.labels.camera_labels import relative_pose
from taskonomy_kedro.core.labels.drawing import geometry, pose_drawing, sketch

SIZE, FOCAL = 100, 50.0  # a right angle of view


def test_the_focal_length_is_half_the_side_at_a_right_angle_of_view():
    assert geometry.focal_length(camera(), SIZE) == pytest.approx(FOCAL)


def _colors_of(lines, ends):
    """The colours of the lines between two places, whichever comes first."""
    ways = (ends, ends[::-1])
    return [color for line, color in lines if any(np.allclose(line, way, rtol=1e-4) for way in ways)]


def test_the_far_wall_of_the_layout_is_drawn_where_its_corners_project():
    lines = geometry.layout_lines(room_layout(camera()), FOCAL, SIZE)
    # the far wall is 3 m ahead, 4 m wide; floor and ceiling are 1.5 m below and above
    left, right, top, bottom = 50 - 100 / 3, 50 + 100 / 3, 25, 75
    assert len(lines) == 8  # the four edges of the wall behind the camera are not seen
    for ends, color in (
        (((left, bottom), (right, bottom)), geometry.FLOOR_COLOR),
        (((left, top), (right, top)), geometry.CEILING_COLOR),
        (((left, top), (left, bottom)), geometry.WALL_COLOR),
        (((right, top), (right, bottom)), geometry.WALL_COLOR),
    ):
        assert [color] == _colors_of(lines, ends)


def test_edges_that_run_behind_the_camera_end_just_before_it():
    lines = geometry.layout_lines(room_layout(camera()), FOCAL, SIZE)
    for (x, y), color in (((2.0, -1.5), geometry.FLOOR_COLOR), ((-2.0, 1.5), geometry.CEILING_COLOR)):
        far, near = (np.array([50 + 50 * x / ahead, 50 - 50 * y / ahead]) for ahead in (3.0, geometry.NEAR))
        assert [color] == _colors_of(lines, (far, near))


def test_the_arrows_of_the_axes_point_ahead_right_ahead_left_and_up():
    vector = vanishing_points(camera(yaw=-math.pi / 4))
    (_, first), (_, second), (_, third) = geometry.axis_arrows(vector, FOCAL, SIZE, (50.0, 50.0), 0.5)
    aside = 50 * math.sqrt(0.125) / (1 + math.sqrt(0.125))  # half a unit at 45 degrees
    assert first == pytest.approx((50 + aside, 50), abs=1e-3)
    assert second == pytest.approx((50 - aside, 50), abs=1e-3)
    assert third == pytest.approx((50, 25), abs=1e-3)


def test_arrows_from_anywhere_point_to_the_vanishing_point():
    vector = vanishing_points(camera(yaw=-0.2))
    vanishing = geometry.project(vector[3:6].astype(float), FOCAL, SIZE)
    for start in ((20.0, 80.0), (90.0, 30.0)):
        _, end = geometry.axis_arrows(vector, FOCAL, SIZE, start, 0.3)[1]
        ways = np.subtract(end, start), np.subtract(vanishing, start)
        assert ways[0] / np.linalg.norm(ways[0]) == pytest.approx(ways[1] / np.linalg.norm(ways[1]), abs=1e-5)


def test_a_line_is_cut_off_at_the_edge_of_the_picture():
    assert sketch.clipped(((-10.0, 50.0), (200.0, 50.0)), (100, 80)) == ((0.0, 50.0), (100.0, 50.0))
    assert sketch.clipped(((-10.0, -10.0), (200.0, -10.0)), (100, 80)) is None
    (x, y), end = sketch.clipped(((-10.0, 0.0), (40.0, 50.0)), (100, 80))
    assert ((x, y), end) == (pytest.approx((0.0, 10.0)), (40.0, 50.0))


def test_by_its_pose_a_camera_sees_the_point_of_the_other_in_its_middle():
    first = camera((1.0, 0.0, 1.5), math.atan2(1.0, 3.0), camera_distance=10**0.5)  # looks at the same point
    second = camera()
    placed = pose_drawing._placed_all(relative_pose(first, second)[None], (first, second))
    assert placed[0].target == pytest.approx([0, 0, -3], abs=1e-5)
    for own in placed:
        for other in placed:
            place = pose_drawing.point_in_image(own, other.target, SIZE)
            assert place == pytest.approx((50, 50), abs=1e-3)


def test_a_point_to_the_right_is_marked_right_and_one_behind_not_at_all():
    (own,) = pose_drawing._placed_all(np.zeros((0, 6)), (camera(),))
    assert pose_drawing.point_in_image(own, np.array([1.0, 0.5, -2.0]), SIZE) == pytest.approx((75, 37.5))
    assert pose_drawing.point_in_image(own, np.array([0.0, 0.0, 2.0]), SIZE) is None
    assert pose_drawing.point_in_image(own, np.array([9.0, 0.0, -2.0]), SIZE) is None


def test_the_plan_undoes_pitch_and_shows_the_walls_around_the_camera():
    down = camera(yaw=0.7, camera_rotation_final=(math.pi / 2 - 0.5, 0.0, 0.7))
    upright = pose_drawing._upright(down)
    assert upright @ [0, 0, -1] == pytest.approx([0, math.cos(0.5), -math.sin(0.5)])
    assert upright @ [1, 0, 0] == pytest.approx([1, 0, 0])
    corners = pose_drawing._walls(camera())
    assert sorted(map(tuple, corners.round(6))) == [(-2, -1), (-2, 3), (2, -1), (2, 3)]
    assert len(pose_drawing._walls(camera(bounding_box_ranges=None))) == 0


def test_numbers_of_cameras_in_one_place_do_not_hide_each_other():
    ends = [((50.0, 50.0), (50.0, 10.0))] * 3
    places = pose_drawing._badge_places(ends, 8.0)
    for k, place in enumerate(places):
        assert place[1] > 50  # behind the camera
        for other in places[:k]:
            assert max(abs(place[0] - other[0]), abs(place[1] - other[1])) >= 8
