"""Maps of numbers: depth with its scale, responses, normals, curvature."""

import numpy as np

from taskonomy_kedro.core.labels.drawing.pixels import (
    framed,
    grey,
    resized,
    scale_colors,
    with_caption,
    with_scale,
    with_stripes,
)
from taskonomy_kedro.core.labels.quantise import (
    GREATEST_VALID_DEPTH,
    SHARPEST_RADIUS,
    curvature_per_metre,
    depth_in_metres,
)
from taskonomy_kedro.core.labels.statistics import Standardisation

_SHOWN_SPREADS = 3.0  # standard deviations of curvature at which its colours are full
_LEAST_CURVATURE = 1.0  # 1/m
_RESPONSE = 65535.0
# what is left of white light, for k1 and k2: first where the surface bulges, then where it is hollow
_INKS = np.array(
    [[[1.0, 0.62, 0.15], [0.45, 0.70, 1.0]], [[0.90, 0.25, 0.35], [0.25, 0.60, 0.95]]], dtype=np.float32
)


def draw_depth(stored: np.ndarray, size: int, *, label: np.ndarray | None = None) -> np.ndarray:
    """Draw stored depths, near bright and far dark, with the metres of both ends of the scale below.

    Args:
        stored: (H, W) uint16.
        size: Pixels a side.
        label: (H, W) uint16, the true depths where those to draw were predicted: its scale is taken,
            and stripes are where it knows none.
    """
    reference = stored if label is None else label
    is_known = reference < GREATEST_VALID_DEPTH
    if not is_known.any():
        return with_caption(_sized(grey(is_known), is_known, size), "no geometry")
    low, high = depth_range(depth_in_metres(reference)[is_known])
    picture = depth_colors(depth_in_metres(stored), low, high)
    return with_scale(_sized(picture, is_known, size), f"{low:.1f}", f"{high:.1f} m", rises=False)


def depth_range(metres: np.ndarray) -> tuple[float, float]:
    """Return the ends of the scale: nearly the least and the greatest depth, at least 1 cm apart."""
    low, high = (float(end) for end in np.percentile(metres, (0.5, 99.5)))
    return low, max(high, low + 0.01)


def depth_colors(metres: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return colours (..., 3) uint8 whose lightness falls evenly from `low` to `high` metres."""
    finite = np.where(np.isfinite(metres), metres, high)
    return scale_colors((high - finite) / (high - low))


def draw_number_map(
    stored: np.ndarray,
    size: int,
    *,
    stored_range: tuple[float, float],
    is_valid: np.ndarray | None = None,
    is_as_stored: bool = False,
) -> np.ndarray:
    """Draw a map whose stored range becomes black to white; three channels become a colour picture.

    Args:
        stored: (H, W) or (H, W, channels); of other than three channels the first is drawn.
        size: Pixels a side.
        stored_range: What lies beyond it is drawn like its ends.
        is_valid: (H, W) bool, which pixels count; all if not given.
        is_as_stored: Whether the caption has stored numbers; otherwise those of 16 bits are responses.
    """
    low, high = stored_range
    share = (stored.astype(np.float32) - low) / (high - low)
    if share.ndim == 3 and share.shape[2] == 3:
        picture = np.rint(np.clip(share, 0.0, 1.0) * 255).astype(np.uint8)
    else:
        picture = grey(share if share.ndim == 2 else share[..., 0])
    shown = np.ones(stored.shape[:2], bool) if is_valid is None else is_valid
    text = f"{low:g} to {high:g}" if is_as_stored else _range_text(stored, stored_range)
    return with_caption(_sized(picture, shown, size), text)


def _range_text(stored: np.ndarray, stored_range: tuple[float, float]) -> str:
    low, high = stored_range
    if stored.dtype == np.uint8:
        return "" if (low, high) == (0.0, 255.0) else f"{low:g} to {high:g}"
    unit = _RESPONSE if stored.dtype == np.uint16 else 1.0
    return f"{low / unit:g} to {high / unit:.3g}"


def draw_curvature(
    stored: np.ndarray,
    size: int,
    *,
    is_valid: np.ndarray | None = None,
    constants: Standardisation | None = None,
) -> np.ndarray:
    """Draw both principal curvatures in one picture: flat is white.

    What bulges is warm, orange along one direction (a cylinder) and red along both (a ball); what is
    hollow is blue; a saddle, bulging one way and hollow the other, is green.

    Args:
        stored: (H, W, 3) uint8.
        size: Pixels a side.
        is_valid: (H, W) bool, which pixels count; all if not given.
        constants: Of the training split: colours are full at three standard deviations, where they
            are not given at the sharpest curvature that is stored.
    """
    curvature = curvature_per_metre(stored)
    full = 1.0 / SHARPEST_RADIUS
    if constants is not None:
        per_byte = 1.0 / (127.0 * SHARPEST_RADIUS)
        full = min(full, max(_LEAST_CURVATURE, _SHOWN_SPREADS * per_byte * float(constants.std.max())))
    shown = np.ones(stored.shape[:2], bool) if is_valid is None else is_valid
    picture = curvature_colors(curvature / full)
    return with_caption(framed(_sized(picture, shown, size)), f"full at {100 / full:.0f} cm radius")


def curvature_colors(share: np.ndarray) -> np.ndarray:
    """Return colours (..., 3) uint8 of two curvatures (..., 2) in [-1, 1], by two inks on white."""
    left = np.ones((*share.shape[:-1], 3), dtype=np.float32)
    for k in range(2):
        amount = np.sqrt(np.clip(np.abs(share[..., k, None]), 0.0, 1.0))  # so that slight bends show
        ink = np.where(share[..., k, None] >= 0, _INKS[k, 0], _INKS[k, 1])
        left *= 1.0 - amount * (1.0 - ink)
    return np.rint(left * 255).astype(np.uint8)


def _sized(picture: np.ndarray, is_shown: np.ndarray, size: int) -> np.ndarray:
    """Resize a picture and fill with stripes what does not lie wholly where there is a label."""
    return with_stripes(resized(picture, size), resized(grey(is_shown), size)[..., 0] == 255)
