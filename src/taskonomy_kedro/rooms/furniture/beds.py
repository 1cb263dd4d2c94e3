"""Beds."""

from taskonomy_kedro.rooms.furniture.parts import Parts, furniture
from taskonomy_kedro.rooms.materials import Material, Palette, linear, scaled


@furniture("bed", "bed")
def make_bed(parts: Parts, palette: Palette, *, width: float) -> None:
    """Build a bed with mattress, cover and pillows, its head at the back."""
    long = palette.draw(1.95, 2.1)
    base, top = palette.draw(0.16, 0.3), palette.draw(0.16, 0.22)
    frame = palette.wood() if palette.chance(0.6) else palette.fabric(palette.other_accent)
    white = linear("#eeeae2")
    sheet = Material("fabric", (white, scaled(white, 0.9), white), 0.6)
    for x in (-width / 2 + 0.06, width / 2 - 0.06):
        for y in (-long / 2 + 0.06, long / 2 - 0.06):
            parts.cylinder((x, y), 0.0, 0.03, 0.1, frame)
    parts.box((0, 0), 0.1, (width, long, base), frame)
    mattress = 0.1 + base
    parts.box((0, -0.02), mattress, (width - 0.05, long - 0.08, top), sheet)
    surface = mattress + top
    cover = palette.fabric(palette.accent)
    covered = long * palette.draw(0.55, 0.7)
    foot = -long / 2 + 0.01
    parts.box((0, foot + covered / 2), mattress + 0.02, (width + 0.01, covered, top + 0.02), cover)
    if palette.chance(0.6):
        parts.box((0, foot + covered), mattress + 0.02, (width + 0.016, 0.22, top + 0.045), sheet)
    if palette.chance(0.4):
        throw = palette.fabric(palette.other_accent)
        parts.box((0, foot + 0.3), mattress, (width + 0.02, 0.4, top + 0.055), throw)
    count = 2 if width > 1.3 else 1
    for k in range(count):
        x = (k - (count - 1) / 2) * width / 2
        parts.ball((x, long / 2 - 0.3, surface + 0.06), (min(0.36, width / count * 0.42), 0.22, 0.095), sheet)
    if palette.chance(0.4):
        pillow = palette.fabric(palette.other_accent)
        parts.ball((0, long / 2 - 0.5, surface + 0.09), (0.2, 0.1, 0.16), pillow)
    if palette.chance(0.35):  # a rolled blanket across the foot
        parts.rod((0, foot + 0.2, surface + 0.12), "x", 0.1, width * 0.9, palette.fabric())
    head = palette.draw(0.75, 1.15)
    if palette.chance(0.8):
        parts.box((0, long / 2 + 0.03), 0.0, (width + 0.04, 0.06, head), frame)
    else:
        metal = palette.metal()
        for k in range(5):
            parts.cylinder(((k - 2) * (width - 0.06) / 4, long / 2 + 0.025), 0.0, 0.017, head, metal)
        parts.rod((0, long / 2 + 0.025, head), "x", 0.02, width, metal)
    if palette.chance(0.3):
        parts.box((0, -long / 2 - 0.025), 0.0, (width + 0.04, 0.05, mattress + top + 0.1), frame)


@furniture("child's bed", "bed")
def make_cot(parts: Parts, palette: Palette) -> None:
    """Build a child's bed with a low rail of bars."""
    wide, long = palette.draw(0.75, 0.9), palette.draw(1.4, 1.75)
    paint = palette.painted(palette.front) if palette.chance(0.6) else palette.wood()
    white = linear("#f1ede6")
    for y, height in ((long / 2, palette.draw(0.75, 0.95)), (-long / 2, 0.55)):
        parts.box((0, y), 0.0, (wide + 0.06, 0.04, height), paint)
    parts.box((0, 0), 0.18, (wide, long - 0.04, 0.12), paint)
    parts.box((0, 0), 0.3, (wide - 0.04, long - 0.08, 0.13), Material("fabric", (white, white, white), 0.6))
    parts.box((0, -0.18), 0.32, (wide - 0.01, long - 0.46, 0.14), palette.fabric())
    parts.ball((0, long / 2 - 0.24, 0.47), (0.27, 0.17, 0.075), palette.fabric())
    if palette.chance(0.6):
        side = 1 if palette.chance(0.5) else -1
        x = side * wide / 2
        parts.box((x, long * 0.18), 0.58, (0.035, long * 0.5, 0.04), paint)
        for k in range(4):
            parts.box((x, long * (0.0 + 0.12 * k)), 0.3, (0.025, 0.03, 0.28), paint)
