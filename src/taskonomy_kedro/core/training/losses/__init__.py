"""The losses: what training minimises and what the test measures, for each item.

A new loss is one module here, named as the loss, with its object in `LOSS`, and one entry in
`LOSS_ENTRIES`.
"""

from dataclasses import dataclass
from importlib import import_module

import torch
from torch import Tensor

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.tasks import Task, nearest_name_hint
from taskonomy_kedro.core.tasks.loss_entries import LOSS_ENTRIES
from taskonomy_kedro.core.training.batch_tensors import TargetTensors
from taskonomy_kedro.core.training.losses.loss import GuessedTask, Loss, LossConstants, Targets, evenly_spaced

__all__ = [
    "LOSSES",
    "Loss",
    "LossConstants",
    "LossTerms",
    "average_guess",
    "batch_loss",
    "constants_of",
    "image_losses",
    "loss_of",
    "loss_terms",
]

LOSSES: dict[str, Loss] = {name: import_module(f"{__name__}.{name}").LOSS for name in LOSS_ENTRIES}


@dataclass(frozen=True, kw_only=True, eq=False)
class LossTerms:
    """The loss of each item as a sum and what it is divided by.

    Attributes:
        sums: (n,) float32, >= 0.
        counts: (n,) float32, numbers, pixels or pairs that counted; 0 if nothing of an item is known.
    """

    sums: Tensor
    counts: Tensor


def loss_of(task: Task) -> Loss:
    """Return the loss of a task.

    Raises:
        UserError: There is none of that name; the message has the nearest.
    """
    if task.loss not in LOSSES:
        raise UserError(
            f"task {task.name!r}: unknown loss {task.loss!r}{nearest_name_hint(task.loss, LOSSES)}"
        )
    return LOSSES[task.loss]


def constants_of(task: Task, statistics: LabelStatistics) -> LossConstants:
    """Return what the task's loss needs from the constants of the training split."""
    return loss_of(task).constants(task, statistics)


def loss_terms(
    task: Task, output: Tensor, target: TargetTensors, constants: LossConstants | None = None
) -> LossTerms:
    """Return the loss of each item, before any mean is taken.

    Args:
        task: The task.
        output: Of the network: (n, channels, H, W), or (n, k); embeddings may be given at the compared
            pixels alone, (n, 300, channels). Any type of float; float64 is kept.
        target: Expected values, on the same device.
        constants: Needed for egomotion.

    Raises:
        UserError: An unknown loss.
        ValueError: An output of another shape than the task's.
    """
    loss = loss_of(task)
    _check_shape(task, output, target)
    with torch.autocast(output.device.type, enabled=False):
        sums, counts = loss.terms(output, target, constants or LossConstants())
    return LossTerms(sums=sums, counts=counts.to(sums.dtype))


def batch_loss(terms: LossTerms) -> Tensor:
    """Return the mean over all that counted in a batch, (): what is minimised; 0 if nothing did."""
    return terms.sums.sum() / terms.counts.sum().clamp_min(1.0)


def image_losses(terms: LossTerms) -> Tensor:
    """Return the loss of each item, (n,): what the test measures; nan if nothing of an item is known."""
    return torch.where(terms.counts > 0, terms.sums / terms.counts.clamp_min(1.0), torch.nan)


def average_guess(
    task: Task,
    items: Targets,
    constants: LossConstants | None = None,
    *,
    n_outputs: int,
    generator: torch.Generator,
    max_items: int = 2000,
) -> Tensor:
    """Return the constant output with the least loss on the training items: what every network has to beat.

    Args:
        task: The task.
        items: Its training items; read in blocks.
        constants: Needed for egomotion.
        n_outputs: Of the network.
        generator: Draws the first embeddings and the items they are fitted to; on the CPU.
        max_items: At most so many are read, evenly spaced.

    Returns:
        (1, ...) float32, shaped as the network's output for one item; expand it to the size of a batch.

    Raises:
        UserError: The task has no loss.

    Source: method of Zamir et al. 2018's sanity table, see docs/method.md, "Average guess".
    """
    return loss_of(task).guess(
        GuessedTask(
            task=task,
            items=items,
            rows=evenly_spaced(len(items), max_items),
            n_outputs=n_outputs,
            constants=constants or LossConstants(),
            generator=generator,
        )
    )


def _check_shape(task: Task, output: Tensor, target: TargetTensors) -> None:
    """Refuse what would be broadcast to a wrong number instead of failing."""
    if task.compares_pixels and output.ndim == 3 and target.pixels is not None:
        expected: tuple[int | None, ...] = (*target.pixels.shape, task.label.known_outputs)
    else:
        expected = kind_of(task).output_shape(task.label, tuple(target.values.shape))
    if tuple(output.shape) != expected:
        raise ValueError(
            f"task {task.name!r}: expected an output of shape {expected}, got {tuple(output.shape)}"
        )
