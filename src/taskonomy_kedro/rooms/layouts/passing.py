"""Corridors."""

from taskonomy_kedro.rooms.furniture import decor, lamps, seats, small_objects, storage
from taskonomy_kedro.rooms.layouts.common import add_glow, add_pictures, decorate, fill_bookshelf
from taskonomy_kedro.rooms.placement import Plan


def furnish_corridor(plan: Plan) -> None:
    """Place a long runner, coats, shoes' bench, a narrow cupboard, many doors and pictures."""
    palette, (width, depth) = plan.palette, plan.size
    if palette.chance(0.75):
        runner = decor.make_rug(palette, width=max(width, depth) * 0.7, depth=min(width, depth) * 0.42)
        plan.put(runner, *plan.center, turn=(1.0, 0.0) if width > depth else (0.0, 1.0))
    chest = plan.at_wall(storage.make_console(palette), gap=0.01)
    decorate(plan, chest, count=3, what=("vase", "lamp", "clock", "plant", "books"))
    if palette.chance(0.6):
        plan.hang(decor.make_coat_rack(palette), bottom=0.65)
    if palette.chance(0.6):
        plan.at_wall(seats.make_bench(palette), gap=0.02)
    if palette.chance(0.4):
        fill_bookshelf(plan, plan.at_wall(storage.make_bookshelf(palette), gap=0.01, corner=0.4))
    if palette.chance(0.4):
        plan.at_wall(seats.make_chair(palette), gap=0.05)
    if palette.chance(0.3):
        plan.at_wall(storage.make_wardrobe(palette), corner=0.8, gap=0.01)
    if palette.chance(0.4):
        add_glow(plan, plan.at_wall(lamps.make_floor_lamp(palette), corner=0.9, gap=0.05))
    for _ in range(1 + palette.chance(0.5)):
        plan.at_wall(small_objects.make_plant(palette), corner=0.8, gap=0.04)
    plan.hang(decor.make_mirror(palette), bottom=1.0)
    plan.hang(small_objects.make_wall_clock(palette), bottom=palette.draw(1.6, 1.8))
    plan.at_wall(storage.make_crate(palette), gap=0.03)
    add_pictures(plan, 6)
