"""A few rows of a split, ready to be drawn or listed."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from taskonomy_kedro.core.labels.drawing import LabelExample, choose_examples
from taskonomy_kedro.core.labels.pairs import ImageTuples
from taskonomy_kedro.core.labels.summary import summarise_domains
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.tuples import image_table
from taskonomy_kedro.core.tasks import TASKS, Task


def sheet_examples(
    split: PreparedSplit, tasks: Mapping[str, Task], *, n_images: int = 12
) -> list[dict[str, LabelExample]]:
    """Choose images of many rooms of a split, each with an example of every task that has a label.

    Args:
        split: Any split.
        tasks: By name.
        n_images: At most so many.

    Returns:
        For each image its examples by task name; its pairs and triplets are those that show it.
    """
    ids = np.array(split.image_ids)
    tuples: dict[str, ImageTuples] = {
        TASKS[task].reads.sampling: ImageTuples(
            rows=np.asarray(rows),
            image_ids=ids[rows],
            labels=np.asarray(split.tuple_labels[task]) if task == "point_matching" else None,
        )
        for task, rows in split.tuples.items()
        if len(rows)
    }
    return choose_examples(
        tasks,
        image_table(split.image_ids),
        {name: split.arrays[name] for name in split.domains},
        split.point_infos,
        tuples,
        n_images=n_images,
        is_present={name: split.is_present[:, column] for column, name in enumerate(split.domains)},
    )


def summarise(split: PreparedSplit, tasks: Mapping[str, Task]) -> list[dict[str, Any]]:
    """Return class and depth statistics of a split as rows of a table."""
    present = {name: split.is_present[:, column] for column, name in enumerate(split.domains)}
    arrays = {name: split.arrays[name] for name in split.domains}
    rows = summarise_domains(arrays, is_present=present, tasks=tasks)
    return [{"split": split.name, **row} for row in rows]
