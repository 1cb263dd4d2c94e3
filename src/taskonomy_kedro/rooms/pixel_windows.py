"""The part of an image that a box can cover; rays are cast only there."""

import numpy as np

_NEAR = 0.02  # metres in front of the camera; nearer corners have no usable projection
_EDGES = np.array([[i, i | bit] for bit in (1, 2, 4) for i in range(8) if not i & bit])
"""The edges of a box, as pairs of corners in the order of `Solids.corners`."""


def pixel_windows(corners: np.ndarray, xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """Return which nodes of a grid of rays each box can cover.

    Args:
        corners: (n, 8, 3) metres in the frame of the camera, which looks along -z from its origin;
            in the order of `Solids.corners`.
        xs: (width,) rising; x / depth of each column.
        ys: (height,) falling; y / depth of each row.

    Returns:
        (n, 4) int64, rows and columns r0, r1, c0, c1, ends excluded; all 0 if it covers none.
    """
    depth = -corners[..., 2]
    is_before = depth > _NEAR
    any_before = is_before.any(axis=1)
    safe = np.where(is_before, depth, np.nan)
    x, y = corners[..., 0] / safe, corners[..., 1] / safe
    low, high = (
        np.stack([np.fmin.reduce(c, axis=1) for c in (x, y)]),
        np.stack([np.fmax.reduce(c, axis=1) for c in (x, y)]),
    )
    # a box that reaches behind the camera is bounded by the points where its edges pass the near plane
    rows = np.flatnonzero(any_before & ~is_before.all(axis=1))
    if len(rows):
        start, end = corners[rows[:, None], _EDGES[:, 0]], corners[rows[:, None], _EDGES[:, 1]]
        is_crossing = is_before[rows[:, None], _EDGES[:, 0]] != is_before[rows[:, None], _EDGES[:, 1]]
        step = np.where(is_crossing, end[..., 2] - start[..., 2], np.nan)
        share = (-_NEAR - start[..., 2]) / step
        for axis in range(2):
            places = (start[..., axis] + share * (end[..., axis] - start[..., axis])) / _NEAR
            low[axis, rows] = np.fmin(low[axis, rows], np.fmin.reduce(places, axis=1))
            high[axis, rows] = np.fmax(high[axis, rows], np.fmax.reduce(places, axis=1))
    low, high = np.nan_to_num(low), np.nan_to_num(high)
    (low_x, low_y), (high_x, high_y) = low, high
    out = np.stack(
        [
            np.searchsorted(-ys, -high_y - 1e-9),  # ys falls from row to row
            np.searchsorted(-ys, -low_y + 1e-9),
            np.searchsorted(xs, low_x - 1e-9),
            np.searchsorted(xs, high_x + 1e-9),
        ],
        axis=1,
    )
    is_seen = any_before & (out[:, 0] < out[:, 1]) & (out[:, 2] < out[:, 3])
    out[~is_seen] = 0
    return out
