"""Colours as shares of 313 bins, at a quarter of the image's size."""

import numpy as np

from taskonomy_kedro.core.labels.kinds.label_kind import Drawing, LabelKind, Stored
from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.tasks import Label, Task


class ColorBins(LabelKind):
    """The nearest ten bins of each place (n, 10, H/4, W/4), the share of each, and weights (n, H/4, W/4).

    The weights favour rare colours; outputs are logits (313, H/4, W/4).
    """

    name = "color_bins"
    dtype = "int64"
    cell = 4
    has_color_weights = True

    @property
    def bin_centres(self) -> np.ndarray:  # type: ignore[override]
        """The colours (313, 2), a and b of Lab."""
        from taskonomy_kedro.core.labels.colors import COLOR_BINS

        return COLOR_BINS

    def weights_shape(self, values: tuple[int, ...]) -> tuple[int, ...]:
        return (values[0], *values[2:])

    def output_shape(self, label: Label, values: tuple[int, ...]) -> tuple[int, ...]:
        return (values[0], label.known_outputs or len(self.bin_centres), *values[2:])

    def parts(self, task: Task, stored: Stored, statistics: LabelStatistics) -> dict[str, np.ndarray]:
        from taskonomy_kedro.core.labels.colors import color_bins

        if statistics.color_weights is None:
            raise ValueError("colorization needs the rarity of colours in the training split, got none")
        bins, shares = color_bins(stored["rgb"])
        weights = statistics.color_weights[bins[..., 0]]
        bins, shares = (np.ascontiguousarray(np.moveaxis(array, -1, 1)) for array in (bins, shares))
        return {"values": bins, "shares": shares, "weights": weights}

    def draw_output(self, task: Task, output: np.ndarray, example: LabelExample, to: Drawing) -> np.ndarray:
        """Draw the image in the annealed mean colours of the logits."""
        from taskonomy_kedro.core.labels.drawing.self_made import draw_colored
        from taskonomy_kedro.core.labels.outputs import mean_colors

        return draw_colored(example.pictures[0], mean_colors(output), to.size)

    def draw_self_made(self, rgb: np.ndarray, size: int) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.self_made import draw_colorization

        return draw_colorization(rgb, size)

    def draw_answer(self, rgb: np.ndarray, size: int) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.self_made import bin_colors, draw_colored

        return draw_colored(rgb, bin_colors(rgb), size)
