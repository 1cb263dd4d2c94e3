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


def draw_class(
    number: int, class_names: Sequence[str], size: int, probability: float | None = None
) -> np.ndarray:
    """Write the name of a class, and how sure a prediction of it is."""
    picture = framed(note_picture((name_of(number, class_names),), size, paper=WHITE))
    return with_caption(
        picture, f"class {number}" if probability is None else f"class {number}, {probability:.0%}"
    )


def draw_vector(values: np.ndarray, size: int, *, label: np.ndarray | None = None) -> np.ndarray:
    """Draw the first numbers of a vector as bars from their zero line.

    Args:
        values: (k,).
        size: Pixels a side.
        label: (k,) the true numbers where those to draw were predicted: their scale is taken.
    """
    shown = values[: 2 * _N_BARS]
    scale = shown if label is None else label[: 2 * _N_BARS]
    low, high = min(0.0, float(scale.min())), max(0.0, float(scale.max()))
    reach = max(high - low, 1e-9)
    ends = np.clip((np.stack([np.minimum(shown, 0.0), np.maximum(shown, 0.0)]) - low) / reach, 0.0, 1.0)
    rows = [(f"{value:.3g}", float(a), float(b)) for value, a, b in zip(shown, *ends, strict=True)]
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
