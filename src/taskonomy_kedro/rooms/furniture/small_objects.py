"""Small things: bottles, vases, plants, books, clocks, screens."""

import math

from taskonomy_kedro.rooms.furniture.parts import Model, Parts, around, between, chance
from taskonomy_kedro.rooms.materials import (
    BRIGHT,
    FABRICS,
    GREENS,
    POTS,
    Color,
    Material,
    Palette,
    linear,
    scaled,
)

_GLASS = ["#2f5a34", "#5b3317", "#7fa8b8", "#23415c", "#c8d2c4", "#8a1f24"]


def make_bottle(palette: Palette) -> Model:
    """Build a bottle of wine, water or soap."""
    rng = palette.rng
    glass, cap = palette.plastic(_GLASS), palette.plastic([*BRIGHT, "#202224", "#e8e6e0"])
    radius, height = between(rng, 0.032, 0.045), between(rng, 0.22, 0.33)
    parts = Parts()
    body = height * between(rng, 0.52, 0.64)
    parts.cylinder((0, 0), 0.0, radius, body, glass)
    parts.cylinder((0, 0), body, radius, height * 0.15, glass, top=radius * 0.38)
    parts.cylinder((0, 0), body + height * 0.15, radius * 0.38, height * 0.85 - body, glass)
    parts.cylinder((0, 0), height, radius * 0.42, 0.02, cap)
    if chance(rng, 0.7):
        label = palette.pick(["#efe6d2", "#f3f1ec", *BRIGHT])
        parts.cylinder((0, 0), body * 0.25, radius + 0.0015, body * 0.45, palette.painted(label))
    return parts.model("bottle", "bottle")


def make_vase(palette: Palette) -> Model:
    """Build a vase, some with flowers."""
    rng = palette.rng
    body = palette.ceramic(palette.pick([*POTS, *FABRICS, *BRIGHT]))
    wide, height = between(rng, 0.055, 0.1), between(rng, 0.18, 0.34)
    parts = Parts()
    shape = int(rng.integers(3))
    if shape == 0:
        parts.cylinder((0, 0), 0.0, wide * 0.55, height * 0.5, body, top=wide)
        parts.wall((0, 0), height * 0.5, wide, height * 0.5, body, top=wide * 0.7, waist=wide * 0.45)
    elif shape == 1:
        parts.ball((0, 0, wide * 1.05), (wide * 1.1, wide * 1.1, wide * 1.05), body)
        height = max(height, wide * 2.6)
        neck = height - wide * 1.6
        parts.wall((0, 0), wide * 1.6, wide * 0.95, neck, body, top=wide * 0.7, waist=wide * 0.4)
    else:
        parts.wall((0, 0), 0.0, wide * 0.8, height, body, top=wide * 0.95, waist=wide * 0.6)
        parts.cylinder((0, 0), 0.0, wide * 0.72, 0.01, body)
    if chance(rng, 0.6):
        green, bloom = palette.plastic(GREENS), palette.plastic([*BRIGHT, "#f2efe6"])
        for k in range(int(rng.integers(3, 6))):
            x, y = around(k * 2.4, between(rng, 0.02, wide + 0.03))
            top = height + between(rng, 0.1, 0.22)
            parts.stick((x * 0.2, y * 0.2, height - 0.02), (x, y, top), 0.005, green)
            parts.ball((x, y, top), between(rng, 0.022, 0.036), bloom)
    return parts.model("vase", "vase")


def make_floor_vase(palette: Palette) -> Model:
    """Build a tall vase to stand on the floor: a belly and a wide neck, some with dry twigs."""
    rng = palette.rng
    wide, height = between(rng, 0.14, 0.22), between(rng, 0.5, 0.85)
    body = palette.ceramic(palette.pick([*POTS, *FABRICS]))
    parts = Parts()
    parts.ball((0, 0, height * 0.32), (wide, wide, height * 0.32), body)
    parts.wall((0, 0), height * 0.48, wide * 0.87, height * 0.52, body, top=wide * 0.75, waist=wide * 0.4)
    if chance(rng, 0.5):
        twig = palette.plastic(["#7b5a3a", "#b59a6b"])
        for k in range(5):
            x, y = around(k * 2.4, between(rng, 0.05, wide))
            parts.stick(
                (0.3 * x, 0.3 * y, height * 0.9), (x, y, height * between(rng, 1.3, 1.6)), 0.006, twig
            )
    return parts.model("floor vase", "vase")


def _leaf_material(palette: Palette) -> Material:
    green = palette.pick(GREENS)
    return Material("leaves", (green, scaled(green, 1.5), scaled(green, 0.6)), 0.5, 0.1)


