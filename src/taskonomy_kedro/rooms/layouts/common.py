"""Common to all rooms: floor, walls, doors, windows, light, and small things on furniture."""

from collections.abc import Callable, Sequence

from taskonomy_kedro.rooms.furniture import built_in, decor, lamps, seats, small_objects, storage
from taskonomy_kedro.rooms.furniture.parts import Model
from taskonomy_kedro.rooms.materials import (
    BOLD_PAINTS,
    CERAMICS,
    FABRICS,
    PAINTS,
    STONES,
    WOODS,
    Material,
    Palette,
    linear,
    mixed,
    scaled,
)
from taskonomy_kedro.rooms.placed import PlacedModel
from taskonomy_kedro.rooms.placement import EAST, NORTH, SOUTH, WEST, Plan
from taskonomy_kedro.rooms.primitives import Vector
from taskonomy_kedro.rooms.scene import Lamp

_MOST_LAMPS = 3  # each lamp costs time in every view
_INWARD: dict[int, Vector] = {
    WEST: (1.0, 0.0, 0.0),
    EAST: (-1.0, 0.0, 0.0),
    SOUTH: (0.0, 1.0, 0.0),
    NORTH: (0.0, -1.0, 0.0),
}
_SMALL_THINGS: dict[str, Callable[[Palette], Model]] = {
    "vase": small_objects.make_vase,
    "bottle": small_objects.make_bottle,
    "books": small_objects.make_book_stack,
    "clock": small_objects.make_table_clock,
    "bowl": small_objects.make_bowl,
    "cup": small_objects.make_cup,
    "plate": small_objects.make_plate,
    "ball": decor.make_ball,
    "teddy": decor.make_teddy,
    "blocks": decor.make_blocks,
    "tower": decor.make_toy_tower,
    "crate": storage.make_crate,
    "lamp": lamps.make_table_lamp,
    "plant": lambda palette: small_objects.make_plant(palette, height=palette.draw(0.25, 0.45)),
}
_TOYS = [_SMALL_THINGS[name] for name in ("ball", "blocks", "teddy", "tower")]
_SHELF_THINGS = [_SMALL_THINGS[name] for name in ("vase", "books", "clock", "crate", "bottle")]


def dry_floor(palette: Palette) -> Material:
    """Return boards, parquet or carpet."""
    base = palette.pick(WOODS)
    dark = scaled(base, palette.draw(0.55, 0.75))
    pick = palette.rng.random()
    if pick < 0.5:
        return Material("planks", (base, dark, base), palette.draw(0.9, 1.3), 0.15)
    if pick < 0.75:
        return Material("parquet", (base, dark, base), palette.draw(1.0, 1.6), 0.2)
    cloth = palette.pick(FABRICS)
    return Material("carpet", (cloth, scaled(cloth, 0.8), cloth), 0.9)


def wet_floor(palette: Palette) -> Material:
    """Return tiles, checks, stone."""
    stone, other = palette.pick(STONES), palette.pick([*STONES, "#3b3f44", *CERAMICS])
    texture = palette.choose(["tiles", "checks", "marble", "terrazzo"])
    grout = linear("#8b8880") if texture == "tiles" else scaled(stone, 0.6)
    return Material(texture, (stone, other, grout), palette.draw(1.0, 1.8), 0.3)


