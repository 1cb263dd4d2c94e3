"""Tables to eat at, low tables, desks."""

from taskonomy_kedro.rooms.furniture.parts import Parts, furniture
from taskonomy_kedro.rooms.materials import STONES, Material, Palette


def _top_material(palette: Palette) -> Material:
    if palette.chance(0.15):
        stone = palette.pick(STONES)
        return Material("plain", (stone, stone, stone), 0.7, 0.4)
    return palette.wood(other=palette.chance(0.3))


@furniture("dining table", "dining table")
def make_dining_table(parts: Parts, palette: Palette, *, seats: int = 4) -> None:
    """Build a rectangular table on legs, or for few seats a round one on a column."""
    height, top = palette.draw(0.72, 0.77), _top_material(palette)
    frame = palette.wood() if palette.chance(0.7) else palette.metal()
    if seats <= 4 and palette.chance(0.4):
        radius = palette.draw(0.48, 0.65)
        parts.cylinder((0, 0), 0.0, radius * 0.55, 0.035, frame, top=radius * 0.5)
        parts.cylinder((0, 0), 0.035, 0.055, height - 0.075, frame)
        parts.cylinder((0, 0), height - 0.04, radius, 0.04, top)
        parts.support((-radius * 0.7, radius * 0.7), (-radius * 0.7, radius * 0.7), height)
        return
    width, depth = palette.draw(0.55, 0.68) * max(2, seats / 2), palette.draw(0.78, 0.95)
    if seats <= 2:
        width, depth = palette.draw(0.75, 0.95), palette.draw(0.65, 0.8)
    if palette.chance(0.25):
        for x in (-width / 2 + 0.2, width / 2 - 0.2):
            parts.box((x, 0), 0.0, (0.07, depth * 0.75, 0.05), frame)
            parts.box((x, 0), 0.05, (0.07, 0.12, height - 0.09), frame)
    else:
        parts.legs(width - 0.06, depth - 0.06, height - 0.04, palette.draw(0.05, 0.08), frame)
        for y in (-depth / 2 + 0.09, depth / 2 - 0.09):
            parts.box((0, y), height - 0.11, (width - 0.2, 0.02, 0.07), frame)
    parts.box((0, 0), height - 0.04, (width, depth, 0.04), top)
    if palette.chance(0.2):
        parts.box((0, 0), height, (width * 0.35, depth + 0.004, 0.004), palette.fabric())
    parts.support((-width / 2 + 0.1, width / 2 - 0.1), (-depth / 2 + 0.1, depth / 2 - 0.1), height)


@furniture("coffee table", "dining table")
def make_coffee_table(parts: Parts, palette: Palette) -> None:
    """Build a low table, round or rectangular, some with a lower board."""
    height, top = palette.draw(0.36, 0.46), _top_material(palette)
    wood = palette.wood(other=True) if palette.chance(0.7) else palette.metal()
    if palette.chance(0.45):
        radius = palette.draw(0.36, 0.52)
        parts.cylinder((0, 0), height - 0.035, radius, 0.035, top)
        for x, y in ((0.6, 0.6), (-0.6, 0.6), (0.6, -0.6), (-0.6, -0.6)):
            parts.cylinder((x * radius, y * radius), 0.0, 0.022, height - 0.035, wood)
        parts.support((-radius * 0.65, radius * 0.65), (-radius * 0.65, radius * 0.65), height)
    else:
        width, depth = palette.draw(0.85, 1.2), palette.draw(0.5, 0.65)
        parts.legs(width - 0.04, depth - 0.04, height - 0.04, 0.05, wood)
        parts.box((0, 0), height - 0.04, (width, depth, 0.04), top)
        if palette.chance(0.5):
            parts.box((0, 0), 0.12, (width - 0.1, depth - 0.1, 0.025), wood)
        parts.support((-width / 2 + 0.06, width / 2 - 0.06), (-depth / 2 + 0.06, depth / 2 - 0.06), height)


@furniture("desk", clearance=0.75)
def make_desk(parts: Parts, palette: Palette, *, small: bool = False) -> None:
    """Build a desk with drawers on one side."""
    width = palette.draw(0.85, 1.05) if small else palette.draw(1.15, 1.6)
    depth = palette.draw(0.52, 0.62) if small else palette.draw(0.62, 0.78)
    height = palette.draw(0.7, 0.75)
    wood, side = palette.wood(), 1 if palette.chance(0.5) else -1
    parts.box((0, 0), height - 0.035, (width, depth, 0.035), wood)
    block = 0.34
    x = side * (width / 2 - block / 2 - 0.02)
    parts.box((x, 0.02), 0.04, (block, depth - 0.08, height - 0.075), palette.wood())
    front = palette.cabinet("drawers")
    parts.quad((x, 0.02 - (depth - 0.08) / 2 - 0.002, height / 2), block - 0.02, height - 0.1, front)
    for y in (-depth / 2 + 0.04, depth / 2 - 0.04):
        parts.box((-side * (width / 2 - 0.04), y), 0.0, (0.045, 0.045, height - 0.035), wood)
    parts.support((-width / 2 + 0.06, width / 2 - 0.06), (-depth / 2 + 0.08, depth / 2 - 0.06), height)
