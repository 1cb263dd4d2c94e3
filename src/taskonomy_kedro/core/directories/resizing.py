"""Resize an array of stored form to a square of another size, each kind by its own rule.

Source: StanfordVL/taskonomy `load_ops.py`, `task_data_loading.py`: bilinear for images, nearest for ids,
the logarithm of a depth, and a mask of pixels that are known completely. Differs: bilinear from 512 to
256 is the mean of 2x2 pixels; here every smaller size is the mean of the covered area, since four of the
64 pixels under one of a 64-pixel image would be noise.
"""

from functools import lru_cache

import numpy as np

from taskonomy_kedro.core.labels.domains import Domain
from taskonomy_kedro.core.labels.quantise import depth_from_log, log_depth

_WHOLLY_KNOWN = 0.99  # share of a pixel that must be known for the mask to keep it


def crop_square(pixels: np.ndarray) -> np.ndarray:
    """Return the largest square in the middle of an image (H, W) or (H, W, channels)."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return pixels[top : top + side, left : left + side]


def resize(pixels: np.ndarray, form: Domain, size: int) -> np.ndarray:
    """Resize a square image by the rule of its domain.

    Args:
        pixels: (side, side) or (side, side, channels), uint8 or uint16. Not changed.
        form: The domain.
        size: Pixels a side of the result.

    Returns:
        (size, size) or (size, size, channels), contiguous, of the same type.
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
    """Return (size, size) uint8, 255 for pixels that are known completely, from (side, side) bool."""
    return np.where(_mean(is_known, size) >= _WHOLLY_KNOWN, 255, 0).astype(np.uint8)


@lru_cache(maxsize=1)
def _log_table() -> np.ndarray:
    """Return the logarithms of all stored depths, (65536,); several times faster than the function."""
    return log_depth(np.arange(65536, dtype=np.uint16))


def _mean(pixels: np.ndarray, size: int) -> np.ndarray:
    """Return the weighted mean of the pixels under each new pixel, (size, size[, channels]) float."""
    side = len(pixels)
    if side == size:
        return pixels.astype(np.float32)
    if side % size:
        weights = _weights(side, size)
        rows = np.tensordot(weights, pixels.astype(np.float32), axes=(1, 0))
        return np.moveaxis(np.tensordot(weights, rows, axes=(1, 1)), 0, 1)
    factor = side // size
    wide = np.float64 if pixels.dtype.kind == "f" else np.uint32
    # sums of rows, then of columns: a tenth of the time of skimage's downscale_local_mean, the same bytes
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
    """Return the weight of each old pixel in each new one along an axis, (size, side); rows sum to 1.

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
