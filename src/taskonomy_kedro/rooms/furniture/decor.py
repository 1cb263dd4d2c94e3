"""Things on walls and floors: pictures, mirrors, rugs, coats, toys."""

from taskonomy_kedro.rooms.furniture.parts import Model, Parts, furniture, spread
from taskonomy_kedro.rooms.materials import BRIGHT, FABRICS, GREENS, Material, Palette, linear, scaled


@furniture("picture")
def make_picture(parts: Parts, palette: Palette) -> None:
    """Build a framed picture."""
    width, height = palette.draw(0.3, 1.0), palette.draw(0.3, 0.75)
    frame = palette.wood(other=True) if palette.chance(0.6) else palette.dark()
    parts.box((0, 0), 0.0, (width, 0.03, height), frame)
    border = palette.draw(0.03, 0.06)
    if palette.chance(0.4):
        mount = palette.painted(linear("#efece4"))
        parts.quad((0, -0.0165, height / 2), width - border, height - border, mount)
        border += min(width, height) * 0.2
    parts.quad((0, -0.018, height / 2), width - border, height - border, palette.picture())


@furniture("mirror")
def make_mirror(
    parts: Parts, palette: Palette, *, width: float | None = None, height: float | None = None
) -> None:
    """Build a mirror, drawn as a bright picture."""
    wide, high = width or palette.draw(0.45, 0.8), height or palette.draw(0.6, 0.9)
    glass = linear("#b4c4c9")
    material = Material("reflection", (glass, linear("#e6eef0"), glass), 0.0, 0.6)
    parts.box((0, 0), 0.0, (wide, 0.03, high), palette.wood() if palette.chance(0.5) else palette.metal())
    parts.quad((0, -0.0165, high / 2), wide - 0.05, high - 0.05, material)


@furniture("rug", is_flat=True)
def make_rug(parts: Parts, palette: Palette, *, width: float, depth: float) -> None:
    """Build a rug, rectangular or round."""
    a, b, c = palette.pick(FABRICS), palette.pick(FABRICS), palette.pick([*FABRICS, "#e8e0cf"])
    if palette.chance(0.2) and width < depth * 1.5:
        radius = min(width, depth) / 2
        parts.cylinder((0, 0), 0.0, radius, 0.008, Material("rug_rings", (a, b, c), 0.0))
    else:
        texture = palette.choose(["rug_border", "rug_border", "rug_waves", "carpet", "plaid"])
        size = 0.0 if texture.startswith("rug") else 0.8
        parts.box((0, 0), 0.0, (width, depth, 0.008), Material(texture, (a, b, c), size))


@furniture("rug", is_flat=True)
def make_play_rug(parts: Parts, palette: Palette, *, width: float, depth: float) -> None:
    """Build a child's rug with streets and houses, or bright rings."""
    if palette.chance(0.5):
        colors = (palette.pick(GREENS), linear("#77797c"), palette.pick(BRIGHT))
        parts.box((0, 0), 0.0, (width, depth, 0.008), Material("town_rug", colors, 0.0))
    else:
        colors = (palette.pick(BRIGHT), palette.pick(BRIGHT), linear("#f2ead8"))
        parts.cylinder((0, 0), 0.0, min(width, depth) / 2, 0.008, Material("rug_rings", colors, 0.0))


@furniture("coat rack")
def make_coat_rack(parts: Parts, palette: Palette) -> None:
    """Build a board with hooks and coats on the wall."""
    width = palette.draw(0.7, 1.2)
    parts.box((0, 0.01), 1.1, (width, 0.025, 0.12), palette.wood())
    for x in spread(int(width / 0.2), width):
        parts.rod((x, -0.03, 1.14), "y", 0.012, 0.07, palette.metal())
        if palette.chance(0.6):
            length, cloth = palette.draw(0.6, 0.95), palette.fabric()
            parts.cylinder((x, -0.045), 1.12 - length, 0.085, length, cloth, top=0.045)


@furniture("ball")
def make_ball(parts: Parts, palette: Palette) -> None:
    """Build a ball to play with."""
    radius = palette.draw(0.07, 0.16)
    texture = palette.choose(["stripes", "checks", "plain", "dots"])
    colors = (palette.pick(BRIGHT), palette.pick([*BRIGHT, "#f4f1ea"]), palette.pick(BRIGHT))
    parts.ball((0, 0, radius), radius, Material(texture, colors, radius * 4, 0.4))


@furniture("blocks")
def make_blocks(parts: Parts, palette: Palette) -> None:
    """Build a few building blocks on one another."""
    side = palette.draw(0.07, 0.11)
    for k, (x, y) in enumerate(((0.0, 0.0), (1.25, 0.2), (0.4, 1.2))[: palette.integer(1, 4)]):
        for level in range(1 + (k == 0) * palette.integer(0, 3)):
            color, yaw = palette.plastic(), palette.draw(-0.3, 0.3)
            parts.box((x * side, y * side), level * side, (side, side, side), color, yaw=yaw)


@furniture("teddy bear")
def make_teddy(parts: Parts, palette: Palette) -> None:
    """Build a soft bear that sits."""
    s = palette.draw(0.8, 1.5)
    fur_color = palette.pick(["#a9743f", "#c9a06a", "#7a5236", "#d9cdb8", "#b98aa0"])
    fur = Material("carpet", (fur_color, scaled(fur_color, 0.75), fur_color), 0.4)
    light = palette.painted(scaled(fur_color, 1.5), gloss=0.0)
    parts.ball((0, 0, 0.12 * s), (0.1 * s, 0.09 * s, 0.12 * s), fur)
    parts.ball((0, -0.01 * s, 0.3 * s), 0.085 * s, fur)
    parts.ball((0, -0.085 * s, 0.285 * s), (0.04 * s, 0.03 * s, 0.03 * s), light)
    for side in (-1, 1):
        parts.ball((side * 0.065 * s, 0.0, 0.375 * s), (0.033 * s, 0.02 * s, 0.033 * s), fur)
        parts.ball((side * 0.1 * s, -0.1 * s, 0.045 * s), (0.045 * s, 0.1 * s, 0.045 * s), fur)
        parts.ball((side * 0.12 * s, -0.04 * s, 0.17 * s), (0.04 * s, 0.05 * s, 0.08 * s), fur)


def make_toy_tower(palette: Palette) -> Model:
    """Build rings on a stick, or a drum."""
    parts = Parts()
    if palette.chance(0.6):
        for k in range(5):
            parts.cylinder((0, 0), 0.04 * k, 0.1 - 0.014 * k, 0.04, palette.plastic())
        parts.ball((0, 0, 0.22), 0.028, palette.plastic())
        return parts.model("ring tower")
    parts.cylinder((0, 0), 0.0, 0.13, 0.16, palette.plastic())
    parts.cylinder((0, 0), 0.16, 0.135, 0.015, palette.painted(linear("#efe9dc")))
    return parts.model("drum")


def make_big_ball(palette: Palette) -> Model:
    """Build a ball to sit on, or a bean bag."""
    parts = Parts()
    if palette.chance(0.5):
        radius = palette.draw(0.26, 0.34)
        parts.ball((0, 0, radius), radius, palette.plastic())
        return parts.model("sitting ball")
    radius, cloth = palette.draw(0.36, 0.46), palette.fabric(palette.other_accent)
    parts.ball((0, 0, radius * 0.62), (radius, radius, radius * 0.62), cloth)
    parts.ball((0, radius * 0.3, radius * 0.95), (radius * 0.72, radius * 0.55, radius * 0.6), cloth)
    return parts.model("bean bag")
