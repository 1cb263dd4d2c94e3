"""Small things: bottles, vases, plants, books, clocks, screens."""

import math

from taskonomy_kedro.rooms.furniture.parts import Model, Parts, around, furniture
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


@furniture("bottle", "bottle")
def make_bottle(parts: Parts, palette: Palette) -> None:
    """Build a bottle of wine, water or soap."""
    glass, cap = palette.plastic(_GLASS), palette.plastic([*BRIGHT, "#202224", "#e8e6e0"])
    radius, height = palette.draw(0.032, 0.045), palette.draw(0.22, 0.33)
    body = height * palette.draw(0.52, 0.64)
    parts.cylinder((0, 0), 0.0, radius, body, glass)
    parts.cylinder((0, 0), body, radius, height * 0.15, glass, top=radius * 0.38)
    parts.cylinder((0, 0), body + height * 0.15, radius * 0.38, height * 0.85 - body, glass)
    parts.cylinder((0, 0), height, radius * 0.42, 0.02, cap)
    if palette.chance(0.7):
        label = palette.pick(["#efe6d2", "#f3f1ec", *BRIGHT])
        parts.cylinder((0, 0), body * 0.25, radius + 0.0015, body * 0.45, palette.painted(label))


@furniture("vase", "vase")
def make_vase(parts: Parts, palette: Palette) -> None:
    """Build a vase, some with flowers."""
    body = palette.ceramic(palette.pick([*POTS, *FABRICS, *BRIGHT]))
    wide, height = palette.draw(0.055, 0.1), palette.draw(0.18, 0.34)
    shape = palette.integer(3)
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
    if palette.chance(0.6):
        green, bloom = palette.plastic(GREENS), palette.plastic([*BRIGHT, "#f2efe6"])
        for k in range(palette.integer(3, 6)):
            x, y = around(k * 2.4, palette.draw(0.02, wide + 0.03))
            top = height + palette.draw(0.1, 0.22)
            parts.stick((x * 0.2, y * 0.2, height - 0.02), (x, y, top), 0.005, green)
            parts.ball((x, y, top), palette.draw(0.022, 0.036), bloom)


@furniture("floor vase", "vase")
def make_floor_vase(parts: Parts, palette: Palette) -> None:
    """Build a tall vase to stand on the floor: a belly and a wide neck, some with dry twigs."""
    wide, height = palette.draw(0.14, 0.22), palette.draw(0.5, 0.85)
    body = palette.ceramic(palette.pick([*POTS, *FABRICS]))
    parts.ball((0, 0, height * 0.32), (wide, wide, height * 0.32), body)
    parts.wall((0, 0), height * 0.48, wide * 0.87, height * 0.52, body, top=wide * 0.75, waist=wide * 0.4)
    if palette.chance(0.5):
        twig = palette.plastic(["#7b5a3a", "#b59a6b"])
        for k in range(5):
            x, y = around(k * 2.4, palette.draw(0.05, wide))
            top = height * palette.draw(1.3, 1.6)
            parts.stick((0.3 * x, 0.3 * y, height * 0.9), (x, y, top), 0.006, twig)


def _leaf_material(palette: Palette) -> Material:
    green = palette.pick(GREENS)
    return Material("leaves", (green, scaled(green, 1.5), scaled(green, 0.6)), 0.5, 0.1)


