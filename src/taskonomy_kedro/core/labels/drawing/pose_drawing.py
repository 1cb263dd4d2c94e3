"""Poses between images: the images side by side, and below them a plan seen from above.

Everything is drawn from the numbers of a label or prediction; the plan of a prediction has room for
both, so that they can be compared. In each image a cross shows where the point that
another camera looks at must lie by the pose: it should sit on the same thing in both.
"""

from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.core.labels.camera_labels import camera_vectors, relative_pose
from taskonomy_kedro.core.labels.drawing.geometry import (
    NEAR,
    draw_room_layout,
    draw_vanishing_points,
    focal_length,
    project,
)
from taskonomy_kedro.core.labels.drawing.pixels import INK, PALE_INK, WHITE, Color, resized, with_caption
from taskonomy_kedro.core.labels.drawing.sketch import Place, Sketch
from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.rooms import rotation_from_euler

CAMERA_COLORS: tuple[Color, Color, Color] = ((214, 55, 40), (25, 110, 205), (20, 145, 80))
"""Of the first, second and third image of a pair or triplet."""
_WALL: Color = (205, 205, 205)
_PAPER: Color = (250, 250, 250)
_MARGIN = 0.14


@dataclass(frozen=True, kw_only=True, eq=False)
class _Placed:
    """A camera in the frame of the last one of its pair or triplet: rotation (3, 3) and location (3,)."""

    rotation: np.ndarray
    location: np.ndarray
    info: PointInfo

    @property
    def target(self) -> np.ndarray:
        """The point it looks at, (3,)."""
        return self.location - self.rotation[:, 2] * self.info.camera_distance


def draw_cameras(task: Task, vector: np.ndarray, example: LabelExample, size: int) -> np.ndarray:
    """Draw the raw vector (k,) of a camera task, of a label or predicted, into the images of an example."""
    rgb = example.pictures[0]
    if task.name == "vanishing_point":
        return draw_vanishing_points(rgb, vector, example.point_infos[0], size)
    if task.name == "room_layout":
        return draw_room_layout(rgb, vector, example.point_infos[0], size)
    draw = draw_egomotion if len(example.image_ids) == 3 else draw_pose
    return draw(example, vector, size)


def draw_pose(example: LabelExample, pose: np.ndarray, size: int) -> np.ndarray:
    """Draw a pair of images and the first camera as seen from the second, by a raw pose (6,)."""
    board = _board(example, size, pose[None], relative_pose(*example.point_infos)[None])
    cosine = (np.trace(rotation_from_euler(pose[:3])) - 1) / 2
    angle = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    return with_caption(board, f"{_distance(pose)} m, {angle:.0f}°")


def draw_egomotion(example: LabelExample, vector: np.ndarray, size: int) -> np.ndarray:
    """Draw a triplet of images and the first two cameras as seen from the third, by raw poses (18,)."""
    true_poses = camera_vectors("egomotion", example.point_infos, np.array([[0, 1, 2]])).reshape(3, 6)
    poses = vector.reshape(3, 6)
    board = _board(example, size, poses[1:], true_poses[1:])  # 1 to 3 and 2 to 3
    return with_caption(board, " ".join(_distance(pose) for pose in poses) + " m")


def _placed_all(poses: np.ndarray, infos: tuple[PointInfo, ...]) -> list[_Placed]:
    """Return the cameras of a pair or triplet, by the poses of all but the last as seen from the last."""
    return [
        _Placed(rotation=rotation_from_euler(pose[:3]), location=np.asarray(pose[3:], np.float64), info=info)
        for pose, info in zip((*poses, np.zeros(6)), infos, strict=True)
    ]


def _distance(pose: np.ndarray) -> str:
    return f"{float(np.linalg.norm(pose[3:])):.1f}"


def _board(example: LabelExample, size: int, poses: np.ndarray, true_poses: np.ndarray) -> np.ndarray:
    """Return images above and plan below, (size, size, 3)."""
    cameras, true_cameras = (_placed_all(one, example.point_infos) for one in (poses, true_poses))
    count = len(cameras)
    side = size // count
    board = np.full((size, size, 3), WHITE, dtype=np.uint8)
    for k, rgb in enumerate(example.pictures):
        board[:side, k * side : (k + 1) * side] = _marked(rgb, side, k, cameras)
    board[side:, :] = draw_plan(cameras, size, size - side, frame=true_cameras)
    board[side : side + 1] = WHITE
    for k in range(1, count):
        board[:side, k * side] = WHITE
    return board


def _marked(rgb: np.ndarray, side: int, own: int, cameras: list[_Placed]) -> np.ndarray:
    sketch = Sketch(resized(rgb, side))
    for k, color in enumerate(CAMERA_COLORS[: len(cameras)]):
        place = point_in_image(cameras[own], cameras[k].target, side)
        if k != own and place is not None:
            sketch.cross(place, side / 9, color, width=side / 32)
    sketch.badge(str(own + 1), (0, 0), CAMERA_COLORS[own], tall=max(7.0, side / 5))
    return sketch.finished()


