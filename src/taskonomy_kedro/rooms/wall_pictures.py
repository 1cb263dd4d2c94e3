"""Patterns stretched over one face: paintings, screens, book spines, doors, the sky, rugs, dials.

Each takes u (to the right) and v (upwards) in [0, 1); see `Pattern`.
"""

import numpy as np

from taskonomy_kedro.rooms.noise import hashed_unit, layered_noise, value_noise
from taskonomy_kedro.rooms.surface_patterns import Pattern, by_name, cells


def _inside(u: np.ndarray, v: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    return ((u >= box[0]) & (u < box[1]) & (v >= box[2]) & (v < box[3])).astype(float)


def _disc(u: np.ndarray, v: np.ndarray, x: float, y: float, r: float) -> np.ndarray:
    return ((u - x) ** 2 + (v - y) ** 2 < r * r).astype(float)


def _landscape(u: np.ndarray, v: np.ndarray) -> Pattern:
    hills = 0.35 + 0.3 * layered_noise(u, 0 * v, (3, 1), 201)
    near = 0.18 + 0.2 * layered_noise(u, 0 * v, (4, 1), 207)
    is_hill, is_near = (v < hills).astype(float), (v < near).astype(float)
    sun = _disc(u, v, 0.7, 0.78, 0.09) * (1 - is_hill)
    shade = 0.8 + 0.25 * v + 0.2 * layered_noise(u, v, (12, 12), 203) - 0.35 * is_near
    return is_hill, sun, shade


def _abstract(u: np.ndarray, v: np.ndarray) -> Pattern:
    a = np.maximum(_inside(u, v, (0.1, 0.55, 0.3, 0.9)), _inside(u, v, (0.6, 0.9, 0.1, 0.35)))
    b = np.maximum(_disc(u, v, 0.62, 0.58, 0.22), _inside(u, v, (0.15, 0.4, 0.08, 0.22)))
    return a * (1 - b), b, 0.85 + 0.2 * layered_noise(u, v, (6, 6), 211)


def _portrait(u: np.ndarray, v: np.ndarray) -> Pattern:
    body = (((u - 0.5) / 0.36) ** 2 + ((v - 0.05) / 0.4) ** 2 < 1).astype(float)
    face = (((u - 0.5) / 0.15) ** 2 + ((v - 0.6) / 0.2) ** 2 < 1).astype(float)
    hair = (((u - 0.5) / 0.18) ** 2 + ((v - 0.68) / 0.19) ** 2 < 1) & (v > 0.66)
    dark = np.maximum(body, hair) * (1 - face * (v < 0.7))
    return dark, face * (1 - dark), 0.8 + 0.25 * layered_noise(u, v, (5, 5), 221)


def _flowers(u: np.ndarray, v: np.ndarray) -> Pattern:
    bloom, leaf = np.zeros_like(u), (np.abs(u - 0.5 - 0.15 * (v - 0.3)) < 0.012) & (v < 0.6)
    for k in range(9):
        x, y = 0.2 + 0.6 * hashed_unit(np.array(k), 231), 0.4 + 0.45 * hashed_unit(np.array(k), 232)
        bloom = np.maximum(bloom, _disc(u, v, float(x), float(y), 0.07 + 0.01 * (k % 3)))
    pot = _inside(u, v, (0.38, 0.62, 0.08, 0.3))
    return np.maximum(leaf, pot) * (1 - bloom), bloom, 0.85 + 0.2 * value_noise(u, v, (9, 9), 23)


def _bands(u: np.ndarray, v: np.ndarray) -> Pattern:
    band = np.floor(v * 9 + 0.6 * layered_noise(u, v, (3, 3), 241)).astype(np.int64)
    pick = hashed_unit(band, 242)
    return pick < 0.4, pick > 0.75, 0.9 + 0.1 * value_noise(u, v, (40, 40), 243)


def _books(u: np.ndarray, v: np.ndarray) -> Pattern:
    n = 14
    i = np.floor(u * n).astype(np.int64)
    x = u * n - i
    pick, tall = hashed_unit(i, 251), 0.78 + 0.22 * hashed_unit(i, 252)
    band = ((v > 0.68) & (v < 0.74)) | ((v > 0.15) & (v < 0.2))
    is_gap = (v > tall) | (x < 0.07)
    second, third = (pick > 0.35) & (pick < 0.7), (pick >= 0.7) | (band & (hashed_unit(i, 253) < 0.6))
    shade = np.where(is_gap, 0.12, 0.7 + 0.4 * hashed_unit(i, 254))
    return second & ~third, third, shade


def _screen(u: np.ndarray, v: np.ndarray) -> Pattern:
    horizon = 0.42 + 0.25 * layered_noise(u, 0 * v, (3, 1), 261)
    land = (v < horizon).astype(float)
    sun = _disc(u, v, 0.3, 0.75, 0.08) * (1 - land)
    return land, sun, 0.7 + 0.5 * v


def _desktop(u: np.ndarray, v: np.ndarray) -> Pattern:
    window = _inside(u, v, (0.08, 0.62, 0.2, 0.9))
    line = (np.floor(v * 28).astype(np.int64) % 2 == 0) & (u > 0.11) & (u < 0.5) & (v > 0.25) & (v < 0.8)
    side = _inside(u, v, (0.68, 0.94, 0.4, 0.85))
    return np.maximum(window * (1 - line), 0.0), np.maximum(side, line), 0.95


def _dial(u: np.ndarray, v: np.ndarray) -> Pattern:
    x, y = u - 0.5, v - 0.5
    radius = x * x + y * y
    minute = (np.abs(x) < 0.018) & (y > -0.05) & (y < 0.36)
    hour = (np.abs(y + 0.3 * x) < 0.026) & (x > -0.05) & (x < 0.25)
    tick = (radius > 0.155) & (radius < 0.2) & ((np.abs(x) < 0.02) | (np.abs(y) < 0.02))
    diagonal = (radius > 0.17) & (radius < 0.2) & (np.abs(np.abs(x) - np.abs(y)) > 0.12)
    p, q = np.abs(x), np.abs(y)
    spot = diagonal & ((np.abs(p - 1.73 * q) < 0.03) | (np.abs(q - 1.73 * p) < 0.03))
    rim = radius > 0.225
    return (minute | hour | tick | spot) & ~rim, rim, 1.0


def _panels(u: np.ndarray, v: np.ndarray) -> Pattern:
    shade = 0.98 + 0.03 * value_noise(u, v, (6, 40), 271)
    for low, high in ((0.08, 0.42), (0.5, 0.93)):
        outer = _inside(u, v, (0.14, 0.86, low, high))
        inner = _inside(u, v, (0.19, 0.81, low + 0.02, high - 0.02))
        shade = shade - 0.28 * (outer - inner) * (0.5 + 0.5 * (v > (low + high) / 2))
    return 0.0, 0.0, shade


def _drawers(u: np.ndarray, v: np.ndarray) -> Pattern:
    row = v * 3 % 1.0
    groove = (row < 0.035) | (u < 0.01) | (u > 0.99)
    knob = (np.abs(row - 0.55) < 0.05) & (np.abs(u - 0.5) < 0.1)
    return 0.6 * layered_noise(u, v, (2, 14), 281), knob, 1.0 - 0.55 * groove


def _doors(u: np.ndarray, v: np.ndarray) -> Pattern:
    x = u * 2 % 1.0
    groove = (x < 0.02) | (x > 0.98) | (v < 0.01) | (v > 0.985)
    frame = ((x < 0.1) | (x > 0.9) | (v < 0.08) | (v > 0.92)) & ~groove
    knob = (np.abs(v - 0.55) < 0.06) & (np.abs(np.abs(u - 0.5) - 0.05) < 0.012)
    shade = 0.92 + 0.06 * frame - 0.5 * groove + 0.05 * value_noise(u, v, (30, 4), 291)
    return 0.5 * layered_noise(u, v, (14, 2), 292), knob, shade


def _oven_front(u: np.ndarray, v: np.ndarray) -> Pattern:
    glass = _inside(u, v, (0.12, 0.88, 0.16, 0.6))
    handle = _inside(u, v, (0.1, 0.9, 0.68, 0.72))
    knobs = np.zeros_like(u)
    for x in (0.14, 0.27, 0.73, 0.86):
        knobs = np.maximum(knobs, _disc(u, v, x, 0.86, 0.045))
    clock = _inside(u, v, (0.42, 0.58, 0.82, 0.9))
    shade = 0.97 - 0.2 * _inside(u, v, (0.0, 1.0, 0.76, 0.775))
    return np.maximum.reduce([glass, knobs, clock]), handle, shade


def _microwave_front(u: np.ndarray, v: np.ndarray) -> Pattern:
    glass = _inside(u, v, (0.06, 0.68, 0.14, 0.86))
    key = _inside(u % 0.06 / 0.06, v % 0.12 / 0.12, (0.2, 0.85, 0.2, 0.8))
    keys = key * _inside(u, v, (0.78, 0.96, 0.12, 0.6))
    display = _inside(u, v, (0.78, 0.96, 0.68, 0.84))
    return np.maximum(glass, display), keys, 0.97 - 0.3 * _inside(u, v, (0.715, 0.73, 0.0, 1.0))


def _sky(u: np.ndarray, v: np.ndarray) -> Pattern:
    cloud = np.clip(2.2 * layered_noise(u, v, (3, 5), 301, 4) - 0.75, 0, 1)
    trees = (v < 0.24 + 0.16 * layered_noise(u, 0 * v, (6, 1), 305, 4)).astype(float)
    return cloud * (1 - trees), trees, 0.9 + 0.1 * v - trees * 0.3 * value_noise(u, v, (40, 40), 307)


def _rug_border(u: np.ndarray, v: np.ndarray) -> Pattern:
    edge = np.minimum(np.minimum(u, 1 - u), np.minimum(v, 1 - v))
    border = ((edge > 0.05) & (edge < 0.1)) | ((edge > 0.13) & (edge < 0.15))
    p, q = np.abs(u - 0.5), np.abs(v - 0.5)
    medal = (p + q < 0.26) & ~(p + q < 0.2) | (p + q < 0.1)
    motif = (np.abs(u * 8 % 1 - 0.5) + np.abs(v * 8 % 1 - 0.5) < 0.22) & (edge > 0.17) & (p + q > 0.3)
    return border | medal, motif, 0.85 + 0.2 * value_noise(u, v, (128, 128), 311)


def _rug_waves(u: np.ndarray, v: np.ndarray) -> Pattern:
    zigzag = np.floor(v * 12 + 1.2 * np.abs(u * 6 % 1 - 0.5)).astype(np.int64) % 4
    return zigzag == 1, zigzag == 3, 0.85 + 0.2 * value_noise(u, v, (128, 128), 321)


def _rug_rings(u: np.ndarray, v: np.ndarray) -> Pattern:
    radius = ((u - 0.5) ** 2 + (v - 0.5) ** 2) * 4
    ring = np.floor(radius * 7).astype(np.int64) % 3
    return ring == 1, ring == 2, 0.85 + 0.2 * value_noise(u, v, (128, 128), 331)


def _town_rug(u: np.ndarray, v: np.ndarray) -> Pattern:
    road = (np.abs(u - 0.3) < 0.07) | (np.abs(v - 0.55) < 0.08) | (np.abs(u - 0.78) < 0.06)
    i, j, _, _ = cells(u, v, 10, 10)
    house = (hashed_unit(i, j, 341) > 0.75) & ~road
    return road, house, 0.88 + 0.15 * value_noise(u, v, (64, 64), 342)


def _reflection(u: np.ndarray, v: np.ndarray) -> Pattern:
    streak = np.clip(1 - 6 * np.abs((u + 0.6 * v) % 0.7 - 0.3), 0, 1)
    return 0.5 * streak, 0.0, 0.85 + 0.2 * v


def _cover(u: np.ndarray, v: np.ndarray) -> Pattern:
    title, picture = _inside(u, v, (0.15, 0.85, 0.7, 0.82)), _inside(u, v, (0.2, 0.8, 0.15, 0.55))
    return picture, title, 0.95


def _slats(u: np.ndarray, v: np.ndarray) -> Pattern:
    return 0.0, 0.0, 0.7 + 0.35 * (v * 24 % 1.0)


def _folds(u: np.ndarray, v: np.ndarray) -> Pattern:
    wave = np.abs((u + 0.02 * value_noise(u, v, (6, 3), 351)) * 9 % 1.0 - 0.5) * 2
    return 0.4 * wave, 0.0, 0.66 + 0.4 * wave


PICTURES = by_name(
    _landscape, _abstract, _portrait, _flowers, _bands, _books, _screen, _desktop, _dial, _panels, _drawers,
    _doors, _oven_front, _microwave_front, _sky, _rug_border, _rug_waves, _rug_rings, _town_rug, _reflection,
    _cover, _slats, _folds,
)  # fmt: skip
