"""Statistics of the labels of a user's own tasks, each kind its own."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from taskonomy_kedro.core.labels.summary_rows import (
    WORDS,
    Blocks,
    Row,
    Summary,
    counted,
    percentile_rows,
    row_of,
)
from taskonomy_kedro.core.tasks import Task


def own_summaries(tasks: Mapping[str, Task]) -> dict[str, Summary]:
    """Return how to summarise the folder of each own task of a dictionary.

    Stored numbers are told as they are stored: percentiles of a regression map, shares of the ids of
    a class map, mean and spread of each number of a vector, shares of the classes of images.
    """
    summaries: dict[str, Summary] = {}
    for task in tasks.values():
        if task.is_custom:
            kind, size = task.label.kind, task.label.size or 0
            n_ids = size + (task.mask == "known_class")
            by_kind: dict[str, Summary] = {
                "regression_map": partial(_numbers, n_channels=size),
                "class_map": partial(_ids, n_ids=n_ids),
                "vector": _vector,
                "class": partial(_classes, n_classes=size),
            }
            summaries[task.domains[0]] = by_kind[kind]
    return summaries


def _numbers(_: str, blocks: Blocks, __: Sequence[str], *, n_channels: int) -> list[Row]:
    rows: list[Row] = []
    for channel in range(n_channels):
        parts = (block if block.ndim == 3 else block[..., channel] for block in blocks())
        item = f"channel {channel}" if n_channels > 1 else ""
        rows += percentile_rows(counted(parts, WORDS), float, "stored", item)
    return rows


def _ids(_: str, blocks: Blocks, __: Sequence[str], *, n_ids: int) -> list[Row]:
    pixels, images, n_images = np.zeros(n_ids, np.int64), np.zeros(n_ids, np.int64), 0
    for block in blocks():
        for ids in block:
            counts = np.bincount(ids.ravel(), minlength=n_ids)
            pixels += counts
            images += counts > 0
        n_images += len(block)
    rows: list[Row] = []
    for number in range(n_ids):
        rows.append(row_of("share of pixels", pixels[number] / pixels.sum(), item=f"id {number}"))
        rows.append(row_of("share of images", images[number] / n_images, item=f"id {number}"))
    return rows


def _vector(_: str, blocks: Blocks, __: Sequence[str]) -> list[Row]:
    """Summarise by Welford's recursion: one pass, and the same for blocks of any size."""
    count, mean, squares = 0, np.zeros(()), np.zeros(())
    low, high = np.full((), np.inf), np.full((), -np.inf)
    for block in blocks():
        low = np.minimum(low, block.min(axis=0))
        high = np.maximum(high, block.max(axis=0))
        for vector in block.astype(np.float64):
            count += 1
            step = vector - mean
            mean = mean + step / count
            squares = squares + step * (vector - mean)
    told = {"mean": mean, "std": np.sqrt(squares / count), "least": low, "greatest": high}
    return [
        row_of(measure, values[number], "stored", f"number {number}")
        for number in range(len(mean))
        for measure, values in told.items()
    ]


def _classes(_: str, blocks: Blocks, __: Sequence[str], *, n_classes: int) -> list[Row]:
    counts = counted(blocks(), n_classes)
    return [
        row_of("share of images", count / counts.sum(), item=f"class {number}")
        for number, count in enumerate(counts)
    ]
