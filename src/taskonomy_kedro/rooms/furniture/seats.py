"""Chairs, armchairs, couches and benches."""

import math

from taskonomy_kedro.rooms.furniture.parts import Model, Parts, around, furniture, spread
from taskonomy_kedro.rooms.materials import Material, Palette


@furniture("chair", "chair")
def make_chair(parts: Parts, palette: Palette) -> None:
    """Build a dining chair: wooden with slats, or upholstered."""
    width, depth, seat = palette.draw(0.4, 0.47), palette.draw(0.41, 0.47), palette.draw(0.43, 0.47)
    back, leg = palette.draw(0.4, 0.52), palette.draw(0.032, 0.045)
    wood = palette.wood(other=palette.chance(0.5))
    if palette.chance(0.25):
        wood = palette.painted(palette.front)
    parts.legs(width, depth, seat - 0.04, leg, wood)
    if palette.chance(0.4):
        cloth = palette.fabric(palette.accent)
        parts.box((0, 0), seat - 0.04, (width, depth, 0.07), cloth)
        parts.box((0, depth / 2 - 0.03), seat + 0.03, (width, 0.05, back), cloth, tilt=-0.08)
    else:
        parts.box((0, 0), seat - 0.04, (width, depth, 0.04), wood)
        y = depth / 2 - leg / 2
        for x in (-width / 2 + leg / 2, width / 2 - leg / 2):
            parts.box((x, y), seat, (leg, leg, back), wood)
        if palette.chance(0.5):
            for k in range(3):
                parts.box((0, y), seat + back * (0.3 + 0.27 * k), (width - 2 * leg, 0.02, 0.06), wood)
        else:
            parts.box((0, y), seat + back - 0.09, (width - 2 * leg, 0.022, 0.08), wood)
            for x in spread(4, width - 2 * leg):
                parts.box((x, y), seat, (0.025, 0.018, back - 0.09), wood)
        if palette.chance(0.4):
            parts.box((0, -0.01), seat, (width - 0.04, depth - 0.08, 0.03), palette.fabric(palette.accent))


@furniture("office chair", "chair")
def make_office_chair(parts: Parts, palette: Palette) -> None:
    """Build a swivel chair on five feet."""
    cloth = palette.fabric(palette.other_accent) if palette.chance(0.6) else palette.dark()
    dark = palette.dark()
    seat = palette.draw(0.44, 0.5)
    for k in range(5):
        angle = math.tau * k / 5 + 0.3
        x, y = around(angle, 0.16)
        parts.box((x, y), 0.05, (0.3, 0.045, 0.035), dark, yaw=angle)
        parts.ball((*around(angle, 0.29), 0.03), 0.03, dark)
    parts.cylinder((0, 0), 0.07, 0.03, seat - 0.12, palette.metal())
    parts.box((0, 0), seat - 0.05, (0.5, 0.48, 0.09), cloth)
    parts.box((0, 0.2), seat - 0.02, (0.06, 0.03, 0.3), dark)
    parts.box((0, 0.19), seat + 0.15, (0.46, 0.06, palette.draw(0.42, 0.6)), cloth, tilt=-0.12)
    if palette.chance(0.7):
        for x in (-0.27, 0.27):
            parts.box((x, 0), seat + 0.16, (0.05, 0.28, 0.03), dark)
            parts.box((x, 0.05), seat - 0.02, (0.03, 0.05, 0.18), dark)


@furniture("armchair", "chair", clearance=0.4)
def make_armchair(parts: Parts, palette: Palette) -> None:
    """Build a wide soft chair with arms, or a tub chair with a round back."""
    if palette.chance(0.45):
        _add_tub_chair(parts, palette)
    else:
        width, depth = palette.draw(0.75, 0.92), palette.draw(0.75, 0.88)
        cloth, wood = palette.fabric(palette.other_accent), palette.wood()
        _add_upholstery(parts, palette, cloth, wood, width, depth, cushions=1)


def _add_tub_chair(parts: Parts, palette: Palette) -> None:
    radius, seat, back = palette.draw(0.36, 0.43), palette.draw(0.4, 0.45), palette.draw(0.68, 0.84)
    cloth, wood = palette.fabric(palette.other_accent), palette.wood()
    for k in range(4):
        x, y = around(math.tau * (k + 0.5) / 4, radius * 0.75)
        parts.cylinder((x, y), 0.0, 0.02, 0.14, wood)
    parts.cylinder((0, 0), 0.14, radius - 0.01, seat - 0.26, cloth)
    parts.ball((0, -0.01, seat - 0.1), (radius - 0.03, radius - 0.03, 0.1), palette.fabric(palette.accent))
    middle = (0.12 + back) / 2
    parts.arc((0, 0, middle), (0, 1, 0), (0, 0, 1), radius, back - 0.12, cloth, opening=4.0)


