"""The surface where a ray hits a solid: normal, principal curvatures, texture coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.rooms.primitives import ELLIPSOID, FRUSTUM, SHEET, Solids
from taskonomy_kedro.rooms.solids import dot

Components = Sequence[np.ndarray]
"""x, y and z of many vectors, one array each."""

Shape = tuple[np.ndarray, np.ndarray]  # normals (n, 3) in own axes, curvatures (n, 2)

_ON_CAP = 1e-7  # metres


def dot_components(a: Components, b: Components) -> np.ndarray:
    """Return dot products, with a fixed order of additions."""
    out: np.ndarray = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    return out


@dataclass(frozen=True, kw_only=True)
class Surface:
    """Surface at n points, one flat array for each component.

    Attributes:
        normal: Three float64 (n,) arrays, unit length in the world, towards the viewer.
        u, v: Texture coordinates, metres along the face: to the right of its own axes, and upwards.
        reach_u, reach_v: Half the length of the face along u and v, metres.
        curvature: float64 (n, 2), 1/m, larger first, positive where it bulges towards the
            viewer, negative where it is hollow.
    """

    normal: Components
    u: np.ndarray
    v: np.ndarray
    reach_u: np.ndarray
    reach_v: np.ndarray
    curvature: np.ndarray


def surface_at(solids: Solids, ids: np.ndarray, points: Components, origin: np.ndarray) -> Surface:
    """Return the surfaces of solids at the points where rays from one origin hit them.

    Args:
        solids: The room.
        ids: int (n,), the solid hit by each ray.
        points: x, y and z of the points hit, in the world, metres.
        origin: (3,) origin of the rays; determines the visible faces of a box.
    """
    reach = solids.half.copy()
    is_round = (solids.kind == FRUSTUM) | (solids.kind == SHEET)
    reach[is_round, 1] = reach[is_round, 0]
    to_origin = origin - solids.center
    origin_local = dot(solids.axes, to_origin[:, None])
    is_visible = np.abs(origin_local) > reach
    limit = np.where(is_visible, reach, np.inf)
    face_normal = (solids.axes * np.where(origin_local < 0, -1.0, 1.0)[..., None]).reshape(-1, 3)

    rel = [points[i] - solids.center[:, i][ids] for i in range(3)]
    columns = solids.axes.reshape(-1, 9)
    local = []
    for k in range(3):
        own = [np.ascontiguousarray(columns[:, 3 * k + i])[ids] for i in range(3)]
        local.append(dot_components(own, rel))
    score = [np.abs(local[k]) - limit[:, k][ids] for k in range(3)]
    is_side = score[2] < np.maximum(score[0], score[1])
    axis = np.where(is_side, (score[1] >= score[0]).astype(np.int64), 2)
    pick = ids * 3 + axis
    normal = [np.ascontiguousarray(face_normal[:, i])[pick] for i in range(3)]
    curvature = np.zeros((len(ids), 2))
    kind = solids.kind[ids]
    for code, shape in ((ELLIPSOID, _ellipsoid), (FRUSTUM, _frustum), (SHEET, _sheet)):
        rows = np.flatnonzero(kind == code)
        if len(rows):
            which = ids[rows]
            place = np.stack([component[rows] for component in local], axis=1)
            outwards, curvature[rows] = shape(
                place, solids.half[which], solids.bend[which], origin_local[which]
            )
            own_axes = solids.axes[which]
            for i in range(3):
                normal[i][rows] = dot(outwards, own_axes[:, :, i])
            axis[rows] = np.argmax(np.abs(outwards), axis=1)
    is_x, is_z = axis == 0, axis == 2
    return Surface(
        normal=normal,
        u=np.where(is_x, local[1], local[0]),
        v=np.where(is_z, local[1], local[2]),
        reach_u=np.where(is_x, reach[:, 1][ids], reach[:, 0][ids]),
        reach_v=np.where(is_z, reach[:, 1][ids], reach[:, 2][ids]),
        curvature=curvature,
    )


def _ellipsoid(place: np.ndarray, half: np.ndarray, bend: np.ndarray, origin: np.ndarray) -> Shape:
    """Return normals in own axes and curvatures on x^2/a^2 + y^2/b^2 + z^2/c^2 = 1.

    With s = |(x/a^2, y/b^2, z/c^2)|, the Gaussian curvature is 1 / (abc s^2)^2 and the mean
    curvature (a^2 + b^2 + c^2 - x^2 - y^2 - z^2) / (2 (abc)^2 s^3).
    """
    squared = half * half
    gradient = place / squared
    length = np.sqrt(dot(gradient, gradient))
    volume = half[:, 0] * half[:, 1] * half[:, 2]
    gauss = 1.0 / (volume * length * length) ** 2
    spread = squared[:, 0] + squared[:, 1] + squared[:, 2] - dot(place, place)
    mean = spread / (2.0 * volume * volume * length * length * length)
    root = np.sqrt(np.maximum(mean * mean - gauss, 0.0))
    root[(half[:, 0] == half[:, 1]) & (half[:, 1] == half[:, 2])] = 0.0  # a sphere, exactly
    return gradient / length[:, None], np.stack([mean + root, mean - root], axis=1)


def _frustum(place: np.ndarray, half: np.ndarray, bend: np.ndarray, origin: np.ndarray) -> Shape:
    """Return normals in own axes and curvatures on the side (1/r across, 0 along) or a cap (0, 0)."""
    side = np.where(place[:, 2] < 0, -1.0, 1.0)
    is_cap = (np.abs(place[:, 2]) > half[:, 2] - _ON_CAP) & (origin[:, 2] * side > half[:, 2])
    radius = np.sqrt(place[:, 0] ** 2 + place[:, 1] ** 2)
    radius = np.maximum(radius, 1e-9)
    slope = np.sqrt(1.0 + half[:, 1] ** 2)
    normal = np.stack([place[:, 0] / radius, place[:, 1] / radius, -half[:, 1]], axis=1) / slope[:, None]
    normal[is_cap] = 0.0
    normal[is_cap, 2] = side[is_cap]
    curvature = np.zeros((len(place), 2))
    curvature[:, 0] = np.where(is_cap, 0.0, 1.0 / (radius * slope))
    return normal, curvature


def _sheet(place: np.ndarray, half: np.ndarray, bend: np.ndarray, origin: np.ndarray) -> Shape:
    """Return normals in own axes, towards the origin, and curvatures on x^2 + y^2 = r^2 + 2 r g z + c z^2.

    With s = |(x, y, -(r g + c z))|, the outside has curvature 1 / s around the axis and
    r^2 (g^2 - c) / s^3 along it; the inside has both with the other sign.
    """
    slope = half[:, 0] * half[:, 1] + bend * place[:, 2]
    gradient = np.stack([place[:, 0], place[:, 1], -slope], axis=1)
    length = np.sqrt(dot(gradient, gradient))
    side = np.where(dot(gradient, origin - place) < 0, -1.0, 1.0)
    around = side / length
    along = side * half[:, 0] ** 2 * (half[:, 1] ** 2 - bend) / (length * length * length)
    normal = gradient * (side / length)[:, None]
    return normal, np.stack([np.maximum(around, along), np.minimum(around, along)], axis=1)
