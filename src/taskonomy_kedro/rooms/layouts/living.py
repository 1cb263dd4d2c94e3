"""Living rooms and dining rooms."""

import math

from taskonomy_kedro.rooms.furniture import decor, lamps, seats, small_objects, storage, tables
from taskonomy_kedro.rooms.layouts.common import add_clutter, add_glow, add_pictures, decorate, fill_bookshelf
from taskonomy_kedro.rooms.placed import PlacedModel, first_placed
from taskonomy_kedro.rooms.placement import Plan


def furnish_living_room(plan: Plan) -> None:
    """Place a couch, a low table before it, a tv across, shelves, armchairs."""
    palette = plan.palette
    couch = first_placed(
        plan.at_wall(seats.make_couch(palette, width=width), gap=0.04, corner=0.1)
        for width in (palette.draw(1.7, 2.3), 1.5)
    )
    if couch is not None:
        _before_couch(plan, couch)
        across = (couch.wall or 0) ^ 1
        stand = plan.at_wall(
            storage.make_sideboard(palette), walls=[across, 0, 1, 2, 3], gap=0.01, corner=0.1
        )
        if stand is not None:
            plan.on_top(small_objects.make_tv(palette), stand, u=0.0, v=0.05, yaw=0.0)
            decorate(plan, stand, count=2, what=("vase", "books", "plant", "clock"))
        side = plan.beside(storage.make_nightstand(palette), couch, side=1 if palette.chance(0.5) else -1)
        decorate(plan, side, count=2, what=("lamp", "books", "vase", "cup"))
    for _ in range(1 + palette.chance(0.5)):
        fill_bookshelf(plan, plan.at_wall(storage.make_bookshelf(palette), gap=0.01, corner=0.5))
    for _ in range(palette.integer(0, 3)):
        plan.at_wall(seats.make_armchair(palette), corner=0.7, gap=0.1)
    if palette.chance(0.7 if plan.size[0] * plan.size[1] > 18 else 0.15):
        add_dining_group(plan, seats_wanted=4)
    add_glow(plan, plan.at_wall(lamps.make_floor_lamp(palette), corner=0.9, gap=0.05), power=0.9)
    plan.at_wall(small_objects.make_plant(palette), corner=0.8, gap=0.04)
    add_pictures(plan, 4)
    add_clutter(plan, palette.integer(0, 3))


def _before_couch(plan: Plan, couch: PlacedModel) -> None:
    palette = plan.palette
    if palette.chance(0.75):
        rug = decor.make_rug(palette, width=palette.draw(1.8, 2.6), depth=palette.draw(1.3, 1.9))
        plan.near(rug, couch, 0.0, -1.15)
    with plan.uncleared(couch):
        table = first_placed(
            plan.near(tables.make_coffee_table(palette), couch, 0.0, -distance) for distance in (0.95, 1.1)
        )
    decorate(plan, table, count=3, what=("books", "vase", "bowl", "cup", "bottle"))
    if table is not None and palette.chance(0.4):
        side = 1 if palette.chance(0.5) else -1
        plan.near(seats.make_armchair(palette), table, side * 1.25, 0.0, yaw=side * math.pi / 2)


def add_dining_group(plan: Plan, *, seats_wanted: int, is_central: bool = False) -> PlacedModel | None:
    """Place a table with chairs and a few things on it."""
    palette = plan.palette
    (x, y), (length, width) = plan.center, plan.size
    table = None
    while table is None and seats_wanted >= 2:
        model = tables.make_dining_table(palette, seats=seats_wanted)
        if is_central:
            turn = (1.0, 0.0) if length > width else (0.0, 1.0)
            table = plan.put(model, x + palette.draw(-0.3, 0.3), y + palette.draw(-0.3, 0.3), turn=turn)
        table = table or plan.on_floor(model, is_turned=False, tries=8)
        seats_wanted -= 2
    if table is None:
        return None
    _seat(plan, table)
    rest = ("vase", "bowl", "bottle", "cup", "plate", "plate", "bottle")
    decorate(plan, table, count=palette.integer(3, 7), what=rest)
    return table


def _seat(plan: Plan, table: PlacedModel) -> None:
    """Place equal chairs around a table, slightly pulled out and rotated."""
    palette = plan.palette
    bounds = table.model.bounds()
    half_x, half_y = float(bounds[3]), float(bounds[4])
    chair = seats.make_chair(plan.palette)
    places = []
    per_side = max(1, int(half_x * 2 / 0.62))
    for k in range(per_side):
        u = (k - (per_side - 1) / 2) * min(0.68, 2 * half_x / per_side)
        places += [(u, -half_y, math.pi), (u, half_y, 0.0)]
    if half_x > 0.75 or abs(half_x - half_y) < 0.1:
        places += [(half_x, 0.0, -math.pi / 2), (-half_x, 0.0, math.pi / 2)]
    for u, v, yaw in places:
        if palette.chance(0.12):
            continue
        length = math.hypot(u if v == 0.0 else 0.0, v)
        for pull in (palette.draw(-0.02, 0.15), 0.27):
            scale = (length + pull) / length
            place = (u * scale, 0.0) if v == 0.0 else (u, v * scale)
            if plan.near(chair, table, *place, yaw=yaw + palette.draw(-0.15, 0.15)) is not None:
                break


def furnish_dining_room(plan: Plan) -> None:
    """Place a table with many chairs, a sideboard, pictures."""
    palette = plan.palette
    if palette.chance(0.6):
        rug = decor.make_rug(palette, width=plan.size[0] * 0.6, depth=plan.size[1] * 0.6)
        plan.put(rug, *plan.center)
    is_large = max(plan.size) > 4.6 and palette.chance(0.5)
    add_dining_group(plan, seats_wanted=8 if is_large else 6 if palette.chance(0.6) else 4, is_central=True)
    board = plan.at_wall(storage.make_sideboard(palette), gap=0.01, corner=0.1)
    decorate(plan, board, count=4, what=("vase", "bottle", "bottle", "plant", "lamp", "clock", "bowl"))
    if palette.chance(0.5):
        fill_bookshelf(plan, plan.at_wall(storage.make_bookshelf(palette), gap=0.01, corner=0.6))
    if palette.chance(0.4):
        width, height = palette.draw(0.8, 1.1), palette.draw(1.7, 2.0)
        cupboard = storage.make_cabinet(palette, "cupboard", width, 0.42, height)
        plan.at_wall(cupboard, gap=0.01, corner=0.6)
    plan.at_wall(small_objects.make_plant(palette), corner=0.9, gap=0.04)
    plan.hang(small_objects.make_wall_clock(palette), bottom=1.6)
    add_pictures(plan, 4)
    add_clutter(plan, palette.integer(0, 3))
