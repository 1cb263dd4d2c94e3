"""From stored arrays to what a network is trained on, a batch at a time."""

from collections.abc import Mapping

import numpy as np

from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.labels.kinds.label_kind import Target
from taskonomy_kedro.core.labels.pixel_range import to_unit_range
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.tasks import Task


def picture(rgb: np.ndarray) -> np.ndarray:
    """Return the ordinary input of a network: (n, 3, H, W) float32 in [-1, 1], of (n, H, W, 3) uint8."""
    return to_unit_range(np.moveaxis(rgb, -1, 1).astype(np.float32))


def target_of(
    task: Task,
    stored: Mapping[str, np.ndarray],
    statistics: LabelStatistics | None = None,
    is_present: np.ndarray | None = None,
) -> Target:
    """Return the targets of one task for a batch of images.

    Args:
        task: Of the dictionary, or custom.
        stored: Stored arrays by domain, image first: maps (n, H, W[, channels]), vectors (n, k),
            classes (n,). Labels made from `point_info` come as raw vectors under the task's name.
            `mask_valid` is needed where the task's mask is `valid_depth`.
        statistics: Constants of the training split, where the task needs any.
        is_present: (n,) bool, which images have the label; all if not given.

    Returns:
        Values and weights; an image without the label has weight 0.

    Raises:
        ValueError: An array is missing or of another number of channels, constants are needed, or
            the task's label is made elsewhere (colours and tiles in `self_supervised`, matches in
            `pairs`).
    """
    return kind_of(task).target(task, stored, statistics, is_present)
