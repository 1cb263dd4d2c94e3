"""Where the output of a network starts: at what is typical of the labels."""

import numpy as np
import torch
from torch import Tensor, nn

from taskonomy_kedro.core.networks.decoder import Decoder
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.task_batches import TaskItems

_ITEMS = 256  # that the typical label is measured on


def start_at_typical(network: nn.Module, task: Task, items: TaskItems) -> None:
    """Let a network's first output be near the typical label, where its decoder can start anywhere.

    A few hundred steps are too few to find that, say, depths lie around 0.7, beside all else.

    Args:
        network: Has a `decoder`; its last layer is changed in place.
        task: Whose labels.
        items: Labels of the training split.
    """
    decoder = network.decoder
    if isinstance(decoder, Decoder) and (typical := typical_output(task, items)) is not None:
        decoder.start_at(typical)


def typical_output(task: Task, items: TaskItems) -> Tensor | None:
    """Return the median, mean or log share of the labels of some items, (n_outputs,) float32.

    Returns:
        Medians of maps learned by L1, means of other numbers, log shares of classes; None where labels
        are no numbers that could be put out: regions, colours, the composed poses of egomotion.
    """
    rows = np.unique(np.linspace(0, len(items) - 1, min(_ITEMS, len(items))).astype(np.int64))
    target = items.targets(rows)
    values, weights, kind = target.values, target.weights, task.label.kind
    if kind == "regression_map":
        pixels = values.movedim(1, -1)[weights[:, 0] > 0]
        if not len(pixels):
            return None
        return pixels.median(dim=0).values if task.loss == "l1" else pixels.mean(dim=0)
    if kind == "class_map" and task.label.size is not None:
        shares = torch.bincount(values.flatten(), weights.flatten(), minlength=task.label.size).float()
        return _log_shares(shares)
    if kind == "soft_class":
        return _log_shares((values * weights[:, None]).sum(dim=0))
    if kind == "vector" and task.loss != "cycle_norm":
        return values[weights > 0].mean(dim=0)
    return None


def _log_shares(shares: Tensor) -> Tensor:
    shares = shares + 0.01 * shares.mean()
    return (shares / shares.sum()).log()
