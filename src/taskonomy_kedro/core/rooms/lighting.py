"""Light on surfaces: lamps with soft shadows, light from everywhere, corners, highlights.

Shadows come from pictures taken from each lamp: four points a lamp, six faces of a cube a point,
each telling which solid is nearest. They are made once a room. A sample of the image asks one of
the four points, neighbours ask others, and the average of a pixel is a soft shadow. A convex solid
never shadows its own lit side, so being the nearest itself is the whole test, and needs no bias.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from taskonomy_kedro.core.rooms.casting import cast_grid
from taskonomy_kedro.core.rooms.noise import hashed_unit
from taskonomy_kedro.core.rooms.primitives import Solids, Vector
from taskonomy_kedro.core.rooms.scene import Lamp, Room
from taskonomy_kedro.core.rooms.surfaces import Surface

_MAP = 56  # pixels along a face of a shadow cube; 80 cost a third more and looked the same at 256 pixels
_POINTS = 4
_BIAS = 1.004  # between two solids that touch
_CORNER = 0.22  # metres over which corners of the room darken
_CACHE = "_shadow_cubes"

Components = tuple[np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True, kw_only=True)
class ShadowCubes:
    """What each point of each lamp sees; flat over (lamp, point, face, row, column).

    Attributes:
        nearness: float32, 1 / distance along the axis of the face, 0 where nothing casts a shadow.
        ids: int16, the solid that is nearest.
        carrier: int16 per solid: itself, or for what casts no shadow the solid it is stuck on.
    """

    nearness: np.ndarray
    ids: np.ndarray
    carrier: np.ndarray


def shadow_cubes(room: Room) -> ShadowCubes:
    """Take the pictures from the lamps of a room; made once and kept with the room."""
    cubes = room.__dict__.get(_CACHE)
    if cubes is None:
        grid = (np.arange(_MAP) + 0.5) / _MAP * 2.0 - 1.0
        nearness, ids = [], []
        for lamp in room.lamps:
            for point in lamp.points():
                for rotation in _cube_faces():
                    near, met = _face(room.solids, np.array(point), rotation, grid, lamp.normal)
                    nearness.append(near.ravel())
                    ids.append(met.ravel())
        cubes = ShadowCubes(
            nearness=np.concatenate(nearness), ids=np.concatenate(ids), carrier=_carriers(room.solids)
        )
        room.__dict__[_CACHE] = cubes
    return cubes


def _face(
    solids: Solids, point: np.ndarray, rotation: np.ndarray, grid: np.ndarray, normal: Vector | None
) -> tuple[np.ndarray, np.ndarray]:
    """Take one picture from a lamp, float32 and int16; nothing is met where the lamp does not shine."""
    near = np.zeros((_MAP, _MAP), dtype=np.float32)
    met = np.full((_MAP, _MAP), -1, dtype=np.int16)
    columns = rows = slice(None)
    if normal is not None:
        across, up, back = rotation.T @ np.array(normal)  # along one of the three: lamps hang straight
        if back > 0.5:
            return near, met
        lit = slice(_MAP // 2 - 2, None), slice(None, _MAP // 2 + 2)  # two pixels more, as samples jitter
        columns = lit[0] if across > 0.5 else lit[1] if across < -0.5 else columns
        rows = lit[1] if up > 0.5 else lit[0] if up < -0.5 else rows
    found = cast_grid(solids, point, rotation, grid[columns], -grid[rows], only_shadows=True)
    near[rows, columns], met[rows, columns] = found
    return near, met


def _carriers(solids: Solids) -> np.ndarray:
    """Find what each sheet is stuck on: that must not shadow it, however coarse the lamps look."""
    out = np.arange(len(solids), dtype=np.int16)
    low, high = solids.corners.min(axis=1), solids.corners.max(axis=1)
    for row in np.flatnonzero(~solids.casts_shadow):
        others = np.flatnonzero((solids.object_id == solids.object_id[row]) & solids.casts_shadow)
        if len(others):
            place = solids.center[row]
            gap = np.maximum(np.maximum(low[others] - place, place - high[others]), 0.0)
            out[row] = others[np.argmin((gap * gap).sum(axis=1))]
    return out


def _cube_faces() -> list[np.ndarray]:
    """Return the six orientations: +x, -x, +y, -y, +z, -z; right and up are the other two axes."""
    out = []
    for axis, (right, up) in ((0, (1, 2)), (1, (0, 2)), (2, (0, 1))):
        for sign in (1.0, -1.0):
            rotation = np.zeros((3, 3))
            rotation[right, 0] = rotation[up, 1] = 1.0
            rotation[axis, 2] = -sign
            out.append(rotation)
    return out


@lru_cache(maxsize=8)
def _sampling(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tell each sample which point of the lamps to ask, and how far to look beside it, in map pixels."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    which = ((row % 2) * 2 + column % 2).astype(np.int32)
    across, up = (hashed_unit(row, column, k) + _MAP / 2 - 0.5 for k in (1, 2))
    return which, across.astype(np.float32), up.astype(np.float32)


def lit(
    room: Room,
    ids: np.ndarray,
    points: Components,
    surface: Surface,
    view: Components,
    shape: tuple[int, int],
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Sum the light that falls on points, and the part that glossy surfaces mirror to the viewer.

    Args:
        room: The room with its lamps.
        ids: Solid of each point, (n,).
        points: World coordinates of n points, each component float32.
        surface: What was met there.
        view: Unit directions from the points to the viewer.
        shape: Rows and columns of the sample grid that the n points are, row by row.

    Returns:
        Irradiance and highlight, three arrays (red, green, blue) each, linear.
    """
    normal = [component.astype(np.float32) for component in surface.normal]
    soft = _ambient(room, points, (normal[0], normal[1], normal[2]))
    light = [soft * np.float32(c) for c in room.ambient]
    shine = [np.zeros_like(soft) for _ in range(3)]
    sampling, cubes = _sampling(*shape), shadow_cubes(room)
    solid = cubes.carrier[ids]
    for number, lamp in enumerate(room.lamps):
        places = np.array(lamp.points(), dtype=np.float32)
        to_lamp = [places[:, i][sampling[0]] - points[i] for i in range(3)]
        squared = to_lamp[0] * to_lamp[0] + to_lamp[1] * to_lamp[1] + to_lamp[2] * to_lamp[2]
        inverse = 1.0 / np.sqrt(squared)
        direction = [c * inverse for c in to_lamp]
        facing = normal[0] * direction[0] + normal[1] * direction[1] + normal[2] * direction[2]
        power = _spread(lamp, direction) / (squared + np.float32(0.6))
        power *= _visible(cubes, number, sampling, solid, to_lamp)
        power *= facing > 0
        mirror = _mirrored(normal, direction, view) * power
        power *= facing
        for i in range(3):
            light[i] += power * np.float32(lamp.color[i])
            shine[i] += mirror * np.float32(lamp.color[i])
    return light, shine


