"""Pictures in rows and columns as one Matplotlib figure, one dot a pixel, to write around."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from taskonomy_kedro.core.figures.style import TEXT_COLOUR
from taskonomy_kedro.core.labels.drawing import class_color
from taskonomy_kedro.rooms import SEMANTIC_CLASSES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DPI = 100
_POINTS_PER_PIXEL = 72 / _DPI
_GAP = 0.04  # share of the side of a picture


def gap_between(size: int) -> int:
    """Return the pixels between pictures of a side."""
    return max(2, round(_GAP * size))


def pasted(rows: Sequence[Sequence[np.ndarray]], gap: int, row_gap: int | None = None) -> np.ndarray:
    """Return one picture of all cells, each (height, width, 3), white between and below them.

    Args:
        rows: Of cells of one shape.
        gap: Pixels between columns.
        row_gap: Pixels below each row; as between columns if not given.
    """
    height, width = rows[0][0].shape[:2]
    down, across = height + (gap if row_gap is None else row_gap), width + gap
    board = np.full((len(rows) * down, len(rows[0]) * across - gap, 3), 255, dtype=np.uint8)
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            board[i * down : i * down + height, j * across : j * across + width] = cell
    return board


def picture_figure(
    cells: np.ndarray, *, left: int, right: int, head: int, foot: int
) -> "tuple[Figure, Axes]":
    """Return a figure with a canvas that shows a picture (height, width, 3) with room around it.

    Returns:
        The figure, one dot a pixel at its own resolution, and its axes: places are (right, down) in
        pixels, (0, 0) the picture's outer corner.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height, width = cells.shape[:2]
    total = (width + left + right, height + head + foot)
    figure = Figure(figsize=(total[0] / _DPI, total[1] / _DPI), dpi=_DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.imshow(cells, extent=(0, width, height, 0), interpolation="nearest", aspect="auto")
    axes.set(xlim=(-left, width + right), ylim=(height + foot, -head))
    return figure, axes


def write_row_names(
    axes: "Axes", names: Sequence[str], step: float, size: int, *, share: float = 0.15
) -> None:
    """Write names to the left of rows that follow each other at a step, pixels.

    Args:
        axes: To write on.
        names: One a row; ids of images are broken after the room.
        step: From one row to the next.
        size: Side of a picture.
        share: Height of the letters, of that side.
    """
    for k, name in enumerate(names):
        axes.text(
            -0.08 * size,
            k * step + size / 2,
            name.replace("/", "\n/", 1),
            color=TEXT_COLOUR,
            ha="right",
            va="center",
            fontsize=points(share * size),
        )


def write_classes(
    axes: "Axes", place: tuple[float, float], step: float, size: float, *, n_across: int | None = None
) -> None:
    """Write the semantic classes beside their colours, in lines of `n_across`, or in one.

    Args:
        axes: To write on.
        place: Where the first class stands, pixels.
        step: From one class to the next.
        size: Side of a picture that letters and squares are fit for.
        n_across: Classes of a line.
    """
    from matplotlib.patches import Rectangle

    names = SEMANTIC_CLASSES[1:]
    side = 0.17 * size
    for k, name in enumerate(names):
        line, column = divmod(k, n_across or len(names))
        left, top = place[0] + column * step, place[1] + line * 1.45 * side
        color = tuple(channel / 255 for channel in class_color(k))
        axes.add_patch(Rectangle((left, top), side, side, facecolor=color, linewidth=0))
        axes.text(
            left + 1.35 * side,
            top + side / 2,
            name,
            color=TEXT_COLOUR,
            va="center_baseline",
            fontsize=points(0.16 * size),
        )


def points(pixels: float) -> float:
    """Return the font size of letters so many pixels tall."""
    return pixels * _POINTS_PER_PIXEL
