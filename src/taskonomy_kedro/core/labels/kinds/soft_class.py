"""Distributions over the classes of whole images."""

import numpy as np

from taskonomy_kedro.core.labels.kinds.label_kind import Drawing, LabelKind, Stored
from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.tasks import Task

_ALL_SCENES = 365


class SoftClass(LabelKind):
    """Probabilities (k,) of classes; as many as the prepared labels have. Outputs are logits (k,)."""

    name = "soft_class"

    def is_known(self, array: np.ndarray) -> np.ndarray:
        return np.isfinite(array).all(axis=1)

    def values(self, task: Task, array: np.ndarray, statistics: LabelStatistics | None) -> np.ndarray:
        """Return distributions (n, k) float32 of stored logits (objects) or probabilities (scenes).

        A distribution sums to 1 if the image has one, otherwise to 0.
        """
        values = array.astype(np.float32)
        if task.domains == ("class_object",):
            values = np.exp(values - values.max(axis=1, keepdims=True))
        elif values.shape[1] == _ALL_SCENES:
            from taskonomy_kedro.core.labels.class_labels import KEPT_SCENES

            values = values[:, KEPT_SCENES]
        total = values.sum(axis=1, keepdims=True)
        return np.where(total > 0, values / np.where(total > 0, total, 1.0), 0.0).astype(np.float32)

    def draw(self, task: Task, arrays: Stored, to: Drawing) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.bars import draw_distribution

        stored = arrays[task.domains[0]]
        shares = self.values(task, stored[None], None)[0]
        return draw_distribution(shares, to.names_of(task, stored.size), to.size)

    def draw_output(self, task: Task, output: np.ndarray, example: LabelExample, to: Drawing) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.bars import draw_distribution
        from taskonomy_kedro.core.labels.outputs import probabilities

        return draw_distribution(probabilities(output), to.names_of(task, output.size), to.size)
