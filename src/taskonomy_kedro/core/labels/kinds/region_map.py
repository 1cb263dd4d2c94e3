"""Maps of ids, and those of regions without names: only which pixels belong together is learned."""

import numpy as np

from taskonomy_kedro.core.labels.kinds.label_kind import Drawing, LabelKind, Stored, stored_array
from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.tasks import Task

_SMALL_TYPES = {1: np.uint8, 2: np.int32}  # that hold every stored id, by bytes of the stored type


class Segmentation(LabelKind):
    """One id at each pixel; held in a small type that depends on the stored type alone."""

    dtype = "int64"
    has_channels = False
    cell = 1
    is_segmentation = True

    def values(self, task: Task, array: np.ndarray, statistics: LabelStatistics | None) -> np.ndarray:
        return array.astype(np.int64)

    def weights_shape(self, values: tuple[int, ...]) -> tuple[int, ...]:
        return values

    def parts(self, task: Task, stored: Stored, statistics: LabelStatistics) -> dict[str, np.ndarray]:
        parts = super().parts(task, stored, statistics)
        small = _SMALL_TYPES.get(stored_array(task, stored).dtype.itemsize, np.int64)
        return parts | {"values": parts["values"].astype(small)}


class RegionMap(Segmentation):
    """One id of a region at each pixel; outputs are embeddings (channels, H, W)."""

    name = "region_map"

    def draw(self, task: Task, arrays: Stored, to: Drawing) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.regions import draw_regions

        return draw_regions(arrays[task.domains[0]], to.size)

    def draw_output(self, task: Task, output: np.ndarray, example: LabelExample, to: Drawing) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.regions import draw_embedding

        return draw_embedding(output, to.size)

    def notes(self, task: Task) -> tuple[str, ...]:
        return (
            "Label: each segment in any color.  Prediction: three principal components of the",
            "embedding of this image; pixels of one segment are to be alike.",
        )
