"""Soft shadows, from shadow maps of each lamp.

Each lamp has four points, each point the six faces of a cube, each pixel of a face the nearest solid;
all are rendered once for each room. A sample of the image uses one of the four points and its neighbours
use others, so the average of a pixel is a soft shadow. A convex solid never shadows its own lit side:
a sample is lit if its own solid is the nearest, without any bias.
"""

from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.rooms.primitives import Solids, Vector
from taskonomy_kedro.rooms.ray_casting import SHELL, cast_grids
from taskonomy_kedro.rooms.scene import Room
from taskonomy_kedro.rooms.surfaces import Components
from taskonomy_kedro.rooms.visibility import viewpoints

MAP = 56  # pixels along a face of a shadow cube; 80 take a third longer and look the same at 256 pixels
_POINTS = 4
_BIAS = 1.004  # between two solids that touch
_CACHE = "_shadow_cubes"


@dataclass(frozen=True, kw_only=True)
class ShadowCubes:
    """The shadow maps of a room, flat over (lamp, point, face, row, column).

    Attributes:
        nearness: float32, 1 / distance along the axis of the face, 0 if nothing casts a shadow.
        ids: int16, the nearest solid.
        carrier: int16 for each solid: itself, or for sheets without shadow the solid that carries them.
    """

    nearness: np.ndarray
    ids: np.ndarray
    carrier: np.ndarray


def shadow_cubes(room: Room) -> ShadowCubes:
    """Return the shadow maps of a room, rendered once and cached with the room."""
    cubes = room.__dict__.get(_CACHE)
    if cubes is None:
        casters = np.flatnonzero(room.solids.casts_shadow)
        casters = casters[casters >= SHELL]
        faces = _cube_faces()
        grid = (np.arange(MAP) + 0.5) / MAP * 2.0 - 1.0
        nearness, ids = [], []
        for lamp in room.lamps:
            limits = np.array([_lit_window(rotation, lamp.normal) for rotation in faces])
            seen = viewpoints(room.solids, casters, np.array(lamp.points()))
            near, met = cast_grids(seen, faces, grid, -grid, limits)
            nearness.append(near.astype(np.float32).ravel())
            ids.append(met.ravel())
        cubes = ShadowCubes(
            nearness=np.concatenate(nearness), ids=np.concatenate(ids), carrier=_carriers(room.solids)
        )
        room.__dict__[_CACHE] = cubes
    return cubes


def _lit_window(rotation: np.ndarray, normal: Vector | None) -> tuple[int, int, int, int]:
    """Return the rows and columns of a face, r0, r1, c0, c1, that the light of a lamp can pass."""
    low, high = (0, MAP // 2 + 2), (MAP // 2 - 2, MAP)  # two pixels more than half, as samples jitter
    if normal is None:
        return (0, MAP, 0, MAP)
    across, up, back = rotation.T @ np.array(normal)  # along one of the three: lamps hang straight
    if back > 0.5:
        return (0, 0, 0, 0)
    columns = high if across > 0.5 else low if across < -0.5 else (0, MAP)
    rows = low if up > 0.5 else high if up < -0.5 else (0, MAP)
    return (*rows, *columns)


def _carriers(solids: Solids) -> np.ndarray:
    """Return the solid that carries each sheet: it must not shadow it, however coarse the maps."""
    out = np.arange(len(solids), dtype=np.int16)
    low, high = solids.corners.min(axis=1), solids.corners.max(axis=1)
    for row in np.flatnonzero(~solids.casts_shadow):
        others = np.flatnonzero((solids.object_id == solids.object_id[row]) & solids.casts_shadow)
        if len(others):
            place = solids.center[row]
            gap = np.maximum(np.maximum(low[others] - place, place - high[others]), 0.0)
            out[row] = others[np.argmin((gap * gap).sum(axis=1))]
    return out


def _cube_faces() -> np.ndarray:
    """Return the six orientations: +x, -x, +y, -y, +z, -z; right and up are the other two axes."""
    out = np.zeros((6, 3, 3))
    for face, (axis, right, up) in enumerate(np.repeat([(0, 1, 2), (1, 0, 2), (2, 0, 1)], 2, axis=0)):
        out[face, right, 0] = out[face, up, 1] = 1.0
        out[face, axis, 2] = 1.0 if face % 2 else -1.0
    return out


def is_lit(
    cubes: ShadowCubes, lamp: int, sampling: Components, ids: np.ndarray, to_lamp: Components
) -> np.ndarray:
    """Return which samples a lamp shines on.

    Args:
        cubes: The shadow maps of the room.
        lamp: Number of the lamp.
        sampling: For each of n samples the point of the lamp, int32, and the jitter across and up in
            pixels of the map, float32.
        ids: Solid of each sample, (n,).
        to_lamp: x, y and z of the vector from the sample to the point of the lamp, metres.

    Returns:
        (n,) bool, True if the point of the lamp sees the sample.
    """
    which, across, up = sampling
    a = [np.abs(component) for component in to_lamp]
    is_z = a[2] >= np.maximum(a[0], a[1])
    is_x = (a[0] >= a[1]) & ~is_z
    main = np.where(is_z, to_lamp[2], np.where(is_x, to_lamp[0], to_lamp[1]))
    inverse = 1.0 / np.abs(main)
    scale = inverse * np.float32(-MAP / 2)
    column = np.where(is_x, to_lamp[1], to_lamp[0]) * scale + across
    row = np.where(is_z, to_lamp[1], to_lamp[2]) * -scale + up
    face = which * 6 + (is_z * np.int8(4) + ~(is_z | is_x) * np.int8(2) + (main > 0))
    index = (face + np.int32(lamp * _POINTS * 6)) * np.int32(MAP * MAP)
    for places, factor in ((row, MAP), (column, 1)):
        np.clip(places, 0, MAP - 1, out=places)
        index += places.astype(np.int32) * np.int32(factor)
    is_seen: np.ndarray = cubes.nearness[index] <= inverse * np.float32(_BIAS)
    is_seen |= cubes.ids[index] == ids
    return is_seen
