"""Bytes of an image, and the range [-1, 1] that networks read and write."""

from typing import Any

import numpy as np

_SCALE = float(np.float32(1 / 127.5))


def to_unit_range(pixels: Any) -> Any:
    """Scale a float32 array or tensor from [0, 255] to [-1, 1], in place, and return it."""
    pixels *= _SCALE
    pixels -= 1.0
    return pixels


def to_bytes(numbers: np.ndarray) -> np.ndarray:
    """Return the nearest bytes, uint8, of numbers in [-1, 1]."""
    return np.clip(np.rint((numbers + 1.0) * 127.5), 0, 255).astype(np.uint8)
