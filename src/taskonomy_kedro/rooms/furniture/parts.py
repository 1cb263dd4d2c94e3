"""Build models from a few named solids."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Concatenate, ParamSpec

import numpy as np

from taskonomy_kedro.rooms.classes import class_id
from taskonomy_kedro.rooms.materials import Material, Palette
from taskonomy_kedro.rooms.primitives import BOX, ELLIPSOID, FRUSTUM, SHEET, UPRIGHT, Axes, Primitive, Vector

Pair = tuple[float, float]
Options = ParamSpec("Options")

_LYING: dict[str, Axes] = {
    "x": ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)),
    "y": ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, -1.0, 0.0)),
}


@dataclass(frozen=True)
class Support:
    """A level surface of a model for smaller things: ranges of x and y, height z, free height above."""

    x: Pair
    y: Pair
    z: float
    headroom: float = math.inf


@dataclass(frozen=True, kw_only=True)
class Model:
    """One object before it is placed in a room.

    Attributes:
        name: Such as `nightstand`.
        semantic: Its stored semantic id.
        parts: Its primitives.
        supports: Its surfaces for smaller things.
        clearance: Metres in front of it without other furniture.
        is_flat: Flat on the floor, so that others can stand on it: a rug.
    """

    name: str
    semantic: int
    parts: tuple[Primitive, ...]
    supports: tuple[Support, ...] = ()
    clearance: float = 0.0
    is_flat: bool = False

    def bounds(self) -> np.ndarray:
        """Return minima then maxima of its bounding box, (6,), around its own origin."""
        return enclose(np.array([part.bounds() for part in self.parts]))


def enclose(boxes: np.ndarray) -> np.ndarray:
    """Return the bounding box, (6,), of bounding boxes (n, 6): minima, then maxima."""
    return np.concatenate([boxes[:, :3].min(axis=0), boxes[:, 3:].max(axis=0)])


@dataclass
class Parts:
    """Collects the primitives of one model; lengths in metres, `bottom` is the height of the lower edge.

    Set `casts_shadow` to False before you add primitives that lamps shine through.
    """

    items: list[Primitive] = field(default_factory=list)
    supports: list[Support] = field(default_factory=list)
    casts_shadow: bool = True

    def _add(self, kind: int, center: Vector, axes: Axes, half: Vector, material: Material) -> None:
        self.items.append(Primitive(kind, center, axes, half, material, self.casts_shadow))

    def box(
        self,
        center: Pair,
        bottom: float,
        size: Vector,
        material: Material,
        *,
        yaw: float = 0.0,
        tilt: float = 0.0,
    ) -> None:
        """Add a box; `tilt` leans it back about x, `yaw` rotates it, radians."""
        axes = UPRIGHT
        if tilt or yaw:
            c, s, ct, st = math.cos(yaw), math.sin(yaw), math.cos(tilt), math.sin(tilt)
            axes = ((c, s, 0.0), (-s * ct, c * ct, -st), (-s * st, c * st, ct))
        half = (size[0] / 2, size[1] / 2, size[2] / 2)
        self._add(BOX, (*center, bottom + half[2]), axes, half, material)

    def quad(self, center: Vector, width: float, height: float, material: Material) -> None:
        """Add an upright rectangle without thickness that faces the front."""
        self.items.append(Primitive(BOX, center, UPRIGHT, (width / 2, 0.0, height / 2), material, False))

    def sheet(self, center: Vector, width: float, depth: float, material: Material) -> None:
        """Add a level rectangle without thickness."""
        self.items.append(Primitive(BOX, center, UPRIGHT, (width / 2, depth / 2, 0.0), material, False))

    def cylinder(
        self,
        center: Pair,
        bottom: float,
        radius: float,
        height: float,
        material: Material,
        *,
        top: float | None = None,
    ) -> None:
        """Add an upright cylinder, or a cone frustum if the radius at the top differs."""
        upper = radius if top is None else top
        half = ((radius + upper) / 2, (upper - radius) / height, height / 2)
        self._add(FRUSTUM, (*center, bottom + height / 2), UPRIGHT, half, material)

    def rod(self, center: Vector, axis: str, radius: float, length: float, material: Material) -> None:
        """Add a horizontal cylinder along x or y."""
        self._add(FRUSTUM, center, _LYING[axis], (radius, 0.0, length / 2), material)

    def stick(self, start: Vector, end: Vector, radius: float, material: Material) -> None:
        """Add a cylinder from one point to another."""
        delta = (end[0] - start[0], end[1] - start[1], end[2] - start[2])
        length = math.sqrt(sum(c * c for c in delta))
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, (start[2] + end[2]) / 2)
        self._add(FRUSTUM, middle, frame_along(delta), (radius, 0.0, length / 2), material)

    def ball(self, center: Vector, radii: Vector | float, material: Material) -> None:
        """Add a sphere, or an ellipsoid along the axes."""
        half = (radii, radii, radii) if isinstance(radii, (int, float)) else radii
        self._add(ELLIPSOID, center, UPRIGHT, half, material)

    def leaf(self, center: Vector, along: Vector, radii: Vector, material: Material) -> None:
        """Add an ellipsoid whose third axis points along a vector."""
        self._add(ELLIPSOID, center, frame_along(along), radii, material)

    def wall(
        self,
        center: Pair,
        bottom: float,
        radius: float,
        height: float,
        material: Material,
        *,
        top: float | None = None,
        waist: float | None = None,
    ) -> None:
        """Add a thin upright wall, open above and below: a cylinder, a cone or, with a waist, a neck.

        `radius`, `waist` and `top` are the radii at the lower edge, half way up and at the upper edge. A
        waist below the mean of the two others gives a saddle, above it a bulge.
        """
        upper = radius if top is None else top
        middle = (radius + upper) / 2 if waist is None else waist
        half = height / 2
        growth = (upper**2 - radius**2) / (4.0 * middle * half)
        bend = ((upper**2 + radius**2) / 2 - middle**2) / half**2
        shape = (middle, growth, half)
        self.items.append(
            Primitive(SHEET, (*center, bottom + half), UPRIGHT, shape, material, self.casts_shadow, bend)
        )

    def bowl(self, center: Pair, bottom: float, radius: float, depth: float, material: Material) -> None:
        """Add a thin part of a sphere, open above; `radius` is that of its rim, `depth` at most as large."""
        ball = (radius**2 + depth**2) / (2.0 * depth)
        half = depth / 2
        middle = math.sqrt(ball**2 - (ball - half) ** 2)
        shape = (middle, (ball - half) / middle, half)
        self.items.append(Primitive(SHEET, (*center, bottom + half), UPRIGHT, shape, material, bend=-1.0))

    def arc(
        self,
        center: Vector,
        towards: Vector,
        axis: Vector,
        radius: float,
        length: float,
        material: Material,
        *,
        opening: float = math.pi,
    ) -> None:
        """Add a thin part of a cylinder around `center`, the middle of its `axis`.

        The part spans `opening` radians, half to each side of `towards`; both vectors have unit length.
        """
        (a, b, c), (x, y, z) = axis, towards
        axes = (towards, (b * z - c * y, c * x - a * z, a * y - b * x), axis)
        cut = radius * math.cos(opening / 2)
        half = (radius, 0.0, length / 2)
        self.items.append(Primitive(SHEET, center, axes, half, material, self.casts_shadow, 0.0, cut))

    def support(self, x: Pair, y: Pair, z: float, headroom: float = math.inf) -> None:
        """Add a level surface for smaller things."""
        self.supports.append(Support(x, y, z, headroom))

    def legs(self, width: float, depth: float, height: float, thickness: float, material: Material) -> None:
        """Add four legs at the corners of a rectangle."""
        x, y = width / 2 - thickness / 2, depth / 2 - thickness / 2
        for place in ((-x, -y), (x, -y), (-x, y), (x, y)):
            self.box(place, 0.0, (thickness, thickness, height), material)

    def model(
        self, name: str, semantic: str = "background", clearance: float = 0.0, is_flat: bool = False
    ) -> Model:
        """Return the model."""
        return Model(
            name=name,
            semantic=class_id(semantic),
            parts=tuple(self.items),
            supports=tuple(self.supports),
            clearance=clearance,
            is_flat=is_flat,
        )


def furniture(
    name: str, semantic: str = "background", *, clearance: float = 0.0, is_flat: bool = False
) -> Callable[
    [Callable[Concatenate[Parts, Palette, Options], None]], Callable[Concatenate[Palette, Options], Model]
]:
    """Turn a function that adds primitives to `Parts` into one that returns the `Model`."""

    def decorate(
        build: Callable[Concatenate[Parts, Palette, Options], None],
    ) -> Callable[Concatenate[Palette, Options], Model]:
        @wraps(build)
        def make(palette: Palette, /, *args: Options.args, **kwargs: Options.kwargs) -> Model:
            parts = Parts()
            build(parts, palette, *args, **kwargs)
            return parts.model(name, semantic, clearance, is_flat)

        return make

    return decorate


def frame_along(direction: Vector) -> Axes:
    """Return three unit axes, the last along a vector of any length."""
    size = math.sqrt(direction[0] ** 2 + direction[1] ** 2 + direction[2] ** 2)
    x, y, z = (c / size for c in direction)
    helper = (0.0, 0.0, 1.0) if abs(z) < 0.9 else (1.0, 0.0, 0.0)
    a = (helper[1] * z - helper[2] * y, helper[2] * x - helper[0] * z, helper[0] * y - helper[1] * x)
    length = math.sqrt(a[0] ** 2 + a[1] ** 2 + a[2] ** 2)
    a = (a[0] / length, a[1] / length, a[2] / length)
    b = (y * a[2] - z * a[1], z * a[0] - x * a[2], x * a[1] - y * a[0])
    return (a, b, (x, y, z))


def around(angle: float, radius: float) -> Pair:
    """Return the point at an angle on a circle about the origin."""
    return (radius * math.cos(angle), radius * math.sin(angle))


def spread(count: int, width: float) -> list[float]:
    """Return the middles of `count` equal parts of a width about 0."""
    return [(k - (count - 1) / 2) * width / count for k in range(count)]
