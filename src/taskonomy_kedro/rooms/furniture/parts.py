"""Build models from a few named solids."""

import math
from dataclasses import dataclass, field

import numpy as np

from taskonomy_kedro.rooms.classes import class_id
from taskonomy_kedro.rooms.materials import Material
from taskonomy_kedro.rooms.primitives import (
    BOX,
    ELLIPSOID,
    FRUSTUM,
    SHEET,
    UPRIGHT,
    Axes,
    Primitive,
    Vector,
)

_LYING: dict[str, Axes] = {
    "x": ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)),
    "y": ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, -1.0, 0.0)),
    "z": UPRIGHT,
}


@dataclass(frozen=True, kw_only=True)
class Support:
    """A level surface of a model for smaller things: ranges of x and y, height z, free height above."""

    x: tuple[float, float]
    y: tuple[float, float]
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
        boxes = np.array([part.bounds() for part in self.parts])
        return np.concatenate([boxes[:, :3].min(axis=0), boxes[:, 3:].max(axis=0)])


@dataclass
class Parts:
    """Collects the primitives of one model."""

    items: list[Primitive] = field(default_factory=list)
    supports: list[Support] = field(default_factory=list)

    def box(
        self,
        center: tuple[float, float],
        bottom: float,
        size: Vector,
        material: Material,
        *,
        yaw: float = 0.0,
        tilt: float = 0.0,
        shadow: bool = True,
    ) -> None:
        """Add a box at height `bottom`; `tilt` leans it back about x, `yaw` rotates it, radians."""
        axes = UPRIGHT
        if tilt or yaw:
            c, s, ct, st = math.cos(yaw), math.sin(yaw), math.cos(tilt), math.sin(tilt)
            axes = ((c, s, 0.0), (-s * ct, c * ct, -st), (-s * st, c * st, ct))
        half = (size[0] / 2, size[1] / 2, size[2] / 2)
        middle = (center[0], center[1], bottom + half[2])
        self.items.append(Primitive(BOX, middle, axes, half, material, shadow))

    def quad(self, center: Vector, width: float, height: float, material: Material) -> None:
        """Add an upright rectangle without thickness that faces the front."""
        self.items.append(Primitive(BOX, center, UPRIGHT, (width / 2, 0.0, height / 2), material, False))

    def sheet(self, center: Vector, width: float, depth: float, material: Material) -> None:
        """Add a level rectangle without thickness."""
        self.items.append(Primitive(BOX, center, UPRIGHT, (width / 2, depth / 2, 0.0), material, False))

    def cylinder(
        self,
        center: tuple[float, float],
        bottom: float,
        radius: float,
        height: float,
        material: Material,
        *,
        top: float | None = None,
        shadow: bool = True,
    ) -> None:
        """Add an upright cylinder, or a cone frustum if the radius at the top differs."""
        upper = radius if top is None else top
        half = ((radius + upper) / 2, (upper - radius) / height, height / 2)
        middle = (center[0], center[1], bottom + height / 2)
        self.items.append(Primitive(FRUSTUM, middle, UPRIGHT, half, material, shadow))

    def rod(self, center: Vector, axis: str, radius: float, length: float, material: Material) -> None:
        """Add a horizontal cylinder along x or y."""
        self.items.append(Primitive(FRUSTUM, center, _LYING[axis], (radius, 0.0, length / 2), material))

    def stick(self, start: Vector, end: Vector, radius: float, material: Material) -> None:
        """Add a cylinder from one point to another."""
        delta = (end[0] - start[0], end[1] - start[1], end[2] - start[2])
        length = math.sqrt(sum(c * c for c in delta))
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, (start[2] + end[2]) / 2)
        axes = frame_along(delta)
        self.items.append(Primitive(FRUSTUM, middle, axes, (radius, 0.0, length / 2), material))

    def ball(self, center: Vector, radii: Vector | float, material: Material, *, shadow: bool = True) -> None:
        """Add a sphere, or an ellipsoid along the axes."""
        half = (radii, radii, radii) if isinstance(radii, (int, float)) else radii
        self.items.append(Primitive(ELLIPSOID, center, UPRIGHT, half, material, shadow))

    def leaf(self, center: Vector, along: Vector, radii: Vector, material: Material) -> None:
        """Add an ellipsoid whose third axis points along a vector."""
        self.items.append(Primitive(ELLIPSOID, center, frame_along(along), radii, material))

    def wall(
        self,
        center: tuple[float, float],
        bottom: float,
        radius: float,
        height: float,
        material: Material,
        *,
        top: float | None = None,
        waist: float | None = None,
        shadow: bool = True,
    ) -> None:
        """Add a thin upright wall, open above and below: a cylinder, a cone or, with a waist, a neck.

        Args:
            center: x and y of the axis.
            bottom: Height of the lower edge.
            radius: Radius at the lower edge.
            height: From edge to edge.
            material: Of both sides.
            top: Radius at the upper edge; by default that of the lower edge.
            waist: Radius half way up; a saddle below the mean of the two, a bulge above it.
            shadow: False if lamps shine through it.
        """
        upper = radius if top is None else top
        middle = (radius + upper) / 2 if waist is None else waist
        half = height / 2
        growth = (upper**2 - radius**2) / (4.0 * middle * half)
        bend = ((upper**2 + radius**2) / 2 - middle**2) / half**2
        place = (center[0], center[1], bottom + half)
        self.items.append(Primitive(SHEET, place, UPRIGHT, (middle, growth, half), material, shadow, bend))

    def bowl(
        self, center: tuple[float, float], bottom: float, radius: float, depth: float, material: Material
    ) -> None:
        """Add a thin part of a sphere, open above; `radius` is that of its rim, `depth` at most as large."""
        ball = (radius**2 + depth**2) / (2.0 * depth)
        half = depth / 2
        middle = math.sqrt(ball**2 - (ball - half) ** 2)
        place = (center[0], center[1], bottom + half)
        growth = (ball - half) / middle
        self.items.append(Primitive(SHEET, place, UPRIGHT, (middle, growth, half), material, True, -1.0))

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
        shadow: bool = True,
    ) -> None:
        """Add a thin part of a cylinder.

        Args:
            center: Middle of the axis.
            towards: Unit vector from the axis to the middle of the part.
            axis: Unit vector along the axis.
            radius: Of the cylinder.
            length: Along the axis.
            material: Of both sides.
            opening: Angle of the part, radians, half to each side of `towards`.
            shadow: False close to a wall.
        """
        (a, b, c), (x, y, z) = axis, towards
        axes = (towards, (b * z - c * y, c * x - a * z, a * y - b * x), axis)
        cut = radius * math.cos(opening / 2)
        half = (radius, 0.0, length / 2)
        self.items.append(Primitive(SHEET, center, axes, half, material, shadow, 0.0, cut))

    def support(
        self, x: tuple[float, float], y: tuple[float, float], z: float, headroom: float = math.inf
    ) -> None:
        """Add a level surface for smaller things."""
        self.supports.append(Support(x=x, y=y, z=z, headroom=headroom))

    def legs(self, width: float, depth: float, height: float, thickness: float, material: Material) -> None:
        """Add four legs at the corners of a rectangle."""
        x, y = width / 2 - thickness / 2, depth / 2 - thickness / 2
        for place in ((-x, -y), (x, -y), (-x, y), (x, y)):
            self.box(place, 0.0, (thickness, thickness, height), material)

    def model(
        self, name: str, semantic: str = "background", *, clearance: float = 0.0, is_flat: bool = False
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


def around(angle: float, radius: float) -> tuple[float, float]:
    """Return the point at an angle on a circle about the origin."""
    return (radius * math.cos(angle), radius * math.sin(angle))


def between(rng: np.random.Generator, low: float, high: float) -> float:
    """Draw a number from [low, high)."""
    return low + (high - low) * float(rng.random())


def chance(rng: np.random.Generator, share: float) -> bool:
    """Return True with probability `share`."""
    return bool(rng.random() < share)