def point_in_image(camera: _Placed, point: np.ndarray, size: int) -> Place | None:
    """Return where a camera sees a point, or None where it does not."""
    local = camera.rotation.T @ (point - camera.location)
    if local[2] > -NEAR:
        return None
    x, y = project(local, focal_length(camera.info, size), size)
    return (float(x), float(y)) if 0 <= x <= size and 0 <= y <= size else None


def draw_plan(cameras: list[_Placed], width: int, height: int, *, frame: list[_Placed]) -> np.ndarray:
    """Draw cameras from above, the last looking up: its pitch is undone, so that walls stay upright.

    Each is a triangle open to where it looks, with a line to its point; walls are grey, the bar at
    the lower left is one metre long. The plan has room for the cameras of `frame` too.
    """
    upright = _upright(cameras[-1].info)
    spots, framed = (
        np.array([[upright @ camera.location, upright @ camera.target] for camera in some])[..., :2]
        for some in (cameras, frame)
    )
    walls = _walls(cameras[-1].info)
    everything = np.concatenate([spots, framed]).reshape(-1, 2)
    low, high = everything.min(axis=0), everything.max(axis=0)
    room = np.array([width, height], dtype=np.float64) * (1 - 2 * _MARGIN)
    scale = float((room / np.maximum(high - low + 0.5, 1.0)).min())  # pixels a metre
    middle = (low + high) / 2

    def place(spot: np.ndarray) -> Place:
        x, y = (spot - middle) * scale
        return (width / 2 + float(x), height / 2 - float(y))

    sketch = Sketch(np.full((height, width, 3), _PAPER, dtype=np.uint8))
    for k in range(len(walls)):
        sketch.line((place(walls[k - 1]), place(walls[k])), _WALL, width=height / 40)
    for (location, target), camera, color in zip(spots, cameras, CAMERA_COLORS, strict=False):
        sketch.line((place(location), place(target)), color, width=height / 70)
        _draw_wedge(sketch, place(location), place(target), camera.info.field_of_view_rads, color, height)
    for (_, target), color in zip(spots, CAMERA_COLORS, strict=False):
        sketch.dot(place(target), height / 28, color)
    tall = max(6.0, height / 7)
    ends = [(place(location), place(target)) for location, target in spots]
    for k, (x, y) in enumerate(_badge_places(ends, tall)):
        sketch.badge(str(k + 1), (x - tall / 2, y - tall / 2), CAMERA_COLORS[k], tall=tall)
    bottom = height - height * 0.06
    sketch.line(((height * 0.06, bottom), (height * 0.06 + scale, bottom)), INK, width=height / 36)
    sketch.text("1 m", (height * 0.06, bottom - height * 0.1), PALE_INK, tall=max(7.0, height / 8))
    return sketch.finished()


def _badge_places(ends: list[tuple[Place, Place]], tall: float) -> list[Place]:
    """Return where the numbers of cameras stand: behind each, moved aside where two would overlap."""
    places: list[Place] = []
    for (x, y), target in ends:
        way = np.subtract(target, (x, y))
        behind = way / max(float(np.linalg.norm(way)), 1e-9) * tall * 0.6
        spot = (x - float(behind[0]), y - float(behind[1]))
        aside = 1.0 if not places or spot[0] >= places[-1][0] else -1.0
        while any(max(abs(spot[0] - a), abs(spot[1] - b)) < tall for a, b in places):
            spot = (spot[0] + aside, spot[1])
        places.append(spot)
    return places


def _draw_wedge(sketch: Sketch, start: Place, target: Place, view: float, color: Color, height: int) -> None:
    """Draw the sides of what a camera sees."""
    way = np.subtract(target, start)
    length = float(np.linalg.norm(way))
    if length < 1e-6:
        return
    forward = way / length * height * 0.2
    across = np.array([-forward[1], forward[0]]) * np.tan(view / 2)
    left, right = (tuple(np.add(start, forward) + sign * across) for sign in (-1, 1))
    pale = tuple(round(0.35 * c + 0.65 * 250) for c in color)
    sketch.polygon([start, left, right], (pale[0], pale[1], pale[2]))
    for end in (left, right):
        sketch.line((start, end), color, width=height / 90)


def _upright(info: PointInfo) -> np.ndarray:
    """Return the rotation from a camera's frame to one in which it is level and looks along +y."""
    rotation = rotation_from_euler(info.camera_rotation_final)
    return _heading(rotation) @ rotation


def _heading(rotation: np.ndarray) -> np.ndarray:
    """Return the rotation of the world about z that turns the view to +y."""
    x, y = -rotation[:2, 2]
    length = max(float(np.hypot(x, y)), 1e-9)
    c, s = y / length, x / length
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def _walls(info: PointInfo) -> np.ndarray:
    """Return the corners (4, 2) of the room in the plan of `_upright`, none where there is no box."""
    if info.bounding_box_ranges is None:
        return np.empty((0, 2))
    (y0, y1), (x0, x1), _ = info.bounding_box_ranges  # stored with x and y swapped
    rotation = rotation_from_euler(info.camera_rotation_final)
    corners = np.array([(x0, y0, 0.0), (x1, y0, 0.0), (x1, y1, 0.0), (x0, y1, 0.0)])
    from_camera = corners - np.array(info.camera_location)
    return np.asarray((from_camera @ _heading(rotation).T)[:, :2])
