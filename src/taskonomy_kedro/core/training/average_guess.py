"""The best guess that does not look: one output for every image, the baseline each network has to beat."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.batch_tensors import TargetTensors
from taskonomy_kedro.core.training.losses import LossConstants, batch_loss, loss_terms
from taskonomy_kedro.core.training.task_dataset import TaskDataset

_BLOCK = 128  # items that are read at a time
_MEDIAN_BYTES = 2**30  # values of all images that are held to find medians
_PRIOR_ITEMS = 1.0  # weight of the evenest guess among the classes seen, in items
_LEAST_SHARE = 1e-6  # of a class that was never seen
_WEISZFELD_STEPS, _WEISZFELD_FLOOR, _WEISZFELD_STILL = 1000, 1e-9, 1e-7
_POSE_STEPS, _POSE_RATE = 150, 0.02
_EMBEDDING_STEPS, _EMBEDDING_RATE, _EMBEDDING_BATCH = 30, 0.01, 16
_EMBEDDING_WIDTH, _EMBEDDING_NOISE = 2.0, 0.1  # of the first guess, which tells places apart


def average_guess(
    task: Task,
    items: TaskDataset,
    constants: LossConstants | None = None,
    *,
    n_outputs: int,
    generator: torch.Generator,
    max_items: int = 2000,
) -> Tensor:
    """Return the constant output with the least loss on the training items.

    Maps are guessed pixel by pixel: the median where the loss is absolute, the mean where it is squared,
    the logarithm of the weighted shares of classes or colours. Vectors are guessed by their mean or their
    geometric median, whole images' classes by their shares. Where no formula is known (egomotion,
    embeddings) Adam looks for it.

    Args:
        task: The task.
        items: Its training items; read in blocks.
        constants: Needed for egomotion.
        n_outputs: Of the network.
        generator: Draws the first embeddings and the items they are fitted to; on the CPU.
        max_items: At most so many are looked at, evenly spaced.

    Returns:
        (1, ...) float32, shaped as the network's output for one item; expand it to the size of a batch.

    Raises:
        ValueError: The task has no loss.

    Source: method of Zamir et al. 2018's sanity table, see docs/method.md, "Average guess". A little of
    the shares over all pixels is mixed into those of each pixel, so that no class is impossible there.
    """
    chosen = _evenly_spaced(len(items), max_items)
    if task.loss == "l1":
        return _masked_median(items, chosen)
    if task.loss in ("l2", "mse"):
        return _masked_mean(items, chosen)
    if task.loss == "norm":
        target = items.targets(chosen)
        return _geometric_median(target.values, target.weights)[None]
    if task.loss == "cycle_norm":
        return _fitted_poses(task, items.targets(chosen), constants or LossConstants())
    if task.loss in ("cross_entropy", "soft_cross_entropy"):
        return _log_shares(task, items, chosen, n_outputs)
    if task.loss == "metric":
        return _fitted_embeddings(task, items, chosen, n_outputs, generator)
    raise ValueError(f"task {task.name!r} with the loss {task.loss!r} has no output to guess")


def _evenly_spaced(n_items: int, limit: int) -> np.ndarray:
    if n_items <= limit:
        return np.arange(n_items)
    return np.linspace(0, n_items - 1, max(1, limit)).round().astype(np.int64)


def _blocks(items: TaskDataset, chosen: np.ndarray) -> Iterator[tuple[slice, TargetTensors]]:
    for start in range(0, len(chosen), _BLOCK):
        block = slice(start, min(start + _BLOCK, len(chosen)))
        yield block, items.targets(chosen[block])


def _masked_median(items: TaskDataset, chosen: np.ndarray) -> Tensor:
    """Return the median of each number over the items where it counts, (1, channels, H, W).

    Of an even number of values the lower middle one, which serves as well. A number that never counts
    gets the median of the other medians. As many values as fit are held, as half-precision numbers, so
    medians are off by 1/2000 of themselves at most.
    """
    shape = items.targets(chosen[:1]).values.shape[1:]
    limit = max(1, _MEDIAN_BYTES // (2 * int(np.prod(shape))))
    chosen = chosen[_evenly_spaced(len(chosen), limit)]
    values = np.empty((int(np.prod(shape)), len(chosen)), dtype=np.int16)
    counts = torch.zeros(1, dtype=torch.int64)
    for block, target in _blocks(items, chosen):
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


def _masked_mean(items: TaskDataset, chosen: np.ndarray) -> Tensor:
    """Return the mean of each number over the items where it counts, (1, ...); the total one if nowhere."""
    sums, counts = torch.zeros(1, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    for _, target in _blocks(items, chosen):
        weights = target.weights.reshape(
            *target.weights.shape, *[1] * (target.values.ndim - target.weights.ndim)
        )
        sums = sums + (target.values * weights).sum(dim=0, keepdim=True, dtype=torch.float64)
        counts = counts + weights.expand_as(target.values).sum(dim=0, keepdim=True, dtype=torch.float64)
    overall = sums.sum() / counts.sum().clamp_min(1.0)
    return torch.where(counts > 0, sums / counts.clamp_min(1e-12), overall).float()


def _geometric_median(vectors: Tensor, weights: Tensor) -> Tensor:
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


def _fitted_poses(task: Task, target: TargetTensors, constants: LossConstants) -> Tensor:
    """Return the two poses, (1, 12), whose cycle has the least loss; from the geometric medians on."""
    first, second = target.values[:, :6], target.values[:, 12:]
    start = [_geometric_median(poses, target.weights) for poses in (first, second)]
    guess = torch.cat(start)[None].requires_grad_()
    optimiser = torch.optim.Adam([guess], lr=_POSE_RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, _POSE_STEPS)
    for _ in range(_POSE_STEPS):
        optimiser.zero_grad()
        output = guess.expand(len(target.values), -1)
        batch_loss(loss_terms(task, output, target, constants)).backward()
        optimiser.step()
        schedule.step()
    return guess.detach()


def _fitted_embeddings(
    task: Task, items: TaskDataset, chosen: np.ndarray, n_outputs: int, generator: torch.Generator
) -> Tensor:
    """Return one embedding for each pixel, (1, 64, H, W): near where two places often share a region."""
    height, width = items.targets(chosen[:1]).values.shape[1:]
    guess = _EMBEDDING_NOISE * torch.randn((1, n_outputs, height, width), generator=generator)
    if n_outputs >= 2:
        guess[0, 0] += _EMBEDDING_WIDTH * torch.linspace(-0.5, 0.5, height)[:, None]
        guess[0, 1] += _EMBEDDING_WIDTH * torch.linspace(-0.5, 0.5, width)
    guess.requires_grad_()
    optimiser = torch.optim.Adam([guess], lr=_EMBEDDING_RATE)
    for step in range(_EMBEDDING_STEPS):
        drawn = torch.randint(len(chosen), (min(_EMBEDDING_BATCH, len(chosen)),), generator=generator)
        target = items.targets(chosen[drawn.numpy()], draw=step + 1)
        optimiser.zero_grad()
        batch_loss(loss_terms(task, guess.expand(len(drawn), -1, -1, -1), target)).backward()
        optimiser.step()
    return guess.detach()


def _log_shares(task: Task, items: TaskDataset, chosen: np.ndarray, n_outputs: int) -> Tensor:
    """Return logits (1, n_outputs, ...) of the weighted shares of classes, of each pixel for maps."""
    totals = torch.zeros(1, dtype=torch.float64)
    for _, target in _blocks(items, chosen):
        totals = totals + _weighted_counts(task, target, n_outputs)
    overall = totals.reshape(n_outputs, -1).sum(dim=1)
    weight = float(overall.sum())
    if weight == 0:
        return torch.zeros(1, *totals.shape)
    shares = (overall / weight).clamp_min(_LEAST_SHARE).reshape(-1, *[1] * (totals.ndim - 1))
    n_places = totals[0].numel()
    prior = _PRIOR_ITEMS * weight / (len(chosen) * n_places) if n_places > 1 else 0.0
    chances = totals + (prior * shares if n_places > 1 else weight * _LEAST_SHARE)
    return torch.log(chances / chances.sum(dim=0, keepdim=True)).float()[None]


def _weighted_counts(task: Task, target: TargetTensors, n_outputs: int) -> Tensor:
    """Return how much each class weighs in a block of items, (n_outputs, ...) float64."""
    weights = target.weights.double()
    if task.label.kind == "soft_class":
        return (target.values * weights[:, None]).sum(dim=0)
    places = target.values.shape[2:] if target.shares is not None else target.values.shape[1:]
    counts = torch.zeros((n_outputs, *places), dtype=torch.float64)
    if target.shares is None:
        return counts.scatter_add_(0, target.values, weights)
    weighed = (target.shares * weights[:, None]).flatten(0, 1)
    return counts.scatter_add_(0, target.values.flatten(0, 1), weighed)
