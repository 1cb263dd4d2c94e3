"""Curvature at creases between faces, as a scan measures it; exact surfaces have none there."""

import math
from collections.abc import Iterator

import numpy as np

from taskonomy_kedro.rooms import Rendering

_Part = tuple[slice, slice]

_SCALE = 0.1  # metres, least distance over which a turn is measured
_LEAST_TURN = 0.35  # radians; less is no crease
_GREATEST_GAP = 3.0  # widths of a step on a surface across the view; pixels further apart share no crease
_STEPS_ACROSS = 64  # an image is that many steps wide; compared pixels lie a step apart


def with_creases(rendering: Rendering, field_of_view_rads: float) -> np.ndarray:
    """Return the curvatures of a view, with those of creases at the scale of a scan.

    Two pixels about a 64th of the image apart, at least one pixel, lie beside a crease if each is behind the
    plane of the other (an edge, k1 > 0) or each is in front of it (a corner, k2 < 0), if their normals differ
    by 0.35 rad or more, and if they are close to each other, which neighbours at grazing angles are not. The
    curvature of both is the angle between the normals over their distance, or over 0.1 m if that is more.
    Two curved pixels of one object have no crease.

    Args:
        rendering: The rendered view.
        field_of_view_rads: Full angle of view.

    Returns:
        (H, W, 2) float32, k1 >= k2 in 1/m.

    Source: docs/method.md, `principal_curvature`.
    """
    found, normal = rendering.curvature.copy(), rendering.normal
    size = len(found)
    step, focal = max(1, round(size / _STEPS_ACROSS)), size / 2 / math.tan(field_of_view_rads / 2)
    points = _points(rendering, focal)
    is_round = (found[..., 0] != 0) | (found[..., 1] != 0)
    for first, second in _pairs(step):
        way = points[second] - points[first]
        distance = np.sqrt(_dot(way, way))
        ahead, back = _dot(way, normal[first]), -_dot(way, normal[second])
        turn = np.arccos(np.clip(_dot(normal[first], normal[second]), -1.0, 1.0))
        pixel = step / focal * -np.minimum(points[first][..., 2], points[second][..., 2])
        is_crease: np.ndarray = (turn > _LEAST_TURN) & (ahead * back > 0) & (distance < _GREATEST_GAP * pixel)
        same = rendering.instance[first] == rendering.instance[second]
        is_crease &= ~(is_round[first] & is_round[second] & same)
        strength = (turn / np.maximum(distance, _SCALE)).astype(np.float32)
        for side in (first, second):
            k1, k2 = found[side][..., 0], found[side][..., 1]
            np.maximum(k1, strength, out=k1, where=is_crease & (ahead < 0))
            np.minimum(k2, -strength, out=k2, where=is_crease & (ahead > 0))
    return found


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return dot products of vectors (H, W, 3); written out, since sums along a short axis are slow."""
    out: np.ndarray = a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1] + a[..., 2] * b[..., 2]
    return out


def _points(rendering: Rendering, focal: float) -> np.ndarray:
    """Return the point at each pixel, (H, W, 3) float32 metres in the frame of the normals.

    0 without geometry: far from every visible point.
    """
    size = len(rendering.valid)
    depth = np.where(rendering.valid, rendering.depth_z, np.float32(0.0))
    place = ((np.arange(size) + 0.5 - size / 2) / focal).astype(np.float32)
    return np.stack([place * depth, -place[:, None] * depth, -depth], axis=-1)


def _pairs(step: int) -> Iterator[tuple[_Part, _Part]]:
    """Yield the parts of an image whose pixels are `step` below, or to the right of, each other."""
    near, far, whole = slice(None, -step), slice(step, None), slice(None)
    yield (near, whole), (far, whole)
    yield (whole, near), (whole, far)
