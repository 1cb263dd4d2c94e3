"""Labels about the camera: vanishing points, room layout, relative poses, egomotion.

All are raw float32 vectors made from `PointInfo` alone; `statistics.Standardisation` scales them.
A rotation is R = Rz Ry Rx of static-xyz Euler angles; its columns are the camera's axes in the world,
x right, y up, looking along -z. World z is up.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from taskonomy_kedro.core.labels.camera_table import CameraFacts
from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.tasks import nearest_name_hint

VANISHING_POINT_LENGTH = 9
ROOM_LAYOUT_LENGTH = 9
POSE_LENGTH = 6
EGOMOTION_LENGTH = 18
# the stored boxes have x and y swapped: their x runs along world y, their y against world x
_BOX_FROM_WORLD = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
_QUARTER_TURNS = tuple(
    np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    for c, s in ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))
)
"""Rotations of the world about z by 0, 90, 180 and 270 degrees."""


def rotation_from_euler(angles: np.ndarray | tuple[float, float, float]) -> np.ndarray:
    """Return the rotation Rz Ry Rx, (3, 3) float64, of static-xyz angles in radians.

    Example:
        A quarter turn about z takes x to y:

        >>> (rotation_from_euler((0.0, 0.0, math.pi / 2)) @ [1, 0, 0]).round(6).tolist()
        [0.0, 1.0, 0.0]
    """
    (sa, sb, sc), (ca, cb, cc) = np.sin(angles), np.cos(angles)
    return np.array(
        [
            [cb * cc, sa * sb * cc - ca * sc, ca * sb * cc + sa * sc],
            [cb * sc, sa * sb * sc + ca * cc, ca * sb * sc - sa * cc],
            [-sb, sa * cb, ca * cb],
        ]
    )


@lru_cache(maxsize=1024)  # an image is in several pairs and triplets
def _camera_to_world(angles: tuple[float, float, float]) -> np.ndarray:
    rotation = rotation_from_euler(angles)
    rotation.flags.writeable = False
    return rotation


def euler_from_rotation(rotation: np.ndarray) -> np.ndarray:
    """Return static-xyz angles (3,) float64 in radians: first and third in [-pi, pi], second in half."""
    across = math.hypot(rotation[0, 0], rotation[1, 0])
    if across < 1e-9:  # the first and third turn about the same axis: the third is taken as none
        return np.array(
            [math.atan2(-rotation[1, 2], rotation[1, 1]), math.atan2(-rotation[2, 0], across), 0.0]
        )
    return np.array(
        [
            math.atan2(rotation[2, 1], rotation[2, 2]),
            math.atan2(-rotation[2, 0], across),
            math.atan2(rotation[1, 0], rotation[0, 0]),
        ]
    )


def vanishing_points(info: PointInfo) -> np.ndarray:
    """Return the three directions that the room's edges run in, as the camera sees them.

    Returns:
        (9,) float32, three unit vectors in the camera frame: V1 the horizontal world axis that points
        forward and right, V2 the one that points forward and left, V3 world up.

    Source: docs/method.md, "Camera labels": of the four turns of the world about z, the one whose x and y
    are together nearest to the view direction; the field `vanishing_points_gaussian_sphere` is not used.
    """
    to_camera = _camera_to_world(info.camera_rotation_final).T

    def distance(turn: np.ndarray) -> float:
        forward = -(to_camera @ turn)[2, :2]  # cosines between view direction and x, y
        return float(np.arccos(np.clip(forward, -1.0, 1.0)).sum())

    turn = min(_QUARTER_TURNS, key=distance)
    return (to_camera @ turn).T.ravel().astype(np.float32)


def room_layout(info: PointInfo) -> np.ndarray:
    """Return the room's box as the camera sees it.

    Returns:
        (9,) float32: centre of the box in the camera frame (3, metres), Euler angles of the camera
        in a world turned about z by quarters so that its x is nearest to the view direction
        (3, radians), side lengths along that world's axes (3, metres). All nan where the image
        has no box.

    Source: docs/method.md, "Camera labels".
    """
    if info.bounding_box_ranges is None:
        return np.full(ROOM_LAYOUT_LENGTH, np.nan, dtype=np.float32)
    rotation = _BOX_FROM_WORLD @ _camera_to_world(info.camera_rotation_final)
    location = _BOX_FROM_WORLD @ np.array(info.camera_location)
    x, y, z = info.bounding_box_ranges
    corners = np.array(list(itertools.product(x, (-y[1], -y[0]), z)))
    turn = max(_QUARTER_TURNS, key=lambda t: float(-(t @ rotation)[0, 2]))
    rotation, location, corners = turn @ rotation, turn @ location, corners @ turn.T
    center = rotation.T @ (corners.mean(axis=0) - location)
    sides = corners.max(axis=0) - corners.min(axis=0)
    return np.concatenate([center, euler_from_rotation(rotation), sides]).astype(np.float32)


def room_layout_corners(layout: np.ndarray) -> np.ndarray:
    """Return the eight corners (8, 3) in the camera frame, metres, of a room layout (9,)."""
    center, angles, sides = np.asarray(layout, dtype=np.float64).reshape(3, 3)
    halves = np.array(list(itertools.product((-0.5, 0.5), repeat=3))) * sides
    return center + halves @ rotation_from_euler(angles)  # rows: transposed rotation, world to camera


def relative_pose(first: PointInfo | CameraFacts, second: PointInfo | CameraFacts) -> np.ndarray:
    """Return the first camera as seen from the second.

    Returns:
        (6,) float32: Euler angles of R2' R1 (radians), then R2' (c1 - c2) (metres).

    Source: docs/method.md, "Camera labels".
    """
    r1, r2 = (_camera_to_world(info.camera_rotation_final) for info in (first, second))
    shift = np.array(first.camera_location) - np.array(second.camera_location)
    return np.concatenate([euler_from_rotation(r2.T @ r1), r2.T @ shift]).astype(np.float32)


def composed_pose(pose_12: np.ndarray, pose_23: np.ndarray) -> np.ndarray:
    """Return the pose 1 to 3, (6,) float32, of poses 1 to 2 and 2 to 3: R23 R12 and R23 t12 + t23."""
    r12, r23 = rotation_from_euler(pose_12[:3]), rotation_from_euler(pose_23[:3])
    shift = r23 @ pose_12[3:] + pose_23[3:]
    return np.concatenate([euler_from_rotation(r23 @ r12), shift]).astype(np.float32)


def egomotion(
    first: PointInfo | CameraFacts, second: PointInfo | CameraFacts, third: PointInfo | CameraFacts
) -> np.ndarray:
    """Return the poses 1 to 2, 1 to 3 and 2 to 3, one after the other, (18,) float32."""
    pairs = ((first, second), (first, third), (second, third))
    return np.concatenate([relative_pose(a, b) for a, b in pairs])


def camera_vectors(
    task: str, infos: Sequence[PointInfo | CameraFacts], rows: np.ndarray | None = None
) -> np.ndarray:
    """Return the raw vectors of one of the five camera tasks.

    Args:
        task: `vanishing_point`, `room_layout`, `fixated_pose`, `nonfixated_pose` or `egomotion`.
        infos: The facts of all images of a split; `CameraFacts` are enough for poses and egomotion.
        rows: (m, 2) or (m, 3) images that belong together, for poses and egomotion.

    Returns:
        (n or m, k) float32; a row is nan where an image has no room box.

    Raises:
        ValueError: Another task, or rows of another width than the task reads.
    """
    if task not in _VECTORS:
        raise ValueError(f"task {task!r} has no camera vector{nearest_name_hint(task, _VECTORS)}")
    make, width, length = _VECTORS[task]
    table = np.arange(len(infos))[:, None] if rows is None else np.asarray(rows)
    if table.ndim != 2 or table.shape[1] != width:
        raise ValueError(f"task {task!r} reads {width} images at a time, got rows of shape {table.shape}")
    vectors = np.empty((len(table), length), dtype=np.float32)
    for number, images in enumerate(table):
        vectors[number] = make(*(infos[row] for row in images))
    return vectors


_VECTORS: dict[str, tuple[Callable[..., np.ndarray], int, int]] = {
    "vanishing_point": (vanishing_points, 1, VANISHING_POINT_LENGTH),
    "room_layout": (room_layout, 1, ROOM_LAYOUT_LENGTH),
    "fixated_pose": (relative_pose, 2, POSE_LENGTH),
    "nonfixated_pose": (relative_pose, 2, POSE_LENGTH),
    "egomotion": (egomotion, 3, EGOMOTION_LENGTH),
}