def make_plant(palette: Palette, *, height: float | None = None) -> Model:
    """Build a plant in its pot: a bush, long leaves, a small tree or a cactus."""
    rng = palette.rng
    tall = between(rng, 0.7, 1.5) if height is None else height
    pot_height = min(0.36, tall * between(rng, 0.28, 0.38))
    radius = pot_height * between(rng, 0.48, 0.62)
    pot, leaf = palette.ceramic(palette.pick(POTS)), _leaf_material(palette)
    parts = Parts()
    if chance(rng, 0.5):
        parts.wall((0, 0), 0.0, radius * 0.72, pot_height, pot, top=radius)
    else:  # with a belly
        parts.wall((0, 0), 0.0, radius * 0.7, pot_height, pot, top=radius * 0.85, waist=radius)
    soil = palette.painted(linear("#3a2a1e"), gloss=0.0)
    parts.cylinder((0, 0), 0.0, radius * 0.7, pot_height * 0.82, soil, top=radius * 0.84)
    crown = tall - pot_height
    shape = int(rng.integers(4)) if tall > 0.5 else int(rng.integers(2))
    if shape == 0:
        for k in range(7):
            x, y = around(k * 2.4, crown * 0.2 * math.sqrt(k / 7) + 0.01)
            z = pot_height + crown * between(rng, 0.3, 0.78)
            parts.ball((x, y, z), (crown * 0.2, crown * 0.2, crown * between(rng, 0.17, 0.24)), leaf)
    elif shape == 1:
        for k in range(9):
            lean, length = between(rng, 0.15, 0.75), crown * between(rng, 0.34, 0.5)
            x, y = around(k * 2.4 + 0.3, math.sin(lean))
            along = (x, y, math.cos(lean))
            middle = (x * length, y * length, pot_height + along[2] * length)
            parts.leaf(middle, along, (length * 0.17 + 0.006, 0.008, length), leaf)
    elif shape == 2:
        parts.cylinder((0, 0), pot_height, 0.022, crown * 0.55, palette.wood())
        for k in range(6):
            x, y = around(k * 2.4, crown * 0.16)
            parts.ball(
                (x, y, pot_height + crown * between(rng, 0.55, 0.85)), crown * between(rng, 0.13, 0.2), leaf
            )
    else:
        body = palette.plastic(GREENS)
        parts.cylinder((0, 0), pot_height, radius * 0.5, crown * 0.85, body)
        parts.ball((0, 0, pot_height + crown * 0.85), (radius * 0.5, radius * 0.5, crown * 0.1), body)
        x, z = radius * 1.0, pot_height + crown * 0.45
        parts.stick((0, 0, z), (x, 0, z + 0.03), radius * 0.22, body)
        parts.cylinder((x, 0), z, radius * 0.26, crown * 0.3, body)
        parts.ball((x, 0, z + crown * 0.3), radius * 0.26, body)
    return parts.model("plant", "potted plant")


def _cover(palette: Palette) -> Material:
    base = palette.pick([*FABRICS, *BRIGHT])
    return Material("cover", (base, palette.pick(FABRICS), linear("#efe7d4")), 0.0, 0.15)


def make_book_row(palette: Palette, *, length: float, tallest: float, depth: float) -> Model:
    """Build books side by side on a shelf, the last ones leaning or missing."""
    rng = palette.rng
    parts = Parts()
    x, end = -length / 2, length / 2 - (between(rng, 0.0, 0.35) * length)
    while x < end - 0.03 and len(parts.items) < 16:
        thick = between(rng, 0.022, 0.055)
        height = min(tallest, between(rng, 0.19, 0.3))
        deep = min(depth, between(rng, 0.14, 0.2))
        color = palette.pick([*FABRICS, *BRIGHT])
        parts.box(
            (x + thick / 2, 0.02 - (0.2 - deep) / 2),
            0.0,
            (thick - 0.002, deep, height),
            palette.painted(color),
        )
        x += thick
    return parts.model("books", "book")


def make_book_stack(palette: Palette, *, count: int | None = None) -> Model:
    """Build books lying on one another."""
    rng = palette.rng
    parts = Parts()
    z = 0.0
    for _ in range(int(rng.integers(1, 5)) if count is None else count):
        thick, yaw = between(rng, 0.02, 0.045), between(rng, -0.35, 0.35)
        size = between(rng, 0.15, 0.21), between(rng, 0.21, 0.28)
        white = palette.painted(linear("#e9e2cf"), gloss=0.0)
        parts.box((0, 0), z + 0.003, (size[0] - 0.008, size[1] - 0.006, thick - 0.006), white, yaw=yaw)
        cover = _cover(palette)
        parts.box((0, 0), z, (*size, 0.004), cover, yaw=yaw)
        parts.box((0, 0), z + thick - 0.004, (*size, 0.004), cover, yaw=yaw)
        z += thick
    return parts.model("books", "book")


def _dial(palette: Palette) -> Material:
    face = linear("#f4f1e8") if chance(palette.rng, 0.75) else palette.pick([*BRIGHT, "#2a2c30"])
    hands: Color = linear("#1d1e20") if sum(face) > 0.6 else linear("#f2efe8")
    return Material("dial", (face, hands, palette.pick([*POTS, *FABRICS, "#1d1e20"])), 0.0, 0.1)


