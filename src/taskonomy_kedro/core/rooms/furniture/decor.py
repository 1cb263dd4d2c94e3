"""What hangs on walls and ceilings or lies on floors: pictures, lamps, rugs, doors, windows."""

import math

from taskonomy_kedro.core.rooms.furniture.parts import Model, Parts, around, between, chance
from taskonomy_kedro.core.rooms.materials import (
    BRIGHT,
    FABRICS,
    GREENS,
    Color,
    Material,
    Palette,
    linear,
    scaled,
)

WARM: Color = (1.0, 0.86, 0.68)


def _glowing(strength: float) -> Material:
    return Material("plain", (WARM, WARM, WARM), 1.0, 0.0, strength)


def make_picture(palette: Palette) -> Model:
    """A framed picture."""
    rng = palette.rng
    width, height = between(rng, 0.3, 1.0), between(rng, 0.3, 0.75)
    parts = Parts()
    frame = palette.wood(other=True) if chance(rng, 0.6) else palette.dark()
    parts.box((0, 0), 0.0, (width, 0.03, height), frame)
    border = between(rng, 0.03, 0.06)
    if chance(rng, 0.4):
        parts.quad(
            (0, -0.0165, height / 2), width - border, height - border, palette.painted(linear("#efece4"))
        )
        border += min(width, height) * 0.2
    parts.quad((0, -0.018, height / 2), width - border, height - border, palette.picture())
    return parts.model("picture")


def make_mirror(palette: Palette, *, width: float | None = None, height: float | None = None) -> Model:
    """A mirror, drawn as a bright picture."""
    rng = palette.rng
    wide, high = width or between(rng, 0.45, 0.8), height or between(rng, 0.6, 0.9)
    parts = Parts()
    glass = linear("#b4c4c9")
    material = Material("reflection", (glass, linear("#e6eef0"), glass), 0.0, 0.6)
    parts.box((0, 0), 0.0, (wide, 0.03, high), palette.wood() if chance(rng, 0.5) else palette.metal())
    parts.quad((0, -0.0165, high / 2), wide - 0.05, high - 0.05, material)
    return parts.model("mirror")


def make_rug(palette: Palette, *, width: float, depth: float) -> Model:
    """A rug, rectangular or round."""
    rng = palette.rng
    a, b, c = palette.pick(FABRICS), palette.pick(FABRICS), palette.pick([*FABRICS, "#e8e0cf"])
    parts = Parts()
    if chance(rng, 0.2) and width < depth * 1.5:
        radius = min(width, depth) / 2
        parts.cylinder((0, 0), 0.0, radius, 0.008, Material("rug_rings", (a, b, c), 0.0))
    else:
        texture = str(rng.choice(["rug_border", "rug_border", "rug_waves", "carpet", "plaid"]))
        size = 0.0 if texture.startswith("rug") else 0.8
        parts.box((0, 0), 0.0, (width, depth, 0.008), Material(texture, (a, b, c), size))
    return parts.model("rug", is_flat=True)


def make_play_rug(palette: Palette, *, width: float, depth: float) -> Model:
    """A child's rug with streets and houses, or bright rings."""
    parts = Parts()
    if chance(palette.rng, 0.5):
        colors = (palette.pick(GREENS), linear("#77797c"), palette.pick(BRIGHT))
        parts.box((0, 0), 0.0, (width, depth, 0.008), Material("town_rug", colors, 0.0))
    else:
        colors = (palette.pick(BRIGHT), palette.pick(BRIGHT), linear("#f2ead8"))
        parts.cylinder((0, 0), 0.0, min(width, depth) / 2, 0.008, Material("rug_rings", colors, 0.0))
    return parts.model("rug", is_flat=True)


def make_door(palette: Palette) -> Model:
    """A door in its frame."""
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
    """A window with its frame; through the panes the sky is seen."""
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
    """Two curtains on a rod, for a window of that width."""
    rng = palette.rng
    base = palette.accent if chance(rng, 0.5) else palette.pick(FABRICS)
    cloth = Material("folds", (base, scaled(base, 0.65), base), 0.0)
    each = width * between(rng, 0.14, 0.24)
    parts = Parts()
    for x in (-width / 2 - each * 0.2, width / 2 + each * 0.2):
        parts.box((x, 0), 0.02, (each, 0.06, height - 0.04), cloth)
    parts.rod((0, 0, height), "x", 0.014, width + each * 1.6, palette.metal())
    return parts.model("curtains")


