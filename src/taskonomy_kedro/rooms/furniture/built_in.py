"""Parts of the building: doors, windows with curtains, skirting, radiators, coves, pillars."""

import math

from taskonomy_kedro.rooms.furniture.parts import Model, Parts, between, chance
from taskonomy_kedro.rooms.materials import FABRICS, GREENS, Material, Palette, linear, scaled

_FOLD = 2.4  # radians of a circle that a fold of cloth is
_COVE = math.pi / 2


def make_door(palette: Palette) -> Model:
    """Build a door in its frame."""
    rng = palette.rng
    width, height = between(rng, 0.8, 0.92), between(rng, 2.0, 2.08)
    color = palette.main_wood if chance(rng, 0.5) else linear("#f0eee8")
    texture = "panels" if chance(rng, 0.6) else "wood"
    leaf = Material(texture, (color, scaled(color, 0.7), color), 0.0 if texture == "panels" else 0.9, 0.15)
    frame = palette.painted(scaled(color, 0.85) if chance(rng, 0.5) else linear("#eeece6"))
    parts = Parts()
    parts.box((0, 0.0), 0.0, (width, 0.04, height), leaf)
    for x in (-width / 2 - 0.035, width / 2 + 0.035):
        parts.box((x, 0), 0.0, (0.07, 0.06, height + 0.07), frame)
    parts.box((0, 0), height, (width, 0.06, 0.07), frame)
    side = 1 if chance(rng, 0.5) else -1
    parts.ball((side * (width / 2 - 0.07), -0.05, 1.02), 0.03, palette.metal())
    return parts.model("door", clearance=0.8)


def make_window(palette: Palette, *, width: float, height: float) -> Model:
    """Build a window with its frame, and the sky behind its panes."""
    rng = palette.rng
    frame = palette.painted(linear("#f3f2ee")) if chance(rng, 0.7) else palette.wood()
    parts = Parts()
    sky, white = linear("#9cc4ea"), linear("#f4f7fa")
    pane = Material("sky", (sky, white, palette.pick(GREENS)), 0.0, 0.0, 1.15, True)
    parts.quad((0, 0.02, height / 2), width, height, pane)
    for x in (-width / 2 + 0.03, 0.0, width / 2 - 0.03):
        parts.box((x, 0.0), 0.0, (0.06 if x else 0.05, 0.05, height), frame, shadow=False)
    for z in (0.0, height - 0.06):
        parts.box((0, 0.0), z, (width - 0.12, 0.046, 0.06), frame, shadow=False)
    if chance(rng, 0.4):
        parts.box((0, 0.0), height * 0.6, (width - 0.12, 0.04, 0.035), frame, shadow=False)
    parts.box((0, -0.03), -0.04, (width + 0.1, 0.12, 0.04), frame, shadow=False)
    return parts.model("window")


def make_curtains(palette: Palette, *, width: float, height: float) -> Model:
    """Build two curtains on a rod, for a window of this width."""
    rng = palette.rng
    base = palette.accent if chance(rng, 0.5) else palette.pick(FABRICS)
    cloth = Material("fabric", (base, scaled(base, 0.8), base), 0.5)
    each = width * between(rng, 0.14, 0.24)
    parts = Parts()
    for x in (-width / 2 - each * 0.2, width / 2 + each * 0.2):
        add_folds(parts, (x - each / 2, x + each / 2), 0.0, 0.02, height - 0.04, cloth)
    parts.rod((0, 0, height), "x", 0.014, width + each * 1.6, palette.metal())
    return parts.model("curtains")


def make_skirting(palette: Palette, *, width: float, depth: float) -> Model:
    """Build boards along the base of all four walls of a room of this size."""
    high, thick = between(palette.rng, 0.06, 0.11), 0.012
    board = palette.painted(linear("#efede8")) if chance(palette.rng, 0.65) else palette.wood()
    parts = Parts()
    for y in (-(depth - thick) / 2, (depth - thick) / 2):
        parts.box((0, y), 0.0, (width, thick, high), board, shadow=False)
    for x in (-(width - thick) / 2, (width - thick) / 2):
        parts.box((x, 0), 0.0, (thick, depth - 2 * thick, high), board, shadow=False)
    return parts.model("skirting", is_flat=True)


def make_radiator(palette: Palette) -> Model:
    """Build a radiator below a window."""
    width = between(palette.rng, 0.6, 1.1)
    color = linear("#efeee9")
    parts = Parts()
    body = palette.painted(color, gloss=0.2)
    count = round(width / 0.085)
    for k in range(count):
        parts.cylinder(((k - (count - 1) / 2) * width / count, 0), 0.12, 0.04, 0.5, body)
    for z in (0.17, 0.57):
        parts.rod((0, 0, z), "x", 0.018, width, body)
    return parts.model("radiator")


def add_folds(
    parts: Parts, span: tuple[float, float], y: float, bottom: float, height: float, cloth: Material
) -> None:
    """Add folds of cloth: arcs that bulge to the front and to the back in turn.

    Args:
        parts: The model.
        span: Least and greatest x.
        y: Middle of the folds.
        bottom: Height of the lower edge.
        height: From edge to edge.
        cloth: Its material.
    """
    count = max(2, round((span[1] - span[0]) / 0.11))
    width = (span[1] - span[0]) / count
    radius = width / 2 / math.sin(_FOLD / 2)
    for k in range(count):
        side = 1.0 if k % 2 else -1.0
        center = (span[0] + (k + 0.5) * width, y - side * radius * math.cos(_FOLD / 2), bottom + height / 2)
        parts.arc(center, (0.0, side, 0.0), (0.0, 0.0, 1.0), radius, height, cloth, opening=_FOLD)


def make_cove(palette: Palette, *, width: float, depth: float) -> Model:
    """Build a concave moulding around the ceiling of a room of this size; built downwards from z = 0."""
    radius, diagonal = between(palette.rng, 0.14, 0.3), math.sqrt(0.5)
    plaster = palette.painted(linear("#f3f1ec"), gloss=0.0)
    parts = Parts()
    for side in (-1.0, 1.0):
        y, x = side * (depth / 2 - radius), side * (width / 2 - radius)
        along_x, along_y = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
        parts.arc(
            (0.0, y, -radius), (0.0, side * diagonal, diagonal), along_x, radius, width, plaster,
            opening=_COVE, shadow=False,
        )  # fmt: skip
        parts.arc(
            (x, 0.0, -radius), (side * diagonal, 0.0, diagonal), along_y, radius, depth, plaster,
            opening=_COVE, shadow=False,
        )  # fmt: skip
    return parts.model("cove", is_flat=True)


def make_pillar(palette: Palette, *, height: float) -> Model:
    """Build a round pillar from floor to ceiling."""
    rng = palette.rng
    radius = between(rng, 0.13, 0.26)
    stone = palette.painted(palette.paint) if chance(rng, 0.6) else palette.painted(linear("#e9e6df"))
    parts = Parts()
    parts.cylinder((0, 0), 0.0, radius * 1.25, 0.09, stone)
    parts.wall((0, 0), 0.09, radius * 1.2, 0.16, stone, top=radius, waist=radius * 1.04)
    parts.cylinder((0, 0), 0.09, radius, height - 0.12, stone)
    parts.wall((0, 0), height - 0.19, radius, 0.16, stone, top=radius * 1.2, waist=radius * 1.04)
    parts.box((0, 0), height - 0.03, (radius * 2.5, radius * 2.5, 0.03), stone)
    return parts.model("pillar")
