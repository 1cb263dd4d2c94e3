"""Maps of ids: what class maps and region maps share."""

import numpy as np

from taskonomy_kedro.core.labels.kinds.label_kind import LabelKind, Stored, stored_array
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.tasks import Task

_SMALL_TYPES = {1: np.uint8, 2: np.int32}  # that hold every stored id, by bytes of the stored type


class Segmentation(LabelKind):
    """One id at each pixel."""

    dtype = "int64"
    has_channels = False
    cell = 1
    is_segmentation = True

    def values(self, task: Task, array: np.ndarray, statistics: LabelStatistics | None) -> np.ndarray:
        """Return the ids (n, H, W) int64."""
        return array.astype(np.int64)

    def weights_shape(self, values: tuple[int, ...]) -> tuple[int, ...]:
        """Return (n, H, W)."""
        return values

    def parts(self, task: Task, stored: Stored, statistics: LabelStatistics) -> dict[str, np.ndarray]:
        """Return the ids in a small type that depends on the stored type alone, and weights if any."""
        parts = super().parts(task, stored, statistics)
        small = _SMALL_TYPES.get(stored_array(task, stored).dtype.itemsize, np.int64)
        return parts | {"values": parts["values"].astype(small)}
