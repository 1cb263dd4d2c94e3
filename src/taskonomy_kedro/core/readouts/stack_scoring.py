"""The losses of a stack on every item of a split."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from taskonomy_kedro.core.readouts.cells import (
    ComparedPixels,
    compared_in_test,
    repeated,
    target_at,
)
from taskonomy_kedro.core.readouts.stack import ReadoutStack
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.batch_tensors import TaskBatch
from taskonomy_kedro.core.training.device import Compute
from taskonomy_kedro.core.training.losses import LossConstants, image_losses, loss_terms
from taskonomy_kedro.core.training.prefetching import read_ahead
from taskonomy_kedro.core.training.task_dataset import TaskDataset

_SCORED = 2**21  # outputs at a time; for more, memory would be allocated and freed at each step
_MOST_SCORED = 128  # items


@dataclass(frozen=True, kw_only=True, eq=False)
class StackItems:
    """Items of one split with the representations that a stack reads.

    Attributes:
        items: Labels, and the images of each item.
        read: From rows of images (n, k) to representations (n, k, S·C, h, w).
    """

    items: TaskDataset
    read: Callable[[np.ndarray], Tensor]

    def __len__(self) -> int:
        return len(self.items)

    def batch(self, rows: np.ndarray, draw: int = 0) -> TaskBatch:
        """Return some items; `pictures` are representations (n, k, S·C, h, w)."""
        return TaskBatch(
            pictures=self.read(self.items.image_rows[rows]),
            target=self.items.targets(rows, draw),
            item_ids=[self.items.item_ids[row] for row in rows],
        )


def score_stack(
    stack: ReadoutStack,
    task: Task,
    items: StackItems,
    *,
    constants: LossConstants,
    compute: Compute,
    cell: int,
    pixels: ComparedPixels | None = None,
) -> np.ndarray:
    """Score each readout of a stack on every item, in inference mode.

    Args:
        stack: The readouts.
        task: The target.
        items: To score.
        constants: Of the loss.
        compute: Where.
        cell: Pixels a side that a cell of the representation stands for.
        pixels: The compared pixels of every item; None: those of the test, whole maps.

    Returns:
        (S, n_items) float32, NaN if nothing of an item is known.
    """
    found, n_items = [], len(items)
    numbers = stack.size * stack.n_outputs * _pixels_of(items.items, is_whole=pixels is None)
    size = min(_MOST_SCORED, max(1, _SCORED // numbers))
    constants = constants.to(compute.device)
    starts = range(0, n_items, size)

    def batch_of(start: int) -> TaskBatch:
        return items.batch(np.arange(start, min(start + size, n_items)))

    # the batches depend on the size of the stack, so nothing may be drawn here
    for start, batch in zip(starts, read_ahead(batch_of, starts, compute.device), strict=True):
        target = batch.target
        if pixels is not None:
            compared: ComparedPixels | None = pixels.of_items(slice(start, start + size)).to(compute.device)
        else:
            compared = compared_in_test(target, cell) if stack.can_choose_pixels else None
        with torch.inference_mode(), compute.autocast():
            output = stack.outputs(batch.pictures, compared)
        if compared is not None:
            target = target_at(target, compared, cell)
        terms = loss_terms(task, output.flatten(0, 1), repeated(target, stack.size), constants)
        found.append(image_losses(terms).view(stack.size, -1).cpu())
    return torch.cat(found, dim=1).numpy()


def _pixels_of(items: TaskDataset, *, is_whole: bool) -> int:
    """Return how many outputs an item has, about."""
    target = items.targets(np.zeros(1, dtype=np.int64))
    if target.values.ndim < 3:
        return 1
    if target.pixels is not None:
        return target.pixels.shape[1]
    whole = target.values.shape[-1] * target.values.shape[-2]
    return whole if is_whole else max(1, whole // 8)
