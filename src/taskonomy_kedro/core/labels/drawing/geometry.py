"""Vanishing points and room layout, drawn into the image from the numbers of a label or prediction."""

import itertools
import math

import numpy as np

from taskonomy_kedro.core.labels.camera_labels import room_layout_corners
from taskonomy_kedro.core.labels.drawing.pixels import Color, resized, with_caption
from taskonomy_kedro.core.labels.drawing.sketch import Place, Segment, Sketch
from taskonomy_kedro.core.labels.point_info import PointInfo

AXIS_COLORS: tuple[Color, Color, Color] = ((255, 82, 82), (70, 220, 90), (90, 150, 255))
"""Of the horizontal axis ahead to the right, the one ahead to the left, and the vertical one."""
FLOOR_COLOR: Color = (255, 160, 30)
WALL_COLOR: Color = (255, 255, 90)
CEILING_COLOR: Color = (60, 215, 255)
NEAR = 0.05
"""Metres before the camera where lines that run behind it are cut off."""
_REACH = 0.32  # of the arrows, as a share of the distance to where they start
_GRID = (0.18, 0.82)
_DIM = 0.72


def focal_length(info: PointInfo, size: int) -> float:
    """Return the focal length in pixels of a picture of that side."""
    return size / 2 / math.tan(info.field_of_view_rads / 2)


def project(points: np.ndarray, focal: float, size: int) -> np.ndarray:
    """Return the places (..., 2), right and down, of points (..., 3) in the camera frame with z < 0."""
    points = np.asarray(points, dtype=np.float64)
    places = points[..., :2] * [1.0, -1.0] / -points[..., 2:]
    return np.asarray(size / 2 + focal * places)


def axis_arrows(vector: np.ndarray, focal: float, size: int, start: Place, reach: float) -> list[Segment]:
    """Return how short sticks along the three axes look.

    Args:
        vector: (9,) three directions in the camera frame.
        focal: Focal length, pixels.
        size: Pixels a side.
        start: Where in the picture the sticks begin.
        reach: Their length, as a share of the depth at which they begin; less than 1.

    Returns:
        From the start to the projected end, for each axis.
    """
    origin = np.array([(start[0] - size / 2) / focal, (size / 2 - start[1]) / focal, -1.0])
    ends = project(origin + reach * np.asarray(vector, dtype=np.float64).reshape(3, 3), focal, size)
    return [(start, (float(x), float(y))) for x, y in ends]


def draw_vanishing_points(rgb: np.ndarray, vector: np.ndarray, info: PointInfo, size: int) -> np.ndarray:
    """Draw the three axes of the room as arrows, short lines along them, and their vanishing points.

    Args:
        rgb: The image.
        vector: (9,) three directions in the camera frame; a predicted one that is longer than 1 is
            shortened, a shorter one has shorter arrows.
        info: Where the angle of view is from.
        size: Pixels a side.
    """
    lengths = np.linalg.norm(vector.reshape(3, 3), axis=1, keepdims=True)
    vector, focal = (vector.reshape(3, 3) / np.maximum(lengths, 1.0)).ravel(), focal_length(info, size)
    sketch = Sketch(_dimmed(resized(rgb, size)))
    for x, y in itertools.product(_GRID, repeat=2):
        start = (x * size, y * size)
        for (_, end), color in zip(axis_arrows(vector, focal, size, start, 0.12), AXIS_COLORS, strict=True):
            sketch.line((start, end), color, width=size / 96, has_halo=True)
    inside = []
    for k, (direction, color) in enumerate(zip(vector.reshape(3, 3), AXIS_COLORS, strict=True)):
        if abs(direction[2]) < NEAR:
            continue
        # lines meet where they run away from the camera, either way along them
        u, v = (float(c) for c in project(direction * -np.sign(direction[2]), focal, size))
        if 0 <= u <= size and 0 <= v <= size:
            sketch.ring((u, v), size / 26, color, width=size / 70)
            inside.append(f"V{k + 1}")
    middle = (size / 2, size / 2)
    for segment, color in zip(axis_arrows(vector, focal, size, middle, _REACH), AXIS_COLORS, strict=True):
        sketch.arrow(segment, color, width=size / 64, head=size / 16)
    return with_caption(sketch.finished(), f"in view: {', '.join(inside) or 'none'}")


def layout_lines(layout: np.ndarray, focal: float, size: int) -> list[tuple[Segment, Color]]:
    """Return the twelve edges of a room's box as they are seen, those before the camera.

    Args:
        layout: (9,) raw room layout.
        focal: Focal length, pixels.
        size: Pixels a side.

    Returns:
        Projected lines and their colours: of the floor, of the ceiling, and between them.
    """
    corners = room_layout_corners(layout)  # the third of three bits tells floor from ceiling
    lines = []
    for first, second in itertools.combinations(range(8), 2):
        if (first ^ second) not in (1, 2, 4):
            continue
        ends = _before_camera(corners[first], corners[second])
        if ends is None:
            continue
        color = WALL_COLOR if first ^ second == 1 else CEILING_COLOR if first & 1 else FLOOR_COLOR
        (x0, y0), (x1, y1) = project(ends, focal, size)
        lines.append((((float(x0), float(y0)), (float(x1), float(y1))), color))
    return lines


def draw_room_layout(rgb: np.ndarray, layout: np.ndarray, info: PointInfo, size: int) -> np.ndarray:
    """Draw the edges of a room's box (9,) into the image, and write its sides below."""
    sketch = Sketch(_dimmed(resized(rgb, size)))
    for segment, color in layout_lines(layout, focal_length(info, size), size):
        sketch.line(segment, color, width=size / 64, has_halo=True)
    return with_caption(sketch.finished(), " x ".join(f"{side:.1f}" for side in layout[6:]) + " m")


def _before_camera(first: np.ndarray, second: np.ndarray) -> np.ndarray | None:
    """Return the part (2, 3) of a line that lies before the camera, or None."""
    if first[2] > -NEAR and second[2] > -NEAR:
        return None
    ends = np.array([first, second], dtype=np.float64)
    for k in range(2):
        if ends[k, 2] > -NEAR:
            other = ends[1 - k]
            share = (-NEAR - other[2]) / (ends[k, 2] - other[2])
            ends[k] = other + share * (ends[k] - other)
    return ends


def _dimmed(picture: np.ndarray) -> np.ndarray:
    """Return the picture darker and paler, so that lines stand out."""
    mean = picture.mean(axis=2, keepdims=True)
    return np.rint((0.5 * picture + 0.5 * mean) * _DIM).astype(np.uint8)
