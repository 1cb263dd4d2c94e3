"""Build one room from a seed and a number."""

from collections.abc import Callable

from taskonomy_kedro.rooms.classes import ROOM_KINDS, RoomKind
from taskonomy_kedro.rooms.furniture.built_in import make_cove, make_skirting
from taskonomy_kedro.rooms.layouts import common
from taskonomy_kedro.rooms.layouts.living import furnish_dining_room, furnish_living_room
from taskonomy_kedro.rooms.layouts.passing import furnish_corridor
from taskonomy_kedro.rooms.layouts.sleeping import furnish_bedroom, furnish_childs_room
from taskonomy_kedro.rooms.layouts.working import furnish_bathroom, furnish_kitchen, furnish_office
from taskonomy_kedro.rooms.materials import Material, Palette, linear, scaled
from taskonomy_kedro.rooms.placement import Plan
from taskonomy_kedro.rooms.random_streams import KIND_DRAW, LAYOUT_DRAW, room_rng
from taskonomy_kedro.rooms.scene import Box, Room, shell, shell_objects

_FURNISH: dict[RoomKind, Callable[[Plan], None]] = {
    "bedroom": furnish_bedroom,
    "living_room": furnish_living_room,
    "kitchen": furnish_kitchen,
    "dining_room": furnish_dining_room,
    "bathroom": furnish_bathroom,
    "office": furnish_office,
    "corridor": furnish_corridor,
    "childs_room": furnish_childs_room,
}

_SIZES: dict[RoomKind, tuple[float, float, float, float]] = {
    "bedroom": (3.2, 4.8, 2.9, 4.2),
    "living_room": (4.2, 6.5, 3.6, 5.2),
    "kitchen": (3.2, 5.2, 2.7, 4.0),
    "dining_room": (3.6, 5.6, 3.2, 4.4),
    "bathroom": (2.4, 3.6, 2.2, 3.0),
    "office": (3.2, 5.4, 2.9, 4.4),
    "corridor": (4.5, 8.0, 1.7, 2.4),
    "childs_room": (3.0, 4.4, 2.8, 3.8),
}
"""Least and greatest length, least and greatest width, metres."""


def make_room(*, seed: int, index: int) -> Room:
    """Build one furnished room.

    It depends on the two numbers alone, not on the number of rooms. Rooms 0 to 7 have the eight
    kinds in random order, and so have 8 to 15 and so on.

    Args:
        seed: Of the whole set of rooms, >= 0.
        index: Number of the room, >= 0.

    Raises:
        ValueError: A negative number.
    """
    if seed < 0 or index < 0:
        raise ValueError(f"seed and index of a room must be at least 0, got {seed} and {index}")
    # each block of eight rooms is a permutation of the kinds
    order = room_rng(seed, index // len(ROOM_KINDS), KIND_DRAW).permutation(len(ROOM_KINDS))
    kind = ROOM_KINDS[int(order[index % len(ROOM_KINDS)])]
    palette = Palette(room_rng(seed, index, LAYOUT_DRAW))
    plan = Plan(_box(kind, palette), palette)
    is_tiled = kind == "bathroom" and palette.chance(0.75)
    if not is_tiled and palette.chance(0.85):
        plan.put(make_skirting(palette, width=plan.size[0], depth=plan.size[1]), *plan.center)
    _open(plan, kind)
    _FURNISH[kind](plan)
    if kind != "bathroom":
        common.add_round_things(plan)
    if palette.chance(0.5):
        plan.put(make_cove(palette, width=plan.size[0], depth=plan.size[1]), *plan.center, plan.height)
    is_wet = kind in ("bathroom", "kitchen")
    floor = common.wet_floor(palette) if is_wet or palette.chance(0.1) else common.dry_floor(palette)
    white = scaled(linear("#f3f1ec"), palette.draw(0.92, 1.0))
    ceiling = Material("plaster", (white, white, white), 1.5)
    if palette.chance(0.08):
        ceiling = Material("planks", (palette.main_wood, scaled(palette.main_wood, 0.7), white), 1.2)
    faces = shell(plan.box, floor, ceiling, common.walls_of(palette, is_tiled=is_tiled))
    own = shell_objects(faces)
    ambient = palette.draw(0.3, 0.42)
    return Room(
        name=f"room_{index:05d}",
        index=index,
        kind=kind,
        box=plan.box,
        objects=(*own, *plan.objects(len(own))),
        primitives=(*faces, *plan.primitives),
        owners=(*range(len(own)), *(len(own) + owner for owner in plan.owners)),
        lamps=tuple(plan.lamps),
        ambient=(ambient, ambient * 0.985, ambient * 0.96),
    )


def _box(kind: RoomKind, palette: Palette) -> Box:
    low, high, narrow, wide = _SIZES[kind]
    length, width = palette.draw(low, high), palette.draw(narrow, wide)
    if palette.chance(0.5):
        length, width = width, length
    x, y = palette.draw(-4.0, 4.0), palette.draw(-4.0, 4.0)
    height = palette.draw(2.4, 3.0)
    return ((x, x + length), (y, y + width), (0.0, height))


def _open(plan: Plan, kind: RoomKind) -> None:
    palette = plan.palette
    is_day = palette.chance(0.75)
    windows = 1 + palette.chance(0.4)
    doors = 1 + palette.chance(0.25)
    if kind == "corridor":
        windows, doors = int(palette.chance(0.4)), 3
    elif kind == "bathroom":
        windows = int(palette.chance(0.6))
    count = 2 if kind in ("corridor", "office", "living_room") and palette.chance(0.6) else 1
    if kind == "corridor":
        count = 2 + palette.chance(0.4)
    common.add_ceiling_light(plan, count=count, strength=palette.draw(0.7, 1.0) if is_day else 1.2)
    common.add_openings(plan, doors=doors, windows=windows, daylight=1.0 if is_day else 0.0)
