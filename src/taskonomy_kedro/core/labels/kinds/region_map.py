"""Maps of regions without names: only which pixels belong together is learned."""

import numpy as np

from taskonomy_kedro.core.labels.kinds.label_kind import DrawingOptions, Stored
from taskonomy_kedro.core.labels.kinds.segmentation import Segmentation
from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.tasks import Task


class RegionMap(Segmentation):
    """One id of a region at each pixel; outputs are embeddings (channels, H, W)."""

    name = "region_map"

    def draw(
        self, task: Task, arrays: Stored, size: int, options: DrawingOptions, label: np.ndarray | None = None
    ) -> np.ndarray:
        """Draw regions in colours that differ where they touch."""
        from taskonomy_kedro.core.labels.drawing.regions import draw_regions

        return draw_regions(arrays[task.domains[0]], size)

    def draw_output(
        self, task: Task, output: np.ndarray, example: LabelExample, size: int, options: DrawingOptions
    ) -> np.ndarray:
        """Draw the principal components of an embedding."""
        from taskonomy_kedro.core.labels.drawing.embedding import draw_embedding

        return draw_embedding(output, size)

    def notes(self, task: Task) -> tuple[str, ...]:
        """Explain the colours."""
        return (
            "Label: each segment in any color.  Prediction: three principal components of the",
            "embedding of this image; pixels of one segment are to be alike.",
        )
