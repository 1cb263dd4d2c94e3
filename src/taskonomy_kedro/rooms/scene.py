"""A room: its box, its objects, its primitives and its lamps."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from taskonomy_kedro.rooms.classes import BACKGROUND, SEMANTIC_CLASSES, RoomKind
from taskonomy_kedro.rooms.materials import Color, Material
from taskonomy_kedro.rooms.primitives import BOX, UPRIGHT, Primitive, Solids, Vector, pack
from taskonomy_kedro.rooms.ray_casting import SHELL
from taskonomy_kedro.rooms.textures import atlas

Range = tuple[float, float]
Box = tuple[Range, Range, Range]

SHELL_NAMES = ("floor", "ceiling", "wall", "wall", "wall", "wall")
_OVERLAP = 1e-3  # the faces reach this far past the edges of the room, so that no ray escapes between them


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
        return cls(
            texture=np.array([rows[m.texture] for m in materials], dtype=np.int64),
            colors=np.array([m.colors for m in materials], dtype=np.float32),
            tile_size=np.array([m.tile_size for m in materials], dtype=np.float32),
            gloss=np.array([m.gloss for m in materials], dtype=np.float32),
            glow=np.array([m.glow for m in materials], dtype=np.float32),
            is_sky=np.array([m.is_sky for m in materials], dtype=bool),
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
    center = [(low + high) / 2 for low, high in box]
    half = [(high - low) / 2 + _OVERLAP for low, high in box]
    faces = []
    for axis, side, material in (
        (2, 0, floor),
        (2, 1, ceiling),
        (0, 0, walls[0]),
        (0, 1, walls[1]),
        (1, 0, walls[2]),
        (1, 1, walls[3]),
    ):
        place, size = list(center), list(half)
        place[axis], size[axis] = box[axis][side], 0.0
        faces.append(
            Primitive(BOX, (place[0], place[1], place[2]), UPRIGHT, (size[0], size[1], size[2]), material)
        )
    return faces


def shell_objects(faces: Sequence[Primitive]) -> list[RoomObject]:
    """Return the instances of the room's own faces."""
    out = []
    for number, face in enumerate(faces[:SHELL]):
        x0, y0, z0, x1, y1, z1 = face.bounds()
        out.append(
            RoomObject(
                object_id=number,
                name=SHELL_NAMES[number],
                semantic=BACKGROUND,
                box=((x0, x1), (y0, y1), (z0, z1)),
            )
        )
    return out