@furniture("plant", "potted plant")
def make_plant(parts: Parts, palette: Palette, *, height: float | None = None) -> None:
    """Build a plant in its pot: a bush, long leaves, a small tree or a cactus."""
    tall = palette.draw(0.7, 1.5) if height is None else height
    pot_height = min(0.36, tall * palette.draw(0.28, 0.38))
    radius = pot_height * palette.draw(0.48, 0.62)
    pot, leaf = palette.ceramic(palette.pick(POTS)), _leaf_material(palette)
    if palette.chance(0.5):
        parts.wall((0, 0), 0.0, radius * 0.72, pot_height, pot, top=radius)
    else:  # with a belly
        parts.wall((0, 0), 0.0, radius * 0.7, pot_height, pot, top=radius * 0.85, waist=radius)
    soil = palette.painted(linear("#3a2a1e"), gloss=0.0)
    parts.cylinder((0, 0), 0.0, radius * 0.7, pot_height * 0.82, soil, top=radius * 0.84)
    crown = tall - pot_height
    shape = palette.integer(4) if tall > 0.5 else palette.integer(2)
    if shape == 0:
        for k in range(7):
            x, y = around(k * 2.4, crown * 0.2 * math.sqrt(k / 7) + 0.01)
            z = pot_height + crown * palette.draw(0.3, 0.78)
            parts.ball((x, y, z), (crown * 0.2, crown * 0.2, crown * palette.draw(0.17, 0.24)), leaf)
    elif shape == 1:
        for k in range(9):
            lean, length = palette.draw(0.15, 0.75), crown * palette.draw(0.34, 0.5)
            x, y = around(k * 2.4 + 0.3, math.sin(lean))
            along = (x, y, math.cos(lean))
            middle = (x * length, y * length, pot_height + along[2] * length)
            parts.leaf(middle, along, (length * 0.17 + 0.006, 0.008, length), leaf)
    elif shape == 2:
        parts.cylinder((0, 0), pot_height, 0.022, crown * 0.55, palette.wood())
        for k in range(6):
            x, y = around(k * 2.4, crown * 0.16)
            z = pot_height + crown * palette.draw(0.55, 0.85)
            parts.ball((x, y, z), crown * palette.draw(0.13, 0.2), leaf)
    else:
        body = palette.plastic(GREENS)
        parts.cylinder((0, 0), pot_height, radius * 0.5, crown * 0.85, body)
        parts.ball((0, 0, pot_height + crown * 0.85), (radius * 0.5, radius * 0.5, crown * 0.1), body)
        x, z = radius * 1.0, pot_height + crown * 0.45
        parts.stick((0, 0, z), (x, 0, z + 0.03), radius * 0.22, body)
        parts.cylinder((x, 0), z, radius * 0.26, crown * 0.3, body)
        parts.ball((x, 0, z + crown * 0.3), radius * 0.26, body)


def _cover(palette: Palette) -> Material:
    base = palette.pick([*FABRICS, *BRIGHT])
    return Material("cover", (base, palette.pick(FABRICS), linear("#efe7d4")), 0.0, 0.15)


@furniture("books", "book")
def make_book_row(parts: Parts, palette: Palette, *, length: float, tallest: float, depth: float) -> None:
    """Build books side by side on a shelf, the last ones leaning or missing."""
    x, end = -length / 2, length / 2 - (palette.draw(0.0, 0.35) * length)
    while x < end - 0.03 and len(parts.items) < 16:
        thick = palette.draw(0.022, 0.055)
        height = min(tallest, palette.draw(0.19, 0.3))
        deep = min(depth, palette.draw(0.14, 0.2))
        color = palette.painted(palette.pick([*FABRICS, *BRIGHT]))
        parts.box((x + thick / 2, 0.02 - (0.2 - deep) / 2), 0.0, (thick - 0.002, deep, height), color)
        x += thick


@furniture("books", "book")
def make_book_stack(parts: Parts, palette: Palette, *, count: int | None = None) -> None:
    """Build books lying on one another."""
    z = 0.0
    for _ in range(palette.integer(1, 5) if count is None else count):
        thick, yaw = palette.draw(0.02, 0.045), palette.draw(-0.35, 0.35)
        size = palette.draw(0.15, 0.21), palette.draw(0.21, 0.28)
        white = palette.painted(linear("#e9e2cf"), gloss=0.0)
        parts.box((0, 0), z + 0.003, (size[0] - 0.008, size[1] - 0.006, thick - 0.006), white, yaw=yaw)
        cover = _cover(palette)
        parts.box((0, 0), z, (*size, 0.004), cover, yaw=yaw)
        parts.box((0, 0), z + thick - 0.004, (*size, 0.004), cover, yaw=yaw)
        z += thick


def _dial(palette: Palette) -> Material:
    face = linear("#f4f1e8") if palette.chance(0.75) else palette.pick([*BRIGHT, "#2a2c30"])
    hands: Color = linear("#1d1e20") if sum(face) > 0.6 else linear("#f2efe8")
    return Material("dial", (face, hands, palette.pick([*POTS, *FABRICS, "#1d1e20"])), 0.0, 0.1)


