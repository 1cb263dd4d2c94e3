"""Furniture of bathrooms."""

from taskonomy_kedro.rooms.furniture.built_in import add_folds
from taskonomy_kedro.rooms.furniture.kitchen import add_tap
from taskonomy_kedro.rooms.furniture.parts import Parts, furniture
from taskonomy_kedro.rooms.materials import STONES, Material, Palette, linear, scaled


@furniture("toilet", "toilet", clearance=0.55)
def make_toilet(parts: Parts, palette: Palette) -> None:
    """Build a toilet with its tank at the back."""
    white = palette.ceramic()
    lid = palette.wood() if palette.chance(0.2) else white
    seat, tank = palette.draw(0.38, 0.43), palette.draw(0.32, 0.4)
    parts.cylinder((0, -0.06), 0.0, 0.13, 0.2, white, top=0.12)
    parts.cylinder((0, -0.1), 0.2, 0.12, seat - 0.22, white, top=0.195)
    parts.box((0, 0.1), 0.0, (0.2, 0.3, seat - 0.02), white)
    parts.cylinder((0, -0.1), seat - 0.02, 0.205, 0.03, lid)
    parts.box((0, 0.05), seat - 0.02, (0.38, 0.26, 0.03), lid)
    if palette.chance(0.45):  # lid up
        parts.box((0, 0.15), seat + 0.01, (0.38, 0.025, 0.4), lid, tilt=-0.12)
        parts.cylinder((0, -0.1), seat + 0.01, 0.125, 0.002, palette.painted(linear("#8f989c"), gloss=0.5))
    else:
        parts.cylinder((0, -0.1), seat + 0.01, 0.2, 0.02, lid)
        parts.box((0, 0.05), seat + 0.01, (0.37, 0.22, 0.02), lid)
    parts.box((0, 0.28), seat - 0.03, (0.4, 0.17, tank), white)
    parts.box((0, 0.28), seat - 0.03 + tank, (0.42, 0.19, 0.03), white)
    parts.cylinder((0, 0.28), seat + tank, 0.03, 0.012, palette.metal())


@furniture("wash basin", "sink", clearance=0.55)
def make_basin(parts: Parts, palette: Palette) -> None:
    """Build a wash basin: on a column or let into a cupboard."""
    white, height = palette.ceramic(), palette.draw(0.8, 0.88)
    width, depth = palette.draw(0.5, 0.68), palette.draw(0.42, 0.5)
    grey = palette.painted(scaled(white.colors[0], 0.62), gloss=0.5)
    if palette.chance(0.5):
        radius = depth / 2 - 0.01
        parts.wall((0, 0), 0.0, 0.13, height - 0.15, white, top=0.11, waist=0.085)
        parts.bowl((0, 0), height - 0.16, radius, 0.16, white)
        parts.cylinder((0, 0), height - 0.155, 0.025, 0.004, palette.dark())
        parts.box((0, radius - 0.03), height - 0.06, (0.16, 0.08, 0.06), white)
    else:
        front = palette.cabinet(palette.choose(["doors", "drawers"]))
        body = palette.painted(front.colors[0])
        width += 0.12
        parts.box((0, 0.01), 0.0, (width - 0.04, depth - 0.04, height - 0.1), body)
        parts.quad((0, -depth / 2 + 0.028, (height - 0.1) / 2), width - 0.05, height - 0.12, front)
        parts.box((0, 0), height - 0.1, (width, depth, 0.1), white)
        is_round = palette.chance(0.5)
        if is_round:
            parts.bowl((0, -0.03), height, depth * 0.4, 0.13, white)
        else:
            parts.sheet((0, -0.03, height + 0.002), width * 0.62, depth * 0.58, grey)
        parts.cylinder((0, -0.03), height + (0.004 if is_round else 0.002), 0.022, 0.002, palette.dark())
    add_tap(parts, palette, depth / 2 - 0.06, height, palette.draw(0.13, 0.2))


