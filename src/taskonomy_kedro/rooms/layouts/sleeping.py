"""Bedrooms and children's rooms."""

import math

from taskonomy_kedro.rooms.furniture import beds, decor, lamps, seats, small_objects, storage, tables
from taskonomy_kedro.rooms.furniture.parts import Model
from taskonomy_kedro.rooms.layouts.common import add_clutter, add_pictures, decorate, fill_bookshelf
from taskonomy_kedro.rooms.placed import PlacedModel, first_placed
from taskonomy_kedro.rooms.placement import Plan


def furnish_bedroom(plan: Plan) -> None:
    """Place a bed between nightstands, a wardrobe, and more if there is space."""
    palette = plan.palette
    wide = palette.draw(0.9, 1.8)
    bed = None
    for _ in range(3):
        bed = plan.at_wall(beds.make_bed(palette, width=wide), corner=0.15)
        if bed is not None:
            break
        wide = max(0.9, wide - 0.4)
    if bed is not None:
        rug = decor.make_rug(palette, width=wide + 1.2, depth=palette.draw(1.3, 1.7))
        if palette.chance(0.6):
            plan.near(rug, bed, 0.0, -0.75)
        for side in (-1, 1):
            stand = plan.beside(storage.make_nightstand(palette), bed, side=side)
            decorate(plan, stand, count=1, what=("lamp", "clock"))
            decorate(plan, stand, count=2, what=("books", "clock", "vase", "cup"))
        if palette.chance(0.3):
            plan.near(seats.make_bench(palette), bed, 0.0, float(bed.model.bounds()[1]) - 0.25)
    plan.at_wall(storage.make_wardrobe(palette), corner=0.7, gap=0.01)
    if palette.chance(0.7):
        dresser = plan.at_wall(storage.make_dresser(palette), gap=0.01)
        if dresser is not None and palette.chance(0.5):
            tv = small_objects.make_tv(palette, width=palette.draw(0.7, 0.95))
            plan.on_top(tv, dresser, u=0.0, v=0.0, yaw=0.0)
        decorate(plan, dresser, count=2, what=("vase", "plant", "books", "clock"))
        if dresser is not None and palette.chance(0.5):
            plan.hang(
                decor.make_mirror(palette), bottom=1.1, walls=None if dresser.wall is None else [dresser.wall]
            )
    if palette.chance(0.35):
        add_desk(plan)
    if palette.chance(0.35):
        plan.at_wall(seats.make_armchair(palette), corner=0.8, gap=0.08)
    add_pictures(plan, 3)
    add_clutter(plan, palette.integer(1, 4))


def add_desk(plan: Plan, *, small_one: bool = False) -> None:
    """Place a desk with a chair, a screen or books."""
    palette = plan.palette
    desk = plan.at_wall(tables.make_desk(palette, small=small_one), gap=0.02)
    if desk is None:
        return
    if palette.chance(0.6):
        screen = small_objects.make_tv(palette, width=palette.draw(0.46, 0.62), is_monitor=True)
        plan.on_top(screen, desk, u=0.05, v=0.1, yaw=0.0)
        plan.on_top(small_objects.make_keyboard(palette), desk, u=0.05, v=-0.14, yaw=0.0)
    decorate(plan, desk, count=2, what=("books", "cup", "lamp", "clock", "plant", "bottle"))
    make_seat = seats.make_chair if small_one or palette.chance(0.3) else seats.make_office_chair
    _add_seat_at(plan, desk, make_seat(palette))


def _add_seat_at(plan: Plan, desk: PlacedModel, chair: Model) -> None:
    """Place a chair in the clear space in front of a desk, facing it."""
    edge = float(desk.model.bounds()[1])
    with plan.uncleared(desk):
        first_placed(
            plan.near(chair, desk, -0.1, edge - pull, yaw=math.pi + plan.palette.draw(-0.3, 0.3))
            for pull in (0.12, 0.3, 0.45)
        )


def furnish_childs_room(plan: Plan) -> None:
    """Place a small bed, shelves of toys and books, a little desk, a bright rug."""
    palette = plan.palette
    bed = plan.at_wall(beds.make_cot(palette), corner=0.6)
    if bed is not None:
        stand = plan.beside(storage.make_nightstand(palette), bed, side=1 if palette.chance(0.5) else -1)
        decorate(plan, stand, count=2, what=("lamp", "clock", "books", "teddy"))
    if palette.chance(0.35):
        plan.at_wall(beds.make_cot(palette), corner=0.6)
    fill_bookshelf(plan, plan.at_wall(storage.make_bookshelf(palette, low=palette.chance(0.6))), toys=True)
    if palette.chance(0.7):
        add_desk(plan, small_one=True)
    if palette.chance(0.5):
        plan.at_wall(storage.make_wardrobe(palette), corner=0.7, gap=0.01)
    low = plan.at_wall(storage.make_dresser(palette), gap=0.01) if palette.chance(0.5) else None
    decorate(plan, low, count=3, what=("teddy", "ball", "blocks", "clock", "books", "tower"))
    side = min(plan.size) * palette.draw(0.4, 0.55)
    rug = decor.make_play_rug(palette, width=side * 1.2, depth=side)
    plan.put(rug, *plan.center)
    toys = [decor.make_ball, decor.make_ball, decor.make_blocks, decor.make_teddy, decor.make_toy_tower]
    for _ in range(palette.integer(5, 10)):
        plan.on_floor(toys[palette.integer(len(toys))](palette))
    plan.at_wall(storage.make_crate(palette), gap=0.03)
    if palette.chance(0.5):
        x, y = (low + (high - low) * 0.3 for low, high in plan.box[:2])
        plan.put(lamps.make_hanging_shade(palette), x, y, plan.height)
    add_pictures(plan, 4)
    add_clutter(plan, 1)
