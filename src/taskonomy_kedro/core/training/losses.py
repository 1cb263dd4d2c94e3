"""The loss of every task, for each item: what training minimises and what the test measures.

Always in float32, whatever the network computes in. Source of all formulas: the released code of
Zamir et al. 2018, see docs/method.md, "Losses".
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor
from torch.nn import functional

from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.networks.decoder import values_at
from taskonomy_kedro.core.tasks import Task, nearest_name_hint
from taskonomy_kedro.core.training.batch_tensors import Movable, TargetTensors
from taskonomy_kedro.core.training.metric_loss import pair_loss_sums
from taskonomy_kedro.core.training.pose_composition import composed_pose

POSE_LENGTH = 6
_COMPOSED_WEIGHT = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class LossConstants(Movable):
    """Constants that a loss needs besides the target.

    Attributes:
        pose_mean: (18,) of the poses 1-2, 1-3, 2-3, for egomotion only.
        pose_std: (18,) of the same.
    """

    pose_mean: Tensor | None = None
    pose_std: Tensor | None = None

    @classmethod
    def of(cls, task: Task, statistics: LabelStatistics) -> "LossConstants":
        """Take what the task's loss needs from the constants of the training split."""
        if task.loss != "cycle_norm":
            return cls()
        found = statistics.standardisation(task.name)
        return cls(pose_mean=torch.from_numpy(found.mean), pose_std=torch.from_numpy(found.std))


@dataclass(frozen=True, kw_only=True, eq=False)
class LossTerms:
    """The loss of each item as a sum and what it is divided by.

    Attributes:
        sums: (n,) float32, >= 0.
        counts: (n,) float32, numbers, pixels or pairs that counted; 0 where nothing of an item is known.
    """

    sums: Tensor
    counts: Tensor


def loss_terms(
    task: Task, output: Tensor, target: TargetTensors, constants: LossConstants | None = None
) -> LossTerms:
    """Return the loss of each item, before any mean is taken.

    Args:
        task: Whose loss.
        output: Of the network: (n, channels, H, W), or (n, k); embeddings may be given at the compared
            pixels alone, (n, 300, channels). Any type of float; float64 is kept.
        target: What it is compared with, on the same device.
        constants: Needed for egomotion.

    Raises:
        ValueError: An unknown loss, or an output of another shape than the task's.
    """
    if task.loss not in _LOSSES:
        raise ValueError(
            f"task {task.name!r}: unknown loss {task.loss!r}{nearest_name_hint(task.loss, _LOSSES)}"
        )
    _check_shape(task, output, target)
    with torch.autocast(output.device.type, enabled=False):
        sums, counts = _LOSSES[task.loss](output, target, constants or LossConstants())
    return LossTerms(sums=sums, counts=counts.to(sums.dtype))


def batch_loss(terms: LossTerms) -> Tensor:
    """Return the mean over all that counted in a batch, (): what is minimised; 0 where nothing did."""
    return terms.sums.sum() / terms.counts.sum().clamp_min(1.0)


def image_losses(terms: LossTerms) -> Tensor:
    """Return the loss of each item, (n,): what the test measures; nan where nothing of an item is known."""
    return torch.where(terms.counts > 0, terms.sums / terms.counts.clamp_min(1.0), torch.nan)


_Terms = tuple[Tensor, Tensor]


def _absolute(output: Tensor, target: TargetTensors, _: LossConstants) -> _Terms:
    return _summed((_exact(output) - target.values).abs(), target.weights)


def _squared(output: Tensor, target: TargetTensors, _: LossConstants) -> _Terms:
    return _summed((_exact(output) - target.values).square(), target.weights)


def _norm(output: Tensor, target: TargetTensors, _: LossConstants) -> _Terms:
    return _summed(_length(_exact(output) - target.values), target.weights)


