"""The solids that rooms are built from: boxes, ellipsoids and cone frusta, and many of them as arrays.

A quad is a box without thickness, a sphere an ellipsoid with equal axes, a cylinder a frustum
without taper. All are convex, which the ray-caster and the shadows rest on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from taskonomy_kedro.core.rooms.materials import Material

BOX, ELLIPSOID, FRUSTUM = 0, 1, 2

Vector = tuple[float, float, float]
Axes = tuple[Vector, Vector, Vector]
UPRIGHT: Axes = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))


@dataclass(frozen=True, slots=True)
class Primitive:
    """One convex solid in metres.

    Attributes:
        kind: `BOX`, `ELLIPSOID` or `FRUSTUM`.
        center: Centre of the box or ellipsoid; of a frustum the middle of its axis.
        axes: Its own three unit axes; the third is the axis of a frustum.
        half: Half sides of a box, semi-axes of an ellipsoid; of a frustum the radius at its
            centre, the growth of the radius per metre along the axis, and the half height.
        material: What it looks like.
        casts_shadow: False for what a lamp shines through, such as its own shade.
    """

    kind: int
    center: Vector
    axes: Axes
    half: Vector
    material: Material
    casts_shadow: bool = True

    def moved(self, x: float, y: float, z: float, cosine: float, sine: float) -> "Primitive":
        """Return it turned about the vertical through the origin, then shifted by (x, y, z)."""

        def turned(v: Vector) -> Vector:
            return (cosine * v[0] - sine * v[1], sine * v[0] + cosine * v[1], v[2])

        cx, cy, cz = turned(self.center)
        axes = (turned(self.axes[0]), turned(self.axes[1]), turned(self.axes[2]))
        return Primitive(
            self.kind, (cx + x, cy + y, cz + z), axes, self.half, self.material, self.casts_shadow
        )

    def extent(self) -> Vector:
        """Return half the sides of its bounding box along the world axes."""
        a, h = self.axes, self.half
        if self.kind == BOX:
            sides = [abs(a[0][i]) * h[0] + abs(a[1][i]) * h[1] + abs(a[2][i]) * h[2] for i in range(3)]
        elif self.kind == ELLIPSOID:
            sides = [
                float((a[0][i] * h[0]) ** 2 + (a[1][i] * h[1]) ** 2 + (a[2][i] * h[2]) ** 2) ** 0.5
                for i in range(3)
            ]
        else:
            radius = h[0] + abs(h[1]) * h[2]
            sides = [
                abs(a[2][i]) * h[2] + radius * float(max(0.0, 1.0 - a[2][i] ** 2)) ** 0.5 for i in range(3)
            ]
        return (sides[0], sides[1], sides[2])

    def bounds(self) -> tuple[float, float, float, float, float, float]:
        """Return x, y, z minima, then maxima, of its bounding box along the world axes."""
        (x, y, z), (ex, ey, ez) = self.center, self.extent()
        return (x - ex, y - ey, z - ez, x + ex, y + ey, z + ez)


@dataclass(frozen=True, kw_only=True)
class Solids:
    """Many primitives as arrays, one row each; the first six are the faces of the room itself.

    Attributes:
        kind: int8 (n,).
        center: float64 (n, 3), metres in the world.
        axes: float64 (n, 3, 3); `axes[i, j]` is the j-th own axis of primitive i.
        half: float64 (n, 3), as in `Primitive`.
        object_id: int32 (n,), the instance each belongs to.
        material: int32 (n,), row of the material table.
        casts_shadow: bool (n,).
    """

    kind: np.ndarray
    center: np.ndarray
    axes: np.ndarray
    half: np.ndarray
    object_id: np.ndarray
    material: np.ndarray
    casts_shadow: np.ndarray

    def __len__(self) -> int:
        return len(self.kind)

    @cached_property
    def corners(self) -> np.ndarray:
        """The corners of each primitive's own bounding box, shape (n, 8, 3), in the world."""
        reach = self.half.copy()
        frustum = self.kind == FRUSTUM
        radius = self.half[frustum, 0] + np.abs(self.half[frustum, 1]) * self.half[frustum, 2]
        reach[frustum, 0] = radius
        reach[frustum, 1] = radius
        signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=float)
        arms = self.axes * reach[:, :, None]
        out = np.repeat(self.center[:, None, :], 8, axis=1)
        for i in range(3):
            out += signs[None, :, i, None] * arms[:, None, i, :]
        return out


def pack(primitives: Sequence[Primitive], object_ids: Sequence[int], materials: Sequence[int]) -> Solids:
    """Write primitives as arrays, with the instance and the material row of each."""
    return Solids(
        kind=np.array([p.kind for p in primitives], dtype=np.int8),
        center=np.array([p.center for p in primitives], dtype=np.float64),
        axes=np.array([p.axes for p in primitives], dtype=np.float64),
        half=np.array([p.half for p in primitives], dtype=np.float64),
        object_id=np.array(object_ids, dtype=np.int32),
        material=np.array(materials, dtype=np.int32),
        casts_shadow=np.array([p.casts_shadow for p in primitives], dtype=bool),
    )
