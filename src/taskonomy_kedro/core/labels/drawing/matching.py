"""Point matching: whether two images look at the same point."""

import numpy as np

from taskonomy_kedro.core.labels.drawing.example import LabelExample
from taskonomy_kedro.core.labels.drawing.pixels import WHITE, Color, resized, with_caption
from taskonomy_kedro.core.labels.drawing.sketch import Sketch

_MATCH: Color = (20, 130, 70)
_NO_MATCH: Color = (185, 45, 35)
_LOUPE = 3  # how many times the middle is enlarged
_MARK: Color = (255, 230, 0)


def draw_match(example: LabelExample, size: int, probability: float | None = None) -> np.ndarray:
    """Draw two images with the point in their middles marked, and below each its middle enlarged.

    Args:
        example: A pair.
        size: Pixels a side.
        probability: Predicted, that they match; what the example says, if not given.
    """
    side = size // 2
    board = np.full((size, size, 3), WHITE, dtype=np.uint8)
    for k, rgb in enumerate(example.pictures):
        columns = slice(k * side, (k + 1) * side)
        board[:side, columns] = _marked(resized(rgb, side), side / 9)
        board[side : 2 * side, columns] = _marked(resized(_middle(rgb), side), side / 9 * _LOUPE)
    board[side] = WHITE
    board[:, side] = WHITE
    is_match = bool(example.is_match) if probability is None else probability >= 0.5
    text = ("match" if is_match else "no match") if probability is None else f"{probability:.0%} match"
    return with_caption(board, text, ink=WHITE, paper=_MATCH if is_match else _NO_MATCH)


def _middle(rgb: np.ndarray) -> np.ndarray:
    height, width = rgb.shape[:2]
    rows, columns = (max(2, side // _LOUPE) for side in (height, width))
    top, left = (height - rows) // 2, (width - columns) // 2
    return rgb[top : top + rows, left : left + columns]


def _marked(picture: np.ndarray, radius: float) -> np.ndarray:
    sketch = Sketch(picture)
    side = picture.shape[0]
    sketch.ring((side / 2, side / 2), radius, _MARK, width=max(1.0, side / 48))
    return sketch.finished()
