"""Maps of classes: semantic segmentation and custom ones."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from taskonomy_kedro.core.labels.domains import Domain
from taskonomy_kedro.core.labels.kinds.label_kind import CustomLabel, Drawing, Stored, file_bits
from taskonomy_kedro.core.labels.kinds.region_map import Segmentation
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.labels.summary_rows import Blocks, Row, Summary, row_of
from taskonomy_kedro.core.tasks import Label, Task
from taskonomy_kedro.core.tasks.task import Mask


class ClassMap(Segmentation):
    """One id of a class at each pixel; 0 is unknown where the task's mask is `known_class`.

    A prediction in stored units is the ids (H, W) int64 of the likeliest classes.
    """

    name = "class_map"
    has_class_weights = True
    is_bounded = False
    custom = CustomLabel(
        size_key="classes",
        masks=("known_class", "none", "label_present", "valid_depth"),
        decoder="dense",
        more_keys=("bits",),
    )

    def custom_label(self, name: str, size: int, entry: Mapping[str, Any], mask: Mask) -> Label:
        greatest = size - 1 + (mask == "known_class")
        return Label(kind=self.name, size=size, file_bits=file_bits(name, entry, greatest, f"{size} classes"))

    def domain(self, task: Task) -> Domain:
        bits = task.label.file_bits or 8
        return Domain(name=task.domains[0], kind="ids", bits=bits, n_ids=_n_ids(task), is_custom=True)

    def summary(self, task: Task) -> Summary:
        return partial(_summarise, n_ids=_n_ids(task))

    def to_stored(self, task: Task, output: np.ndarray, statistics: LabelStatistics | None) -> np.ndarray:
        return output.argmax(axis=0) + (task.mask == "known_class")

    def as_label(self, task: Task, stored: np.ndarray, label: np.ndarray | None) -> np.ndarray:
        is_known = label is None or task.mask != "known_class" or label > 0
        return np.where(is_known, stored, 0)

    def draw(self, task: Task, arrays: Stored, to: Drawing) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.regions import draw_class_map

        return draw_class_map(
            arrays[task.domains[0]],
            to.size,
            is_zero_unknown=task.mask == "known_class",
            class_names=to.names_of(task),
            has_background=not task.is_custom,
        )

    def notes(self, task: Task) -> tuple[str, ...]:
        return ("Stripes: class not known.",) if task.mask == "known_class" else ()


def _n_ids(task: Task) -> int:
    return (task.label.size or 0) + (task.mask == "known_class")


def _summarise(_: str, blocks: Blocks, __: Sequence[str], *, n_ids: int) -> list[Row]:
    """Summarise the shares of pixels and images of each stored id."""
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
