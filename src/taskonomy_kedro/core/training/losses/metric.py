"""Embeddings of drawn pixels: near in one region, far in two."""

import torch
from torch import Tensor

from taskonomy_kedro.core.networks.decoder import values_at
from taskonomy_kedro.core.training.batch_tensors import TargetTensors
from taskonomy_kedro.core.training.losses.loss import GuessedTask, Loss, LossConstants, Terms, exact
from taskonomy_kedro.core.training.losses.pair_loss import pair_loss_sums

_STEPS, _RATE, _BATCH = 30, 0.01, 16
_WIDTH, _NOISE = 2.0, 0.1  # of the first guess, which differs from place to place


class _Metric(Loss):
    def terms(self, output: Tensor, target: TargetTensors, constants: LossConstants) -> Terms:
        """Compare all pairs of the drawn pixels."""
        if target.pixels is None:
            raise ValueError("the metric loss needs the pixels that are compared, got none")
        places = target.pixels
        embeddings = exact(output if output.ndim == 3 else values_at(output, places))
        ids, weights = (array.flatten(1).gather(1, places) for array in (target.values, target.weights))
        n_counting = (weights != 0).sum(dim=1)
        return pair_loss_sums(embeddings, ids, weights), n_counting * n_counting

    def guess(self, of: GuessedTask) -> Tensor:
        """Return one embedding for each pixel, (1, 64, H, W): near where two places often share a region."""
        height, width = of.items.targets(of.rows[:1]).values.shape[1:]
        guess = _NOISE * torch.randn((1, of.n_outputs, height, width), generator=of.generator)
        if of.n_outputs >= 2:
            guess[0, 0] += _WIDTH * torch.linspace(-0.5, 0.5, height)[:, None]
            guess[0, 1] += _WIDTH * torch.linspace(-0.5, 0.5, width)
        guess.requires_grad_()
        optimiser = torch.optim.Adam([guess], lr=_RATE)
        for step in range(_STEPS):
            drawn = torch.randint(len(of.rows), (min(_BATCH, len(of.rows)),), generator=of.generator)
            target = of.items.targets(of.rows[drawn.numpy()], draw=step + 1)
            optimiser.zero_grad()
            self.mean(guess.expand(len(drawn), -1, -1, -1), target, of.constants).backward()
            optimiser.step()
        return guess.detach()


LOSS = _Metric()