def make_skirting(palette: Palette, *, width: float, depth: float) -> Model:
    """Boards along the foot of all four walls of a room of that size."""
    high, thick = between(palette.rng, 0.06, 0.11), 0.012
    board = palette.painted(linear("#efede8")) if chance(palette.rng, 0.65) else palette.wood()
    parts = Parts()
    for y in (-(depth - thick) / 2, (depth - thick) / 2):
        parts.box((0, y), 0.0, (width, thick, high), board, shadow=False)
    for x in (-(width - thick) / 2, (width - thick) / 2):
        parts.box((x, 0), 0.0, (thick, depth - 2 * thick, high), board, shadow=False)
    return parts.model("skirting", is_flat=True)


def make_radiator(palette: Palette) -> Model:
    """A radiator below a window."""
    width = between(palette.rng, 0.6, 1.1)
    color = linear("#efeee9")
    parts = Parts()
    slats = Material("folds", (color, scaled(color, 0.75), color), 0.0, 0.2)
    parts.box((0, 0), 0.12, (width, 0.1, 0.5), slats)
    return parts.model("radiator")


def make_ceiling_lamp(palette: Palette, *, drop: float) -> Model:
    """A lamp that hangs from the ceiling; built downwards from z = 0."""
    rng = palette.rng
    parts = Parts()
    shape = int(rng.integers(3)) if drop > 0.15 else 3
    if shape == 3:
        radius = between(rng, 0.14, 0.22)
        parts.cylinder((0, 0), -0.09, radius * 0.8, 0.09, _glowing(1.3), top=radius, shadow=False)
        return parts.model("ceiling lamp")
    parts.cylinder((0, 0), -drop, 0.006, drop, palette.dark(), shadow=False)
    parts.cylinder((0, 0), -0.03, 0.05, 0.03, palette.metal(), shadow=False)
    if shape == 0:
        parts.ball((0, 0, -drop - 0.12), 0.15, _glowing(1.4), shadow=False)
    elif shape == 1:
        shade = palette.plastic([*BRIGHT, "#e9e4d8", "#3a3d40"])
        parts.cylinder((0, 0), -drop - 0.2, 0.2, 0.2, shade, top=0.07, shadow=False)
        parts.ball((0, 0, -drop - 0.19), 0.06, _glowing(1.6), shadow=False)
    else:
        parts.cylinder((0, 0), -drop - 0.2, 0.2, 0.2, _glowing(1.1), top=0.2, shadow=False)
    return parts.model("ceiling lamp")


def make_table_lamp(palette: Palette) -> Model:
    """A lamp to stand on furniture."""
    rng = palette.rng
    height, radius = between(rng, 0.32, 0.5), between(rng, 0.1, 0.14)
    foot = palette.ceramic(palette.pick(FABRICS)) if chance(rng, 0.5) else palette.metal()
    parts = Parts()
    parts.cylinder((0, 0), 0.0, radius * 0.6, 0.015, foot)
    if chance(rng, 0.5):
        parts.ball((0, 0, 0.015 + height * 0.22), height * 0.22, foot)
    parts.cylinder((0, 0), 0.015, 0.012, height * 0.6, foot)
    parts.cylinder(
        (0, 0), height * 0.58, radius, height * 0.42, _glowing(1.0), top=radius * 0.65, shadow=False
    )
    return parts.model("table lamp")


def make_floor_lamp(palette: Palette) -> Model:
    """A lamp on a tall pole."""
    rng = palette.rng
    height, metal = between(rng, 1.4, 1.7), palette.metal()
    parts = Parts()
    parts.cylinder((0, 0), 0.0, 0.15, 0.025, metal)
    parts.cylinder((0, 0), 0.025, 0.013, height - 0.025, metal)
    if chance(rng, 0.5):
        parts.ball((0, 0, height), 0.14, _glowing(1.2), shadow=False)
    else:
        parts.cylinder((0, 0), height - 0.05, 0.2, 0.26, _glowing(1.0), top=0.13, shadow=False)
    return parts.model("floor lamp")


