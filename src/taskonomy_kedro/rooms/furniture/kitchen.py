"""Kitchen runs and appliances."""

from taskonomy_kedro.rooms.furniture.parts import Parts, furniture
from taskonomy_kedro.rooms.materials import STONES, Color, Material, Palette, linear, scaled

COUNTER_HEIGHT = 0.9
COUNTER_DEPTH = 0.6


def counter_top(palette: Palette) -> Material:
    """Return stone or wood for all counters of a kitchen."""
    if palette.chance(0.35):
        return palette.wood(other=True)
    stone = palette.pick(STONES)
    return Material("terrazzo", (stone, scaled(stone, 1.25), scaled(stone, 0.6)), 0.7, 0.4)


@furniture("counter", clearance=0.8)
def make_counter(parts: Parts, palette: Palette, *, width: float, top: Material, front: Material) -> None:
    """Build a base cupboard with a counter."""
    depth, height = COUNTER_DEPTH, COUNTER_HEIGHT
    parts.box((0, 0.03), 0.0, (width, depth - 0.1, 0.1), palette.dark())
    parts.box((0, 0.01), 0.1, (width, depth - 0.04, height - 0.14), palette.painted(front.colors[0]))
    parts.quad((0, -depth / 2 + 0.028, 0.1 + (height - 0.14) / 2), width - 0.008, height - 0.15, front)
    parts.box((0, 0), height - 0.04, (width, depth, 0.04), top)
    parts.support((-width / 2 + 0.04, width / 2 - 0.04), (-depth / 2 + 0.08, depth / 2 - 0.06), height)


@furniture("upper cabinet")
def make_upper_cabinet(parts: Parts, palette: Palette, *, width: float, front: Material) -> None:
    """Build a cupboard on the wall."""
    height, depth = palette.draw(0.6, 0.7), 0.33
    parts.box((0, 0), 0.0, (width, depth, height), palette.painted(front.colors[0]))
    parts.quad((0, -depth / 2 - 0.002, height / 2), width - 0.01, height - 0.01, front)


@furniture("kitchen sink", "sink")
def make_kitchen_sink(parts: Parts, palette: Palette) -> None:
    """Build a basin let into the counter, with its tap; stands on the counter."""
    width, depth = palette.draw(0.48, 0.62), 0.4
    body = palette.metal() if palette.chance(0.7) else palette.ceramic()
    rim = 0.03
    for y in (-(depth - rim) / 2, (depth - rim) / 2):
        parts.box((0, y), 0.0, (width, rim, 0.022), body)
    for x in (-(width - rim) / 2, (width - rim) / 2):
        parts.box((x, 0), 0.0, (rim, depth - 2 * rim, 0.022), body)
    inner = Material("plain", (scaled(body.colors[0], 0.45),) * 3, 0.6, 0.4)
    parts.box((0, 0), 0.0, (width - 2 * rim, depth - 2 * rim, 0.006), inner)
    parts.cylinder((0, 0), 0.006, 0.03, 0.002, palette.dark())
    add_tap(parts, palette, depth / 2 - 0.015, 0.022, palette.draw(0.2, 0.28))


def add_tap(parts: Parts, palette: Palette, y: float, z: float, height: float) -> None:
    """Add a tap at depth y on a surface at height z, metres."""
    steel = palette.metal()
    parts.cylinder((0, y), z, 0.016, height, steel)
    parts.rod((0, y - 0.075, z + height - 0.014), "y", 0.013, 0.16, steel)
    parts.cylinder((0, y - 0.145), z + height - 0.06, 0.011, 0.04, steel)
    parts.rod((0.035, y, z + 0.05), "x", 0.009, 0.05, steel)


def _appliance(palette: Palette) -> Color:
    return palette.pick(["#f1f1ee", "#c7cacc", "#c7cacc", "#3a3d40", "#a9adb0"], spread=0.05)


@furniture("oven", "oven", clearance=0.8)
def make_oven(parts: Parts, palette: Palette) -> None:
    """Build a cooker: oven below, four hobs on top."""
    color, dark = _appliance(palette), palette.dark()
    width, depth, height = 0.6, COUNTER_DEPTH, COUNTER_HEIGHT + 0.01
    parts.box((0, 0.01), 0.0, (width, depth - 0.03, height - 0.02), palette.painted(color, gloss=0.4))
    front = Material("oven_front", (color, linear("#1c1d1f"), linear("#d8dadb")), 0.0, 0.4)
    parts.quad((0, -depth / 2 + 0.022, height / 2), width - 0.004, height - 0.03, front)
    parts.rod((0, -depth / 2 - 0.005, height * 0.69), "x", 0.012, width * 0.8, palette.metal())
    parts.box((0, 0), height - 0.02, (width, depth, 0.02), dark)
    ring = palette.metal() if palette.chance(0.5) else palette.painted(linear("#4a4d50"))
    for x, y, r in ((-0.14, -0.13, 0.09), (0.14, -0.13, 0.075), (-0.14, 0.13, 0.075), (0.14, 0.13, 0.09)):
        parts.cylinder((x, y), height, r, 0.008, ring)
    if palette.chance(0.4):
        pot = palette.metal() if palette.chance(0.5) else palette.plastic()
        parts.cylinder((-0.14, 0.13), height + 0.008, 0.09, 0.11, pot)
        parts.cylinder((-0.14, 0.13), height + 0.118, 0.092, 0.012, pot)
        parts.ball((-0.14, 0.13, height + 0.14), 0.014, dark)


