"""What summaries of labels are made of: rows, counts, percentiles."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

PERCENTILES: tuple[int, ...] = (1, 25, 50, 75, 99)
BYTES = 256
WORDS = 65536

Row = dict[str, Any]
Blocks = Callable[[], Iterator[np.ndarray]]
Summary = Callable[[str, Blocks, Sequence[str]], list[Row]]
"""From a domain, its images that have the label, block by block, and the names of its classes."""


def row_of(measure: str, value: float, unit: str = "", item: str = "") -> Row:
    """Return one row, without domain and number of images."""
    return {"item": item, "measure": measure, "value": float(value), "unit": unit}


def counted(parts: Iterator[np.ndarray], n_values: int) -> np.ndarray:
    """Count how often each stored value occurs, (n_values,) int64."""
    counts = np.zeros(n_values, dtype=np.int64)
    for part in parts:
        counts += np.bincount(part.ravel(), minlength=n_values)
    return counts


def percentile_rows(
    counts: np.ndarray, to_unit: Callable[[int], float], unit: str, item: str = ""
) -> list[Row]:
    """Return the percentiles of counted stored values; none where nothing was counted."""
    total = int(counts.sum())
    if not total:
        return []
    reached = np.cumsum(counts)
    places = [int(np.searchsorted(reached, max(1, -(-share * total // 100)))) for share in PERCENTILES]
    return [
        row_of(f"p{share}", to_unit(place), unit, item)
        for share, place in zip(PERCENTILES, places, strict=True)
    ]


def class_name(number: int, names: Sequence[str]) -> str:
    """Return the name of a class, or its number where it has none."""
    return names[number] if number < len(names) else f"class {number}"
