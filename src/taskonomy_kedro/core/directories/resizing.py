"""Bring an array of stored form to a square of another size, each kind by its own rule.

Source: StanfordVL/taskonomy `load_ops.py`, `task_data_loading.py`: bilinear for images, nearest for ids,
the logarithm of a depth, and a mask that keeps only pixels known as a whole. Differs: bilinear from
512 to 256 is the mean of 2x2 pixels; we take the mean of the covered area at every smaller size, since
four of the 64 pixels under one of a 64-pixel image would be noise.
"""

from functools import lru_cache

import numpy as np

from taskonomy_kedro.core.directories.formats import StoredFormat
from taskonomy_kedro.core.labels.quantise import depth_from_log, log_depth

_WHOLLY_KNOWN = 0.99  # share of a pixel that must be known for the mask to keep it


def crop_square(pixels: np.ndarray) -> np.ndarray:
    """Cut the largest square from the middle of an image."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return pixels[top : top + side, left : left + side]


def resize(pixels: np.ndarray, form: StoredFormat, size: int) -> np.ndarray:
    """Resize a square image as its domain demands.

    Args:
        pixels: (side, side) or (side, side, channels), uint8 or uint16. Not changed.
        form: The domain's format.
        size: Pixels a side of the result.

    Returns:
        Contiguous, same type; the same values where the size is already right.
    """
    side = len(pixels)
    if side == size:
        return np.ascontiguousarray(pixels)
    if form.kind == "ids":
        rows = ((np.arange(size) + 0.5) * side / size).astype(np.int64)
        return np.ascontiguousarray(pixels[rows[:, None], rows])
    if form.kind == "depth":
        return depth_from_log(_mean(_log_table()[pixels], size))
    if form.kind == "mask":
        return resize_known(pixels > 0, size)
    return np.rint(_mean(pixels, size)).astype(pixels.dtype)


def resize_known(is_known: np.ndarray, size: int) -> np.ndarray:
    """Return the mask, 0 or 255, of pixels that are known as a whole at another size."""
    return np.where(_mean(is_known, size) >= _WHOLLY_KNOWN, 255, 0).astype(np.uint8)


@lru_cache(maxsize=1)
def _log_table() -> np.ndarray:
    """Logarithms of all stored depths; a look-up is several times faster than the function."""
    return log_depth(np.arange(65536, dtype=np.uint16))


def _mean(pixels: np.ndarray, size: int) -> np.ndarray:
    """Return the weighted mean of the pixels under each new pixel, float."""
    side = len(pixels)
    if side == size:
        return pixels.astype(np.float32)
    if side % size:
        weights = _weights(side, size)
        rows = np.tensordot(weights, pixels.astype(np.float32), axes=(1, 0))
        return np.moveaxis(np.tensordot(weights, rows, axes=(1, 1)), 0, 1)
    factor = side // size
    wide = np.float64 if pixels.dtype.kind == "f" else np.uint32
    # Sums of whole rows, then of columns: numpy adds long contiguous runs fastest.
    stripes = pixels.reshape(size, factor, -1)
    rows = stripes[:, 0].astype(wide)
    for k in range(1, factor):
        rows += stripes[:, k]
    cells = rows.reshape(size, size, factor, *pixels.shape[2:])
    total = cells[:, :, 0].copy()
    for k in range(1, factor):
        total += cells[:, :, k]
    return total / factor**2


@lru_cache(maxsize=8)
def _weights(side: int, size: int) -> np.ndarray:
    """Return what each new pixel takes of each old one along an axis, (size, side), rows sum to 1.

    Smaller: the covered share. Larger: linear between pixel centres, the border repeated.
    """
    old = np.arange(side)
    if size < side:
        low = np.arange(size)[:, None] * side / size
        high = low + side / size
        weights = np.clip(np.minimum(high, old + 1) - np.maximum(low, old), 0.0, None)
    else:
        centres = np.clip((np.arange(size)[:, None] + 0.5) * side / size - 0.5, 0, side - 1)
        weights = np.clip(1.0 - np.abs(centres - old), 0.0, None)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