def _mirrored(normal: list[np.ndarray], direction: list[np.ndarray], view: Components) -> np.ndarray:
    """Return the share of a lamp that a glossy surface mirrors to the viewer: a lobe of power 32."""
    between = [direction[i] + view[i] for i in range(3)]
    squared = between[0] * between[0] + between[1] * between[1] + between[2] * between[2]
    mirror = normal[0] * between[0] + normal[1] * between[1] + normal[2] * between[2]
    out: np.ndarray = mirror * mirror / (squared + np.float32(1e-6))
    for _ in range(4):
        out *= out
    return out


def _spread(lamp: Lamp, direction: list[np.ndarray]) -> np.ndarray | np.float32:
    """Return the share of a lamp's light that goes towards a point."""
    if lamp.normal is None:
        return np.float32(1.0)
    n = np.array(lamp.normal, dtype=np.float32)
    return np.maximum(-(n[0] * direction[0] + n[1] * direction[1] + n[2] * direction[2]), 0.0)


def _visible(
    cubes: ShadowCubes,
    lamp: int,
    sampling: tuple[np.ndarray, np.ndarray, np.ndarray],
    ids: np.ndarray,
    to_lamp: list[np.ndarray],
) -> np.ndarray:
    """Return True where the point of the lamp sees the sample, False in shadow."""
    which, across, up = sampling
    a = [np.abs(component) for component in to_lamp]
    is_z = a[2] >= np.maximum(a[0], a[1])
    is_x = (a[0] >= a[1]) & ~is_z
    main = np.where(is_z, to_lamp[2], np.where(is_x, to_lamp[0], to_lamp[1]))
    inverse = 1.0 / np.abs(main)
    scale = inverse * np.float32(-_MAP / 2)
    column = np.where(is_x, to_lamp[1], to_lamp[0]) * scale + across
    row = np.where(is_z, to_lamp[1], to_lamp[2]) * -scale + up
    face = which * 6 + (is_z * np.int8(4) + ~(is_z | is_x) * np.int8(2) + (main > 0))
    index = (face + np.int32(lamp * _POINTS * 6)) * np.int32(_MAP * _MAP)
    for places, factor in ((row, _MAP), (column, 1)):
        np.clip(places, 0, _MAP - 1, out=places)
        index += places.astype(np.int32) * np.int32(factor)
    is_seen: np.ndarray = cubes.nearness[index] <= inverse * np.float32(_BIAS)
    is_seen |= cubes.ids[index] == ids
    return is_seen


def _ambient(room: Room, points: Components, normal: Components) -> np.ndarray:
    """Light from everywhere: more from above, less in the corners of the room."""
    out = np.float32(0.92) + np.float32(0.08) * normal[2]
    for i, (low, high) in enumerate(room.box):
        middle, half = np.float32((low + high) / 2), np.float32((high - low) / 2)
        rel = points[i] - middle
        distance = np.maximum(half - np.abs(rel), 0.0)
        away = 0.5 + 0.5 * normal[i] * np.sign(rel)  # 0 on the wall itself
        out = out * (1.0 - np.float32(0.5 * _CORNER) * away / (distance + np.float32(_CORNER)))
    return out
