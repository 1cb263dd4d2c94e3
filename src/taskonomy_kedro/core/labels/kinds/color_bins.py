"""Colours as shares of 313 bins, at a quarter of the image's size."""

import numpy as np

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.kinds.label_kind import DrawingOptions, LabelKind, Stored
from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.tasks import Label, Task


class ColorBins(LabelKind):
    """The nearest ten bins of each place (n, 10, H/4, W/4), and the share of each."""

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
        """Return (n, H/4, W/4)."""
        return (values[0], *values[2:])

    def output_shape(self, label: Label, values: tuple[int, ...]) -> tuple[int, ...]:
        """Return (n, 313, H/4, W/4)."""
        return (values[0], label.known_outputs or len(self.bin_centres), *values[2:])

    def parts(self, task: Task, stored: Stored, statistics: LabelStatistics) -> dict[str, np.ndarray]:
        """Return bins, their shares, and weights that favour rare colours."""
        from taskonomy_kedro.core.labels.colors import color_bins

        if statistics.color_weights is None:
            raise UserError("colorization needs the rarity of colours in the training split, got none")
        bins, shares = color_bins(stored["rgb"])
        weights = statistics.color_weights[bins[..., 0]]
        bins, shares = (np.ascontiguousarray(np.moveaxis(array, -1, 1)) for array in (bins, shares))
        return {"values": bins, "shares": shares, "weights": weights}

    def draw_output(
        self, task: Task, output: np.ndarray, example: LabelExample, size: int, options: DrawingOptions
    ) -> np.ndarray:
        """Draw the image in the annealed mean colours of logits (313, H/4, W/4)."""
        from taskonomy_kedro.core.labels.drawing.self_made import draw_colored
        from taskonomy_kedro.core.labels.outputs import mean_colors

        return draw_colored(example.pictures[0], mean_colors(output), size)

    def draw_self_made(self, rgb: np.ndarray, size: int) -> np.ndarray:
        """Draw half the grey input beside half the colours of the bins."""
        from taskonomy_kedro.core.labels.drawing.self_made import draw_colorization

        return draw_colorization(rgb, size)

    def draw_answer(self, rgb: np.ndarray, size: int) -> np.ndarray:
        """Draw the image in the mean colours of its bins."""
        from taskonomy_kedro.core.labels.drawing.self_made import bin_colors, draw_colored

        return draw_colored(rgb, bin_colors(rgb), size)
