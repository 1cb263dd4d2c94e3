"""Ordinal normalisation by the Analytic Hierarchy Process."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import eigs

# Below this size the dense solver is the faster one; both agree to 1e-12.
_DENSE_SIZE = 32


def affinity_from_win_rates(win_rates: NDArray[np.float64], *, floor: float = 1e-3) -> NDArray[np.float64]:
    """Rank the candidates into one target by how consistently they win.

    Only the order of the losses matters, so tasks with unlike losses can be compared. The affinity
    is the right eigenvector v of W'[i, j] = W[i, j] / W[j, i] with the largest eigenvalue:
    W' v = λ v, Σ v = 1. W' is positive, so v is unique and positive (Perron).

    Args:
        win_rates: Share of held-out images won, shape (n_candidates, n_candidates), in [0, 1];
            entry [i, j] is i against j, and [i, j] + [j, i] = 1. Not changed.
        floor: Win rates are clipped to [floor, 1 - floor]; in (0, 0.5).

    Returns:
        Affinity, shape (n_candidates,), float64, > 0, sums to 1. Higher is better.

    Raises:
        ValueError: Not square, fewer than two candidates, not finite, or the two halves disagree;
            the message names the first such pair and shows both values.

    Source: Zamir et al. 2018, section 3.3; Saaty 1987, the eigenvector method.

    Example:
        A candidate that wins three images of four is worth three times as much:

        >>> affinity_from_win_rates(np.array([[0.5, 0.75], [0.25, 0.5]])).round(3)
        array([0.75, 0.25])
    """
    _check_win_rates(win_rates, floor)
    clipped = np.clip(win_rates, floor, 1 - floor)
    ratios = clipped / clipped.T
    n_candidates = len(ratios)
    if n_candidates < _DENSE_SIZE:
        values, vectors = np.linalg.eig(ratios)
        principal = vectors[:, np.argmax(values.real)]
    else:
        # A fixed start vector makes the result reproducible to the byte.
        _, vectors = eigs(ratios, k=1, which="LR", v0=np.ones(n_candidates), tol=0)
        principal = vectors[:, 0]
    affinity = np.abs(principal.real)
    return np.asarray(affinity / affinity.sum(), dtype=np.float64)


def _check_win_rates(win_rates: NDArray[np.float64], floor: float) -> None:
    if win_rates.ndim != 2 or win_rates.shape[0] != win_rates.shape[1]:
        raise ValueError(f"win rates must be square, got shape {win_rates.shape}")
    if len(win_rates) < 2:
        raise ValueError(f"expected win rates of at least two candidates, got {len(win_rates)}")
    if not 0 < floor < 0.5:
        raise ValueError(f"floor must lie in (0, 0.5), got {floor}")
    bad = ~np.isfinite(win_rates)
    if bad.any():
        i, j = np.argwhere(bad)[0]
        raise ValueError(f"win rates must be finite, got {win_rates[i, j]} at [{i}, {j}]")
    unequal = ~np.isclose(win_rates + win_rates.T, 1, rtol=0, atol=1e-6)
    if unequal.any():
        i, j = np.argwhere(unequal)[0]
        raise ValueError(
            f"win rates of a pair must add up to 1, got [{i}, {j}] = {win_rates[i, j]} "
            f"and [{j}, {i}] = {win_rates[j, i]}"
        )
