"""The loss of unsupervised segmentation: near in one region, far in two, over all pairs of pixels."""

import math
from typing import Any, cast

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

_LEAST_CHANCE = 1e-7
_NEAREST = 2 * math.atanh(_LEAST_CHANCE)  # 2 / (1 + e^d) reaches 1 - 1e-7 there
_FARTHEST = math.log(2 / _LEAST_CHANCE - 1)  # and 1e-7 there, well before the released limit of 80
_BLOCK_NUMBERS = 2**17  # pairs computed together on a CPU, so that they stay in its cache


def pair_loss_sums(embeddings: Tensor, ids: Tensor, weights: Tensor) -> Tensor:
    """Return for each item the sum over all ordered pairs of its pixels, themselves included, (n,).

    With the squared distance d of two embeddings and s = 2 / (1 + e^d), clipped to [1e-7, 1 - 1e-7], a
    pair counts -log s if its ids are alike and -log(1 - s) if not, times both weights. Clipped pairs
    have no gradient.

    Args:
        embeddings: (n, p, k) float32 or float64.
        ids: (n, p) int64.
        weights: (n, p), no gradient goes to them.
    """
    return cast(Tensor, _PairLoss.apply(embeddings, ids, weights))


class _PairLoss(torch.autograd.Function):
    """Finds the gradient along with the loss, some items at a time.

    Kept as a graph, the ten matrices of 300 x 300 pairs of each item cost several times as long.
    """

    @staticmethod
    def forward(ctx: Any, embeddings: Tensor, ids: Tensor, weights: Tensor) -> Tensor:
        # distances do not change, and nearly equal embeddings do not cancel
        centred = embeddings - embeddings.mean(dim=1, keepdim=True)
        n_items, n_pixels = ids.shape
        n_block = max(1, _BLOCK_NUMBERS // n_pixels**2) if embeddings.device.type == "cpu" else n_items
        sums, gradients = torch.empty_like(embeddings[:, 0, 0]), torch.empty_like(embeddings)
        for start in range(0, n_items, n_block):
            block = slice(start, start + n_block)
            parts = centred[block], ids[block], weights[block]
            if ctx.needs_input_grad[0]:
                sums[block], gradients[block] = _sums_and_gradients(*parts)
            else:
                sums[block] = _sums(*parts)
        ctx.save_for_backward(gradients)
        return sums

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor, None, None]:
        return ctx.saved_tensors[0] * upstream[:, None, None], None, None


def _distances(embeddings: Tensor) -> Tensor:
    """Return squared distances of all pairs, (n, p, p)."""
    squares = embeddings.square().sum(dim=2)
    distances = (embeddings @ embeddings.transpose(1, 2)).mul_(-2.0)
    distances.add_(squares[:, :, None]).add_(squares[:, None, :])
    distances.diagonal(dim1=1, dim2=2).zero_()
    return distances


def _sums(embeddings: Tensor, ids: Tensor, weights: Tensor) -> Tensor:
    """Return sums (n,) alone; the same numbers in the same order as with gradients."""
    clamped = _distances(embeddings).clamp_(_NEAREST, _FARTHEST)
    is_same = (ids[:, :, None] == ids[:, None, :]).to(clamped.dtype)
    twice = clamped.neg_().exp().mul_(2.0)
    rest = clamped.expm1_().neg_()
    chance = torch.lerp(rest, twice, is_same).div_(twice.mul_(0.5).add_(1.0))
    weighted = weights[..., None].to(chance.dtype)
    return -(weighted.transpose(1, 2) @ (chance.log_() @ weighted))[:, 0, 0]


def _sums_and_gradients(embeddings: Tensor, ids: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """Return sums (n,) and their gradients (n, p, k)."""
    distances = _distances(embeddings)
    clamped = distances.clamp(_NEAREST, _FARTHEST)
    # masks as numbers: choosing by them is many times as fast as `torch.where`
    is_inside = distances.sub_(clamped).eq_(0.0)
    is_same = (ids[:, :, None] == ids[:, None, :]).to(clamped.dtype)
    twice = clamped.neg_().exp().mul_(2.0)  # 2 e^-d
    rest = clamped.expm1_().neg_()  # 1 - e^-d, exact where d is small
    whole = twice * 0.5 + 1.0
    chance = torch.lerp(rest, twice, is_same).div_(whole)  # s, or 1 - s = tanh(d / 2)
    weighted = weights[..., None].to(chance.dtype)
    sums = -(weighted.transpose(1, 2) @ (chance.log_() @ weighted))[:, 0, 0]
    # by d: 1 / (1 + e^-d) where alike, else -1 / sinh d = -2 e^-d / (1 - e^-d) / (1 + e^-d)
    slope = twice.div_(rest).neg_().lerp_(torch.ones_like(twice), is_same).div_(whole).mul_(is_inside)
    pull = (slope @ weighted) * embeddings - slope @ (weighted * embeddings)
    return sums, 4.0 * weighted * pull  # each pair occurs twice, and d is a square
