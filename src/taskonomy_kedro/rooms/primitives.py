"""The primitives of rooms: boxes, ellipsoids, cone frusta and curved sheets; `Solids` holds many as arrays.

A quad is a box without thickness, a sphere an ellipsoid with equal axes, a cylinder a frustum
without taper. These three are convex; the ray-caster and the shadows rely on that. A sheet is a piece
of a surface of revolution without thickness or caps, visible from both sides: only sheets can be hollow
(the inside of a bowl) or saddles (the neck of a vase).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from taskonomy_kedro.rooms.materials import Material

BOX, ELLIPSOID, FRUSTUM, SHEET = 0, 1, 2, 3

Vector = tuple[float, float, float]
Axes = tuple[Vector, Vector, Vector]
UPRIGHT: Axes = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


@dataclass(frozen=True, slots=True)
class Primitive:
    """One solid or sheet in metres.

    Attributes:
        kind: `BOX`, `ELLIPSOID`, `FRUSTUM` or `SHEET`.
        center: Centre of the box or ellipsoid; of a frustum or sheet the middle of its axis.
        axes: Its own three unit axes; the third is the axis of a frustum or sheet.
        half: Half sides of a box, semi-axes of an ellipsoid; of a frustum or sheet the radius at its
            centre, the growth of the radius per metre along the axis there, and the half height.
        material: Its material.
        casts_shadow: False if lamps shine through it, such as a lamp's own shade.
        bend: Of a sheet, c in radius(z)^2 = r^2 + 2 r g z + c z^2 for radius r and growth g at the
            centre: -1 a sphere, 0 a cylinder or paraboloid, g^2 a cone, above that a neck. No unit.
        cut: Of a sheet, the least own x, metres: 0 leaves half of it. By default all of it.
    """

    kind: int
    center: Vector
    axes: Axes
    half: Vector
    material: Material
    casts_shadow: bool = True
    bend: float = 0.0
    cut: float = -math.inf

    def moved(self, x: float, y: float, z: float, cosine: float, sine: float) -> "Primitive":
        """Return it rotated about the vertical through the origin, then shifted by (x, y, z)."""

        def rotated(v: Vector) -> Vector:
            return (cosine * v[0] - sine * v[1], sine * v[0] + cosine * v[1], v[2])

        cx, cy, cz = rotated(self.center)
        axes = (rotated(self.axes[0]), rotated(self.axes[1]), rotated(self.axes[2]))
        return replace(self, center=(cx + x, cy + y, cz + z), axes=axes)

    def extent(self) -> Vector:
        """Return half the sides of a solid's bounding box along the world axes, metres."""
        h = self.half

        def side(a: float, b: float, c: float) -> float:
            if self.kind == BOX:
                return abs(a) * h[0] + abs(b) * h[1] + abs(c) * h[2]
            if self.kind == ELLIPSOID:
                return float((a * h[0]) ** 2 + (b * h[1]) ** 2 + (c * h[2]) ** 2) ** 0.5
            radius = h[0] + abs(h[1]) * h[2]
            return abs(c) * h[2] + radius * float(max(0.0, 1.0 - c**2)) ** 0.5

        x, y, z = (side(*components) for components in zip(*self.axes, strict=True))
        return (x, y, z)

    def radius_at(self, height: float) -> float:
        """Return the radius of a sheet at a height above its centre, metres."""
        radius, growth, _ = self.half
        squared = radius * radius + 2.0 * radius * growth * height + self.bend * height * height
        return math.sqrt(max(squared, 0.0))

    def widest(self) -> float:
        """Return the greatest radius of a sheet: at an end, or where a sphere is widest."""
        radius, growth, height = self.half
        ends = [self.radius_at(-height), self.radius_at(height)]
        if self.bend < 0 and abs(radius * growth) < -self.bend * height:
            ends.append(self.radius_at(-radius * growth / self.bend))
        return max(ends)

    def _reach(self, direction: Vector) -> float:
        """Return how far a sheet reaches from its centre along a world direction, metres."""
        x, y, z = (sum(a * d for a, d in zip(axis, direction, strict=True)) for axis in self.axes)
        radius, across = self.widest(), math.hypot(x, y)
        if self.cut <= -radius or x * radius >= self.cut * across:
            reach = radius * across
        else:  # the farthest point is on the edge of the cut
            reach = x * self.cut + abs(y) * math.sqrt(max(radius**2 - self.cut**2, 0.0))
        return reach + abs(z) * self.half[2]

    def bounds(self) -> tuple[float, float, float, float, float, float]:
        """Return x, y, z minima, then maxima, of its bounding box along the world axes."""
        x, y, z = self.center
        if self.kind == SHEET:
            high = [self._reach(axis) for axis in UPRIGHT]
            low = [self._reach((-a, -b, -c)) for a, b, c in UPRIGHT]
            return (x - low[0], y - low[1], z - low[2], x + high[0], y + high[1], z + high[2])
        ex, ey, ez = self.extent()
        return (x - ex, y - ey, z - ez, x + ex, y + ey, z + ez)


@dataclass(frozen=True, kw_only=True)
class Solids:
    """Many primitives as arrays, one row each; the first six are the faces of the room itself.

    Attributes:
        kind: int8 (n,).
        center: float64 (n, 3), metres in the world.
        axes: float64 (n, 3, 3); `axes[i, j]` is the j-th own axis of primitive i.
        half: float64 (n, 3), as in `Primitive`.
        object_id: int32 (n,), the instance of each.
        material: int32 (n,), row of the material table.
        casts_shadow: bool (n,).
        bend, cut: float64 (n,), as in `Primitive`.
        widest: float64 (n,), the greatest radius of a sheet.
    """

    kind: np.ndarray
    center: np.ndarray
    axes: np.ndarray
    half: np.ndarray
    object_id: np.ndarray
    material: np.ndarray
    casts_shadow: np.ndarray
    bend: np.ndarray
    cut: np.ndarray
    widest: np.ndarray

    def __len__(self) -> int:
        return len(self.kind)

    @cached_property
    def corners(self) -> np.ndarray:
        """The corners of each primitive's own bounding box, (n, 8, 3) metres in the world."""
        high = self.half.copy()
        frustum, sheet = self.kind == FRUSTUM, self.kind == SHEET
        radius = self.half[frustum, 0] + np.abs(self.half[frustum, 1]) * self.half[frustum, 2]
        high[frustum, :2] = radius[:, None]
        high[sheet, :2] = self.widest[sheet, None]
        low = -high
        low[sheet, 0] = np.maximum(low[sheet, 0], self.cut[sheet])
        is_high = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=bool)
        places = np.where(is_high, high[:, None, :], low[:, None, :])
        out = np.repeat(self.center[:, None, :], 8, axis=1)
        for i in range(3):
            out += places[:, :, i, None] * self.axes[:, None, i, :]
        return out


def pack(primitives: Sequence[Primitive], object_ids: Sequence[int], materials: Sequence[int]) -> Solids:
    """Return primitives as arrays, with the instance and the material row of each."""

    def column(name: str, dtype: type = np.float64) -> np.ndarray:
        return np.array([getattr(primitive, name) for primitive in primitives], dtype=dtype)

    return Solids(
        kind=column("kind", np.int8),
        object_id=np.array(object_ids, dtype=np.int32),
        material=np.array(materials, dtype=np.int32),
        casts_shadow=column("casts_shadow", bool),
        widest=np.array([p.widest() if p.kind == SHEET else 0.0 for p in primitives], dtype=np.float64),
        **{name: column(name) for name in ("center", "axes", "half", "bend", "cut")},
    )
