"""Many numbers a pixel as one colour, such that pixels of one region are alike."""

import numpy as np

from taskonomy_kedro.core.labels.drawing.pixels import resized, with_caption

_TAILS = (1.0, 99.0)  # percentiles that become the ends of a channel
_LEAST_SHARE = 0.1  # of the widest channel's reach: what hardly varies is not blown up
_LEAST_REACH = 1e-4


def draw_embedding(embedding: np.ndarray, size: int) -> np.ndarray:
    """Draw an embedding (channels, H, W): the first three principal components as red, green, blue."""
    colors = embedding_colors(embedding)
    is_plain = bool((colors == colors[0, 0]).all())
    return with_caption(resized(colors, size), "all pixels alike" if is_plain else "main components")


def embedding_colors(embedding: np.ndarray) -> np.ndarray:
    """Return the colours (H, W, 3) uint8 of an embedding (channels, H, W).

    The components are fitted on this image alone, so a colour means nothing from one image to the
    next. Their signs are chosen so that the channel with the greatest share counts upwards.
    """
    n_channels, height, width = embedding.shape
    points = embedding.reshape(n_channels, -1).T.astype(np.float64)
    points -= points.mean(axis=0)
    _, axes = np.linalg.eigh(points.T @ points / len(points))
    axes = axes[:, ::-1][:, :3]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])
    shares = np.full((len(points), 3), 0.5)
    placed = points @ axes
    low, high = np.percentile(placed, _TAILS, axis=0)
    reach = np.maximum(high - low, _LEAST_SHARE * (high - low).max())
    if reach.max() > _LEAST_REACH:
        shares[:, : axes.shape[1]] = (placed - (low + high) / 2) / reach + 0.5
    colors = np.rint(np.clip(shares, 0.0, 1.0) * 255).astype(np.uint8)
    return colors.reshape(height, width, 3)
