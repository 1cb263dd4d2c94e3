"""Point matching: whether two images look at the same point."""

import numpy as np

from taskonomy_kedro.core.labels.drawing.pixels import WHITE, Color, resized, with_caption
from taskonomy_kedro.core.labels.drawing.sketch import Sketch
from taskonomy_kedro.core.labels.label_example import LabelExample

_MATCH: Color = (20, 130, 70)
_NO_MATCH: Color = (185, 45, 35)
_UNDECIDED: Color = (105, 105, 105)
_CLEAR = 0.05  # of a probability from one half
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
    if probability is None:
        text, paper = ("match", _MATCH) if example.is_match else ("no match", _NO_MATCH)
    else:
        text, paper = f"{probability:.0%} match", _MATCH if probability > 0.5 else _NO_MATCH
        paper = paper if abs(probability - 0.5) > _CLEAR else _UNDECIDED
    return with_caption(board, text, ink=WHITE, paper=paper)


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