@furniture("wall clock", "clock")
def make_wall_clock(parts: Parts, palette: Palette) -> None:
    """Build a round clock for the wall."""
    radius = palette.draw(0.13, 0.24)
    dial = _dial(palette)
    rim = palette.painted(dial.colors[2], gloss=0.3)
    parts.rod((0, 0.005, radius), "y", radius, 0.04, rim)
    parts.rod((0, -0.017, radius), "y", radius * 0.96, 0.008, dial)


@furniture("table clock", "clock")
def make_table_clock(parts: Parts, palette: Palette) -> None:
    """Build a small clock to stand on furniture."""
    radius = palette.draw(0.055, 0.085)
    body = palette.plastic() if palette.chance(0.5) else palette.wood()
    if palette.chance(0.5):
        parts.box((0, 0.01), 0.0, (radius * 2.5, 0.06, radius * 2.4), body)
        parts.rod((0, -0.024, radius * 1.2), "y", radius, 0.008, _dial(palette))
    else:
        for x in (-radius * 0.6, radius * 0.6):
            parts.ball((x, 0, 0.012), 0.012, body)
            parts.ball((x * 0.9, 0, radius * 2.15), radius * 0.3, body)
        parts.rod((0, 0, radius + 0.015), "y", radius, 0.05, body)
        parts.rod((0, -0.027, radius + 0.015), "y", radius * 0.95, 0.006, _dial(palette))


def make_tv(palette: Palette, *, width: float | None = None, is_monitor: bool = False) -> Model:
    """Build a flat screen on its foot, switched on or off."""
    wide = palette.draw(0.85, 1.35) if width is None else width
    high, dark = wide * 0.58, palette.dark()
    foot = palette.draw(0.05, 0.09) if not is_monitor else palette.draw(0.1, 0.14)
    parts = Parts()
    parts.box((0, 0), 0.0, (wide * 0.4, 0.2, 0.014), dark)
    parts.box((0, 0.03), 0.014, (0.06, 0.03, foot), dark)
    parts.box((0, 0), foot, (wide, 0.045, high), dark)
    if palette.chance(0.6):
        shown = ("desktop",) if is_monitor else ("screen", "landscape", "abstract", "bands")
        picture = palette.picture(shown)
        glass = Material(picture.texture, picture.colors, 0.0, 0.2, 0.85)
    else:
        black = linear("#15171a")
        glass = Material("reflection", (black, scaled(black, 5.0), black), 0.0, 0.5)
    parts.quad((0, -0.0235, foot + high / 2), wide - 0.03, high - 0.03, glass)
    return parts.model("monitor" if is_monitor else "tv", "tv")


@furniture("fruit bowl")
def make_bowl(parts: Parts, palette: Palette) -> None:
    """Build a bowl with fruit."""
    radius = palette.draw(0.1, 0.16)
    parts.bowl((0, 0), 0.012, radius, radius * 0.6, palette.ceramic(palette.pick(POTS)))
    parts.cylinder((0, 0), 0.0, radius * 0.4, 0.02, palette.ceramic())
    for k in range(palette.integer(0, 6)):
        x, y = around(k * 2.4, radius * 0.5 * math.sqrt(k / 5))
        fruit = palette.plastic(["#c9382c", "#e39b2d", "#9bb23c", "#e5cf45"])
        parts.ball((x, y, radius * 0.45), radius * 0.3, fruit)


@furniture("cup")
def make_cup(parts: Parts, palette: Palette) -> None:
    """Build a cup or glass."""
    ware = palette.ceramic(palette.pick([*BRIGHT, *POTS]))
    parts.wall((0, 0), 0.0, 0.033, palette.draw(0.08, 0.11), ware, top=0.042)
    parts.cylinder((0, 0), 0.0, 0.032, 0.01, ware)


@furniture("plate")
def make_plate(parts: Parts, palette: Palette) -> None:
    """Build a plate."""
    parts.bowl((0, 0), 0.002, 0.13, 0.022, palette.ceramic())


@furniture("keyboard")
def make_keyboard(parts: Parts, palette: Palette) -> None:
    """Build a keyboard and a mouse."""
    case = palette.dark() if palette.chance(0.6) else palette.painted(linear("#dedcd6"))
    color = case.colors[0]
    keys = Material("checks", (color, scaled(color, 1.6), color), 0.08)
    parts.box((-0.05, 0), 0.0, (0.42, 0.14, 0.018), keys)
    parts.ball((0.25, 0, 0.012), (0.03, 0.05, 0.02), case)