@furniture("bathtub", clearance=0.5)
def make_bathtub(parts: Parts, palette: Palette) -> None:
    """Build a bathtub with its rim, water and tap."""
    width, depth, height = palette.draw(1.5, 1.75), palette.draw(0.7, 0.8), palette.draw(0.52, 0.6)
    white, rim = palette.ceramic(), 0.07
    panel = white
    if palette.chance(0.4):
        stone = palette.pick(STONES)
        panel = Material("tiles", (stone, stone, linear("#dad7d0")), 0.6, 0.3)
    for y in (-(depth - rim) / 2, (depth - rim) / 2):
        parts.box((0, y), 0.0, (width, rim, height), panel if y < 0 else white)
    for x in (-(width - rim) / 2, (width - rim) / 2):
        parts.box((x, 0), 0.0, (rim, depth - 2 * rim, height), panel)
    inside = width - 2 * rim, depth - 2 * rim
    radius = inside[1] / 2
    parts.arc((0, 0, max(height, radius + 0.02)), (0, 0, -1), (1, 0, 0), radius, inside[0], white)
    if palette.chance(0.35):
        parts.box((0, 0), 0.0, (*inside, height * 0.6), palette.painted(linear("#9cc3cc"), gloss=0.8))
    steel = palette.metal()
    parts.cylinder((width / 2 - 0.035, 0), height, 0.015, 0.14, steel)
    parts.rod((width / 2 - 0.1, 0, height + 0.13), "x", 0.013, 0.15, steel)


@furniture("shower", clearance=0.4)
def make_shower(parts: Parts, palette: Palette) -> None:
    """Build a shower tray with a curtain rail and a curtain half drawn."""
    side = palette.draw(0.8, 0.95)
    white, steel = palette.ceramic(), palette.metal()
    parts.box((0, 0), 0.0, (side, side, 0.08), white)
    parts.cylinder((0, 0), 0.08, 0.04, 0.003, palette.dark())
    parts.cylinder((0, side / 2 - 0.04), 0.9, 0.013, 1.15, steel)
    parts.rod((0, side / 2 - 0.12, 2.04), "y", 0.011, 0.18, steel)
    parts.cylinder((0, side / 2 - 0.2), 1.99, 0.09, 0.035, steel, top=0.05)
    parts.rod((0, -side / 2 + 0.02, 1.98), "x", 0.013, side, steel)
    base = palette.pick(["#e8e6e0", "#9fc1c9", "#d9b9b0"])
    cloth = Material("fabric", (base, scaled(base, 0.85), base), 0.5)
    add_folds(parts, (-side * 0.49, -side * 0.07), -side / 2 + 0.05, 0.15, 1.82, cloth)


@furniture("washing machine", clearance=0.6)
def make_washing_machine(parts: Parts, palette: Palette) -> None:
    """Build a washing machine with its round door."""
    color = linear("#efefec")
    body, dark = palette.painted(color, gloss=0.4), palette.dark()
    parts.box((0, 0), 0.0, (0.6, 0.56, 0.84), body)
    parts.rod((0, -0.295, 0.42), "y", 0.17, 0.03, palette.metal())
    parts.rod((0, -0.315, 0.42), "y", 0.12, 0.012, dark)
    parts.quad((0, -0.282, 0.78), 0.56, 0.07, palette.painted(scaled(color, 0.7)))
    parts.rod((0.2, -0.29, 0.78), "y", 0.025, 0.02, dark)
    parts.support((-0.24, 0.24), (-0.2, 0.22), 0.84)


@furniture("towels")
def make_towel_rail(parts: Parts, palette: Palette) -> None:
    """Build a rail on the wall with a towel over it."""
    width = palette.draw(0.45, 0.65)
    parts.rod((0, -0.02, 0.6), "x", 0.012, width, palette.metal())
    for k in range(1 + palette.chance(0.5)):
        x = (k - 0.3) * width * 0.35
        parts.box((x, -0.02), 0.6 - palette.draw(0.4, 0.58), (width * 0.32, 0.035, 0.6), palette.fabric())


@furniture("bin")
def make_bin(parts: Parts, palette: Palette) -> None:
    """Build a waste bin."""
    radius, height = palette.draw(0.11, 0.16), palette.draw(0.26, 0.36)
    body = palette.metal() if palette.chance(0.5) else palette.plastic(["#3c4144", "#d9d6cf", "#7f8f98"])
    parts.wall((0, 0), 0.0, radius * 0.85, height, body, top=radius)
    parts.cylinder((0, 0), 0.0, radius * 0.83, 0.02, palette.dark())
