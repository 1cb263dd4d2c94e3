"""Lamps."""

import math

from taskonomy_kedro.rooms.furniture.parts import Model, Parts, around, between, chance
from taskonomy_kedro.rooms.materials import BRIGHT, FABRICS, Color, Material, Palette

WARM: Color = (1.0, 0.86, 0.68)


def _glowing(strength: float) -> Material:
    return Material("plain", (WARM, WARM, WARM), 1.0, 0.0, strength)


def make_ceiling_lamp(palette: Palette, *, drop: float) -> Model:
    """Build a lamp that hangs from the ceiling; built downwards from z = 0."""
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
        parts.wall((0, 0), -drop - 0.2, 0.2, 0.2, shade, top=0.07, shadow=False)
        parts.ball((0, 0, -drop - 0.19), 0.06, _glowing(1.6), shadow=False)
    else:
        parts.wall((0, 0), -drop - 0.2, 0.2, 0.2, _glowing(1.1), shadow=False)
        parts.ball((0, 0, -drop - 0.1), 0.06, _glowing(1.6), shadow=False)
    return parts.model("ceiling lamp")


def make_table_lamp(palette: Palette) -> Model:
    """Build a lamp to stand on furniture."""
    rng = palette.rng
    height, radius = between(rng, 0.32, 0.5), between(rng, 0.1, 0.14)
    foot = palette.ceramic(palette.pick(FABRICS)) if chance(rng, 0.5) else palette.metal()
    parts = Parts()
    parts.cylinder((0, 0), 0.0, radius * 0.6, 0.015, foot)
    if chance(rng, 0.5):
        parts.ball((0, 0, 0.015 + height * 0.22), height * 0.22, foot)
    parts.cylinder((0, 0), 0.015, 0.012, height * 0.6, foot)
    shade = palette.plastic(["#e9e4d8", "#d9cdb4"]) if chance(rng, 0.3) else _glowing(1.0)
    parts.wall((0, 0), height * 0.58, radius, height * 0.42, shade, top=radius * 0.65, shadow=False)
    parts.ball((0, 0, height * 0.76), radius * 0.35, _glowing(1.5), shadow=False)
    return parts.model("table lamp")


def make_floor_lamp(palette: Palette) -> Model:
    """Build a lamp on a tall pole."""
    rng = palette.rng
    height, metal = between(rng, 1.4, 1.7), palette.metal()
    parts = Parts()
    parts.cylinder((0, 0), 0.0, 0.15, 0.025, metal)
    parts.cylinder((0, 0), 0.025, 0.013, height - 0.025, metal)
    if chance(rng, 0.5):
        parts.ball((0, 0, height), 0.14, _glowing(1.2), shadow=False)
    else:
        parts.wall((0, 0), height - 0.05, 0.22, 0.28, _glowing(1.0), top=0.13, shadow=False)
        parts.ball((0, 0, height + 0.08), 0.06, _glowing(1.5), shadow=False)
    return parts.model("floor lamp")


def make_hanging_shade(palette: Palette) -> Model:
    """Build paper balls on strings, as in a child's room; built downwards from z = 0."""
    rng = palette.rng
    parts = Parts()
    for k in range(3):
        x, y = around(math.tau * k / 3, 0.18)
        drop = between(rng, 0.15, 0.4)
        parts.cylinder((x, y), -drop, 0.004, drop, palette.dark(), shadow=False)
        parts.ball((x, y, -drop - 0.07), 0.075, palette.plastic(), shadow=False)
    return parts.model("mobile")
