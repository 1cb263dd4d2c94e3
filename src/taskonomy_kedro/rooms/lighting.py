"""Light on surfaces: lamps with soft shadows, ambient light, dark corners, highlights."""

from functools import lru_cache

import numpy as np

from taskonomy_kedro.rooms.noise import hashed_unit
from taskonomy_kedro.rooms.scene import Lamp, Room
from taskonomy_kedro.rooms.shadows import MAP, is_lit, shadow_cubes
from taskonomy_kedro.rooms.surfaces import Components, Surface, dot_components

_CORNER = 0.22  # metres over which corners of the room darken


@lru_cache(maxsize=8)
def _sampling(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for each sample which point of the lamps it uses, and its jitter in map pixels."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    which = ((row % 2) * 2 + column % 2).astype(np.int32)
    across, up = (hashed_unit(row, column, k) + MAP / 2 - 0.5 for k in (1, 2))
    return which, across.astype(np.float32), up.astype(np.float32)


def illuminate(
    room: Room,
    ids: np.ndarray,
    points: Components,
    surface: Surface,
    view: Components,
    shape: tuple[int, ...],
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return the light that falls on points, and the part that glossy surfaces reflect to the viewer.

    Args:
        room: The room with its lamps.
        ids: Solid of each point, (n,).
        points: World coordinates of n points, each component float32.
        surface: The surface at each point.
        view: Unit directions from the points to the viewer.
        shape: Rows and columns of the sample grid whose points these are, row by row.

    Returns:
        Irradiance and highlight, three arrays (red, green, blue) each, linear.
    """
    normal = [component.astype(np.float32) for component in surface.normal]
    soft = _ambient(room, points, normal)
    light = [soft * np.float32(c) for c in room.ambient]
    shine = [np.zeros_like(soft) for _ in range(3)]
    sampling, cubes = _sampling(*shape), shadow_cubes(room)
    solid = cubes.carrier[ids]
    for number, lamp in enumerate(room.lamps):
        places = np.array(lamp.points(), dtype=np.float32)
        to_lamp = [places[:, i][sampling[0]] - points[i] for i in range(3)]
        squared = dot_components(to_lamp, to_lamp)
        inverse = 1.0 / np.sqrt(squared)
        direction = [c * inverse for c in to_lamp]
        facing = dot_components(normal, direction)
        power = _spread(lamp, direction) / (squared + np.float32(0.6))
        power *= is_lit(cubes, number, sampling, solid, to_lamp)
        power *= facing > 0
        mirror = _reflected(normal, direction, view) * power
        power *= facing
        for i in range(3):
            light[i] += power * np.float32(lamp.color[i])
            shine[i] += mirror * np.float32(lamp.color[i])
    return light, shine


def _reflected(normal: Components, direction: Components, view: Components) -> np.ndarray:
    """Return the share of a lamp that a glossy surface reflects to the viewer: a lobe of power 32."""
    between = [direction[i] + view[i] for i in range(3)]
    mirror = dot_components(normal, between)
    out: np.ndarray = mirror * mirror / (dot_components(between, between) + np.float32(1e-6))
    for _ in range(4):
        out *= out
    return out


def _spread(lamp: Lamp, direction: Components) -> np.ndarray | np.float32:
    """Return the share of a lamp's light that goes towards each point."""
    if lamp.normal is None:
        return np.float32(1.0)
    n = list(np.array(lamp.normal, dtype=np.float32))
    return np.maximum(-dot_components(n, direction), 0.0)


def _ambient(room: Room, points: Components, normal: Components) -> np.ndarray:
    """Return the ambient light: more from above, less in the corners of the room."""
    out = np.float32(0.92) + np.float32(0.08) * normal[2]
    for i, (low, high) in enumerate(room.box):
        middle, half = np.float32((low + high) / 2), np.float32((high - low) / 2)
        rel = points[i] - middle
        distance = np.maximum(half - np.abs(rel), 0.0)
        away = 0.5 + 0.5 * normal[i] * np.sign(rel)  # 0 on the wall itself
        out = out * (1.0 - np.float32(0.5 * _CORNER) * away / (distance + np.float32(_CORNER)))
    return out
