"""3D keypoints: points where the surface changes in more than one direction.

The data set uses NARF, which no maintained Python package has. This interest response follows the same
idea: corners of surfaces, where the surface turns in every direction, within a support of fixed size in
metres, whatever the distance.
"""

import numpy as np
from scipy import ndimage

SUPPORT_DIAMETER = 0.2
"""Metres around a point that determine its response."""
_SMOOTHING = 1.0  # pixels
_GAIN = 1.0
_LEAST_DEPTH = 0.05


def plane_distance(depth_z: np.ndarray, normal: np.ndarray, field_of_view_rads: float) -> np.ndarray:
    """Return the distance from the camera to the tangent plane of the surface at each pixel.

    It is constant on a plane, however slanted, so it separates planes that depth does not.

    Args:
        depth_z: (H, W) metres; any value without geometry.
        normal: (H, W, 3) unit vectors, x right, y up, z towards the viewer; 0 without geometry.
        field_of_view_rads: Full angle of view.

    Returns:
        (H, W) float32 metres, >= 0; 0 without geometry.
    """
    size = depth_z.shape[0]
    slope = np.tan(field_of_view_rads / 2) * ((np.arange(size) + 0.5) * 2 / size - 1)
    x, y = slope[None, :], -slope[:, None]
    across = normal[..., 0] * x + normal[..., 1] * y - normal[..., 2]
    return np.abs(across * np.where(np.isfinite(depth_z), depth_z, 0.0)).astype(np.float32)


def surface_keypoints(depth_z: np.ndarray, normal: np.ndarray, field_of_view_rads: float) -> np.ndarray:
    """Return how much each point of the surface resembles a corner.

    At each pixel the change of normal and of tangent plane gives a structure tensor; averaged over
    the support, its smaller eigenvalue is large only where edges of two directions meet.

    Args:
        depth_z: (H, W) float32 metres, inf without geometry.
        normal: (H, W, 3) float32 unit vectors; 0 without geometry.
        field_of_view_rads: Full angle of view.

    Returns:
        (H, W) float32 in [0, 1), saturating softly; 0 on planes and without geometry, little on edges.
    """
    size = depth_z.shape[0]
    is_known = np.isfinite(depth_z)
    offset = plane_distance(depth_z, normal, field_of_view_rads) / np.float32(SUPPORT_DIAMETER)
    xx, xy, yy = _tensor(np.concatenate([np.moveaxis(normal, -1, 0), offset[None]]))
    focal = size / 2 / np.tan(field_of_view_rads / 2)
    radius = focal * SUPPORT_DIAMETER / 2 / np.maximum(np.where(is_known, depth_z, np.inf), _LEAST_DEPTH)
    strength = _over_support(xx, xy, yy, np.maximum(radius, 1.0))
    return np.where(is_known, 1.0 - np.exp(-_GAIN * strength), 0.0).astype(np.float32)


def _tensor(channels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sum the structure tensors of channels (k, H, W); a pixel's total change counts at most as 1."""
    # smoothed first, since the steps of a slanted edge would resemble small corners
    sigmas = (0.0, _SMOOTHING, _SMOOTHING)
    smooth = ndimage.gaussian_filter(channels, sigmas, mode="nearest", truncate=2.5)
    down = ndimage.correlate1d(smooth, [-0.5, 0.0, 0.5], axis=1, mode="nearest")
    right = ndimage.correlate1d(smooth, [-0.5, 0.0, 0.5], axis=2, mode="nearest")
    xx, xy, yy = (right * right).sum(axis=0), (right * down).sum(axis=0), (down * down).sum(axis=0)
    share = 1.0 / np.maximum(xx + yy, 1.0)
    return xx * share, xy * share, yy * share


def _over_support(xx: np.ndarray, xy: np.ndarray, yy: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Average the tensor over each pixel's own support and return its smaller eigenvalue, scaled.

    Averages are taken at radii of 1, 2, 4 ... pixels and blended between the two nearest. An edge
    fills a share of its support that falls as 1 / radius; the scaling undoes that.
    """
    level, tensor = np.log2(radius), np.stack([xx, xy, yy])
    out = np.zeros_like(xx)
    for k in range(int(np.ceil(level.max())) + 1):
        weight = np.clip(1.0 - np.abs(level - k), 0.0, 1.0)
        if not weight.any():
            continue
        a, b, c = _average(tensor, 2**k)
        smaller = (a + c - np.sqrt((a - c) ** 2 + 4 * b * b)) / 2
        out += weight * np.maximum(smaller, 0.0) * 2**k
    return out


def _average(images: np.ndarray, radius: int) -> np.ndarray:
    """Average each of several images (k, H, W) over about this radius, by two passes of a box filter."""
    width = min(radius + 1 - radius % 2, images.shape[1])
    once = ndimage.uniform_filter(images, width, mode="nearest", axes=(1, 2))
    out: np.ndarray = ndimage.uniform_filter(once, width, mode="nearest", axes=(1, 2))
    return out
