"""Squared errors of maps; the best constant is the mean of each number."""

import torch
from torch import Tensor

from taskonomy_kedro.core.training.batch_tensors import TargetTensors
from taskonomy_kedro.core.training.losses.loss import GuessedTask, Loss, LossConstants, Terms, exact, summed


class Squared(Loss):
    """Squares of errors, of maps or vectors."""

    def terms(self, output: Tensor, target: TargetTensors, constants: LossConstants) -> Terms:
        """Return sums of squares and how many numbers count."""
        return summed((exact(output) - target.values).square(), target.weights)

    def guess(self, of: GuessedTask) -> Tensor:
        """Return the mean of each number over the items where it counts, (1, ...)."""
        sums, counts = torch.zeros(1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
        for _, target in of.blocks():
            weights = target.weights.reshape(
                *target.weights.shape, *[1] * (target.values.ndim - target.weights.ndim)
            )
            sums = sums + (target.values * weights).sum(dim=0, keepdim=True, dtype=torch.float64)
            counts = counts + weights.expand_as(target.values).sum(dim=0, keepdim=True, dtype=torch.float64)
        overall = sums.sum() / counts.sum().clamp_min(1.0)
        return torch.where(counts > 0, sums / counts.clamp_min(1e-12), overall).float()


LOSS = Squared()
