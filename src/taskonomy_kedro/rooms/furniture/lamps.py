"""Lamps."""

import math

from taskonomy_kedro.rooms.furniture.parts import Parts, around, furniture
from taskonomy_kedro.rooms.materials import BRIGHT, FABRICS, Color, Material, Palette

WARM: Color = (1.0, 0.86, 0.68)


def _glowing(strength: float) -> Material:
    return Material("plain", (WARM, WARM, WARM), 1.0, 0.0, strength)


@furniture("ceiling lamp")
def make_ceiling_lamp(parts: Parts, palette: Palette, *, drop: float) -> None:
    """Build a lamp that hangs from the ceiling; built downwards from z = 0."""
    parts.casts_shadow = False
    shape = palette.integer(3) if drop > 0.15 else 3
    if shape == 3:
        radius = palette.draw(0.14, 0.22)
        parts.cylinder((0, 0), -0.09, radius * 0.8, 0.09, _glowing(1.3), top=radius)
        return
    parts.cylinder((0, 0), -drop, 0.006, drop, palette.dark())
    parts.cylinder((0, 0), -0.03, 0.05, 0.03, palette.metal())
    if shape == 0:
        parts.ball((0, 0, -drop - 0.12), 0.15, _glowing(1.4))
    elif shape == 1:
        shade = palette.plastic([*BRIGHT, "#e9e4d8", "#3a3d40"])
        parts.wall((0, 0), -drop - 0.2, 0.2, 0.2, shade, top=0.07)
        parts.ball((0, 0, -drop - 0.19), 0.06, _glowing(1.6))
    else:
        parts.wall((0, 0), -drop - 0.2, 0.2, 0.2, _glowing(1.1))
        parts.ball((0, 0, -drop - 0.1), 0.06, _glowing(1.6))


@furniture("table lamp")
def make_table_lamp(parts: Parts, palette: Palette) -> None:
    """Build a lamp to stand on furniture."""
    height, radius = palette.draw(0.32, 0.5), palette.draw(0.1, 0.14)
    foot = palette.ceramic(palette.pick(FABRICS)) if palette.chance(0.5) else palette.metal()
    parts.cylinder((0, 0), 0.0, radius * 0.6, 0.015, foot)
    if palette.chance(0.5):
        parts.ball((0, 0, 0.015 + height * 0.22), height * 0.22, foot)
    parts.cylinder((0, 0), 0.015, 0.012, height * 0.6, foot)
    shade = palette.plastic(["#e9e4d8", "#d9cdb4"]) if palette.chance(0.3) else _glowing(1.0)
    parts.casts_shadow = False
    parts.wall((0, 0), height * 0.58, radius, height * 0.42, shade, top=radius * 0.65)
    parts.ball((0, 0, height * 0.76), radius * 0.35, _glowing(1.5))


@furniture("floor lamp")
def make_floor_lamp(parts: Parts, palette: Palette) -> None:
    """Build a lamp on a tall pole."""
    height, metal = palette.draw(1.4, 1.7), palette.metal()
    parts.cylinder((0, 0), 0.0, 0.15, 0.025, metal)
    parts.cylinder((0, 0), 0.025, 0.013, height - 0.025, metal)
    parts.casts_shadow = False
    if palette.chance(0.5):
        parts.ball((0, 0, height), 0.14, _glowing(1.2))
    else:
        parts.wall((0, 0), height - 0.05, 0.22, 0.28, _glowing(1.0), top=0.13)
        parts.ball((0, 0, height + 0.08), 0.06, _glowing(1.5))


@furniture("mobile")
def make_hanging_shade(parts: Parts, palette: Palette) -> None:
    """Build paper balls on strings, as in a child's room; built downwards from z = 0."""
    parts.casts_shadow = False
    for k in range(3):
        x, y = around(math.tau * k / 3, 0.18)
        drop = palette.draw(0.15, 0.4)
        parts.cylinder((x, y), -drop, 0.004, drop, palette.dark())
        parts.ball((x, y, -drop - 0.07), 0.075, palette.plastic())
