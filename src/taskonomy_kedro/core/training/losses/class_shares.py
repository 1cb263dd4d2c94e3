"""The best constant output of losses over classes: logarithms of their shares."""

import torch
from torch import Tensor

from taskonomy_kedro.core.training.batch_tensors import TargetTensors
from taskonomy_kedro.core.training.losses.loss import GuessedTask

_PRIOR_ITEMS = 1.0  # weight of the evenest guess among the classes seen, in items
_LEAST_SHARE = 1e-6  # of a class that was never seen


def log_shares(of: GuessedTask) -> Tensor:
    """Return logits (1, n_outputs, ...) of the weighted shares of classes, of each pixel for maps.

    A little of the shares over all pixels is mixed into those of each pixel, so that no class is
    impossible there.
    """
    totals = torch.zeros(1, dtype=torch.float64)
    for _, target in of.blocks():
        totals = totals + _weighted_counts(target, of.n_outputs)
    overall = totals.reshape(of.n_outputs, -1).sum(dim=1)
    weight = float(overall.sum())
    if weight == 0:
        return torch.zeros(1, *totals.shape)
    shares = (overall / weight).clamp_min(_LEAST_SHARE).reshape(-1, *[1] * (totals.ndim - 1))
    n_places = totals[0].numel()
    prior = _PRIOR_ITEMS * weight / (len(of.rows) * n_places) if n_places > 1 else 0.0
    chances = totals + (prior * shares if n_places > 1 else weight * _LEAST_SHARE)
    return torch.log(chances / chances.sum(dim=0, keepdim=True)).float()[None]


def _weighted_counts(target: TargetTensors, n_outputs: int) -> Tensor:
    """Return how much each class weighs in a block of items, (n_outputs, ...) float64."""
    weights = target.weights.double()
    if target.values.is_floating_point():  # distributions
        return (target.values * weights[:, None]).sum(dim=0)
    places = target.values.shape[2:] if target.shares is not None else target.values.shape[1:]
    counts = torch.zeros((n_outputs, *places), dtype=torch.float64)
    if target.shares is None:
        return counts.scatter_add_(0, target.values, weights)
    weighed = (target.shares * weights[:, None]).flatten(0, 1)
    return counts.scatter_add_(0, target.values.flatten(0, 1), weighed)
