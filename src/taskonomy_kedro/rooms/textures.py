"""Surface patterns: each a square that repeats, as weights of a material's three colours.

A pattern is drawn once for each process, at 256 x 256 with its mip levels. Paintings, screens and book
spines are stretched over a face; the others repeat in metres.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from taskonomy_kedro.rooms.noise import hashed_unit, layered_noise, value_noise
from taskonomy_kedro.rooms.surface_patterns import Pattern, by_name, cells
from taskonomy_kedro.rooms.wall_pictures import PICTURES

TILE = 256
LEVELS = 6


def _between(x: np.ndarray, low: float, high: float) -> np.ndarray:
    return ((x >= low) & (x < high)).astype(float)


def _plain(u: np.ndarray, v: np.ndarray) -> Pattern:
    return 0.0, 0.0, 0.97 + 0.06 * layered_noise(u, v, (4, 4), 11)


def _plaster(u: np.ndarray, v: np.ndarray) -> Pattern:
    coarse, fine = layered_noise(u, v, (4, 4), 21), value_noise(u, v, (90, 90), 25)
    return 0.0, 0.0, 0.9 + 0.1 * coarse + 0.08 * fine


def _grain(u: np.ndarray, v: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    bend = 0.05 * value_noise(u, v, (3, 3), seed)
    streak = layered_noise(u, v + bend, (2, 18), seed + 1)
    fibre = value_noise(u, v, (6, 110), seed + 2)
    return np.clip(1.8 * streak - 0.5, 0, 1), 0.88 + 0.16 * fibre


def _wood(u: np.ndarray, v: np.ndarray) -> Pattern:
    streak, shade = _grain(u, v, 31)
    return streak, 0.0, shade


def _planks(u: np.ndarray, v: np.ndarray) -> Pattern:
    _, row, _, y = cells(u, v, 1, 8)
    shifted = (u + hashed_unit(row, 41)) % 1.0
    i, _, x, _ = cells(shifted, v, 2, 8)
    board = hashed_unit(i, row, 42)
    streak, shade = _grain(u, (v + board) % 1.0, 43)
    groove = 1 - np.maximum(_between(y, 0.0, 0.05), _between(x, 0.0, 0.008))
    return np.clip(0.7 * streak + 0.45 * board, 0, 1), 0.0, shade * (0.55 + 0.45 * groove)


def _parquet(u: np.ndarray, v: np.ndarray) -> Pattern:
    i, j, x, y = cells(u, v, 4, 4)
    is_turned = (i + j) % 2 == 1
    along, across = np.where(is_turned, y, x), np.where(is_turned, x, y)
    strip = np.floor(across * 4).astype(np.int64)
    board = hashed_unit(i, j, strip, 51)
    fibre = value_noise(along / 4 + board, across / 4, (8, 120), 52)
    groove = 1 - np.maximum(_between(across * 4 % 1.0, 0.0, 0.08), _between(along, 0.0, 0.02))
    return board * 0.9, 0.0, (0.88 + 0.16 * fibre) * (0.6 + 0.4 * groove)


def _grout(x: np.ndarray, y: np.ndarray, width: float) -> np.ndarray:
    return np.maximum(_between(x, 0.0, width), _between(y, 0.0, width))


def _tiles(u: np.ndarray, v: np.ndarray) -> Pattern:
    i, j, x, y = cells(u, v, 4, 4)
    shade = 0.93 + 0.07 * hashed_unit(i, j, 61) + 0.04 * value_noise(u, v, (16, 16), 62)
    return 0.0, _grout(x, y, 0.06), shade


def _metro(u: np.ndarray, v: np.ndarray) -> Pattern:
    _, row, _, y = cells(u, v, 1, 8)
    i, _, x, _ = cells((u + 0.125 * (row % 2)) % 1.0, v, 4, 8)
    return 0.0, _grout(x, y * 0.5, 0.04), 0.94 + 0.08 * hashed_unit(i, row, 65)


def _brick(u: np.ndarray, v: np.ndarray) -> Pattern:
    _, row, _, y = cells(u, v, 1, 8)
    i, _, x, _ = cells((u + 0.125 * (row % 2)) % 1.0, v, 4, 8)
    rough = layered_noise(u, v, (24, 24), 66)
    return hashed_unit(i, row, 67), _grout(x, y * 0.5, 0.07), 0.75 + 0.35 * rough


def _checks(u: np.ndarray, v: np.ndarray) -> Pattern:
    i, j, x, y = cells(u, v, 4, 4)
    shade = 0.95 + 0.06 * layered_noise(u, v, (8, 8), 71)
    return (i + j) % 2, 0.0, shade * (1 - 0.25 * _grout(x, y, 0.03))


def _marble(u: np.ndarray, v: np.ndarray) -> Pattern:
    n = layered_noise(u, v, (3, 3), 81, 5)
    vein = np.clip(1 - 9 * np.abs(n - 0.5), 0, 1)
    i, j, x, y = cells(u, v, 2, 2)
    return 0.7 * vein, 0.6 * _grout(x, y, 0.012), 0.94 + 0.06 * hashed_unit(i, j, 83)


def _terrazzo(u: np.ndarray, v: np.ndarray) -> Pattern:
    n = value_noise(u, v, (48, 48), 85)
    return _between(n, 0.72, 2), _between(n, -1, 0.22), 0.95 + 0.05 * value_noise(u, v, (9, 9), 86)


def _stripes(u: np.ndarray, v: np.ndarray) -> Pattern:
    x = u * 8 % 1.0
    thin = np.maximum(_between(x, 0.46, 0.5), _between(x, 0.96, 1.0))
    return _between(x, 0.5, 0.96), thin, 0.98 + 0.03 * value_noise(u, v, (64, 64), 91)


def _plaid(u: np.ndarray, v: np.ndarray) -> Pattern:
    a, b = _between(u * 4 % 1.0, 0.0, 0.4), _between(v * 4 % 1.0, 0.0, 0.4)
    line = np.maximum(_between(u * 4 % 1.0, 0.65, 0.72), _between(v * 4 % 1.0, 0.65, 0.72))
    return (1 - line) * (a + b) / 2, line * 0.8, 0.92 + 0.1 * value_noise(u, v, (128, 128), 95)


def _dots(u: np.ndarray, v: np.ndarray) -> Pattern:
    _, row, _, y = cells(u, v, 1, 8)
    i, _, x, _ = cells((u + 0.0625 * (row % 2)) % 1.0, v, 8, 8)
    radius = (x - 0.5) ** 2 + (y - 0.5) ** 2
    is_other = hashed_unit(i, row, 98) < 0.5
    dot = radius < 0.07
    return dot & ~is_other, dot & is_other, 0.98


def _damask(u: np.ndarray, v: np.ndarray) -> Pattern:
    _, row, _, y = cells(u, v, 1, 4)
    _, _, x, _ = cells((u + 0.125 * (row % 2)) % 1.0, v, 4, 4)
    p, q = np.abs(x - 0.5) * 2, np.abs(y - 0.5) * 2
    leaf = ((p * 1.4) ** 2 + q**2 < 0.55) & ~((p * 2.6) ** 2 + (q * 1.7) ** 2 < 0.35)
    bud = p + q * 0.8 < 0.22
    return leaf | bud, 0.0, 0.96 + 0.05 * value_noise(u, v, (80, 80), 99)


def _fabric(u: np.ndarray, v: np.ndarray) -> Pattern:
    i, j, _, _ = cells(u, v, 64, 64)
    thread = 0.1 * ((i + j) % 2) + 0.12 * hashed_unit(i, j, 101)
    return 0.6 * layered_noise(u, v, (6, 6), 102), 0.0, 0.82 + thread


def _carpet(u: np.ndarray, v: np.ndarray) -> Pattern:
    fine = value_noise(u, v, (128, 128), 111)
    return layered_noise(u, v, (10, 10), 112), 0.0, 0.75 + 0.35 * fine


def _leaves(u: np.ndarray, v: np.ndarray) -> Pattern:
    blob = value_noise(u, v, (14, 14), 121)
    return _between(blob, 0.55, 2), _between(value_noise(u, v, (20, 20), 122), 0.8, 2), 0.55 + 0.6 * blob


def _brushed(u: np.ndarray, v: np.ndarray) -> Pattern:
    return 0.5 * value_noise(u, v, (2, 8), 131), 0.0, 0.93 + 0.1 * value_noise(u, v, (4, 128), 132)


REPEATING = by_name(
    _plain, _plaster, _wood, _planks, _parquet, _tiles, _metro, _brick, _checks, _marble, _terrazzo, _stripes,
    _plaid, _dots, _damask, _fabric, _carpet, _leaves, _brushed,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Atlas:
    """All patterns at all mip levels.

    Attributes:
        texels: float32 (3, n): weight of the second and third colour, brightness.
        offset: int64 (pattern, level), the first texel of each square.
        names: Pattern names in the order of `offset`.
    """

    texels: np.ndarray
    offset: np.ndarray
    names: tuple[str, ...]


def _halved(square: np.ndarray) -> np.ndarray:
    total: np.ndarray = square[::2, ::2] + square[1::2, ::2] + square[::2, 1::2] + square[1::2, 1::2]
    return total * np.float32(0.25)


@lru_cache(maxsize=1)
def atlas() -> Atlas:
    """Draw every pattern, once for each process."""
    steps = (np.arange(TILE) + 0.5) / TILE
    u, v = np.meshgrid(steps, steps)
    patterns = {**REPEATING, **PICTURES}
    parts: list[np.ndarray] = []
    offset = np.zeros((len(patterns), LEVELS), dtype=np.int64)
    start = 0
    for row, draw in enumerate(patterns.values()):
        square = np.stack(np.broadcast_arrays(*draw(u, v)), axis=-1).astype(np.float32)
        for level in range(LEVELS):
            parts.append(square.reshape(-1, 3))
            offset[row, level] = start
            start += len(parts[-1])
            square = _halved(square)
    return Atlas(texels=np.ascontiguousarray(np.concatenate(parts).T), offset=offset, names=tuple(patterns))
