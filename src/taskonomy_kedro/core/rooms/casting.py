"""Ray-casting against convex solids, exact, for a grid of pixels or for single rays.

Along a ray `origin + t * d`, write w = 1 / t (nearness). Then every plane, and both roots of every
quadric, is an affine or square-root expression in forms that are linear in d:

- a plane at signed distance s along n is met at w = (n . d) / s;
- a quadric A t^2 - 2 B t + C = 0 is met at w = B/C + sqrt((B/C)^2 - A/C) and at the other sign.

On a grid d is (x, y, -1), so each linear form is the sum of a row and a column, and a box costs
about ten array operations on the pixels it can cover. A solid is met where the nearest of its
entries is nearer than all of its exits. Only additions, products, quotients and square roots
occur, so every machine gives the same bytes.
"""

from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.core.rooms.primitives import BOX, ELLIPSOID, FRUSTUM, Solids

SHELL = 6  # the first six primitives are the faces of the room: seen from inside, behind everything
_NEAR = 0.02  # metres before the camera, below which a corner has no usable projection
_TINY = 1e-9
_EDGES = np.array([[i, i | bit] for bit in (1, 2, 4) for i in range(8) if not i & bit])
"""The edges of a box, as pairs of corners in the order of `Solids.corners`."""


@dataclass(frozen=True, kw_only=True)
class _Forms:
    """Linear forms of all solids seen from one origin, rotated into the frame of the rays.

    Attributes:
        planes: (n, 6, 3); boxes: their six planes; frusta: rows 0, 1 are the caps; entries first.
        entries: (n,) number of planes through which a ray enters.
        quadric: (n, 4, 3); ellipsoids: three scaled axes, then B/C; frusta: the axis, unused
            rows, then B/C.
        inverse_c: (n,) 1 / C.
        c_sign: (n,) sign of C: negative when the origin is inside the endless cone.
        is_far_cone: (n,) the origin is inside the mirror image of the cone, beyond its tip.
    """

    planes: np.ndarray
    entries: np.ndarray
    quadric: np.ndarray
    inverse_c: np.ndarray
    c_sign: np.ndarray
    is_far_cone: np.ndarray


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the dot product over the last axis, in one fixed order of additions."""
    out: np.ndarray = a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1] + a[..., 2] * b[..., 2]
    return out


def _turned(vectors: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """Return `vectors @ rotation` without BLAS, whose order of additions depends on the machine."""
    return np.stack([_dot(vectors, rotation[:, j]) for j in range(3)], axis=-1)


def _nonzero(values: np.ndarray) -> np.ndarray:
    return np.where(np.abs(values) < _TINY, _TINY, values)


def _linear_forms(solids: Solids, keep: np.ndarray, origin: np.ndarray, rotation: np.ndarray) -> _Forms:
    center = _turned(solids.center[keep] - origin, rotation)
    axes = _turned(solids.axes[keep], rotation)
    half, kind = solids.half[keep], solids.kind[keep]
    along = _dot(axes, center[:, None, :])  # centre along each own axis
    reach = np.where((kind == FRUSTUM)[:, None] & (np.arange(3) < 2), np.inf, half)
    low, high = along - reach, along + reach
    positive = low > 0
    # entries come first: the face towards the origin of each axis on which the origin lies outside
    outside = positive | (high < 0)
    first = _nonzero(np.where(positive, low, high))
    second = _nonzero(np.where(positive, high, low))
    distances = np.concatenate([first, second], axis=1)
    planes = np.concatenate([axes, axes], axis=1) / distances[..., None]
    is_entry = np.concatenate([outside, np.zeros_like(outside)], axis=1)
    capped = (kind == FRUSTUM)[:, None] & (np.arange(6) % 3 < 2)
    order = np.argsort(np.where(capped, 2, np.where(is_entry, 0, 1)), axis=1, kind="stable")
    planes = np.take_along_axis(planes, order[..., None], axis=1)
    entries = (is_entry & ~capped).sum(axis=1)

    quadric = np.zeros((len(kind), 4, 3))
    c = np.ones(len(kind))
    is_far_cone = np.zeros(len(kind), dtype=bool)
    e = kind == ELLIPSOID
    scaled_center = along[e] / half[e]
    c[e] = _nonzero(_dot(scaled_center, scaled_center) - 1.0)
    scaled_axes = axes[e] / half[e][..., None]
    quadric[e, :3] = scaled_axes / np.sqrt(np.abs(c[e]))[:, None, None]
    quadric[e, 3] = (scaled_axes * scaled_center[..., None]).sum(axis=1) / c[e][:, None]
    f = kind == FRUSTUM
    axis, height = axes[f, 2], along[f, 2]
    radius_here = half[f, 0] - half[f, 1] * height
    c[f] = _nonzero(_dot(center[f], center[f]) - height * height - radius_here * radius_here)
    stretch = np.sqrt((1.0 + half[f, 1] ** 2) / np.abs(c[f]))
    quadric[f, 0] = axis * stretch[:, None]
    b = center[f] - axis * (height - radius_here * half[f, 1])[:, None]
    quadric[f, 3] = b / c[f][:, None]
    is_far_cone[f] = radius_here < 0
    return _Forms(
        planes=planes,
        entries=entries,
        quadric=quadric,
        inverse_c=1.0 / c,
        c_sign=np.sign(c),
        is_far_cone=is_far_cone,
    )


def _rectangles(
    solids: Solids, origin: np.ndarray, rotation: np.ndarray, xs: np.ndarray, ys: np.ndarray
) -> np.ndarray:
    """Return for each solid the rows and columns it can cover: r0, r1, c0, c1, empty if r0 >= r1."""
    corners = _turned(solids.corners - origin, rotation)
    depth = -corners[..., 2]
    is_before = depth > _NEAR
    any_before = is_before.any(axis=1)
    safe = np.where(is_before, depth, np.nan)
    x, y = corners[..., 0] / safe, corners[..., 1] / safe
    low, high = (
        np.stack([np.fmin.reduce(c, axis=1) for c in (x, y)]),
        np.stack([np.fmax.reduce(c, axis=1) for c in (x, y)]),
    )
    # what reaches behind the camera is bounded by where its edges leave the space before it
    for row in np.flatnonzero(any_before & ~is_before.all(axis=1)):
        start, end = corners[row, _EDGES[:, 0]], corners[row, _EDGES[:, 1]]
        is_crossing = (start[:, 2] < -_NEAR) != (end[:, 2] < -_NEAR)
        start, end = start[is_crossing], end[is_crossing]
        share = (-_NEAR - start[:, 2]) / (end[:, 2] - start[:, 2])
        places = (start[:, :2] + share[:, None] * (end[:, :2] - start[:, :2])) / _NEAR
        low[:, row] = np.minimum(low[:, row], places.min(axis=0))
        high[:, row] = np.maximum(high[:, row], places.max(axis=0))
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


def cast_grid(
    solids: Solids,
    origin: np.ndarray,
    rotation: np.ndarray,
    xs: np.ndarray,
    ys: np.ndarray,
    *,
    only_shadows: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """Find what the ray through every node of a grid meets first.

    Args:
        solids: The room; its first six primitives are its faces.
        origin: (3,) camera location in the world, metres; outside every solid, inside the room.
        rotation: (3, 3); columns are the camera axes in the world, the camera looks along -z.
        xs: (width,) rising; x / depth of each column.
        ys: (height,) falling; y / depth of each row, y up.
        only_shadows: Leave out the faces of the room and whatever casts no shadow.

    Returns:
        Nearness 1 / depth along the optical axis, (height, width) float64, 0 where nothing is
        met; and the row of the solid met, int16, -1 where nothing is met.
    """
    nearness = np.zeros((len(ys), len(xs)))
    ids = np.full((len(ys), len(xs)), -1, dtype=np.int16)
    rectangles = _rectangles(solids, origin, rotation, xs, ys)
    if only_shadows:
        rectangles[~solids.casts_shadow] = 0
    else:
        _fill_shell(solids, origin, rotation, xs, ys, nearness, ids)
    rectangles[:SHELL] = 0
    keep = np.flatnonzero(rectangles[:, 1])
    if not len(keep):
        return nearness, ids
    forms = _linear_forms(solids, keep, origin, rotation)
    px, py = _row_and_column(forms.planes, xs, ys)
    qx, qy = _row_and_column(forms.quadric, xs, ys)
    squares = (xs * xs, (1.0 + ys * ys)[:, None])
    kinds, entries = solids.kind[keep].tolist(), forms.entries.tolist()
    with np.errstate(invalid="ignore"):
        for i, (row, (r0, r1, c0, c1)) in enumerate(
            zip(keep.tolist(), rectangles[keep].tolist(), strict=True)
        ):
            target = nearness[r0:r1, c0:c1]
            if kinds[i] == BOX:
                n = entries[i]
                if not n:
                    continue
                planes = py[i, :, r0:r1] + px[i, :, :, c0:c1]
                enter = np.minimum.reduce(planes[:n], axis=0)
                leave = np.maximum.reduce(planes[n:], axis=0)
                np.maximum(leave, target, out=leave)
                met = enter >= leave  # equal for a quad, which is left where it is entered
            elif kinds[i] == ELLIPSOID:
                values = qy[i, :, r0:r1] + qx[i, :, :, c0:c1]
                b = values[3]
                values = values * values
                enter = b + np.sqrt(values[3] - values[0] - values[1] - values[2])
                met = enter > target
            else:
                values = qy[i, ::3, r0:r1] + qx[i, ::3, :, c0:c1]
                rest = (squares[0][c0:c1] + squares[1][r0:r1]) * forms.inverse_c[i]
                caps = py[i, :2, r0:r1] + px[i, :2, :, c0:c1]
                enter, leave = _frustum(values[1], values[0], rest, caps, forms, i)
                met = enter > np.maximum(leave, target)
            np.copyto(target, enter, where=met)
            np.copyto(ids[r0:r1, c0:c1], row, where=met)
    return nearness, ids


def _frustum(
    b: np.ndarray, axis: np.ndarray, rest: np.ndarray, caps: np.ndarray, forms: _Forms, i: int
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


def _frusta(
    values: np.ndarray, rest: np.ndarray, caps: np.ndarray, forms: _Forms, rows: np.ndarray
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
    forms = _linear_forms(solids, np.arange(len(solids)), origin, np.eye(3))
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
        b, values = values[3], values * values
        enter = b + np.sqrt(values[3] - values[0] - values[1] - values[2])
        best[:, ellipsoid] = np.where(enter > 0, enter, 0.0)
        squared = _dot(directions, directions)
        f = np.flatnonzero(solids.kind == FRUSTUM)
        if len(f):
            values, caps = _at(forms.quadric[f][:, ::3], directions), _at(forms.planes[f, :2], directions)
            enter, leave = _frusta(values, squared[:, None] * forms.inverse_c[f], caps, forms, f)
            best[:, f] = np.where(enter > np.maximum(leave, 0.0), enter, 0.0)
    ids = best.argmax(axis=1)
    return best[np.arange(len(ids)), ids], ids


def _at(forms: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Evaluate linear forms (n, k, 3) at directions (rays, 3); the result is (k, rays, n)."""
    parts = [np.ascontiguousarray(forms[:, :, i].T)[:, None, :] * directions[:, i, None] for i in range(3)]
    return parts[0] + parts[1] + parts[2]
