"""Bedrooms and children's rooms."""

import math

from taskonomy_kedro.rooms.furniture import beds, decor, lamps, seats, small_objects, storage, tables
from taskonomy_kedro.rooms.furniture.parts import Model
from taskonomy_kedro.rooms.layouts.common import (
    add_clutter,
    add_pictures,
    decorate,
    fill_bookshelf,
)
from taskonomy_kedro.rooms.placed import PlacedModel
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
            plan.on_top(
                small_objects.make_tv(palette, width=palette.draw(0.7, 0.95)),
                dresser,
                u=0.0,
                v=0.0,
                yaw=0.0,
            )
        decorate(plan, dresser, count=2, what=("vase", "plant", "books", "clock"))
        if dresser is not None and palette.chance(0.5):
            plan.hang(decor.make_mirror(palette), bottom=1.1, walls=_walls(dresser))
    if palette.chance(0.35):
        add_desk(plan)
    if palette.chance(0.35):
        plan.at_wall(seats.make_armchair(palette), corner=0.8, gap=0.08)
    add_pictures(plan, 3)
    add_clutter(plan, palette.integer(1, 4))


def _walls(placed: PlacedModel) -> list[int] | None:
    return None if placed.wall is None else [placed.wall]


def add_desk(plan: Plan, *, small_one: bool = False) -> PlacedModel | None:
    """Place a desk with a chair, a screen or books."""
    palette = plan.palette
    desk = plan.at_wall(tables.make_desk(palette, small=small_one), gap=0.02)
    if desk is None:
        return None
    if palette.chance(0.6):
        screen = small_objects.make_tv(palette, width=palette.draw(0.46, 0.62), is_monitor=True)
        plan.on_top(screen, desk, u=0.05, v=0.1, yaw=0.0)
        plan.on_top(small_objects.make_keyboard(palette), desk, u=0.05, v=-0.14, yaw=0.0)
    decorate(plan, desk, count=2, what=("books", "cup", "lamp", "clock", "plant", "bottle"))
    chair = (
        seats.make_chair(palette) if small_one or palette.chance(0.3) else seats.make_office_chair(palette)
    )
    add_seat_at(plan, desk, chair, u=-0.1, v=float(desk.model.bounds()[1]))
    return desk


def add_seat_at(plan: Plan, base: PlacedModel, chair: Model, *, u: float, v: float) -> None:
    """Place a chair in the clear space in front of a desk, facing it."""
    with plan.uncleared(base):
        for pull in (0.12, 0.3, 0.45):
            yaw = math.pi + plan.palette.draw(-0.3, 0.3)
            if plan.near(chair, base, u, v - pull, yaw=yaw) is not None:
                break


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
    (x0, x1), (y0, y1), _ = plan.box
    side = min(x1 - x0, y1 - y0) * palette.draw(0.4, 0.55)
    rug = decor.make_play_rug(palette, width=side * 1.2, depth=side)
    plan.put(rug, (x0 + x1) / 2, (y0 + y1) / 2)
    toys = [decor.make_ball, decor.make_ball, decor.make_blocks, decor.make_teddy, decor.make_toy_tower]
    for _ in range(palette.integer(5, 10)):
        plan.on_floor(toys[palette.integer(len(toys))](palette))
    plan.at_wall(storage.make_crate(palette), gap=0.03)
    if palette.chance(0.5):
        plan.put(lamps.make_hanging_shade(palette), x0 + (x1 - x0) * 0.3, y0 + (y1 - y0) * 0.3, plan.height)
    add_pictures(plan, 4)
    add_clutter(plan, 1)
