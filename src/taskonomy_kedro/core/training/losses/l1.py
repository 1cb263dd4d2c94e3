"""Absolute errors of maps; the best constant is the median of each number."""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from taskonomy_kedro.core.training.batch_tensors import TargetTensors
from taskonomy_kedro.core.training.losses.loss import (
    GuessedTask,
    Loss,
    LossConstants,
    Terms,
    evenly_spaced,
    exact,
    summed,
)

_MEDIAN_BYTES = 2**30  # values of all images that are held to find medians


class _Absolute(Loss):
    def terms(self, output: Tensor, target: TargetTensors, constants: LossConstants) -> Terms:
        return summed((exact(output) - target.values).abs(), target.weights)

    def guess(self, of: GuessedTask) -> Tensor:
        """Return the median of each number over the items where it counts, (1, channels, H, W).

        Of an even number of values the lower middle one, which serves as well. A number that never counts
        gets the median of the other medians. As many values as fit are held, as half-precision numbers, so
        medians are off by 1/2000 of themselves at most.
        """
        shape = of.items.targets(of.rows[:1]).values.shape[1:]
        limit = max(1, _MEDIAN_BYTES // (2 * int(np.prod(shape))))
        of = replace(of, rows=of.rows[evenly_spaced(len(of.rows), limit)])
        values = np.empty((int(np.prod(shape)), len(of.rows)), dtype=np.int16)
        counts = torch.zeros(1, dtype=torch.int64)
        for block, target in of.blocks():
            does_count = target.weights != 0
            held = torch.where(does_count, target.values, torch.inf)
            values[:, block] = _sortable(held.half().view(torch.int16)).flatten(1).t().contiguous().numpy()
            counts = counts + does_count.sum(dim=0, keepdim=True)
        values.sort(axis=1, kind="stable")  # a radix sort; what does not count comes last
        number = counts.expand(1, *shape).flatten().numpy()
        lower = np.take_along_axis(values, np.maximum(number - 1, 0)[:, None] // 2, axis=1)
        medians = _sortable(torch.from_numpy(lower[:, 0])).view(torch.float16).float().numpy()
        is_known = number > 0
        medians[~is_known] = np.median(medians[is_known]) if is_known.any() else 0.0
        return torch.from_numpy(medians.reshape(1, *shape))


def _sortable(bits: Tensor) -> Tensor:
    """Turn the bits of half-precision numbers, int16, into integers of the same order, and back."""
    return bits ^ ((bits >> 15) & 0x7FFF)


LOSS = _Absolute()
