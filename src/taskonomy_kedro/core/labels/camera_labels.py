"""Labels about the camera: vanishing points, room layout, relative poses, egomotion.

All are raw float32 vectors computed from `PointInfo` alone; `statistics.Standardisation` scales them.
A camera's rotation is R = Rz Ry Rx of static-xyz Euler angles; its columns are the camera's axes in the
world, x right, y up, looking along -z. World z is up.
"""

import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.camera_table import CameraFacts, CameraTable
from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.tasks import nearest_name_hint
from taskonomy_kedro.rooms import euler_from_rotation, rotation_from_euler

VANISHING_POINT_LENGTH = 9
ROOM_LAYOUT_LENGTH = 9
POSE_LENGTH = 6
EGOMOTION_LENGTH = 18
_ROWS_AT_ONCE = 65536  # bounds the memory of a table of millions of rows
# the stored boxes have x and y swapped: their x runs along world y, their y against world x
_BOX_FROM_WORLD = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
_QUARTER_TURNS = np.array(
    [
        [[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]
        for c, s in ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))
    ]
)
"""(4, 3, 3), rotations of the world about z by 0, 90, 180 and 270 degrees."""
_CORNERS = np.array(list(itertools.product((0, 1), repeat=3)))
"""(8, 3), which end of each range a corner of a box takes."""


class _Cameras(NamedTuple):
    """Cameras of n images.

    Attributes:
        location: (n, 3) metres in the world.
        rotation: (n, 3, 3).
        box: (n, 3, 2) metres, `bounding_box_ranges`; NaN if an image has none.
    """

    location: np.ndarray
    rotation: np.ndarray
    box: np.ndarray


def camera_vectors(
    task: str, infos: Sequence[PointInfo | CameraFacts], rows: np.ndarray | None = None
) -> np.ndarray:
    """Return the raw vectors of one of the five camera tasks.

    Source: docs/method.md, "Camera labels".

    Args:
        task: `vanishing_point`, `room_layout`, `fixated_pose`, `nonfixated_pose` or `egomotion`.
        infos: The facts of all images of a split; `CameraFacts` are enough for poses and egomotion.
        rows: (m, 2) or (m, 3) images that belong together, for poses and egomotion.

    Returns:
        (n or m, k) float32, k values in the order

        - `vanishing_point` (9): three unit vectors in the camera frame: the horizontal world axis that
          points forward and right, the one that points forward and left, and world up.
        - `room_layout` (9): centre of the room's box in the camera frame (3, metres), Euler angles of the
          camera in a world turned about z by quarters so that its x is nearest to the view direction
          (3, radians), side lengths along that world's axes (3, metres). NaN if an image has no box.
        - `fixated_pose`, `nonfixated_pose` (6): the first camera as seen from the second: Euler angles of
          R2' R1 (radians), then R2' (c1 - c2) (metres).
        - `egomotion` (18): the poses 1 to 2, 1 to 3 and 2 to 3.

    Raises:
        UserError: Another task, or rows of another width than the task reads.
    """
    if task not in _VECTORS:
        raise UserError(f"task {task!r} has no camera vector{nearest_name_hint(task, _VECTORS)}")
    make, width, length = _VECTORS[task]
    table = np.arange(len(infos))[:, None] if rows is None else np.asarray(rows)
    if table.ndim != 2 or table.shape[1] != width:
        raise UserError(f"task {task!r} reads {width} images at a time, got rows of shape {table.shape}")
    numbers, boxes = _numbers(infos), _boxes(infos) if width == 1 else np.empty((len(infos), 0))
    vectors = np.empty((len(table), length), dtype=np.float32)
    for start in range(0, len(table), _ROWS_AT_ONCE):
        part = table[start : start + _ROWS_AT_ONCE]
        cameras = (
            _Cameras(numbers[one, :3], rotation_from_euler(numbers[one, 3:]), boxes[one]) for one in part.T
        )
        vectors[start : start + _ROWS_AT_ONCE] = make(*cameras)
    return vectors


def _numbers(infos: Sequence[PointInfo | CameraFacts]) -> np.ndarray:
    """Return location and Euler angles of each image, (n, 6) float64."""
    if isinstance(infos, CameraTable):
        return infos.numbers()
    return np.array([(*info.camera_location, *info.camera_rotation_final) for info in infos]).reshape(-1, 6)


