"""Regions, classes and embeddings in colours."""

from collections.abc import Sequence

import numpy as np

from taskonomy_kedro.core.labels.drawing.bars import name_of
from taskonomy_kedro.core.labels.drawing.pixels import Color, resized, thinned, with_caption, with_stripes

_BACKGROUND: Color = (222, 222, 222)
_CLASS_COLORS: tuple[Color, ...] = (
    *((0, 158, 158), (230, 25, 75), (245, 130, 49), (60, 180, 75), (67, 99, 216), (154, 99, 36)),
    *((170, 230, 60), (40, 40, 40), (240, 50, 230), (128, 0, 0), (250, 190, 212), (0, 190, 255)),
    *((150, 235, 190), (255, 215, 20), (128, 128, 0), (130, 40, 190)),
)
_REGION_COLORS = np.array(
    [
        *((78, 121, 167), (242, 142, 43), (89, 161, 79), (225, 87, 89), (176, 122, 161), (237, 201, 72)),
        *((118, 183, 178), (156, 117, 95), (255, 157, 167), (47, 65, 120), (155, 220, 140), (160, 40, 100)),
    ],
    dtype=np.uint8,
)
_TAILS = (1.0, 99.0)  # percentiles that become the ends of a channel
_LEAST_SHARE = 0.1  # of the widest channel's reach: what hardly varies is not blown up
_LEAST_REACH = 1e-4


def class_color(number: int) -> Color:
    """Return the colour of a class of a class map: 0, in the project's lists the background, is pale."""
    return _BACKGROUND if number == 0 else _CLASS_COLORS[(number - 1) % len(_CLASS_COLORS)]


def region_colors(ids: np.ndarray) -> np.ndarray:
    """Choose a colour for every region, so that regions that touch differ.

    Larger regions choose first; each takes the colour that the fewest have, of those that no region
    beside it has. Were all twelve taken, it takes the one with the fewest of all.

    Args:
        ids: (H, W) whole numbers; only equality counts.

    Returns:
        (H, W, 3) uint8.
    """
    found, numbers, areas = np.unique(ids, return_inverse=True, return_counts=True)
    numbers = numbers.reshape(ids.shape)
    count = len(found)
    touches = np.zeros((count, count), dtype=bool)
    for first, second in (
        (numbers[1:], numbers[:-1]),
        (numbers[:, 1:], numbers[:, :-1]),
        (numbers[1:, 1:], numbers[:-1, :-1]),
        (numbers[1:, :-1], numbers[:-1, 1:]),
    ):
        touches[first.ravel(), second.ravel()] = True
    touches |= touches.T
    np.fill_diagonal(touches, False)
    chosen = np.full(count, -1)
    uses = np.zeros(len(_REGION_COLORS), dtype=np.int64)
    for region in np.argsort(-areas, kind="stable"):
        beside = chosen[touches[region]]
        cost = uses.copy()
        cost[beside[beside >= 0]] += count
        chosen[region] = int(np.argmin(cost))
        uses[chosen[region]] += 1
    return _REGION_COLORS[chosen][numbers]


def draw_regions(ids: np.ndarray, size: int) -> np.ndarray:
    """Draw regions without names, and say how many there are."""
    count = len(np.unique(ids))
    return with_caption(thinned(region_colors(ids), size), f"{count} region{'s' if count != 1 else ''}")


def draw_class_map(
    stored: np.ndarray,
    size: int,
    *,
    is_zero_unknown: bool,
    class_names: Sequence[str],
    has_background: bool = True,
) -> np.ndarray:
    """Draw classes in their colours, and name those that cover most, except the background.

    Args:
        stored: (H, W) ids.
        size: Pixels a side.
        is_zero_unknown: Whether id 0 means that the class is not known, and class 0 is id 1.
        class_names: Of the classes, from class 0; what has no name is called by its number.
        has_background: Whether class 0 is what nobody asks for: pale, and not named.
    """
    ids = thinned(stored, size)
    classes = ids.astype(np.int64) - is_zero_unknown
    table = np.array(
        [class_color(k + (not has_background)) for k in range(max(1, int(classes.max()) + 1))], dtype=np.uint8
    )
    picture = with_stripes(table[np.maximum(classes, 0)], classes >= 0)
    counts = np.bincount(stored.ravel().astype(np.int64))[int(is_zero_unknown) :]
    order = [
        int(k) for k in np.argsort(-counts, kind="stable") if counts[k] and (k > 0 or not has_background)
    ]
    text = ", ".join(name_of(k, class_names) for k in order[:2])
    return with_caption(picture, text or ("background only" if has_background else "no class known"))


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
