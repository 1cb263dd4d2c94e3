"""Parts of the building: doors, windows with curtains, skirting, radiators, coves, pillars."""

import math

from taskonomy_kedro.rooms.furniture.parts import Parts, furniture, spread
from taskonomy_kedro.rooms.materials import FABRICS, GREENS, Material, Palette, linear, scaled

_FOLD = 2.4  # radians of a circle that a fold of cloth is


@furniture("door", clearance=0.8)
def make_door(parts: Parts, palette: Palette) -> None:
    """Build a door in its frame."""
    width, height = palette.draw(0.8, 0.92), palette.draw(2.0, 2.08)
    color = palette.main_wood if palette.chance(0.5) else linear("#f0eee8")
    texture = "panels" if palette.chance(0.6) else "wood"
    leaf = Material(texture, (color, scaled(color, 0.7), color), 0.0 if texture == "panels" else 0.9, 0.15)
    frame = palette.painted(scaled(color, 0.85) if palette.chance(0.5) else linear("#eeece6"))
    parts.box((0, 0.0), 0.0, (width, 0.04, height), leaf)
    for x in (-width / 2 - 0.035, width / 2 + 0.035):
        parts.box((x, 0), 0.0, (0.07, 0.06, height + 0.07), frame)
    parts.box((0, 0), height, (width, 0.06, 0.07), frame)
    side = 1 if palette.chance(0.5) else -1
    parts.ball((side * (width / 2 - 0.07), -0.05, 1.02), 0.03, palette.metal())


@furniture("window")
def make_window(parts: Parts, palette: Palette, *, width: float, height: float) -> None:
    """Build a window with its frame, and the sky behind its panes."""
    parts.casts_shadow = False
    frame = palette.painted(linear("#f3f2ee")) if palette.chance(0.7) else palette.wood()
    sky, white = linear("#9cc4ea"), linear("#f4f7fa")
    pane = Material("sky", (sky, white, palette.pick(GREENS)), 0.0, 0.0, 1.15, True)
    parts.quad((0, 0.02, height / 2), width, height, pane)
    for x in (-width / 2 + 0.03, 0.0, width / 2 - 0.03):
        parts.box((x, 0.0), 0.0, (0.06 if x else 0.05, 0.05, height), frame)
    for z in (0.0, height - 0.06):
        parts.box((0, 0.0), z, (width - 0.12, 0.046, 0.06), frame)
    if palette.chance(0.4):
        parts.box((0, 0.0), height * 0.6, (width - 0.12, 0.04, 0.035), frame)
    parts.box((0, -0.03), -0.04, (width + 0.1, 0.12, 0.04), frame)


@furniture("curtains")
def make_curtains(parts: Parts, palette: Palette, *, width: float, height: float) -> None:
    """Build two curtains on a rod, for a window of this width."""
    base = palette.accent if palette.chance(0.5) else palette.pick(FABRICS)
    cloth = Material("fabric", (base, scaled(base, 0.8), base), 0.5)
    each = width * palette.draw(0.14, 0.24)
    for x in (-width / 2 - each * 0.2, width / 2 + each * 0.2):
        add_folds(parts, (x - each / 2, x + each / 2), 0.0, 0.02, height - 0.04, cloth)
    parts.rod((0, 0, height), "x", 0.014, width + each * 1.6, palette.metal())


@furniture("skirting", is_flat=True)
def make_skirting(parts: Parts, palette: Palette, *, width: float, depth: float) -> None:
    """Build boards along the base of all four walls of a room of this size."""
    parts.casts_shadow = False
    high, thick = palette.draw(0.06, 0.11), 0.012
    board = palette.painted(linear("#efede8")) if palette.chance(0.65) else palette.wood()
    for y in (-(depth - thick) / 2, (depth - thick) / 2):
        parts.box((0, y), 0.0, (width, thick, high), board)
    for x in (-(width - thick) / 2, (width - thick) / 2):
        parts.box((x, 0), 0.0, (thick, depth - 2 * thick, high), board)


@furniture("radiator")
def make_radiator(parts: Parts, palette: Palette) -> None:
    """Build a radiator below a window."""
    width = palette.draw(0.6, 1.1)
    body = palette.painted(linear("#efeee9"), gloss=0.2)
    for x in spread(round(width / 0.085), width):
        parts.cylinder((x, 0), 0.12, 0.04, 0.5, body)
    for z in (0.17, 0.57):
        parts.rod((0, 0, z), "x", 0.018, width, body)


def add_folds(
    parts: Parts, span: tuple[float, float], y: float, bottom: float, height: float, cloth: Material
) -> None:
    """Add folds of cloth: arcs that bulge to the front and to the back in turn.

    They span these x and have their middle at `y`.
    """
    count = max(2, round((span[1] - span[0]) / 0.11))
    width = (span[1] - span[0]) / count
    radius = width / 2 / math.sin(_FOLD / 2)
    for k in range(count):
        side = 1.0 if k % 2 else -1.0
        center = (span[0] + (k + 0.5) * width, y - side * radius * math.cos(_FOLD / 2), bottom + height / 2)
        parts.arc(center, (0.0, side, 0.0), (0.0, 0.0, 1.0), radius, height, cloth, opening=_FOLD)


@furniture("cove", is_flat=True)
def make_cove(parts: Parts, palette: Palette, *, width: float, depth: float) -> None:
    """Build a concave moulding around the ceiling of a room of this size; built downwards from z = 0."""
    parts.casts_shadow = False
    radius, diagonal = palette.draw(0.14, 0.3), math.sqrt(0.5)
    plaster = palette.painted(linear("#f3f1ec"), gloss=0.0)
    for side in (-1.0, 1.0):
        y, x = side * (depth / 2 - radius), side * (width / 2 - radius)
        for center, towards, axis, length in (
            ((0.0, y, -radius), (0.0, side * diagonal, diagonal), (1.0, 0.0, 0.0), width),
            ((x, 0.0, -radius), (side * diagonal, 0.0, diagonal), (0.0, 1.0, 0.0), depth),
        ):
            parts.arc(center, towards, axis, radius, length, plaster, opening=math.pi / 2)


@furniture("pillar")
def make_pillar(parts: Parts, palette: Palette, *, height: float) -> None:
    """Build a round pillar from floor to ceiling."""
    radius = palette.draw(0.13, 0.26)
    stone = palette.painted(palette.paint) if palette.chance(0.6) else palette.painted(linear("#e9e6df"))
    parts.cylinder((0, 0), 0.0, radius * 1.25, 0.09, stone)
    parts.wall((0, 0), 0.09, radius * 1.2, 0.16, stone, top=radius, waist=radius * 1.04)
    parts.cylinder((0, 0), 0.09, radius, height - 0.12, stone)
    parts.wall((0, 0), height - 0.19, radius, 0.16, stone, top=radius * 1.2, waist=radius * 1.04)
    parts.box((0, 0), height - 0.03, (radius * 2.5, radius * 2.5, 0.03), stone)
