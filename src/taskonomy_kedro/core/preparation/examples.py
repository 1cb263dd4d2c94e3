"""A few rows of a split, made ready to be drawn or told."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from taskonomy_kedro.core.labels.drawing import LabelExample
from taskonomy_kedro.core.labels.summary import summarise_domains
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.tuples import TUPLE_TASKS


def contact_sheet_examples(split: PreparedSplit, *, n_images: int = 12) -> list[dict[str, LabelExample]]:
    """Choose images spread evenly over a split, each with an example of every task that has a label.

    Args:
        split: Any split.
        n_images: At most so many.

    Returns:
        For each image its examples by task name; pairs and triplets are those that begin with the
        image, or else the nearest in the order of the split.
    """
    rows = np.unique(np.linspace(0, len(split) - 1, min(n_images, len(split))).round().astype(int))
    sheet = []
    for row in rows:
        examples = {task: _example(split, [row]) for task in split.tasks if task not in TUPLE_TASKS}
        for task, tuples in split.tuples.items():
            if len(tuples):
                number = int(np.argmin(np.abs(tuples[:, 0] - row)))
                match = bool(split.tuple_labels[task][number]) if task == "point_matching" else None
                examples[task] = _example(split, tuples[number], is_match=match)
        sheet.append(examples)
    return sheet


def summarise(split: PreparedSplit) -> list[dict[str, Any]]:
    """Return class and depth statistics of a split as rows of a table."""
    present = {name: split.is_present[:, column] for column, name in enumerate(split.domains)}
    arrays = {name: split.arrays[name] for name in split.domains}
    name = str(split.record["wanted"]["split"])
    return [
        {"split": name, **row} for row in summarise_domains(arrays, is_present=present, tasks=split.tasks)
    ]


def _example(split: PreparedSplit, rows: Sequence[int], *, is_match: bool | None = None) -> LabelExample:
    infos = [split.point_infos[row] for row in rows]
    known = [info for info in infos if info is not None]
    return LabelExample(
        image_ids=tuple(split.image_ids[row] for row in rows),
        stored=tuple(
            {
                name: np.asarray(split.arrays[name][row])
                for name, is_there in zip(split.domains, split.is_present[row], strict=True)
                if is_there
            }
            for row in rows
        ),
        point_infos=tuple(known) if len(known) == len(infos) else (),
        is_match=is_match,
    )