def make_wall_clock(palette: Palette) -> Model:
    """Build a round clock for the wall."""
    rng = palette.rng
    radius = between(rng, 0.13, 0.24)
    parts = Parts()
    dial = _dial(palette)
    rim = palette.painted(dial.colors[2], gloss=0.3)
    parts.rod((0, 0.005, radius), "y", radius, 0.04, rim)
    parts.rod((0, -0.017, radius), "y", radius * 0.96, 0.008, dial)
    return parts.model("wall clock", "clock")


def make_table_clock(palette: Palette) -> Model:
    """Build a small clock to stand on furniture."""
    rng = palette.rng
    radius = between(rng, 0.055, 0.085)
    body = palette.plastic() if chance(rng, 0.5) else palette.wood()
    parts = Parts()
    if chance(rng, 0.5):
        parts.box((0, 0.01), 0.0, (radius * 2.5, 0.06, radius * 2.4), body)
        parts.rod((0, -0.024, radius * 1.2), "y", radius, 0.008, _dial(palette))
    else:
        for x in (-radius * 0.6, radius * 0.6):
            parts.ball((x, 0, 0.012), 0.012, body)
            parts.ball((x * 0.9, 0, radius * 2.15), radius * 0.3, body)
        parts.rod((0, 0, radius + 0.015), "y", radius, 0.05, body)
        parts.rod((0, -0.027, radius + 0.015), "y", radius * 0.95, 0.006, _dial(palette))
    return parts.model("table clock", "clock")


def make_tv(palette: Palette, *, width: float | None = None, is_monitor: bool = False) -> Model:
    """Build a flat screen on its foot, switched on or off."""
    rng = palette.rng
    wide = between(rng, 0.85, 1.35) if width is None else width
    high, dark = wide * 0.58, palette.dark()
    foot = between(rng, 0.05, 0.09) if not is_monitor else between(rng, 0.1, 0.14)
    parts = Parts()
    parts.box((0, 0), 0.0, (wide * 0.4, 0.2, 0.014), dark)
    parts.box((0, 0.03), 0.014, (0.06, 0.03, foot), dark)
    parts.box((0, 0), foot, (wide, 0.045, high), dark)
    if chance(rng, 0.6):
        picture = palette.picture(
            ("desktop",) if is_monitor else ("screen", "landscape", "abstract", "bands")
        )
        glass = Material(picture.texture, picture.colors, 0.0, 0.2, 0.85)
    else:
        black = linear("#15171a")
        glass = Material("reflection", (black, scaled(black, 5.0), black), 0.0, 0.5)
    parts.quad((0, -0.0235, foot + high / 2), wide - 0.03, high - 0.03, glass)
    return parts.model("monitor" if is_monitor else "tv", "tv")


def make_bowl(palette: Palette) -> Model:
    """Build a bowl with fruit."""
    rng = palette.rng
    radius = between(rng, 0.1, 0.16)
    parts = Parts()
    parts.bowl((0, 0), 0.012, radius, radius * 0.6, palette.ceramic(palette.pick(POTS)))
    parts.cylinder((0, 0), 0.0, radius * 0.4, 0.02, palette.ceramic())
    for k in range(int(rng.integers(0, 6))):
        x, y = around(k * 2.4, radius * 0.5 * math.sqrt(k / 5))
        fruit = palette.plastic(["#c9382c", "#e39b2d", "#9bb23c", "#e5cf45"])
        parts.ball((x, y, radius * 0.45), radius * 0.3, fruit)
    return parts.model("fruit bowl")


def make_cup(palette: Palette) -> Model:
    """Build a cup or glass."""
    parts, ware = Parts(), palette.ceramic(palette.pick([*BRIGHT, *POTS]))
    parts.wall((0, 0), 0.0, 0.033, between(palette.rng, 0.08, 0.11), ware, top=0.042)
    parts.cylinder((0, 0), 0.0, 0.032, 0.01, ware)
    return parts.model("cup")


def make_plate(palette: Palette) -> Model:
    """Build a plate."""
    parts = Parts()
    parts.bowl((0, 0), 0.002, 0.13, 0.022, palette.ceramic())
    return parts.model("plate")


def make_keyboard(palette: Palette) -> Model:
    """Build a keyboard and a mouse."""
    dark = palette.dark() if chance(palette.rng, 0.6) else palette.painted(linear("#dedcd6"))
    parts = Parts()
    parts.box(
        (-0.05, 0),
        0.0,
        (0.42, 0.14, 0.018),
        Material("checks", (dark.colors[0], scaled(dark.colors[0], 1.6), dark.colors[0]), 0.08),
    )
    parts.ball((0.25, 0, 0.012), (0.03, 0.05, 0.02), dark)
    return parts.model("keyboard")
