"""Outputs of a network for its items, and their losses."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.batch_tensors import TaskBatch
from taskonomy_kedro.core.training.device import Compute
from taskonomy_kedro.core.training.losses import LossConstants, image_losses, loss_terms
from taskonomy_kedro.core.training.prefetching import read_ahead

_SCORING_BATCH = 128  # items


class Items(Protocol):
    """What a network is trained or scored on."""

    def __len__(self) -> int: ...

    def batch(self, rows: np.ndarray, draw: int = 0) -> TaskBatch:
        """Return some items as tensors on the CPU."""


def item_losses(
    network: nn.Module,
    task: Task,
    items: Items,
    *,
    constants: LossConstants,
    compute: Compute,
    batch_size: int = _SCORING_BATCH,
) -> np.ndarray:
    """Score a network on every item, in inference mode.

    Returns:
        (n_items,) float32, NaN if nothing of an item is known. The pixels that a metric loss compares
        depend on the item alone.
    """
    found = [
        image_losses(loss_terms(task, output, batch.target, constants.to(compute.device))).cpu()
        for batch, output in outputs_of(network, items, compute=compute, batch_size=batch_size)
    ]
    return torch.cat(found).numpy()


def outputs_of(
    network: nn.Module, items: Items, *, compute: Compute, batch_size: int = _SCORING_BATCH
) -> Iterator[tuple[TaskBatch, Tensor]]:
    """Yield batches with a network's outputs for them, all items in order, in inference mode."""
    network.eval()

    def batch_of(start: int) -> TaskBatch:
        return items.batch(np.arange(start, min(start + batch_size, len(items))))

    for batch in read_ahead(batch_of, range(0, len(items), batch_size), compute.device):
        with torch.inference_mode(), compute.autocast():
            output = forward(network, batch)
        yield batch, output


def forward(network: nn.Module, batch: TaskBatch) -> Tensor:
    """Return the output for a batch; only at the compared pixels if the target names some."""
    pixels = batch.target.pixels
    output: Tensor = network(batch.pictures) if pixels is None else network(batch.pictures, pixels)
    return output