def _boxes(infos: Sequence[PointInfo | CameraFacts]) -> np.ndarray:
    boxes = [getattr(info, "bounding_box_ranges", None) for info in infos]
    return np.array([np.full((3, 2), np.nan) if box is None else box for box in boxes]).reshape(-1, 3, 2)


def _vanishing_points(camera: _Cameras) -> np.ndarray:
    """Return (n, 9): of the four turns of the world, the one whose x and y are nearest to the view."""
    axes = np.swapaxes(camera.rotation, 1, 2)[:, None] @ _QUARTER_TURNS  # (n, 4, 3, 3) in the camera frame
    angles = np.arccos(np.clip(-axes[:, :, 2, :2], -1.0, 1.0)).sum(axis=2)
    nearest = axes[np.arange(len(axes)), angles.argmin(axis=1)]
    return np.swapaxes(nearest, 1, 2).reshape(-1, VANISHING_POINT_LENGTH)


def _room_layout(camera: _Cameras) -> np.ndarray:
    rotation, location = _BOX_FROM_WORLD @ camera.rotation, camera.location @ _BOX_FROM_WORLD.T
    box = camera.box.copy()
    box[:, 1] = -box[:, 1, ::-1]
    forward = -(_QUARTER_TURNS @ rotation[:, None])[:, :, 0, 2]
    turn = _QUARTER_TURNS[forward.argmax(axis=1)]
    corners = box[:, np.arange(3), _CORNERS] @ np.swapaxes(turn, 1, 2)  # (n, 8, 3)
    rotation, location = turn @ rotation, _apply(turn, location)
    center = _apply(np.swapaxes(rotation, 1, 2), corners.mean(axis=1) - location)
    sides = corners.max(axis=1) - corners.min(axis=1)
    layout = np.concatenate([center, euler_from_rotation(rotation), sides], axis=1)
    layout[np.isnan(center).any(axis=1)] = np.nan
    return layout


def room_layout_corners(layout: np.ndarray) -> np.ndarray:
    """Return the eight corners (8, 3) in the camera frame, metres, of a room layout (9,)."""
    center, angles, sides = np.asarray(layout, dtype=np.float64).reshape(3, 3)
    halves = (_CORNERS - 0.5) * sides
    return center + halves @ rotation_from_euler(angles)  # rows: transposed rotation, world to camera


def _poses(first: _Cameras, second: _Cameras) -> np.ndarray:
    to_second = np.swapaxes(second.rotation, 1, 2)
    shift = _apply(to_second, first.location - second.location)
    return np.concatenate([euler_from_rotation(to_second @ first.rotation), shift], axis=1)


def _egomotion(first: _Cameras, second: _Cameras, third: _Cameras) -> np.ndarray:
    return np.concatenate([_poses(first, second), _poses(first, third), _poses(second, third)], axis=1)


def _apply(matrices: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Return the products of matrices (n, 3, 3) and vectors (n, 3)."""
    product: np.ndarray = (matrices @ vectors[..., None])[..., 0]
    return product


def relative_pose(first: PointInfo | CameraFacts, second: PointInfo | CameraFacts) -> np.ndarray:
    """Return the pose of one pair, (6,) float32, see `camera_vectors`."""
    vector: np.ndarray = camera_vectors("fixated_pose", [first, second], np.array([[0, 1]]))[0]
    return vector


def composed_pose(pose_12: np.ndarray, pose_23: np.ndarray) -> np.ndarray:
    """Return the pose 1 to 3, (6,) float32, of poses 1 to 2 and 2 to 3: R23 R12 and R23 t12 + t23."""
    r12, r23 = rotation_from_euler(pose_12[:3]), rotation_from_euler(pose_23[:3])
    shift = r23 @ pose_12[3:] + pose_23[3:]
    return np.concatenate([euler_from_rotation(r23 @ r12), shift]).astype(np.float32)


_VECTORS: dict[str, tuple[Callable[..., np.ndarray], int, int]] = {
    "vanishing_point": (_vanishing_points, 1, VANISHING_POINT_LENGTH),
    "room_layout": (_room_layout, 1, ROOM_LAYOUT_LENGTH),
    "fixated_pose": (_poses, 2, POSE_LENGTH),
    "nonfixated_pose": (_poses, 2, POSE_LENGTH),
    "egomotion": (_egomotion, 3, EGOMOTION_LENGTH),
}
