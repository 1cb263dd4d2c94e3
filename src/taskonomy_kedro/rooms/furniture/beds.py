"""Beds."""

from taskonomy_kedro.rooms.furniture.parts import Model, Parts, between, chance
from taskonomy_kedro.rooms.materials import Material, Palette, linear, scaled


def make_bed(palette: Palette, *, width: float | None = None, length: float | None = None) -> Model:
    """Build a bed with mattress, cover and pillows, its head at the back."""
    rng = palette.rng
    wide = between(rng, 0.9, 1.8) if width is None else width
    long = between(rng, 1.95, 2.1) if length is None else length
    base, top = between(rng, 0.16, 0.3), between(rng, 0.16, 0.22)
    frame = palette.wood() if chance(rng, 0.6) else palette.fabric(palette.other_accent)
    white = linear("#eeeae2")
    sheet = Material("fabric", (white, scaled(white, 0.9), white), 0.6)
    parts = Parts()
    for x in (-wide / 2 + 0.06, wide / 2 - 0.06):
        for y in (-long / 2 + 0.06, long / 2 - 0.06):
            parts.cylinder((x, y), 0.0, 0.03, 0.1, frame)
    parts.box((0, 0), 0.1, (wide, long, base), frame)
    mattress = 0.1 + base
    parts.box((0, -0.02), mattress, (wide - 0.05, long - 0.08, top), sheet)
    surface = mattress + top
    cover = palette.fabric(palette.accent)
    covered = long * between(rng, 0.55, 0.7)
    foot = -long / 2 + 0.01
    parts.box((0, foot + covered / 2), mattress + 0.02, (wide + 0.01, covered, top + 0.02), cover)
    if chance(rng, 0.6):
        parts.box((0, foot + covered), mattress + 0.02, (wide + 0.016, 0.22, top + 0.045), sheet)
    if chance(rng, 0.4):
        parts.box(
            (0, foot + 0.3), mattress, (wide + 0.02, 0.4, top + 0.055), palette.fabric(palette.other_accent)
        )
    count = 2 if wide > 1.3 else 1
    for k in range(count):
        x = (k - (count - 1) / 2) * wide / 2
        parts.ball((x, long / 2 - 0.3, surface + 0.06), (min(0.36, wide / count * 0.42), 0.22, 0.095), sheet)
    if chance(rng, 0.4):
        parts.ball(
            (0, long / 2 - 0.5, surface + 0.09), (0.2, 0.1, 0.16), palette.fabric(palette.other_accent)
        )
    if chance(rng, 0.35):  # a rolled blanket across the foot
        parts.rod((0, foot + 0.2, surface + 0.12), "x", 0.1, wide * 0.9, palette.fabric())
    head = between(rng, 0.75, 1.15)
    if chance(rng, 0.8):
        parts.box((0, long / 2 + 0.03), 0.0, (wide + 0.04, 0.06, head), frame)
    else:
        metal = palette.metal()
        for k in range(5):
            parts.cylinder(((k - 2) * (wide - 0.06) / 4, long / 2 + 0.025), 0.0, 0.017, head, metal)
        parts.rod((0, long / 2 + 0.025, head), "x", 0.02, wide, metal)
    if chance(rng, 0.3):
        parts.box((0, -long / 2 - 0.025), 0.0, (wide + 0.04, 0.05, mattress + top + 0.1), frame)
    return parts.model("bed", "bed")


def make_cot(palette: Palette) -> Model:
    """Build a child's bed with a low rail of bars."""
    rng = palette.rng
    wide, long = between(rng, 0.75, 0.9), between(rng, 1.4, 1.75)
    paint = palette.painted(palette.front) if chance(rng, 0.6) else palette.wood()
    white = linear("#f1ede6")
    parts = Parts()
    for y, height in ((long / 2, between(rng, 0.75, 0.95)), (-long / 2, 0.55)):
        parts.box((0, y), 0.0, (wide + 0.06, 0.04, height), paint)
    parts.box((0, 0), 0.18, (wide, long - 0.04, 0.12), paint)
    parts.box((0, 0), 0.3, (wide - 0.04, long - 0.08, 0.13), Material("fabric", (white, white, white), 0.6))
    parts.box((0, -0.18), 0.32, (wide - 0.01, long - 0.46, 0.14), palette.fabric())
    parts.ball((0, long / 2 - 0.24, 0.47), (0.27, 0.17, 0.075), palette.fabric())
    if chance(rng, 0.6):
        side = 1 if chance(rng, 0.5) else -1
        x = side * wide / 2
        parts.box((x, long * 0.18), 0.58, (0.035, long * 0.5, 0.04), paint)
        for k in range(4):
            parts.box((x, long * (0.0 + 0.12 * k)), 0.3, (0.025, 0.03, 0.28), paint)
    return parts.model("child's bed", "bed")
