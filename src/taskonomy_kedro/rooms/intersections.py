"""How rays meet one solid: on a grid from several points, or many solids and single rays at once."""

from typing import NamedTuple

import numpy as np

from taskonomy_kedro.rooms.primitives import ELLIPSOID, SHEET
from taskonomy_kedro.rooms.solids import Forms

Window = tuple[slice, slice, slice]


class GridForms(NamedTuple):
    """Linear forms at the nodes of a grid from several points, each as a part per column and one per row.

    Methods take the number of a solid among these, the points, rows and columns wanted and the nearness found
    there so far; they return the nearness at which rays enter the solid, and where that is the first thing
    met. The points wanted see the solid alike: `is_alike` tells whether all do.
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
    def of(cls, forms: Forms, xs: np.ndarray, ys: np.ndarray) -> "GridForms":
        """Spread out forms that are `stacked`, in the frame of the rays, over the grid (x, y, -1)."""
        looks = (forms.entries, forms.c_sign, forms.is_far_cone)
        is_alike = np.logical_and.reduce([(look == look[:, :1]).all(axis=1) for look in looks])
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
        """Meet a box."""
        part, rows, columns = window
        by_column, by_row = self.planes
        planes = by_row[i, :, part, rows] + by_column[i, :, part, :, columns]
        n = self.entries[i][part.start]
        enter = np.minimum.reduce(planes[:n], axis=0)
        leave = np.maximum.reduce(planes[n:], axis=0)
        np.maximum(leave, target, out=leave)
        return enter, enter >= leave  # equal for a quad, which is left where it is entered

    def curved(self, i: int, kind: int, window: Window, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Meet an ellipsoid, a frustum or a sheet."""
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
            enter, leave = meet_sheet(b, rest, own[0], own[1], self.sheet[i, :, part]), target
        else:
            first = part.start
            looks = self.c_sign[i][first], self.entries[i][first] > 0, self.is_far_cone[i][first]
            enter, leave = _meet_frustum(b, axis, rest, own, looks)
        return enter, enter > np.maximum(leave, target)


def _row_and_column(forms: np.ndarray, xs: np.ndarray, ys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Split forms (n, k, points, 3) at (x, y, -1) into a part per column and one per row, to be added."""
    by_column = forms[..., 0, None] * xs
    by_row = forms[..., 1, None] * ys - forms[..., 2, None]
    return by_column[..., None, :], by_row[..., None]


def enter_ellipsoid(values: np.ndarray) -> np.ndarray:
    """Return the nearness at which rays enter an ellipsoid, not a number where they miss it."""
    squares = values * values
    out: np.ndarray = values[3] + np.sqrt(squares[3] - squares[0] - squares[1] - squares[2])
    return out


def _meet_frustum(
    b: np.ndarray, axis: np.ndarray, rest: np.ndarray, caps: np.ndarray, looks: tuple[float, bool, bool]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearness at which rays enter and leave a frustum.

    `looks` are the sign of C, whether a cap is seen, and whether the origin is beyond the tip.
    """
    sign, is_capped, is_far_cone = looks
    root = np.sqrt(b * b + sign * (axis * axis) - rest)
    cap_entry = caps[0] if is_capped else np.full_like(b, np.inf)
    cap_exit = caps[1] if is_capped else np.maximum(caps[0], caps[1])
    if sign > 0:
        return np.minimum(b + root, cap_entry), np.maximum(b - root, cap_exit)
    if is_far_cone:
        return np.minimum(b - root, cap_entry), cap_exit
    if not is_capped:  # the origin is inside the solid: not met
        return np.full_like(b, -1.0), cap_exit
    return cap_entry, np.maximum(np.where(np.isnan(root), -np.inf, b + root), cap_exit)


def meet_sheet(
    b: np.ndarray, rest: np.ndarray, x: np.ndarray, z: np.ndarray, facts: np.ndarray
) -> np.ndarray:
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


def meet_frusta(
    values: np.ndarray, rest: np.ndarray, caps: np.ndarray, forms: Forms, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Like `_meet_frustum`, for many frusta and rays at once, arrays ([form,] rays, frusta)."""
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
