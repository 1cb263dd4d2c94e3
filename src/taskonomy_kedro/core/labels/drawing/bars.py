"""Classes and vectors of whole images: words and numbers with bars."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from taskonomy_kedro.core.labels.drawing.pixels import (
    INK,
    WHITE,
    Color,
    framed,
    note_picture,
    with_caption,
    write_fitting,
)

_BAR: Color = (216, 180, 226)
_N_BARS = 5
_LEAST_SHOWN = 0.01


def draw_distribution(probabilities: np.ndarray, class_names: Sequence[str], size: int) -> np.ndarray:
    """Draw the likeliest classes as words on bars, the likeliest first.

    Args:
        probabilities: (k,) sum to 1.
        class_names: Of the classes; what has no name is called by its number.
        size: Pixels a side.
    """
    order = np.argsort(-probabilities, kind="stable")[:_N_BARS]
    shown = [int(k) for k in order if probabilities[k] >= _LEAST_SHOWN] or [int(order[0])]
    rows = [(name_of(k, class_names), float(probabilities[k])) for k in shown]
    picture = _bars([(f"{name} {value:.0%}", 0.0, value) for name, value in rows], size)
    even = float(probabilities.max()) < 1.5 / len(probabilities)
    return with_caption(picture, "even odds" if even else f"of {len(probabilities)} classes")


def draw_class(number: int, class_names: Sequence[str], size: int) -> np.ndarray:
    """Write the name of a class."""
    return with_caption(note_picture((name_of(number, class_names),), size, paper=WHITE), f"class {number}")


def draw_vector(values: np.ndarray, size: int) -> np.ndarray:
    """Draw the first numbers of a vector as bars from their zero line."""
    shown = values[: 2 * _N_BARS]
    low, high = min(0.0, float(shown.min())), max(0.0, float(shown.max()))
    reach = max(high - low, 1e-9)
    rows = [
        (f"{value:.3g}", (min(value, 0.0) - low) / reach, (max(value, 0.0) - low) / reach) for value in shown
    ]
    return with_caption(_bars(rows, size), f"{len(values)} numbers")


def name_of(number: int, class_names: Sequence[str]) -> str:
    """Return the name of a class for people."""
    return class_names[number].replace("_", " ") if number < len(class_names) else f"class {number}"


def _bars(rows: Sequence[tuple[str, float, float]], size: int) -> np.ndarray:
    """Draw rows of a text and a bar from one share of the width to another."""
    square = Image.new("RGB", (size, size), WHITE)
    pen = ImageDraw.Draw(square)
    tall = size / max(len(rows), _N_BARS)
    for k, (text, start, end) in enumerate(rows):
        top, bottom = round(k * tall) + 1, round((k + 1) * tall) - 1
        left, right = round(start * (size - 1)), round(end * (size - 1))
        pen.rectangle([left, top, max(left + 1, right), bottom], fill=_BAR)
        middle = (top + bottom) // 2
        half = min((bottom - top) // 2, round(size / 13))
        write_fitting(pen, text, (3, middle - half, size - 2, middle + half), INK, is_left=True)
    return framed(np.asarray(square))
