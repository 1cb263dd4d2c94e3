"""Exact ray casting against convex solids and curved sheets, for a grid of pixels or for single rays.

On a grid a ray is (x, y, -1), so each linear form of `solids.py` is the sum of a row and a column,
and a box costs about ten array operations on the pixels it can cover.
"""

from collections.abc import Sequence

import numpy as np

from taskonomy_kedro.rooms.intersections import GridForms, enter_ellipsoid, intersect_frusta, intersect_sheet
from taskonomy_kedro.rooms.pixel_windows import pixel_windows
from taskonomy_kedro.rooms.primitives import BOX, ELLIPSOID, FRUSTUM, SHEET, Solids
from taskonomy_kedro.rooms.solids import LinearForms, dot, rotate, stack_forms
from taskonomy_kedro.rooms.visibility import Viewpoint, viewpoint

SHELL = 6  # the first six primitives are the faces of the room, behind everything else


def cast_grid(
    solids: Solids, origin: np.ndarray, rotation: np.ndarray, xs: np.ndarray, ys: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the first hit of the ray through every node of a grid.

    Args:
        solids: The room; its first six primitives are its faces.
        origin: (3,) camera location in the world, metres; outside every solid, inside the room.
        rotation: (3, 3); columns are the camera axes in the world, the camera looks along -z.
        xs: (width,) rising; x / depth of each column.
        ys: (height,) falling; y / depth of each row, y up.

    Returns:
        Nearness 1 / depth along the optical axis, (height, width) float64, and the row of the
        solid hit, int16.
    """
    found = _no_hits(1, xs, ys)
    _fill_shell(solids, origin, rotation, xs, ys, found[0][0], found[1][0])
    seen = viewpoint(solids, origin)
    covered = pixel_windows(rotate(seen.corners, rotation), xs, ys)
    covered[:SHELL] = 0
    _cast(seen, stack_forms([seen.forms]), rotation, covered, xs, ys, *found)
    return found[0][0], found[1][0]


def cast_grids(
    seen: Sequence[Viewpoint], rotations: np.ndarray, xs: np.ndarray, ys: np.ndarray, limits: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the first hits of rays from points near each other, each in several directions of view.

    Args:
        seen: The same solids from p points; the faces of the room are treated as any other.
        rotations: (k, 3, 3), each as for `cast_grid`.
        xs: (width,) as for `cast_grid`; ys, (height,), likewise.
        ys: See xs.
        limits: (k, 4) int, rows and columns r0, r1, c0, c1; nothing is computed outside them.

    Returns:
        Nearness, (p, k, height, width) float64, 0 without a hit, and the row of the solid hit,
        int16, -1 without a hit.
    """
    count, views = len(seen), len(rotations)
    nearness, ids = _no_hits(views * count, xs, ys)
    corners = np.concatenate([rotate(one.corners, rotation) for rotation in rotations for one in seen])
    covered = pixel_windows(corners, xs, ys).reshape(views, count, -1, 4)
    unseen = covered[..., 1] == 0
    low, high = covered[..., ::2].copy(), covered[..., 1::2]
    low[unseen] = max(len(xs), len(ys))
    # one window for all points: they are so close that it is hardly larger
    low = np.maximum(low.min(axis=1), limits[:, None, ::2])
    high = np.minimum(high.max(axis=1), limits[:, None, 1::2])
    window = np.stack([low, high], axis=-1).reshape(views, -1, 4)
    window[(low >= high).any(axis=2)] = 0
    forms = stack_forms([one.forms for one in seen])
    for k, rotation in enumerate(rotations):
        part = slice(k * count, (k + 1) * count)
        _cast(seen[0], forms, rotation, window[k], xs, ys, nearness[part], ids[part])
    shape = (views, count, len(ys), len(xs))
    return nearness.reshape(shape).swapaxes(0, 1), ids.reshape(shape).swapaxes(0, 1)


def _no_hits(count: int, xs: np.ndarray, ys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    shape = (count, len(ys), len(xs))
    return np.zeros(shape), np.full(shape, -1, dtype=np.int16)


def _cast(
    seen: Viewpoint,
    forms: LinearForms,
    rotation: np.ndarray,
    covered: np.ndarray,
    xs: np.ndarray,
    ys: np.ndarray,
    nearness: np.ndarray,
    ids: np.ndarray,
) -> None:
    """Update `nearness` and `ids`, (points, height, width), with solids in front of earlier hits.

    Each solid is cast within its window of `covered` (n, 4), from all points at once if they see it alike.
    `forms` come from `stack_forms`, one for each point; `seen` is from any of them.
    """
    keep = np.flatnonzero(covered[:, 1])
    if not len(keep):
        return
    grid = GridForms.of(forms.select(keep).rotate(rotation), xs, ys)
    rows = seen.rows[keep]
    kinds = seen.solids.kind[rows].tolist()
    parts = [slice(p, p + 1) for p in range(len(nearness))]
    together = [slice(0, len(nearness))]
    with np.errstate(invalid="ignore"):
        for i, (row, kind, (r0, r1, c0, c1)) in enumerate(
            zip(rows.tolist(), kinds, covered[keep].tolist(), strict=True)
        ):
            for part in together if grid.is_alike[i] else parts:
                if kind == BOX and not grid.entries[i][part.start]:
                    continue
                window = (part, slice(r0, r1), slice(c0, c1))
                target = nearness[window]
                enter, is_hit = (
                    grid.box(i, window, target) if kind == BOX else grid.curved(i, kind, window, target)
                )
                np.copyto(target, enter, where=is_hit)
                np.copyto(ids[window], row, where=is_hit)


def _fill_shell(
    solids: Solids,
    origin: np.ndarray,
    rotation: np.ndarray,
    xs: np.ndarray,
    ys: np.ndarray,
    nearness: np.ndarray,
    ids: np.ndarray,
) -> None:
    """Write the hits of the room's own faces: a ray leaves the room at the last of six planes."""
    normal_axis = np.argmin(solids.half[:SHELL], axis=1)
    for face in range(SHELL):
        axis = int(normal_axis[face])
        distance = float(solids.center[face, axis] - origin[axis])
        form = rotation[axis] / distance
        values = (form[1] * ys - form[2])[:, None] + form[0] * xs
        is_later = values > nearness
        np.copyto(nearness, values, where=is_later)
        np.copyto(ids, face, where=is_later)


def cast_rays(solids: Solids, origin: np.ndarray, directions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the first hits of rays from one origin.

    Args:
        solids: The room.
        origin: (3,) metres, inside the room and outside every solid.
        directions: (n, 3), any length; lengths along the ray are in units of it.

    Returns:
        Nearness 1 / t, (n,) float64, and the row of the solid hit, (n,) int64.
    """
    forms = viewpoint(solids, origin).forms
    best = np.zeros((len(directions), len(solids)))
    with np.errstate(invalid="ignore"):
        box = np.flatnonzero(solids.kind == BOX)
        values = _at(forms.planes[box], directions)
        is_entry = np.arange(3)[:, None, None] < forms.entries[box]  # at most three are entries
        enter = np.minimum.reduce(np.where(is_entry, values[:3], np.inf))
        leave = np.maximum.reduce(np.where(is_entry, -np.inf, values[:3]))
        np.maximum(leave, np.maximum.reduce(values[3:]), out=leave)
        best[:, box] = np.where((enter >= leave) & (forms.entries[box] > 0), enter, 0.0)
        ellipsoid = np.flatnonzero(solids.kind == ELLIPSOID)
        values = _at(forms.quadric[ellipsoid], directions)
        enter = enter_ellipsoid(values)
        best[:, ellipsoid] = np.where(enter > 0, enter, 0.0)
        squared = dot(directions, directions)
        f = np.flatnonzero(solids.kind == FRUSTUM)
        if len(f):
            values, caps = _at(forms.quadric[f][:, ::3], directions), _at(forms.planes[f, :2], directions)
            enter, leave = intersect_frusta(values, squared[:, None] * forms.inverse_c[f], caps, forms, f)
            best[:, f] = np.where(enter > np.maximum(leave, 0.0), enter, 0.0)
        s = np.flatnonzero(solids.kind == SHEET)
        if len(s):
            b, own = _at(forms.quadric[s, 3:], directions)[0], _at(forms.planes[s, :2], directions)
            rest = squared[:, None] * forms.inverse_c[s]
            best[:, s] = intersect_sheet(b, rest, own[0], own[1], forms.sheet[s].T)
    ids = best.argmax(axis=1)
    return best[np.arange(len(ids)), ids], ids


def _at(forms: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Evaluate linear forms (n, k, 3) at directions (rays, 3); the result is (k, rays, n)."""
    parts = [np.ascontiguousarray(forms[:, :, i].T)[:, None, :] * directions[:, i, None] for i in range(3)]
    return parts[0] + parts[1] + parts[2]
