"""Classes of whole images, pairs or tiles."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from taskonomy_kedro.core.labels.domains import Domain
from taskonomy_kedro.core.labels.input_transforms import SelfMade, transform_of
from taskonomy_kedro.core.labels.kinds.label_kind import CustomLabel, Drawing, LabelKind, Stored
from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.labels.summary_rows import Blocks, Row, Summary, counted, row_of
from taskonomy_kedro.core.tasks import Task


class ClassOfImage(LabelKind):
    """One class, an integer; -1 in stored form if unknown. Outputs are logits (k,).

    Labels of pairs come under the task's name.
    """

    name = "class"
    dtype = "int64"
    has_channels = False
    custom = CustomLabel(size_key="classes", masks=("label_present", "none"), decoder="fc2_2048")

    def domain(self, task: Task) -> Domain:
        return Domain(name=task.domains[0], kind="number", n_ids=task.label.size, is_custom=True)

    def summary(self, task: Task) -> Summary:
        return partial(_summarise, n_classes=task.label.size or 0)

    def is_known(self, array: np.ndarray) -> np.ndarray:
        return np.asarray(array) >= 0

    def values(self, task: Task, array: np.ndarray, statistics: LabelStatistics | None) -> np.ndarray:
        return array.astype(np.int64)

    def parts(self, task: Task, stored: Stored, statistics: LabelStatistics) -> dict[str, np.ndarray]:
        if not task.domains:
            return {"values": stored[task.name].astype(np.int64)}
        return super().parts(task, stored, statistics)

    def draw(self, task: Task, arrays: Stored, to: Drawing) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.bars import draw_class

        return draw_class(int(arrays[task.domains[0]]), to.names_of(task), to.size)

    def draw_output(self, task: Task, output: np.ndarray, example: LabelExample, to: Drawing) -> np.ndarray:
        """Draw the likeliest class: whether images match, the tiles put back, or its name."""
        from taskonomy_kedro.core.labels.drawing.bars import draw_class
        from taskonomy_kedro.core.labels.drawing.matching import draw_match
        from taskonomy_kedro.core.labels.outputs import probabilities

        shares = probabilities(output)
        number = int(shares.argmax())
        if task.reads.sampling == "matching_pairs":
            return draw_match(example, to.size, float(shares[1]))
        solved = transform_of(task).draw_answer(SelfMade.of(example, to.size, to.seed), number)
        if solved is not None:
            return solved
        return draw_class(number, to.names_of(task), to.size, float(shares[number]))


def _summarise(_: str, blocks: Blocks, __: Sequence[str], *, n_classes: int) -> list[Row]:
    """Summarise the share of images of each class."""
    counts = counted(blocks(), n_classes)
    return [
        row_of("share of images", count / counts.sum(), item=f"class {number}")
        for number, count in enumerate(counts)
    ]