def make_coat_rack(palette: Palette) -> Model:
    """A board with hooks and coats on the wall."""
    rng = palette.rng
    width = between(rng, 0.7, 1.2)
    parts = Parts()
    parts.box((0, 0.01), 1.1, (width, 0.025, 0.12), palette.wood())
    count = int(width / 0.2)
    for k in range(count):
        x = (k - (count - 1) / 2) * width / count
        parts.rod((x, -0.03, 1.14), "y", 0.012, 0.07, palette.metal())
        if chance(rng, 0.6):
            length, cloth = between(rng, 0.6, 0.95), palette.fabric()
            parts.cylinder((x, -0.045), 1.12 - length, 0.085, length, cloth, top=0.045)
    return parts.model("coat rack")


def make_ball(palette: Palette) -> Model:
    """A ball to play with."""
    rng = palette.rng
    radius = between(rng, 0.07, 0.16)
    texture = str(rng.choice(["stripes", "checks", "plain", "dots"]))
    colors = (palette.pick(BRIGHT), palette.pick([*BRIGHT, "#f4f1ea"]), palette.pick(BRIGHT))
    parts = Parts()
    parts.ball((0, 0, radius), radius, Material(texture, colors, radius * 4, 0.4))
    return parts.model("ball")


def make_blocks(palette: Palette) -> Model:
    """A few building blocks on one another."""
    rng = palette.rng
    parts = Parts()
    side = between(rng, 0.07, 0.11)
    for k, (x, y) in enumerate(((0.0, 0.0), (1.25, 0.2), (0.4, 1.2))[: int(rng.integers(1, 4))]):
        for level in range(1 + (k == 0) * int(rng.integers(0, 3))):
            parts.box(
                (x * side, y * side),
                level * side,
                (side, side, side),
                palette.plastic(),
                yaw=between(rng, -0.3, 0.3),
            )
    return parts.model("blocks")


def make_teddy(palette: Palette) -> Model:
    """A soft bear that sits."""
    rng = palette.rng
    s = between(rng, 0.8, 1.5)
    fur_color = palette.pick(["#a9743f", "#c9a06a", "#7a5236", "#d9cdb8", "#b98aa0"])
    fur = Material("carpet", (fur_color, scaled(fur_color, 0.75), fur_color), 0.4)
    light = palette.painted(scaled(fur_color, 1.5), gloss=0.0)
    parts = Parts()
    parts.ball((0, 0, 0.12 * s), (0.1 * s, 0.09 * s, 0.12 * s), fur)
    parts.ball((0, -0.01 * s, 0.3 * s), 0.085 * s, fur)
    parts.ball((0, -0.085 * s, 0.285 * s), (0.04 * s, 0.03 * s, 0.03 * s), light)
    for side in (-1, 1):
        parts.ball((side * 0.065 * s, 0.0, 0.375 * s), (0.033 * s, 0.02 * s, 0.033 * s), fur)
        parts.ball((side * 0.1 * s, -0.1 * s, 0.045 * s), (0.045 * s, 0.1 * s, 0.045 * s), fur)
        parts.ball((side * 0.12 * s, -0.04 * s, 0.17 * s), (0.04 * s, 0.05 * s, 0.08 * s), fur)
    return parts.model("teddy bear")


def make_toy_tower(palette: Palette) -> Model:
    """Rings on a stick, or a drum."""
    rng = palette.rng
    parts = Parts()
    if chance(rng, 0.6):
        for k in range(5):
            parts.cylinder((0, 0), 0.04 * k, 0.1 - 0.014 * k, 0.04, palette.plastic())
        parts.ball((0, 0, 0.22), 0.028, palette.plastic())
        return parts.model("ring tower")
    parts.cylinder((0, 0), 0.0, 0.13, 0.16, palette.plastic())
    parts.cylinder((0, 0), 0.16, 0.135, 0.015, palette.painted(linear("#efe9dc")))
    return parts.model("drum")


def make_hanging_shade(palette: Palette) -> Model:
    """Paper balls on strings, as in a child's room; built downwards from z = 0."""
    rng = palette.rng
    parts = Parts()
    for k in range(3):
        x, y = around(math.tau * k / 3, 0.18)
        drop = between(rng, 0.15, 0.4)
        parts.cylinder((x, y), -drop, 0.004, drop, palette.dark(), shadow=False)
        parts.ball((x, y, -drop - 0.07), 0.075, palette.plastic(), shadow=False)
    return parts.model("mobile")
