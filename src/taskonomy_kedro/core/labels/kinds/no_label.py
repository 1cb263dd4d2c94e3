"""No label: the random projection learns nothing, and has no output."""

import numpy as np

from taskonomy_kedro.core.labels.kinds.label_kind import LabelKind


class NoLabel(LabelKind):
    """Nothing is learned, and there is no output."""

    name = "none"

    def draw_self_made(self, rgb: np.ndarray, size: int) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.self_made import draw_random_projection

        return draw_random_projection(size)
