"""Ray-casting against convex solids and curved sheets, exact, for a grid of pixels or for single rays.

On a grid a ray is (x, y, -1), so each linear form of `forms.py` is the sum of a row and a column,
and a box costs about ten array operations on the pixels it can cover.
"""

from typing import NamedTuple

import numpy as np

from taskonomy_kedro.core.rooms.forms import Forms, dot, turned
from taskonomy_kedro.core.rooms.outlook import Outlook, outlook
from taskonomy_kedro.core.rooms.primitives import BOX, ELLIPSOID, FRUSTUM, SHEET, Solids
from taskonomy_kedro.core.rooms.windows import windows

SHELL = 6  # the first six primitives are the faces of the room: seen from inside, behind everything


def cast_grid(
    solids: Solids, origin: np.ndarray, rotation: np.ndarray, xs: np.ndarray, ys: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find what the ray through every node of a grid meets first.

    Args:
        solids: The room; its first six primitives are its faces.
        origin: (3,) camera location in the world, metres; outside every solid, inside the room.
        rotation: (3, 3); columns are the camera axes in the world, the camera looks along -z.
        xs: (width,) rising; x / depth of each column.
        ys: (height,) falling; y / depth of each row, y up.

    Returns:
        Nearness 1 / depth along the optical axis, (height, width) float64, and the row of the
        solid met, int16.
    """
    found = _nothing_met(1, xs, ys)
    _fill_shell(solids, origin, rotation, xs, ys, found[0][0], found[1][0])
    seen = outlook(solids, origin)
    covered = windows(turned(seen.corners, rotation), xs, ys)
    covered[:SHELL] = 0
    _cast(seen, rotation, covered, xs, ys, found[0][0], found[1][0])
    return found[0][0], found[1][0]


def cast_grids(
    seen: Outlook, rotations: np.ndarray, xs: np.ndarray, ys: np.ndarray, limits: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find what rays from one origin meet first in several directions of view.

    Args:
        seen: The solids; the faces of the room are treated like others.
        rotations: (k, 3, 3), each as for `cast_grid`.
        xs: (width,) as for `cast_grid`; ys, (height,), likewise.
        ys: See xs.
        limits: (k, 4) int, the rows and columns r0, r1, c0, c1 outside which nothing is asked for.

    Returns:
        Nearness, (k, height, width) float64, 0 where nothing is met, and the row of the solid
        met, int16, -1 where nothing is met.
    """
    found = _nothing_met(len(rotations), xs, ys)
    corners = np.concatenate([turned(seen.corners, rotation) for rotation in rotations])
    covered = windows(corners, xs, ys).reshape(len(rotations), -1, 4)
    low = np.maximum(covered[..., ::2], limits[:, None, ::2])
    high = np.minimum(covered[..., 1::2], limits[:, None, 1::2])
    covered[..., ::2], covered[..., 1::2] = low, high
    covered[(low >= high).any(axis=2)] = 0
    for k, rotation in enumerate(rotations):
        _cast(seen, rotation, covered[k], xs, ys, found[0][k], found[1][k])
    return found


def _nothing_met(count: int, xs: np.ndarray, ys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    shape = (count, len(ys), len(xs))
    return np.zeros(shape), np.full(shape, -1, dtype=np.int16)


def _cast(
    seen: Outlook,
    rotation: np.ndarray,
    covered: np.ndarray,
    xs: np.ndarray,
    ys: np.ndarray,
    nearness: np.ndarray,
    ids: np.ndarray,
) -> None:
    """Write where solids are met before what is already there, each within its window of (n, 4)."""
    keep = np.flatnonzero(covered[:, 1])
    if not len(keep):
        return
    forms = seen.forms.taken(keep).turned(rotation)
    grid = _GridForms(
        forms,
        forms.entries.tolist(),
        _row_and_column(forms.planes, xs, ys),
        _row_and_column(forms.quadric, xs, ys),
        (xs * xs, (1.0 + ys * ys)[:, None]),
    )
    rows = seen.rows[keep]
    kinds = seen.solids.kind[rows].tolist()
    with np.errstate(invalid="ignore"):
        for i, (row, kind, window) in enumerate(
            zip(rows.tolist(), kinds, covered[keep].tolist(), strict=True)
        ):
            if kind == BOX and not grid.entries[i]:
                continue
            r0, r1, c0, c1 = window
            target = nearness[r0:r1, c0:c1]
            enter, met = grid.box(i, window, target) if kind == BOX else grid.curved(i, kind, window, target)
            np.copyto(target, enter, where=met)
            np.copyto(ids[r0:r1, c0:c1], row, where=met)


class _GridForms(NamedTuple):
    """Linear forms at the nodes of a grid, each as a part per column and a part per row.

    Methods take the number of a solid among these, its window r0, r1, c0, c1 and the nearness found there so
    far; they return the nearness at which rays enter the solid, and where that is the first thing met.
    """

    forms: Forms
    entries: list[int]
    planes: tuple[np.ndarray, np.ndarray]
    quadric: tuple[np.ndarray, np.ndarray]
    squares: tuple[np.ndarray, np.ndarray]

    def box(self, i: int, window: list[int], target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        r0, r1, c0, c1 = window
        by_column, by_row = self.planes
        planes = by_row[i, :, r0:r1] + by_column[i, :, :, c0:c1]
        n = self.entries[i]
        enter = np.minimum.reduce(planes[:n], axis=0)
        leave = np.maximum.reduce(planes[n:], axis=0)
        np.maximum(leave, target, out=leave)
        return enter, enter >= leave  # equal for a quad, which is left where it is entered

    def curved(
        self, i: int, kind: int, window: list[int], target: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        r0, r1, c0, c1 = window
        by_column, by_row = self.quadric
        if kind == ELLIPSOID:
            enter = _ellipsoid(by_row[i, :, r0:r1] + by_column[i, :, :, c0:c1])
            return enter, enter > target
        values = by_row[i, ::3, r0:r1] + by_column[i, ::3, :, c0:c1]
        by_column, by_row = self.planes
        own = by_row[i, :2, r0:r1] + by_column[i, :2, :, c0:c1]
        rest = (self.squares[0][c0:c1] + self.squares[1][r0:r1]) * self.forms.inverse_c[i]
        if kind == SHEET:
            enter, leave = _sheet(values[1], rest, own[0], own[1], self.forms.sheet[i]), target
        else:
            enter, leave = _frustum(values[1], values[0], rest, own, self.forms, i)
        return enter, enter > np.maximum(leave, target)


def _ellipsoid(values: np.ndarray) -> np.ndarray:
    """Return the nearness at which rays enter an ellipsoid, not a number where they miss it."""
    squares = values * values
    out: np.ndarray = values[3] + np.sqrt(squares[3] - squares[0] - squares[1] - squares[2])
    return out


def _frustum(
    b: np.ndarray, axis: np.ndarray, rest: np.ndarray, caps: np.ndarray, forms: Forms, i: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearness at which rays enter and leave frustum i."""
    sign = forms.c_sign[i]
    root = np.sqrt(b * b + sign * (axis * axis) - rest)
    cap_entry = caps[0] if forms.entries[i] else np.full_like(b, np.inf)
    cap_exit = caps[1] if forms.entries[i] else np.maximum(caps[0], caps[1])
    if sign > 0:
        return np.minimum(b + root, cap_entry), np.maximum(b - root, cap_exit)
    if forms.is_far_cone[i]:
        return np.minimum(b - root, cap_entry), cap_exit
    if not forms.entries[i]:  # the origin is inside the solid: not met
        return np.full_like(b, -1.0), cap_exit
    return cap_entry, np.maximum(np.where(np.isnan(root), -np.inf, b + root), cap_exit)


def _sheet(b: np.ndarray, rest: np.ndarray, x: np.ndarray, z: np.ndarray, facts: np.ndarray) -> np.ndarray:
    """Return the nearness at which rays meet a sheet first, 0 where they miss it.

    Args:
        b: B/C of each ray; any shape that the facts can be spread over.
        rest: Squared length of each direction, over C.
        x: Each direction along the sheet's own x axis; z along its axis.
        z: See x.
        facts: (5,) or (5, n), as in `Forms.sheet`.
    """
    factor, from_x, from_z, cut, half = facts
    root = np.sqrt(b * b - rest + factor * (z * z))
    near, far = b + root, b - root
    far = np.where((np.abs(z + far * from_z) <= half * far) & (x + far * from_x >= cut * far), far, 0.0)
    is_on = (np.abs(z + near * from_z) <= half * near) & (x + near * from_x >= cut * near)
    out: np.ndarray = np.where(is_on & (near > 0), near, np.maximum(far, 0.0))
    return out


def _frusta(
    values: np.ndarray, rest: np.ndarray, caps: np.ndarray, forms: Forms, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Like `_frustum`, for many frusta and rays at once, arrays ([form,] rays, frusta)."""
    axis, b = values[0], values[1]
    is_capped, is_outside = forms.entries[rows] > 0, forms.c_sign[rows] > 0
    is_far = forms.is_far_cone[rows] & ~is_outside
    root = np.sqrt(b * b + forms.c_sign[rows] * (axis * axis) - rest)
    enter = np.where(is_outside, b + root, np.where(is_far, b - root, np.inf))
    side = np.where(is_outside, b - root, np.where(np.isnan(root), -np.inf, b + root))
    leave = np.where(is_far, -np.inf, side)
    enter = np.minimum(enter, np.where(is_capped, caps[0], np.inf))
    leave = np.maximum(leave, np.where(is_capped, caps[1], np.maximum(caps[0], caps[1])))
    is_inside = ~is_capped & ~is_outside & ~is_far
    return np.where(is_inside, -1.0, enter), leave


def _row_and_column(forms: np.ndarray, xs: np.ndarray, ys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Split forms (n, k, 3) at (x, y, -1) into a part per column and a part per row, to be added."""
    by_column = forms[:, :, 0, None] * xs
    by_row = forms[:, :, 1, None] * ys - forms[:, :, 2, None]
    return by_column[:, :, None, :], by_row[..., None]


def _fill_shell(
    solids: Solids,
    origin: np.ndarray,
    rotation: np.ndarray,
    xs: np.ndarray,
    ys: np.ndarray,
    nearness: np.ndarray,
    ids: np.ndarray,
) -> None:
    """Write the room's own faces: the ray leaves the room at the last of six planes."""
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
    """Find what rays from one origin meet first.

    Args:
        solids: The room.
        origin: (3,) metres, inside the room and outside every solid.
        directions: (n, 3), any length; lengths along the ray are in units of it.

    Returns:
        Nearness 1 / t, (n,) float64, and the row of the solid met, (n,) int64.
    """
    forms = outlook(solids, origin).forms
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
        enter = _ellipsoid(values)
        best[:, ellipsoid] = np.where(enter > 0, enter, 0.0)
        squared = dot(directions, directions)
        f = np.flatnonzero(solids.kind == FRUSTUM)
        if len(f):
            values, caps = _at(forms.quadric[f][:, ::3], directions), _at(forms.planes[f, :2], directions)
            enter, leave = _frusta(values, squared[:, None] * forms.inverse_c[f], caps, forms, f)
            best[:, f] = np.where(enter > np.maximum(leave, 0.0), enter, 0.0)
        s = np.flatnonzero(solids.kind == SHEET)
        if len(s):
            b, own = _at(forms.quadric[s, 3:], directions)[0], _at(forms.planes[s, :2], directions)
            rest = squared[:, None] * forms.inverse_c[s]
            best[:, s] = _sheet(b, rest, own[0], own[1], forms.sheet[s].T)
    ids = best.argmax(axis=1)
    return best[np.arange(len(ids)), ids], ids


def _at(forms: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Evaluate linear forms (n, k, 3) at directions (rays, 3); the result is (k, rays, n)."""
    parts = [np.ascontiguousarray(forms[:, :, i].T)[:, None, :] * directions[:, i, None] for i in range(3)]
    return parts[0] + parts[1] + parts[2]
