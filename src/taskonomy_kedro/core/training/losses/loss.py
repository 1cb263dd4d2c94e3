"""What every loss knows: the loss of each item, and the constant output with the least of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import torch
from torch import Tensor

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.batch_tensors import Movable, TargetTensors

Terms = tuple[Tensor, Tensor]
"""Weighted sums (n,) and what they are divided by, (n,)."""

_BLOCK = 128  # items that are read at a time


@dataclass(frozen=True, kw_only=True, eq=False)
class LossConstants(Movable):
    """Constants that a loss needs in addition to the target.

    Attributes:
        pose_mean: (18,) of the poses 1-2, 1-3, 2-3, for egomotion only.
        pose_std: (18,) of the same.
    """

    pose_mean: Tensor | None = None
    pose_std: Tensor | None = None


class Targets(Protocol):
    """Items whose targets can be read, such as a `TaskDataset`."""

    def __len__(self) -> int: ...

    def targets(self, rows: np.ndarray, draw: int = 0) -> TargetTensors:
        """Return the targets of some items."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class GuessedTask:
    """What the best constant output of a task is found from.

    Attributes:
        task: The task.
        items: Its training items.
        rows: (m,) numbers of the items that are read.
        n_outputs: Numbers per pixel or item that the network puts out.
        constants: Of the loss.
        generator: Draws first guesses and the items they are fitted to; on the CPU.
    """

    task: Task
    items: Targets
    rows: np.ndarray
    n_outputs: int
    constants: LossConstants
    generator: torch.Generator

    def blocks(self) -> Iterator[tuple[slice, TargetTensors]]:
        """Read the targets some items at a time."""
        for start in range(0, len(self.rows), _BLOCK):
            block = slice(start, min(start + _BLOCK, len(self.rows)))
            yield block, self.items.targets(self.rows[block])


class Loss:
    """One loss. Each is one module of `training.losses`, named as the loss, with its object in `LOSS`.

    All numbers are float32, whatever the network computes in; float64 is kept. Source of all formulas:
    the released code of Zamir et al. 2018, see docs/method.md, "Losses".
    """

    def terms(self, output: Tensor, target: TargetTensors, constants: LossConstants) -> Terms:
        """Return the sum over each item, (n,), and how many numbers, pixels or pairs count, (n,).

        Args:
            output: Of the network, (n, channels, H, W) or (n, k).
            target: Expected values, on the same device.
            constants: From `constants`.
        """
        raise ValueError("a task without a loss learns nothing")

    def mean(self, output: Tensor, target: TargetTensors, constants: LossConstants) -> Tensor:
        """Return the mean over all that counts in some items, ()."""
        sums, counts = self.terms(output, target, constants)
        return sums.sum() / counts.to(sums.dtype).sum().clamp_min(1.0)

    def guess(self, of: GuessedTask) -> Tensor:
        """Return the constant output with the least loss, (1, ...) float32."""
        raise UserError(f"task {of.task.name!r} with the loss {of.task.loss!r} has no output to guess")

    def constants(self, task: Task, statistics: LabelStatistics) -> LossConstants:
        """Return what the loss needs from the constants of the training split."""
        return LossConstants()


def summed(errors: Tensor, weights: Tensor) -> Terms:
    """Return weighted sums, (n,), and numbers of non-zero weights, once for each error they weigh."""
    weights = weights.to(errors.dtype).reshape(*weights.shape, *[1] * (errors.ndim - weights.ndim))
    n_each = errors[0].numel() // max(1, weights[0].numel()) if len(errors) else 1
    if errors.ndim == 1:
        return errors * weights, (weights != 0) * n_each
    within = tuple(range(1, errors.ndim))
    return (errors * weights).sum(dim=within), (weights != 0).sum(dim=within) * n_each


def exact(output: Tensor) -> Tensor:
    """Return an output as float32; float64 is kept."""
    return output if output.dtype == torch.float64 else output.float()


def length(errors: Tensor) -> Tensor:
    """Return Euclidean norms, (n,), of errors (n, k); the gradient at 0 is 0."""
    return cast(Tensor, torch.linalg.vector_norm(errors, dim=1))


def evenly_spaced(n_items: int, limit: int) -> np.ndarray:
    """Return at most `limit` numbers of items, (m,) int64, spread evenly over all."""
    if n_items <= limit:
        return np.arange(n_items)
    return np.linspace(0, n_items - 1, max(1, limit)).round().astype(np.int64)
