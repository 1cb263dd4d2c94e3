"""Solids as linear forms of a ray's direction, which makes casting cheap.

Along a ray `origin + t * d`, write w = 1 / t (nearness). Then every plane, and both roots of every
quadric, is an affine or square-root expression in forms that are linear in d:

- a plane at signed distance s along n is hit at w = (n . d) / s;
- a quadric A t^2 - 2 B t + C = 0 is hit at w = B/C + sqrt((B/C)^2 - A/C) and at the other sign.

A solid is hit if the nearest of its entries is nearer than all of its exits; a sheet is hit at the nearer
of its two roots that lies within its ends. Only additions, products, quotients and square roots occur,
so every machine gives the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from taskonomy_kedro.rooms.primitives import ELLIPSOID, FRUSTUM, SHEET, Solids

_TINY = 1e-9
_OF_VECTORS = ("planes", "quadric")


@dataclass(frozen=True, kw_only=True)
class LinearForms:
    """Linear forms of solids, each relative to its origin, in the frame of the rays.

    Attributes:
        planes: (n, 6, 3); boxes: their six planes; frusta: rows 0, 1 are the caps; entries first;
            sheets: rows 0, 1 are their own x and z.
        entries: (n,), number of planes through which a ray enters.
        quadric: (n, 4, 3); ellipsoids: three scaled axes, then B/C; frusta: the axis, unused
            rows, then B/C; sheets: only B/C.
        inverse_c: (n,) 1 / C.
        c_sign: (n,) sign of C: negative if the origin is inside the infinite cone.
        is_far_cone: (n,) the origin is inside the mirror image of the cone, beyond its tip.
        sheet: (n, 5) of sheets: (1 + bend) / C, their own x and z of the origin, cut, half height.
    """

    planes: np.ndarray
    entries: np.ndarray
    quadric: np.ndarray
    inverse_c: np.ndarray
    c_sign: np.ndarray
    is_far_cone: np.ndarray
    sheet: np.ndarray

    def select(self, rows: np.ndarray | slice) -> "LinearForms":
        """Return the forms of some of the solids."""
        return LinearForms(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})

    def rotate(self, rotation: np.ndarray) -> "LinearForms":
        """Return the forms for rays along other axes: the columns of a (3, 3) rotation."""
        return replace(self, planes=rotate(self.planes, rotation), quadric=rotate(self.quadric, rotation))


def stack_forms(forms: Sequence[LinearForms]) -> LinearForms:
    """Stack the forms of the same solids from several origins.

    Every array gets an axis over the origins: the last one, or the one before the last for `planes` and
    `quadric`.
    """
    return LinearForms(
        **{
            each.name: np.stack(
                [getattr(one, each.name) for one in forms], axis=-2 if each.name in _OF_VECTORS else -1
            )
            for each in fields(LinearForms)
        }
    )


def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the dot product over the last axis, with a fixed order of additions."""
    out: np.ndarray = a[..., 0] * b[..., 0] + a[..., 1] * b[..., 1] + a[..., 2] * b[..., 2]
    return out


def rotate(vectors: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """Return `vectors @ rotation` without BLAS, since its order of additions depends on the machine."""
    return np.stack([dot(vectors, rotation[:, j]) for j in range(3)], axis=-1)


def _nonzero(values: np.ndarray) -> np.ndarray:
    return np.where(np.abs(values) < _TINY, _TINY, values)


def linear_forms(solids: Solids, rows: np.ndarray, origins: np.ndarray) -> LinearForms:
    """Return the linear forms of solids for rays from an origin, along the axes of the world.

    Args:
        solids: The room.
        rows: (n,), rows of the solids; one may occur with several origins.
        origins: (n, 3) or (3,), origins of the rays, metres.
    """
    center, axes = solids.center[rows] - origins, solids.axes[rows]
    half, kind = solids.half[rows], solids.kind[rows]
    along = dot(axes, center[:, None, :])  # centre along each own axis
    is_sheet = kind == SHEET
    reach = np.where((kind == FRUSTUM)[:, None] & (np.arange(3) < 2), np.inf, half)
    reach[is_sheet] = 1.0  # the planes of sheets are not used
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

    planes[is_sheet, :2] = axes[is_sheet][:, ::2]
    bend = solids.bend[rows]
    quadric, c, is_far_cone = _quadrics(kind, half, bend, center, axes, along)
    sheet = np.stack([(1.0 + bend) / c, -along[:, 0], -along[:, 2], solids.cut[rows], half[:, 2]], axis=1)
    return LinearForms(
        planes=planes,
        entries=entries,
        quadric=quadric,
        inverse_c=1.0 / c,
        c_sign=np.sign(c),
        is_far_cone=is_far_cone,
        sheet=sheet,
    )


def _quadrics(
    kind: np.ndarray,
    half: np.ndarray,
    bend: np.ndarray,
    center: np.ndarray,
    axes: np.ndarray,
    along: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the forms of curved sides, C, and whether the origin is beyond the tip of a cone."""
    quadric = np.zeros((len(kind), 4, 3))
    c = np.ones(len(kind))
    is_far_cone = np.zeros(len(kind), dtype=bool)
    e = kind == ELLIPSOID
    scaled_center = along[e] / half[e]
    c[e] = _nonzero(dot(scaled_center, scaled_center) - 1.0)
    scaled_axes = axes[e] / half[e][..., None]
    quadric[e, :3] = scaled_axes / np.sqrt(np.abs(c[e]))[:, None, None]
    quadric[e, 3] = (scaled_axes * scaled_center[..., None]).sum(axis=1) / c[e][:, None]
    f = kind == FRUSTUM
    axis, height = axes[f, 2], along[f, 2]
    radius_here = half[f, 0] - half[f, 1] * height
    c[f] = _nonzero(dot(center[f], center[f]) - height * height - radius_here * radius_here)
    stretch = np.sqrt((1.0 + half[f, 1] ** 2) / np.abs(c[f]))
    quadric[f, 0] = axis * stretch[:, None]
    b = center[f] - axis * (height - radius_here * half[f, 1])[:, None]
    quadric[f, 3] = b / c[f][:, None]
    is_far_cone[f] = radius_here < 0
    s = kind == SHEET
    axis, height, radius, bent = axes[s, 2], along[s, 2], half[s, 0], bend[s]
    squared_here = radius * (radius - 2.0 * half[s, 1] * height) + bent * height * height
    c[s] = _nonzero(dot(center[s], center[s]) - height * height - squared_here)
    b = center[s] + axis * (radius * half[s, 1] - (1.0 + bent) * height)[:, None]
    quadric[s, 3] = b / c[s][:, None]
    return quadric, c, is_far_cone
