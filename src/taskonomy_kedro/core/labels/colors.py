"""Colours as 313 bins of the Lab plane: the label of colorization."""

from functools import cache

import numpy as np
from scipy.spatial import cKDTree
from skimage.color import rgb2lab

N_NEAREST = 10
_SPREAD = 5.0  # Lab units
_REACH = 110  # greater than |a| and |b| of any 8-bit colour
_STEP = 10
LUMINANCE = (0.212671, 0.715160, 0.072169)  # of linear red, green and blue, as scikit-image has them
DARK, DARK_SLOPE = 0.008856, 903.2963  # below this luminance L is proportional to it
# lowest and highest b for each a from -90 to 100
_RANGES = (
    *((50, 90), (20, 90), (0, 90), (-20, 90), (-30, 100), (-40, 100), (-50, 100), (-50, 100), (-60, 100)),
    *((-70, 100), (-80, 90), (-80, 90), (-90, 90), (-100, 90), (-100, 80), (-110, 80), (-110, 80)),
    *((-110, 70), (-110, 70), (-90, 0)),
)

COLOR_BINS: np.ndarray = np.array(
    [
        (a, b)
        for a, (low, high) in zip(range(-90, 101, _STEP), _RANGES, strict=True)
        for b in range(low, high + 1, _STEP)
    ],
    dtype=np.float32,
)
"""(313, 2) centres (a, b), sorted by a, then b.

Source: the released list of bins, docs/method.md.
"""
COLOR_BINS.flags.writeable = False


def lightness(rgb: np.ndarray) -> np.ndarray:
    """Return the input of colorization: L of (n, H, W, 3) uint8, mapped to [-1, 1], (n, 1, H, W) float32."""
    luminance = np.zeros(rgb.shape[:-1], dtype=np.float32)
    for k, share in enumerate(LUMINANCE):
        luminance += (linear_values() * np.float32(share))[rgb[..., k]]
    light = np.where(luminance > DARK, 116 * np.cbrt(luminance) - 16, DARK_SLOPE * luminance)
    return (light / 50 - 1).astype(np.float32)[:, None]


@cache
def linear_values() -> np.ndarray:
    """Return the linear light of each byte of an sRGB image, (256,) float32."""
    value = np.arange(256) / 255
    linear: np.ndarray = np.where(value > 0.04045, ((value + 0.055) / 1.055) ** 2.4, value / 12.92)
    return linear.astype(np.float32)


def color_bins(rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distribute the colours of images over their ten nearest bins, at a quarter of the resolution.

    Args:
        rgb: (n, H, W, 3) uint8; H and W multiples of 4.

    Returns:
        Bins (n, H/4, W/4, 10) int16, nearest first, and their weights, float32, which sum to 1 for
        each pixel: exp(-d^2 / (2 5^2)) of the distance d in the Lab plane. `spread_bins` returns all 313.

    Raises:
        ValueError: A side is not a multiple of 4.

    Source: docs/method.md, colorization. Differs: the small image is the mean of 4 x 4 pixels; which
    ten bins are nearest is read from a table of integer a and b, so the last, with little weight, may swap.
    """
    n, height, width, _ = rgb.shape
    if height % 4 or width % 4:
        raise ValueError(
            "colours are learned at a quarter of the size: expected sides that are multiples of 4, "
            f"got {height} x {width}"
        )
    blocks = rgb.reshape(n, height // 4, 4, width // 4, 4, 3)
    small = (blocks.sum(axis=(2, 4), dtype=np.uint16) + 8) // 16
    ab = rgb2lab(small.astype(np.uint8))[..., 1:].astype(np.float32)
    whole = np.rint(ab).astype(np.int64) + _REACH
    bins = _near_bins()[whole[..., 0] * (2 * _REACH + 1) + whole[..., 1]]
    square = ((ab[..., None, :] - COLOR_BINS[bins]) ** 2).sum(axis=-1)
    order = np.argsort(square, axis=-1, kind="stable")
    bins, square = (np.take_along_axis(array, order, axis=-1) for array in (bins, square))
    # relative to the nearest, since a colour far from every bin would have ten zeros
    weights = np.exp((square[..., :1] - square) / (2 * _SPREAD**2))
    weights /= weights.sum(axis=-1, keepdims=True)
    return bins, weights


def spread_bins(bins: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return distributions over all bins, (n, 313, h, w) float32, from the result of `color_bins`."""
    out = np.zeros((*bins.shape[:-1], len(COLOR_BINS)), dtype=np.float32)
    np.put_along_axis(out, bins.astype(np.int64), weights, axis=-1)
    return np.moveaxis(out, -1, 1)


def color_counts(bins: np.ndarray) -> np.ndarray:
    """Return how many pixels are nearest to each bin, (313,) int64; `bins` as from `color_bins`.

    Counts of parts of a split can be added; `statistics.rarity_weights` computes weights from them.
    """
    return np.bincount(bins[..., 0].ravel(), minlength=len(COLOR_BINS)).astype(np.int64)


@cache
def _near_bins() -> np.ndarray:
    """Return a table of the ten nearest bins of every integer (a, b)."""
    steps = np.arange(-_REACH, _REACH + 1, dtype=np.float64)
    places = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1).reshape(-1, 2)
    _, bins = cKDTree(COLOR_BINS.astype(np.float64)).query(places, k=N_NEAREST)
    table: np.ndarray = bins.astype(np.int16)
    return table