def walls_of(palette: Palette, *, is_tiled: bool = False) -> list[Material]:
    """Return four walls: paint, paper or tiles; sometimes one differs."""
    paint = palette.paint if palette.chance(0.8) else palette.pick(BOLD_PAINTS)
    if is_tiled:
        tile = palette.pick([*CERAMICS, "#b9d0d2", "#cddccb", "#d8c9b2", "#88a7b5"])
        texture = palette.choose(["tiles", "metro"])
        base = Material(texture, (tile, tile, linear("#9d9a92")), palette.draw(0.6, 1.0), 0.35)
    else:
        base = Material("plaster", (paint, paint, paint), 1.5)
        if palette.chance(0.3):
            other = mixed(paint, palette.pick([*PAINTS, *BOLD_PAINTS]), 0.55)
            third = mixed(paint, palette.pick(FABRICS), 0.4)
            texture = palette.choose(["stripes", "damask", "dots"])
            base = Material(texture, (paint, other, third), palette.draw(0.8, 1.4))
    walls = [base] * 4
    if palette.chance(0.35):
        accent = palette.pick(BOLD_PAINTS)
        special = Material("plaster", (accent, accent, accent), 1.5)
        if not is_tiled and palette.chance(0.25):
            brick = linear("#9c5a42") if palette.chance(0.6) else linear("#d8d2c8")
            special = Material("brick", (brick, scaled(brick, 0.7), linear("#b5aea2")), 0.9)
        walls[palette.integer(4)] = special
    return walls


def add_openings(plan: Plan, *, doors: int, windows: int, daylight: float) -> None:
    """Add doors, at most `windows` windows with curtains, and their daylight; 0 at night."""
    palette = plan.palette
    order = [int(w) for w in palette.rng.permutation(4)]
    for k in range(doors):
        plan.at_wall(built_in.make_door(palette), walls=order[k:] + order[:k], corner=0.5)
    for k in range(windows):
        wall = order[(1 + k) % 4]
        width = min(palette.draw(0.9, 1.9), plan.length_of(wall) - 0.8)
        if width < 0.6:
            continue
        height = palette.draw(1.05, 1.4)
        pane = built_in.make_window(palette, width=width, height=height)
        window = plan.hang(pane, bottom=0.9, walls=[wall])
        if window is None:
            continue
        if palette.chance(0.5):
            curtains = built_in.make_curtains(palette, width=width, height=min(plan.height - 0.15, 2.25))
            plan.near(curtains, window, 0.0, -0.16)
        if palette.chance(0.5):
            along = _share_below(plan, window)
            plan.at_wall(built_in.make_radiator(palette), walls=[wall], along=along, gap=0.02)
        if daylight and len(plan.lamps) < _MOST_LAMPS:
            _add_daylight(plan, window, width, height, daylight)


def _share_below(plan: Plan, window: PlacedModel) -> float:
    """Return the share of the wall's free length at which something half a metre wide is below a window."""
    axis = int(window.wall in (WEST, EAST))
    low, high = plan.box[axis]
    return min(1.0, max(0.0, ((window.x, window.y)[axis] - low - 0.5) / max(0.1, high - low - 1.0)))


def _add_daylight(plan: Plan, window: PlacedModel, width: float, height: float, strength: float) -> None:
    wall = NORTH if window.wall is None else window.wall
    across = (0.0, width * 0.7, 0.0) if wall in (WEST, EAST) else (width * 0.7, 0.0, 0.0)
    power = strength * plan.palette.draw(1.6, 2.6) * width * height
    lamp = Lamp(
        location=(*window.at(0.0, -0.12), plan.box[2][0] + window.z + height / 2),
        arms=(across, (0.0, 0.0, height * 0.7)),
        color=(0.9 * power, 0.96 * power, 1.06 * power),
        normal=_INWARD[wall],
    )
    plan.lamps.append(lamp)


def add_ceiling_light(plan: Plan, *, count: int, strength: float) -> None:
    """Hang one lamp or several in a row from the ceiling."""
    palette = plan.palette
    (x0, _), (y0, _), _ = plan.box
    length, width = plan.size
    drop = palette.draw(0.2, 0.5) if plan.height > 2.5 and palette.chance(0.6) else 0.1
    power = strength * (1.1 + 0.16 * (length * width)) / count
    color = mixed((1.0, 0.97, 0.92), lamps.WARM, float(palette.rng.random()))
    for k in range(count):
        share = (k + 0.5) / count
        x = x0 + length * (share if length > width else 0.5)
        y = y0 + width * (0.5 if length > width else share)
        lamp = lamps.make_ceiling_lamp(palette, drop=drop)
        if plan.put(lamp, x, y, plan.height) is not None:
            plan.shine(x, y, plan.height + float(lamp.bounds()[2]) - 0.06, color, power)


