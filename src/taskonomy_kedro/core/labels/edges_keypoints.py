"""Edges and keypoints of an image and of its depth, as response maps in [0, 1].

The data set measures at 512 x 512 pixels. Here every width is given in pixels of such an image and
scaled by size / 512, but is at least 0.7 pixels, since narrower filters fall between the pixels. If
that changes a response, the response is scaled so that a step or blob has the same value at every size.
"""

import numpy as np
from scipy import ndimage
from skimage.color import rgb2gray
from skimage.feature import hessian_matrix_det
from skimage.filters import sobel

from taskonomy_kedro.core.labels.quantise import GREATEST_VALID_DEPTH

REFERENCE_SIZE = 512
LEAST_SIGMA = 0.7
_EDGE_SIGMA = 2.0
_KEYPOINT_SIGMAS = np.linspace(1.0, 30.0, 10)
_LEAST_SEARCHED = 128  # pixels a side; smaller images are enlarged for keypoints
# Keys' cubic through four pixels, a quarter of a pixel before the third
_QUARTER_BEFORE = np.array([-0.0234375, 0.2265625, 0.8671875, -0.0703125, 0.0])
_ROOT_RANGE = 256.0  # square root of 2^16


def scaled_sigma(sigma: float, size: int) -> float:
    """Return a width of a 512-pixel image in pixels of an image of this size, at least 0.7."""
    return max(sigma * size / REFERENCE_SIZE, LEAST_SIGMA)


def texture_edges(rgb: np.ndarray) -> np.ndarray:
    """Return the strength of edges in the image.

    Args:
        rgb: (H, W, 3) uint8.

    Returns:
        (H, W) float32, Sobel magnitude of the smoothed grey image, no thinning. A sharp step of
        height h gives about a quarter of h at every image size.

    Source: docs/method.md, `edge_texture`: grey in [0, 1], Gaussian of sigma 2 at 512 pixels.
    Differs: multiplied by the width over which a step is blurred, relative to that at 512 pixels.
    """
    sigma = scaled_sigma(_EDGE_SIGMA, rgb.shape[0])
    gray = ndimage.gaussian_filter(rgb2gray(rgb), sigma, mode="nearest")
    return (sobel(gray) * (_blur_width(sigma) / _blur_width(_EDGE_SIGMA))).astype(np.float32)


def _blur_width(sigma: float) -> float:
    """Return the spread of a step in pixels, after smoothing and a difference across two pixels."""
    return float(np.sqrt(sigma**2 + 1 / 3))


def occlusion_edges(depth_zbuffer: np.ndarray) -> np.ndarray:
    """Return the strength of jumps in depth.

    Args:
        depth_zbuffer: (H, W) uint16, stored z-depth.

    Returns:
        (H, W) float32, Sobel magnitude of the square root of depth over that of the greatest depth;
        0 at and beside pixels without geometry. Near jumps count more than far ones.

    Source: docs/method.md, `edge_occlusion`. Differs: multiplied by size / 512, so a slanted
    surface has the same value at every size, and so has a jump after it is smoothed for training: its
    line is fewer, larger pixels wide.
    """
    size = depth_zbuffer.shape[0]
    root = np.sqrt(depth_zbuffer.astype(np.float64)) / _ROOT_RANGE
    strength = sobel(root) * (size / REFERENCE_SIZE)
    is_unknown = depth_zbuffer >= GREATEST_VALID_DEPTH
    if is_unknown.any():
        is_unknown = ndimage.binary_dilation(is_unknown, np.ones((3, 3)))
    return np.where(is_unknown, 0.0, strength).astype(np.float32)


def keypoint_sigmas(size: int) -> tuple[int, ...]:
    """Return the scales of `image_keypoints` in pixels of an image of this size.

    Only odd whole numbers: with others the library's box filters do not sum to zero, and a plain
    bright wall would have a response.
    """
    scaled = _KEYPOINT_SIGMAS * size / REFERENCE_SIZE
    return tuple(dict.fromkeys(2 * int(sigma // 2) + 1 for sigma in scaled))


def image_keypoints(rgb: np.ndarray) -> np.ndarray:
    """Return how much each place of the image resembles a blob, at its best scale.

    Args:
        rgb: (H, W, 3) uint8.

    Returns:
        (H, W) float32 >= 0, greatest determinant of the Hessian over up to ten scales, by box filters
        on the integral image.

    Source: docs/method.md, `keypoints2d`: sigma from 1 to 30 at 512 pixels. Differs: images below
    128 pixels are enlarged twofold for the search, since their smaller scales would fall between the
    pixels; and multiplied by (512 / size)^(1/4), which gives about the shares of strong places of
    the same views at 512 pixels.
    """
    size = rgb.shape[0]
    factor = 2 if size < _LEAST_SEARCHED else 1
    sigmas = keypoint_sigmas(size * factor)
    # mirrored at the border, since the box filters would see an edge to black there
    margin = min(2 * sigmas[-1] // factor + 2, size)
    gray = np.pad(rgb2gray(rgb), margin, mode="symmetric")
    if factor == 2:
        gray = _enlarged(_enlarged(gray, 0), 1)
    best = np.zeros(gray.shape)
    for sigma in sigmas:
        np.maximum(best, hessian_matrix_det(gray, sigma, approximate=True), out=best)
    if factor == 2:
        best = (best[::2, ::2] + best[1::2, ::2] + best[::2, 1::2] + best[1::2, 1::2]) / 4
    gain = (REFERENCE_SIZE / size) ** 0.25
    return (best[margin:-margin, margin:-margin] * gain).astype(np.float32)


def _enlarged(image: np.ndarray, axis: int) -> np.ndarray:
    """Return an image with twice as many pixels along an axis, by cubic convolution."""
    shape = list(image.shape)
    shape[axis] *= 2
    out = np.empty(shape)
    place: list[slice] = [slice(None), slice(None)]
    for first, weights in ((0, _QUARTER_BEFORE), (1, _QUARTER_BEFORE[::-1])):
        place[axis] = slice(first, None, 2)
        out[tuple(place)] = ndimage.correlate1d(image, weights, axis=axis, mode="nearest")
    return out
