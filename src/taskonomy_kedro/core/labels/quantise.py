"""Convert physical quantities to the numbers that a data set directory stores, and back.

Source: docs/method.md, "Stored labels": depth in 1/512 m, normals and curvature in bytes.
"""

import numpy as np

from taskonomy_kedro.core.labels.pixel_range import to_bytes

DEPTH_UNITS_PER_METRE = 512.0
NO_DEPTH = 65535
"""Stored depth of a pixel without geometry."""
GREATEST_VALID_DEPTH = 64500
"""Stored depths from this one are masked."""
NO_NORMAL = 128
FLAT = 127
"""Stored curvature of a plane."""
SHARPEST_RADIUS = 0.03
"""Metres; smaller radii are stored as this one."""
_GREATEST = 65535
_LOG_RANGE = float(np.log(2.0**16))


def stored_depth(metres: np.ndarray) -> np.ndarray:
    """Return depths in stored units.

    Args:
        metres: Any shape, >= 0; inf or NaN without geometry.

    Returns:
        uint16, same shape: 1/512 m, rounded, at most 65534 (128 m); 65535 if not finite.

    Example:
        >>> stored_depth(np.array([1.0, 2.5, np.inf]))
        array([  512,  1280, 65535], dtype=uint16)
    """
    is_known = np.isfinite(metres)
    units = np.rint(np.where(is_known, metres, 0.0) * DEPTH_UNITS_PER_METRE)
    return np.where(is_known, np.clip(units, 0, NO_DEPTH - 1), NO_DEPTH).astype(np.uint16)


def depth_in_metres(stored: np.ndarray) -> np.ndarray:
    """Return stored depths, uint16 of any shape, in metres, float32 of that shape; inf without geometry.

    Example:
        >>> depth_in_metres(np.array([512, 65535], dtype=np.uint16))
        array([ 1., inf], dtype=float32)
    """
    metres = stored.astype(np.float32) / np.float32(DEPTH_UNITS_PER_METRE)
    metres[stored == NO_DEPTH] = np.inf
    return metres


def log_depth(stored: np.ndarray) -> np.ndarray:
    """Return ln(1 + stored) / ln(2^16) of stored depths of any shape, float32 in [0, 1]; 1: no geometry."""
    return (np.log1p(stored, dtype=np.float32) / np.float32(_LOG_RANGE)).astype(np.float32)


def depth_from_log(logarithm: np.ndarray) -> np.ndarray:
    """Return the stored depths, uint16, of logarithms in [0, 1] of any shape; inverts `log_depth`."""
    units = np.expm1(np.asarray(logarithm, dtype=np.float64) * _LOG_RANGE)
    return np.clip(np.rint(units), 0, NO_DEPTH).astype(np.uint16)


def valid_mask(depth_zbuffer: np.ndarray) -> np.ndarray:
    """Return 255 for pixels of a stored z-depth (H, W) with geometry, 0 otherwise, (H, W) uint8."""
    return np.where(depth_zbuffer < GREATEST_VALID_DEPTH, 255, 0).astype(np.uint8)


def stored_normal(normal: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Return unit normals as bytes.

    Args:
        normal: (..., 3) in the frame of the rooms: x right, y up, z towards the viewer.
        valid: (...) bool, True with geometry.

    Returns:
        (..., 3) uint8 in the frame of the stored images, x right, y DOWN, z towards the viewer:
        [-1, 1] becomes 0..255. 128 in all channels if not valid.
    """
    turned = normal * np.array([1.0, -1.0, 1.0], dtype=np.float32)
    return np.where(valid[..., None], to_bytes(turned), NO_NORMAL).astype(np.uint8)


def stored_curvature(curvature: np.ndarray) -> np.ndarray:
    """Return principal curvatures as bytes.

    Args:
        curvature: (..., 2), k1 and k2 in 1/m.

    Returns:
        (..., 3) uint8: k1 and k2 clipped to ±1/0.03 m and mapped onto 0..254, 127 = flat; then 0.
    """
    scaled = np.rint(FLAT + np.clip(curvature * SHARPEST_RADIUS, -1.0, 1.0) * FLAT).astype(np.uint8)
    return np.concatenate([scaled, np.zeros_like(scaled[..., :1])], axis=-1)


def curvature_per_metre(stored: np.ndarray) -> np.ndarray:
    """Return stored curvature (..., 3) as k1 and k2 in 1/m, (..., 2) float32."""
    return (stored[..., :2].astype(np.float32) - FLAT) / np.float32(FLAT * SHARPEST_RADIUS)


def stored_response(response: np.ndarray) -> np.ndarray:
    """Return a response of any shape as uint16: [0, 1] becomes 0..65535; other values are clipped."""
    return np.rint(np.clip(response, 0.0, 1.0) * _GREATEST).astype(np.uint16)


def stored_brightness(brightness: np.ndarray) -> np.ndarray:
    """Return a brightness of any shape as uint8: [0, 1] becomes 0..255; other values are clipped."""
    return np.rint(np.clip(brightness, 0.0, 1.0) * 255.0).astype(np.uint8)