def add_glow(plan: Plan, lamp: PlacedModel | None, *, power: float = 0.5) -> None:
    """Add the light of a table or floor lamp."""
    if lamp is not None and len(plan.lamps) < _MOST_LAMPS:
        height = float(lamp.box[5]) - plan.box[2][0]
        plan.shine(lamp.x, lamp.y, height + 0.05, lamps.WARM, power, size=0.15)


def add_pictures(plan: Plan, count: int) -> None:
    """Hang pictures, sometimes a clock or a shelf, on the free parts of the walls."""
    palette = plan.palette
    for _ in range(count):
        pick = palette.rng.random()
        if pick < 0.68:
            plan.hang(decor.make_picture(palette), bottom=palette.draw(1.2, 1.5))
        elif pick < 0.86:
            plan.hang(small_objects.make_wall_clock(palette), bottom=palette.draw(1.5, 1.8))
        else:
            shelf = plan.hang(storage.make_wall_shelf(palette), bottom=palette.draw(1.2, 1.5))
            if shelf is not None:
                decorate(plan, shelf, count=2, what=("vase", "books", "plant"))


def decorate(plan: Plan, base: PlacedModel | None, *, count: int, what: Sequence[str]) -> None:
    """Place `count` small things on a piece of furniture, drawn from the names in `what`."""
    if base is None:
        return
    for _ in range(count):
        name = plan.palette.choose(what)
        placed = plan.on_top(_SMALL_THINGS[name](plan.palette), base)
        if name == "lamp":
            add_glow(plan, placed)


def add_round_things(plan: Plan) -> None:
    """Place a pillar, a tall vase and a round seat if there is space."""
    palette = plan.palette
    if palette.chance(0.4):
        plan.at_wall(built_in.make_pillar(palette, height=plan.height), gap=0.0, corner=0.7)
    if palette.chance(0.6):
        plan.at_wall(small_objects.make_floor_vase(palette), gap=0.04, corner=0.5)
    if palette.chance(0.3):
        plan.on_floor(seats.make_stool(palette), tries=6)
    if palette.chance(0.25):
        plan.on_floor(decor.make_big_ball(palette), tries=6)


def fill_bookshelf(plan: Plan, shelf: PlacedModel | None, *, toys: bool = False) -> None:
    """Fill the boards of a shelf with rows of books and other things."""
    if shelf is None:
        return
    palette, choices = plan.palette, _TOYS if toys else _SHELF_THINGS
    for support in shelf.model.supports:
        length, depth = support.x[1] - support.x[0], support.y[1] - support.y[0]
        tallest = min(support.headroom, 0.3) - 0.01
        if palette.chance(0.62) and support.headroom < 1:
            row = small_objects.make_book_row(palette, length=length, tallest=tallest, depth=depth)
            plan.on_top(row, shelf, support=support, u=0.0, v=0.0, yaw=0.0)
            continue
        for _ in range(2):
            plan.on_top(choices[palette.integer(len(choices))](palette), shelf, support=support)


def add_clutter(plan: Plan, count: int) -> None:
    """Place a few things on the floor along the walls."""
    palette = plan.palette
    for _ in range(count):
        pick = palette.rng.random()
        if pick < 0.4:
            plan.at_wall(small_objects.make_plant(palette), gap=0.05, corner=0.7)
        elif pick < 0.6:
            plan.at_wall(storage.make_crate(palette), gap=0.03)
        elif pick < 0.75:
            plan.at_wall(seats.make_stool(palette), gap=0.05)
        elif pick < 0.9:
            add_glow(plan, plan.at_wall(lamps.make_floor_lamp(palette), gap=0.05, corner=0.8), power=0.9)
        else:
            plan.at_wall(storage.make_dresser(palette), gap=0.01)