@furniture("hood")
def make_hood(parts: Parts, palette: Palette, *, width: float) -> None:
    """Build the hood above a cooker."""
    steel = palette.metal()
    parts.box((0, 0), 0.0, (width, 0.48, 0.07), steel)
    parts.box((0, 0.11), 0.07, (0.26, 0.26, 0.65), steel)


@furniture("refrigerator", "refrigerator", clearance=0.8)
def make_refrigerator(parts: Parts, palette: Palette) -> None:
    """Build a tall refrigerator with one or two doors."""
    width, depth, height = palette.draw(0.6, 0.85), palette.draw(0.62, 0.72), palette.draw(1.5, 1.95)
    color = _appliance(palette)
    body, steel = palette.painted(color, gloss=0.4), palette.metal()
    parts.box((0, 0.02), 0.0, (width, depth - 0.08, height), palette.painted(scaled(color, 0.8), gloss=0.2))
    split = height * palette.draw(0.28, 0.4) if palette.chance(0.5) else height * palette.draw(0.6, 0.7)
    y = -depth / 2 + 0.03
    for low, high in ((0.03, split - 0.006), (split + 0.006, height)):
        parts.box((0, y), low, (width, 0.06, high - low), body)
        length = min(0.4, (high - low) * 0.5)
        bottom = high - length - 0.06 if low < split - 0.1 else low + 0.06
        parts.box((-width / 2 + 0.06, y - 0.05), bottom, (0.022, 0.03, length), steel)
    parts.support((-width / 2 + 0.06, width / 2 - 0.06), (-depth / 2 + 0.15, depth / 2 - 0.06), height)


@furniture("microwave", "microwave")
def make_microwave(parts: Parts, palette: Palette) -> None:
    """Build a microwave, to stand on a counter."""
    width, depth, height = palette.draw(0.45, 0.54), palette.draw(0.34, 0.4), palette.draw(0.27, 0.31)
    color = _appliance(palette)
    parts.box((0, 0), 0.012, (width, depth, height), palette.painted(color, gloss=0.3))
    for x in (-width / 2 + 0.05, width / 2 - 0.05):
        parts.box((x, 0), 0.0, (0.04, depth - 0.06, 0.012), palette.dark())
    keys = scaled(color, 0.55)
    front = Material("microwave_front", (scaled(color, 0.92), linear("#17181a"), keys), 0.0, 0.4)
    parts.quad((0, -depth / 2 - 0.002, 0.012 + height / 2), width - 0.004, height - 0.004, front)
    parts.box((width * 0.2, -depth / 2 - 0.025), 0.05, (0.02, 0.022, height - 0.08), palette.metal())


@furniture("toaster", "toaster")
def make_toaster(parts: Parts, palette: Palette) -> None:
    """Build a toaster with two slots and a lever."""
    width, depth, height = palette.draw(0.26, 0.32), palette.draw(0.16, 0.19), palette.draw(0.17, 0.2)
    colors = ["#c23b32", "#c23b32", "#e9e6df", "#2c3033", "#86b0b5"]
    body = palette.metal() if palette.chance(0.5) else palette.plastic(colors)
    dark = palette.dark()
    parts.box((0, 0), 0.0, (width - 0.02, depth - 0.02, 0.02), dark)
    parts.box((0, 0), 0.02, (width, depth, height - 0.06), body)
    for y in (-depth / 2 + 0.04, depth / 2 - 0.04):
        parts.rod((0, y, height - 0.04), "x", 0.04, width, body)
    parts.box((0, 0), height - 0.04, (width, depth - 0.08, 0.04), body)
    for y in (-0.03, 0.03):
        parts.box((0, y), height, (width * 0.72, 0.025, 0.002), dark)
        if palette.chance(0.4):
            bread = palette.painted(linear("#b5793f"))
            parts.box((0, y), height + 0.002, (width * 0.45, 0.016, 0.035), bread)
    parts.box((width / 2 + 0.012, 0), height * 0.6, (0.025, 0.05, 0.018), dark)
