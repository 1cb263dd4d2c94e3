"""Rotations as static-xyz Euler angles: R = Rz Ry Rx, the convention of the data set.

Written out, not by `scipy.spatial.transform.Rotation`, which goes through quaternions: that moves last
bits of stored labels (docs/decisions/0028-rotation.md).
"""

import math

import numpy as np

_LOCKED = 1e-9  # below this cosine of the second angle, the first and third turn about the same axis
# NumPy's own differ in last bits between processors
_atan2, _hypot = (np.vectorize(function, otypes=[float]) for function in (math.atan2, math.hypot))


def rotation_from_euler(angles: np.ndarray | tuple[float, float, float]) -> np.ndarray:
    """Return rotation matrices, (..., 3, 3) float64, from angles (..., 3) in radians.

    Example:
        A quarter turn about z takes x to y:

        >>> (rotation_from_euler((0.0, 0.0, np.pi / 2)) @ [1, 0, 0]).round(6).tolist()
        [0.0, 1.0, 0.0]
    """
    angles = np.moveaxis(np.asarray(angles, dtype=np.float64), -1, 0)
    (sa, sb, sc), (ca, cb, cc) = np.sin(angles), np.cos(angles)
    rows = (
        (cb * cc, sa * sb * cc - ca * sc, ca * sb * cc + sa * sc),
        (cb * sc, sa * sb * sc + ca * cc, ca * sb * sc - sa * cc),
        (-sb, sa * cb, ca * cb),
    )
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def euler_from_rotation(rotation: np.ndarray) -> np.ndarray:
    """Return angles (..., 3) float64 in radians from rotation matrices (..., 3, 3).

    The first and third are in [-pi, pi], the second in [-pi/2, pi/2]. If the first and third turn about
    the same axis, the third is 0.
    """
    r = np.moveaxis(np.asarray(rotation, dtype=np.float64), (-2, -1), (0, 1))
    across = _hypot(r[0, 0], r[1, 0])
    is_locked = across < _LOCKED
    first = np.where(is_locked, _atan2(-r[1, 2], r[1, 1]), _atan2(r[2, 1], r[2, 2]))
    third = np.where(is_locked, 0.0, _atan2(r[1, 0], r[0, 0]))
    return np.stack([first, _atan2(-r[2, 0], across), third], axis=-1)
