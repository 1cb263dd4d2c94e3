"""Many numbers a pixel as one colour, such that pixels of one region are alike."""

import numpy as np

from taskonomy_kedro.core.labels.drawing.pixels import resized, with_caption

_TAILS = (1.0, 99.0)  # percentiles that become the ends of a channel
_LEAST_SHARE = 0.1  # of the widest channel's reach: what hardly varies is not blown up
_LEAST_REACH = 1e-4


def draw_embedding(embedding: np.ndarray, size: int) -> np.ndarray:
    """Draw an embedding (channels, H, W): the first three principal components as red, green, blue."""
    step = max(1, embedding.shape[1] // size)  # single pixels, not means over the edges of regions
    shown = embedding[:, step // 2 :: step, step // 2 :: step]
    colors = embedding_colors(shown)
    is_plain = bool((colors == colors[0, 0]).all())
    return with_caption(resized(colors, size), "all pixels alike" if is_plain else "main components")


def embedding_colors(embedding: np.ndarray) -> np.ndarray:
    """Return the colours (H, W, 3) uint8 of an embedding (channels, H, W).

    The components are fitted on this image alone, so a colour means nothing from one image to the
    next. Their signs are chosen so that the channel with the greatest share counts upwards.
    """
    n_channels, height, width = embedding.shape
    points = embedding.reshape(n_channels, -1).astype(np.float32)
    points -= points.mean(axis=1, keepdims=True)
    _, axes = np.linalg.eigh(points @ points.T / points.shape[1])
    axes = axes[:, ::-1][:, :3]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    placed = axes.T @ points
    low, high = np.percentile(placed, _TAILS, axis=1, keepdims=True)
    reach = np.maximum(high - low, _LEAST_SHARE * (high - low).max())
    shares = np.full((3, points.shape[1]), 0.5, dtype=np.float32)
    if reach.max() > _LEAST_REACH:
        shares[: len(placed)] = (placed - (low + high) / 2) / reach + 0.5
    colors = np.rint(np.clip(shares, 0.0, 1.0) * 255).astype(np.uint8)
    return np.ascontiguousarray(colors.T).reshape(height, width, 3)
