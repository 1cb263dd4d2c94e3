"""Intersect rays with solids: one solid on a grid from several points, or many solids and rays at once."""

from typing import NamedTuple

import numpy as np

from taskonomy_kedro.rooms.primitives import ELLIPSOID, SHEET
from taskonomy_kedro.rooms.solids import LinearForms

Window = tuple[slice, slice, slice]


class GridForms(NamedTuple):
    """Linear forms at the nodes of a grid from several points, each as a part per column and one per row.

    Methods take the index of a solid, the window of points, rows and columns, and the nearness found there
    so far. They return the nearness at which rays enter the solid, and where that is the first hit. The
    points of a window must see the solid alike; `is_alike` has whether all points do.
    """

    entries: list[list[int]]
    c_sign: list[list[float]]
    is_far_cone: list[list[bool]]
    is_alike: list[bool]
    planes: tuple[np.ndarray, np.ndarray]
    quadric: tuple[np.ndarray, np.ndarray]
    squares: tuple[np.ndarray, np.ndarray]
    inverse_c: np.ndarray
    sheet: np.ndarray

    @classmethod
    def of(cls, forms: LinearForms, xs: np.ndarray, ys: np.ndarray) -> "GridForms":
        """Evaluate forms from `stack_forms`, in the frame of the rays, on the grid (x, y, -1)."""
        signs = (forms.entries, forms.c_sign, forms.is_far_cone)
        is_alike = np.logical_and.reduce([(sign == sign[:, :1]).all(axis=1) for sign in signs])
        return cls(
            entries=forms.entries.tolist(),
            c_sign=forms.c_sign.tolist(),
            is_far_cone=forms.is_far_cone.tolist(),
            is_alike=is_alike.tolist(),
            planes=_row_and_column(forms.planes, xs, ys),
            quadric=_row_and_column(forms.quadric, xs, ys),
            squares=(xs * xs, (1.0 + ys * ys)[:, None]),
            inverse_c=forms.inverse_c[..., None, None],
            sheet=forms.sheet[..., None, None],
        )

    def box(self, i: int, window: Window, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Intersect a box."""
        part, rows, columns = window
        by_column, by_row = self.planes
        planes = by_row[i, :, part, rows] + by_column[i, :, part, :, columns]
        n = self.entries[i][part.start]
        enter = np.minimum.reduce(planes[:n], axis=0)
        leave = np.maximum.reduce(planes[n:], axis=0)
        np.maximum(leave, target, out=leave)
        return enter, enter >= leave  # equal for a quad, where rays leave as they enter

    def curved(self, i: int, kind: int, window: Window, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Intersect an ellipsoid, a frustum or a sheet."""
        part, rows, columns = window
        by_column, by_row = self.quadric
        if kind == ELLIPSOID:
            enter = enter_ellipsoid(by_row[i, :, part, rows] + by_column[i, :, part, :, columns])
            return enter, enter > target
        axis, b = by_row[i, ::3, part, rows] + by_column[i, ::3, part, :, columns]
        by_column, by_row = self.planes
        own = by_row[i, :2, part, rows] + by_column[i, :2, part, :, columns]
        rest = (self.squares[0][columns] + self.squares[1][rows]) * self.inverse_c[i, part]
        if kind == SHEET:
            enter, leave = intersect_sheet(b, rest, own[0], own[1], self.sheet[i, :, part]), target
        else:
            first = part.start
            signs = self.c_sign[i][first], self.entries[i][first] > 0, self.is_far_cone[i][first]
            enter, leave = _intersect_frustum(b, axis, rest, own, signs)
        return enter, enter > np.maximum(leave, target)


def _row_and_column(forms: np.ndarray, xs: np.ndarray, ys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Split forms (n, k, points, 3) at (x, y, -1) into a part per column and one per row, to be added."""
    by_column = forms[..., 0, None] * xs
    by_row = forms[..., 1, None] * ys - forms[..., 2, None]
    return by_column[..., None, :], by_row[..., None]


def enter_ellipsoid(values: np.ndarray) -> np.ndarray:
    """Return the nearness at which rays enter an ellipsoid, NaN if they miss it."""
    squares = values * values
    out: np.ndarray = values[3] + np.sqrt(squares[3] - squares[0] - squares[1] - squares[2])
    return out


def _intersect_frustum(
    b: np.ndarray, axis: np.ndarray, rest: np.ndarray, caps: np.ndarray, signs: tuple[float, bool, bool]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearness at which rays enter and leave a frustum.

    `signs` are the sign of C, whether a cap is visible, and whether the origin is beyond the tip.
    """
    sign, is_capped, is_far_cone = signs
    root = np.sqrt(b * b + sign * (axis * axis) - rest)
    cap_entry = caps[0] if is_capped else np.full_like(b, np.inf)
    cap_exit = caps[1] if is_capped else np.maximum(caps[0], caps[1])
    if sign > 0:
        return np.minimum(b + root, cap_entry), np.maximum(b - root, cap_exit)
    if is_far_cone:
        return np.minimum(b - root, cap_entry), cap_exit
    if not is_capped:  # the origin is inside the solid: no hit
        return np.full_like(b, -1.0), cap_exit
    return cap_entry, np.maximum(np.where(np.isnan(root), -np.inf, b + root), cap_exit)


def intersect_sheet(
    b: np.ndarray, rest: np.ndarray, x: np.ndarray, z: np.ndarray, facts: np.ndarray
) -> np.ndarray:
    """Return the nearness at which rays hit a sheet first, 0 if they miss it.

    Args:
        b: B/C of each ray; any shape that broadcasts with the facts.
        rest: Squared length of each direction, over C.
        x: Each direction along the sheet's own x axis; z along its axis.
        z: See x.
        facts: (5,) or (5, n), as in `LinearForms.sheet`.
    """
    factor, from_x, from_z, cut, half = facts
    root = np.sqrt(b * b - rest + factor * (z * z))
    near, far = b + root, b - root
    far = np.where((np.abs(z + far * from_z) <= half * far) & (x + far * from_x >= cut * far), far, 0.0)
    is_on = (np.abs(z + near * from_z) <= half * near) & (x + near * from_x >= cut * near)
    out: np.ndarray = np.where(is_on & (near > 0), near, np.maximum(far, 0.0))
    return out


def intersect_frusta(
    values: np.ndarray, rest: np.ndarray, caps: np.ndarray, forms: LinearForms, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """As `_intersect_frustum`, for many frusta and rays at once; arrays ([form,] rays, frusta)."""
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
