"""Lengths of errors of vectors; the best constant is the geometric median."""

import torch
from torch import Tensor

from taskonomy_kedro.core.training.batch_tensors import TargetTensors
from taskonomy_kedro.core.training.losses.loss import (
    GuessedTask,
    Loss,
    LossConstants,
    Terms,
    exact,
    length,
    summed,
)

_WEISZFELD_STEPS, _WEISZFELD_FLOOR, _WEISZFELD_STILL = 1000, 1e-9, 1e-7


class _Norm(Loss):
    def terms(self, output: Tensor, target: TargetTensors, constants: LossConstants) -> Terms:
        return summed(length(exact(output) - target.values), target.weights)

    def guess(self, of: GuessedTask) -> Tensor:
        target = of.items.targets(of.rows)
        return geometric_median(target.values, target.weights)[None]


def geometric_median(vectors: Tensor, weights: Tensor) -> Tensor:
    """Return the point (k,) with the least sum of distances to vectors (n, k): Weiszfeld's steps."""
    points, share = vectors.double(), weights.double()[:, None]
    guess = (points * share).sum(dim=0) / share.sum()
    for _ in range(_WEISZFELD_STEPS):
        distances = torch.linalg.vector_norm(points - guess, dim=1, keepdim=True)
        pull = share / distances.clamp_min(_WEISZFELD_FLOOR)
        before, guess = guess, (points * pull).sum(dim=0) / pull.sum()
        if torch.linalg.vector_norm(guess - before) < _WEISZFELD_STILL:
            break
    return guess.float()


LOSS = _Norm()