def _cycle_norm(output: Tensor, target: TargetTensors, constants: LossConstants) -> _Terms:
    """Compare the poses 1-2 and 2-3 that were put out, and 1-3 as it follows from them."""
    if constants.pose_mean is None or constants.pose_std is None:
        raise ValueError("the loss of egomotion needs the mean and spread of poses, got none")
    poses = _exact(output)
    means, stds = (
        constant.to(poses).split(POSE_LENGTH) for constant in (constants.pose_mean, constants.pose_std)
    )
    first, second = poses.split(POSE_LENGTH, dim=1)
    raw = composed_pose(first * stds[0] + means[0], second * stds[2] + means[2])
    composed = (raw - means[1]) / stds[1]
    wanted = target.values.split(POSE_LENGTH, dim=1)
    errors = [_length(got - want) for got, want in zip((first, composed, second), wanted, strict=True)]
    return _summed(errors[0] + _COMPOSED_WEIGHT * errors[1] + errors[2], target.weights)


def _cross_entropy(output: Tensor, target: TargetTensors, _: LossConstants) -> _Terms:
    return _summed(functional.cross_entropy(_exact(output), target.values, reduction="none"), target.weights)


def _soft_cross_entropy(output: Tensor, target: TargetTensors, _: LossConstants) -> _Terms:
    log_chance = functional.log_softmax(_exact(output), dim=1)
    if target.shares is None:
        return _summed(-(target.values * log_chance).sum(dim=1), target.weights)
    return _summed(-(target.shares * log_chance.gather(1, target.values)).sum(dim=1), target.weights)


def _metric(output: Tensor, target: TargetTensors, _: LossConstants) -> _Terms:
    """Compare all pairs of the drawn pixels: near in one region, far in two."""
    if target.pixels is None:
        raise ValueError("the metric loss needs the pixels that are compared, got none")
    places = target.pixels
    embeddings = _exact(output if output.ndim == 3 else values_at(output, places))
    ids, weights = (array.flatten(1).gather(1, places) for array in (target.values, target.weights))
    n_counting = (weights != 0).sum(dim=1)
    return pair_loss_sums(embeddings, ids, weights), n_counting * n_counting


def _summed(errors: Tensor, weights: Tensor) -> _Terms:
    """Return weighted sums, (n,), and numbers of non-zero weights, once for each error they weigh."""
    weights = weights.to(errors.dtype).reshape(*weights.shape, *[1] * (errors.ndim - weights.ndim))
    n_each = errors[0].numel() // max(1, weights[0].numel()) if len(errors) else 1
    if errors.ndim == 1:
        return errors * weights, (weights != 0) * n_each
    within = tuple(range(1, errors.ndim))
    return (errors * weights).sum(dim=within), (weights != 0).sum(dim=within) * n_each


def _exact(output: Tensor) -> Tensor:
    return output if output.dtype == torch.float64 else output.float()


def _length(errors: Tensor) -> Tensor:
    """Return Euclidean norms, (n,), of errors (n, k); the gradient at 0 is 0."""
    return cast(Tensor, torch.linalg.vector_norm(errors, dim=1))


_LOSSES: dict[str, Callable[[Tensor, TargetTensors, LossConstants], _Terms]] = {
    "l1": _absolute,
    "l2": _squared,
    "mse": _squared,
    "norm": _norm,
    "cycle_norm": _cycle_norm,
    "cross_entropy": _cross_entropy,
    "soft_cross_entropy": _soft_cross_entropy,
    "metric": _metric,
}


def _check_shape(task: Task, output: Tensor, target: TargetTensors) -> None:
    """Refuse what would be broadcast to a wrong number instead of failing."""
    n_wanted: int | None = task.label.n_outputs or task.label.size
    shape = tuple(target.values.shape)
    wanted: tuple[int | None, ...]
    if task.label.kind == "region_map" and output.ndim == 3 and target.pixels is not None:
        wanted = (*target.pixels.shape, n_wanted)
    elif task.label.kind in ("class_map", "region_map"):
        wanted = (shape[0], n_wanted, *shape[1:])
    elif task.label.kind == "color_bins":
        wanted = (shape[0], n_wanted, *shape[2:])
    elif task.label.kind == "class" or task.loss == "cycle_norm":
        wanted = (shape[0], n_wanted)
    else:
        wanted = shape
    if tuple(output.shape) != wanted:
        raise ValueError(f"task {task.name!r}: wanted an output of shape {wanted}, got {tuple(output.shape)}")
