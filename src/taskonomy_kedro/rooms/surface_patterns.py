"""What a surface pattern is."""

from collections.abc import Callable

import numpy as np

Pattern = tuple[np.ndarray | float, np.ndarray | float, np.ndarray | float]
"""Weights of a material's second and third colour, and a brightness; scalars hold everywhere."""

DrawPattern = Callable[[np.ndarray, np.ndarray], Pattern]
"""Draws a pattern at coordinates u (to the right) and v (upwards) in [0, 1)."""


def by_name(*patterns: DrawPattern) -> dict[str, DrawPattern]:
    """Return patterns by the names of their functions, without the leading underscore."""
    return {getattr(draw, "__name__")[1:]: draw for draw in patterns}  # noqa: B009


def cells(u: np.ndarray, v: np.ndarray, nu: int, nv: int) -> tuple[np.ndarray, ...]:
    """Return the integer cell and the position inside it, for a grid of nu by nv cells."""
    x, y = u * nu, v * nv
    i, j = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    return i, j, x - i, y - j
