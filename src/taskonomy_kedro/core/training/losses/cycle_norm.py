"""Lengths of errors of the three poses of a triplet, of which two are put out and one is composed."""

import torch
from torch import Tensor

from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.tasks import Task
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
from taskonomy_kedro.core.training.losses.norm import geometric_median
from taskonomy_kedro.core.training.pose_composition import composed_pose

_POSE_LENGTH = 6
_COMPOSED_WEIGHT = 0.5
_STEPS, _RATE = 150, 0.02


class _CycleNorm(Loss):
    def terms(self, output: Tensor, target: TargetTensors, constants: LossConstants) -> Terms:
        """Compare the poses 1-2 and 2-3 that were put out, and 1-3 as it follows from them."""
        if constants.pose_mean is None or constants.pose_std is None:
            raise ValueError("the loss of egomotion needs the mean and spread of poses, got none")
        poses = exact(output)
        means, stds = (
            constant.to(poses).split(_POSE_LENGTH) for constant in (constants.pose_mean, constants.pose_std)
        )
        first, second = poses.split(_POSE_LENGTH, dim=1)
        raw = composed_pose(first * stds[0] + means[0], second * stds[2] + means[2])
        composed = (raw - means[1]) / stds[1]
        expected = target.values.split(_POSE_LENGTH, dim=1)
        errors = [length(got - want) for got, want in zip((first, composed, second), expected, strict=True)]
        return summed(errors[0] + _COMPOSED_WEIGHT * errors[1] + errors[2], target.weights)

    def guess(self, of: GuessedTask) -> Tensor:
        """Return the two poses, (1, 12), whose cycle has the least loss: Adam, from the geometric medians."""
        target = of.items.targets(of.rows)
        first, second = target.values[:, :_POSE_LENGTH], target.values[:, 2 * _POSE_LENGTH :]
        start = [geometric_median(poses, target.weights) for poses in (first, second)]
        guess = torch.cat(start)[None].requires_grad_()
        optimiser = torch.optim.Adam([guess], lr=_RATE)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, _STEPS)
        for _ in range(_STEPS):
            optimiser.zero_grad()
            self.mean(guess.expand(len(target.values), -1), target, of.constants).backward()
            optimiser.step()
            schedule.step()
        return guess.detach()

    def constants(self, task: Task, statistics: LabelStatistics) -> LossConstants:
        """Return mean and spread of the three poses."""
        found = statistics.standardisation(task.name)
        return LossConstants(pose_mean=torch.from_numpy(found.mean), pose_std=torch.from_numpy(found.std))


LOSS = _CycleNorm()
