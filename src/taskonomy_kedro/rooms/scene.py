"""A room: its box, its objects, its primitives and its lamps."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from taskonomy_kedro.rooms.classes import BACKGROUND, SEMANTIC_CLASSES, RoomKind
from taskonomy_kedro.rooms.materials import Color, Material
from taskonomy_kedro.rooms.primitives import BOX, UPRIGHT, Primitive, Solids, Vector, pack
from taskonomy_kedro.rooms.textures import atlas

Range = tuple[float, float]
Box = tuple[Range, Range, Range]

SHELL_NAMES = ("floor", "ceiling", "wall", "wall", "wall", "wall")
_OVERLAP = 1e-3  # the faces reach this far past the edges of the room, so that no ray escapes between them


def as_box(bounds: Sequence[float]) -> Box:
    """Return minima, then maxima, as ranges along x, y and z."""
    x0, y0, z0, x1, y1, z1 = (float(bound) for bound in bounds)
    return ((x0, x1), (y0, y1), (z0, z1))


@dataclass(frozen=True, kw_only=True)
class RoomObject:
    """One instance.

    Attributes:
        object_id: Its number in the instance image; 0 to 5 are the floor, the ceiling and four walls.
        name: Such as `nightstand`; finer than its class.
        semantic: Stored semantic id, see `SEMANTIC_CLASSES`.
        box: Ranges along x, y and z in the world, metres.
        is_flat: So low that others can stand on it: a rug.
    """

    object_id: int
    name: str
    semantic: int
    box: Box
    is_flat: bool = False

    @property
    def class_name(self) -> str:
        """Name of its semantic class."""
        return SEMANTIC_CLASSES[self.semantic]


@dataclass(frozen=True, kw_only=True)
class Lamp:
    """A small area that emits light.

    Attributes:
        location: Its centre, metres.
        arms: Two vectors that span it: the light comes from `location` plus or minus half of each.
        color: Irradiance on a facing surface one metre away, linear (red, green, blue).
        normal: Direction of its light, for a window; None for a bulb, which shines in all directions.
    """

    location: Vector
    arms: tuple[Vector, Vector]
    color: Color
    normal: Vector | None = None

    def points(self) -> tuple[Vector, ...]:
        """Return the four points that represent the area."""
        (a, b), (x, y, z) = self.arms, self.location
        return tuple(
            (x + i * a[0] + j * b[0], y + i * a[1] + j * b[1], z + i * a[2] + j * b[2])
            for i in (-0.5, 0.5)
            for j in (-0.5, 0.5)
        )


@dataclass(frozen=True, kw_only=True)
class MaterialTable:
    """All materials of a room as arrays, one row each; see `Material`."""

    texture: np.ndarray
    colors: np.ndarray
    tile_size: np.ndarray
    gloss: np.ndarray
    glow: np.ndarray
    is_sky: np.ndarray

    @classmethod
    def of(cls, materials: Sequence[Material]) -> "MaterialTable":
        """Return materials as arrays."""
        rows = {name: row for row, name in enumerate(atlas().names)}

        def column(name: str, dtype: type = np.float32) -> np.ndarray:
            return np.array([getattr(material, name) for material in materials], dtype=dtype)

        return cls(
            texture=np.array([rows[material.texture] for material in materials]),
            is_sky=column("is_sky", bool),
            **{name: column(name) for name in ("colors", "tile_size", "gloss", "glow")},
        )


@dataclass(frozen=True, kw_only=True)
class Room:
    """One furnished room; corresponds to a building of the data set.

    Attributes:
        name: Such as `room_00012`.
        index: Its number.
        kind: Its use.
        box: Ranges along x, y and z in the world, metres, z up; the walls are its faces.
        objects: All instances; `objects[i].object_id == i`.
        primitives: All solids; the first six are the faces of the box.
        owners: The object id of each primitive.
        lamps: Its lamps and windows.
        ambient: Ambient light, linear (red, green, blue).
    """

    name: str
    index: int
    kind: RoomKind
    box: Box
    objects: tuple[RoomObject, ...]
    primitives: tuple[Primitive, ...]
    owners: tuple[int, ...]
    lamps: tuple[Lamp, ...]
    ambient: Color

    @cached_property
    def material_list(self) -> tuple[Material, ...]:
        """The distinct materials, in order of first use."""
        return tuple(dict.fromkeys(primitive.material for primitive in self.primitives))

    @cached_property
    def materials(self) -> MaterialTable:
        """The distinct materials as arrays."""
        return MaterialTable.of(self.material_list)

    @cached_property
    def solids(self) -> Solids:
        """All primitives as arrays."""
        rows = {material: row for row, material in enumerate(self.material_list)}
        return pack(self.primitives, self.owners, [rows[p.material] for p in self.primitives])

    @cached_property
    def semantic_of_object(self) -> np.ndarray:
        """Stored semantic id of each object id, uint8."""
        return np.array([o.semantic for o in self.objects], dtype=np.uint8)

    def count(self, class_name: str) -> int:
        """Return the number of instances of a semantic class."""
        return sum(o.class_name == class_name for o in self.objects)


def shell(box: Box, floor: Material, ceiling: Material, walls: Sequence[Material]) -> list[Primitive]:
    """Build the six faces of a room: floor, ceiling, then the walls at low x, high x, low y, high y."""
    faces = []
    for number, material in enumerate((floor, ceiling, *walls)):
        axis, side = (2, 0, 1)[number // 2], number % 2
        place = [(low + high) / 2 for low, high in box]
        size = [(high - low) / 2 + _OVERLAP for low, high in box]
        place[axis], size[axis] = box[axis][side], 0.0
        (x, y, z), (half_x, half_y, half_z) = place, size
        faces.append(Primitive(BOX, (x, y, z), UPRIGHT, (half_x, half_y, half_z), material))
    return faces


def shell_objects(faces: Sequence[Primitive]) -> list[RoomObject]:
    """Return the instances of the room's own faces."""
    return [
        RoomObject(object_id=number, name=name, semantic=BACKGROUND, box=as_box(face.bounds()))
        for number, (name, face) in enumerate(zip(SHELL_NAMES, faces, strict=True))
    ]
