"""The tournament of one target: who has the lower loss, image by image."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from taskonomy_kedro.core.errors import UserError


@dataclass(frozen=True, kw_only=True)
class Tournament:
    """Result of comparing every candidate with every other one.

    Attributes:
        win_rates: Share of common images on which row beats column, ties one half, shape
            (n_candidates, n_candidates), float64, in [0, 1]; 0.5 on the diagonal.
        n_common: Images on which both have a loss, same shape, int64.
    """

    win_rates: NDArray[np.float64]
    n_common: NDArray[np.int64]


def play_tournament(loss_by_image: NDArray[np.floating], labels: list[str]) -> Tournament:
    """Compare the losses of every pair of candidates over the images that both have.

    A pair costs two comparisons and two counts over one row, with one row of scratch memory, so the
    memory is the input's whatever the number of candidates. (Broadcasting a block of rows is slower:
    the counts of a two-dimensional comparison leave the processor's cache.)

    Args:
        loss_by_image: Loss, shape (n_candidates, n_images), lower is better; NaN where a candidate
            has no loss for an image. Not changed.
        labels: One name for each candidate, for the messages.

    Returns:
        Win rates and the number of images behind each.

    Raises:
        UserError: Not a matrix with one row for each label, fewer than two candidates, an infinite
            loss, or a pair without a common image; the message names the candidates.

    Source: Zamir et al. 2018, section 3.3. Differs: ties count one half (docs/method.md).

    Example:
        `a` wins on two of four images and ties on one:

        >>> losses = np.array([[1.0, 1.0, 5.0, 2.0], [2.0, 3.0, 4.0, 2.0]])
        >>> play_tournament(losses, ["a", "b"]).win_rates
        array([[0.5  , 0.625],
               [0.375, 0.5  ]])
    """
    losses = np.ascontiguousarray(loss_by_image)
    _check_losses(losses, labels)
    n_candidates, n_images = losses.shape
    has_loss = ~np.isnan(losses)
    wins = np.zeros((n_candidates, n_candidates), dtype=np.int64)
    is_lower = np.empty(n_images, dtype=bool)
    for i in range(n_candidates):
        for j in range(i + 1, n_candidates):
            # A comparison with NaN is false both ways, so only common images are counted.
            np.less(losses[i], losses[j], out=is_lower)
            wins[i, j] = np.count_nonzero(is_lower)
            np.greater(losses[i], losses[j], out=is_lower)
            wins[j, i] = np.count_nonzero(is_lower)
    n_common = _count_common(has_loss)
    if not n_common.all():
        i, j = np.argwhere(n_common == 0)[0]
        raise UserError(f"{labels[i]!r} and {labels[j]!r} have no image in common: nothing to compare")
    ties = n_common - wins - wins.T
    return Tournament(win_rates=(wins + 0.5 * ties) / n_common, n_common=n_common)


def _count_common(has_loss: NDArray[np.bool_]) -> NDArray[np.int64]:
    n_candidates, n_images = has_loss.shape
    if has_loss.all():
        return np.full((n_candidates, n_candidates), n_images, dtype=np.int64)
    counts = np.zeros((n_candidates, n_candidates), dtype=np.float64)
    # float32 counts exactly up to 2**24, far beyond one block of images
    for start in range(0, n_images, 4096):
        block = has_loss[:, start : start + 4096].astype(np.float32)
        counts += block @ block.T
    return counts.astype(np.int64)


def _check_losses(losses: NDArray[np.floating], labels: list[str]) -> None:
    if losses.ndim != 2 or losses.shape[0] != len(labels):
        raise UserError(
            f"losses must have shape (n_candidates, n_images) with {len(labels)} candidates, "
            f"got shape {losses.shape}"
        )
    if len(labels) < 2:
        raise UserError(f"a tournament needs at least two candidates, got {labels}")
    infinite = np.isinf(losses).any(axis=1)
    if infinite.any():
        names = [label for label, is_bad in zip(labels, infinite, strict=True) if is_bad]
        raise UserError(f"losses must be finite or NaN, got infinite ones for {', '.join(names)}")
    empty = np.isnan(losses).all(axis=1)
    if empty.any():
        names = [label for label, is_bad in zip(labels, empty, strict=True) if is_bad]
        raise UserError(f"candidates without a single loss: {', '.join(names)}")