@furniture("couch", "couch", clearance=0.5)
def make_couch(parts: Parts, palette: Palette, *, width: float | None = None) -> None:
    """Build a couch of two or three cushions, some with a corner part."""
    wide = palette.draw(1.5, 2.3) if width is None else width
    depth = palette.draw(0.82, 0.98)
    cloth, wood = palette.fabric(palette.accent), palette.wood(other=True)
    _add_upholstery(parts, palette, cloth, wood, wide, depth, cushions=2 if wide < 1.85 else 3)
    if wide > 2.0 and palette.chance(0.4):
        side = 1 if palette.chance(0.5) else -1
        x = side * (wide / 2 - 0.4)
        parts.box((x, -depth / 2 - 0.35), 0.08, (0.8, 0.7, 0.2), cloth)
        parts.box((x, -depth / 2 - 0.36), 0.28, (0.78, 0.68, 0.14), cloth)


def _add_upholstery(
    parts: Parts, palette: Palette, cloth: Material, wood: Material, width: float, depth: float, cushions: int
) -> None:
    arm, arm_height = palette.draw(0.12, 0.2), palette.draw(0.52, 0.64)
    seat, back = palette.draw(0.38, 0.44), palette.draw(0.76, 0.92)
    inner = width - 2 * arm
    for x in (-width / 2 + 0.07, width / 2 - 0.07):
        for y in (-depth / 2 + 0.07, depth / 2 - 0.07):
            parts.cylinder((x, y), 0.0, 0.022, 0.08, wood)
    parts.box((0, 0), 0.08, (width, depth, seat - 0.22), cloth)
    each, is_plump = inner / cushions, palette.chance(0.6)
    for k in range(cushions):
        x = (k - (cushions - 1) / 2) * each
        parts.box((x, -0.09), seat - 0.14, (each - 0.012, depth - 0.2, 0.14), cloth)
        if is_plump:
            half = (back - seat) / 2
            parts.leaf((x, depth / 2 - 0.25, seat + half), (0.0, 0.98, -0.2), (each / 2, half, 0.13), cloth)
            parts.rod((x, 0.01 - depth / 2, seat - 0.07), "x", 0.07, each - 0.012, cloth)
        else:
            size = (each - 0.012, 0.16, back - seat - 0.06)
            parts.box((x, depth / 2 - 0.26), seat, size, cloth, tilt=-0.14)
    parts.box((0, depth / 2 - 0.07), seat - 0.14, (inner, 0.14, back - seat + 0.14), cloth)
    is_round = palette.chance(0.7)
    for side in (-1, 1):
        x = side * (width - arm) / 2
        parts.box((x, 0), seat - 0.14, (arm, depth, arm_height - seat + 0.14 - is_round * arm / 2), cloth)
        if is_round:
            parts.rod((x, 0, arm_height - arm / 2), "y", arm / 2, depth, cloth)
    for k in range(palette.integer(0, cushions + 1)):
        x = (k - (cushions - 1) / 2) * each + palette.draw(-0.1, 0.1)
        pillow = palette.fabric(palette.other_accent if palette.chance(0.5) else None)
        parts.leaf((x, depth / 2 - 0.42, seat + 0.19), (0.0, 0.94, -0.34), (0.21, 0.19, 0.075), pillow)


@furniture("bench", clearance=0.3)
def make_bench(parts: Parts, palette: Palette) -> None:
    """Build a low wooden bench, some with a cushion."""
    width = palette.draw(0.8, 1.3)
    wood = palette.wood()
    parts.legs(width - 0.06, 0.32, 0.4, 0.05, wood)
    parts.box((0, 0), 0.4, (width, 0.36, 0.045), wood)
    has_cushion = palette.chance(0.5)
    if has_cushion:
        parts.box((0, 0), 0.445, (width - 0.04, 0.33, 0.05), palette.fabric())
    parts.support((-width / 2, width / 2), (-0.15, 0.15), 0.495 if has_cushion else 0.445)


def make_stool(palette: Palette) -> Model:
    """Build a round stool or pouffe."""
    parts = Parts()
    if palette.chance(0.5):
        height = palette.draw(0.42, 0.6)
        wood = palette.wood(other=True)
        for k in range(3):
            x, y = around(math.tau * k / 3 + 0.5, 0.15)
            parts.stick((x, y, 0.012), (0.55 * x, 0.55 * y, height - 0.03), 0.017, wood)
        parts.cylinder((0, 0), height - 0.035, 0.17, 0.035, wood)
        return parts.model("stool")
    radius, height = palette.draw(0.22, 0.3), palette.draw(0.32, 0.4)
    if palette.chance(0.5):
        parts.ball((0, 0, height / 2), (radius, radius, height / 2), palette.fabric())
    else:
        parts.cylinder((0, 0), 0.0, radius, height, palette.fabric())
    return parts.model("pouffe")
