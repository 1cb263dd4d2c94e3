"""Random feasible taxonomies, and the percentile of the computed one among them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from taskonomy_kedro.core.taxonomy.admission import Candidates
from taskonomy_kedro.core.taxonomy.program import BUDGET_SLACK
from taskonomy_kedro.core.taxonomy.settings import SignificanceSettings

# Source sets under which some target has no candidate are drawn again, this often at the most.
_MAX_ROUNDS = 50


@dataclass(frozen=True, kw_only=True)
class RandomPolicies:
    """Random feasible policies of one budget and order cap.

    Attributes:
        gain: Mean gain over the targets of each policy, shape (n_policies,); empty if none is
            feasible, NaN if no chosen candidate has a gain.
        quality: Mean quality of each, same shape.
    """

    gain: NDArray[np.float64]
    quality: NDArray[np.float64]


def percentile_among(value: float, others: NDArray[np.float64]) -> float:
    """Return the share of others below a value, ties one half, in percent; NaN without others.

    Example:
        >>> percentile_among(0.7, np.array([0.5, 0.6, 0.7, 0.8]))
        62.5
    """
    known = others[~np.isnan(others)]
    if not len(known) or math.isnan(value):
        return math.nan
    return float(100 * (np.mean(known < value) + 0.5 * np.mean(known == value)))


class PolicySampler:
    """Draws random feasible policies under one order cap.

    A policy is a set of labelled sources, drawn uniformly among the sets of the size that the budget
    allows and under which every target has a candidate; then, for each target, one of the allowed
    candidates, drawn uniformly. If labels differ in cost, sources are taken in random order, each
    if it still fits the budget.
    """

    def __init__(self, candidates: Candidates, max_order: int) -> None:
        """Take the candidates that the program may choose from, up to an order cap."""
        under_cap = candidates.up_to_order(max_order)
        self._max_order = max_order
        by_target = [[s for s in under_cap if s.candidate.target == target] for target in candidates.targets]
        ordered = [score for group in by_target for score in group]
        sources = sorted({source for score in ordered for source in score.candidate.sources})
        self._stops = np.cumsum([len(group) for group in by_target])
        self._needs = np.array(
            [[source in score.candidate.sources for source in sources] for score in ordered], dtype=np.float32
        ).reshape(len(ordered), len(sources))
        self._orders = self._needs.sum(axis=1)
        self._gain = np.array([score.gain for score in ordered])
        self._quality = np.array([score.quality for score in ordered])
        self._cost = np.array([candidates.settings.label_cost.get(source, 1.0) for source in sources])

    def draw(self, budget: float, settings: SignificanceSettings) -> RandomPolicies:
        """Return `n_policies` policies, fewer if feasible sets of sources are rare.

        The draws of one budget do not depend on the other budgets.
        """
        budget_bits = int(np.float64(budget).view(np.uint64))
        rng = np.random.default_rng([settings.seed, self._max_order, budget_bits])
        gains, qualities, n_found = [], [], 0
        for _ in range(_MAX_ROUNDS):
            labelled = self._source_sets(budget, settings.n_policies, rng)
            gain, quality = self._policies(labelled, rng)
            gains.append(gain)
            qualities.append(quality)
            n_found += len(gain)
            if n_found >= settings.n_policies:
                break
        n = settings.n_policies
        return RandomPolicies(gain=np.concatenate(gains)[:n], quality=np.concatenate(qualities)[:n])

    def _source_sets(self, budget: float, n: int, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Take sources in random order, each if it still fits; shape (n, n_sources)."""
        order = rng.permuted(np.tile(np.arange(len(self._cost)), (n, 1)), axis=1)
        labelled = np.zeros(order.shape, dtype=bool)
        spent = np.zeros(n)
        for column in order.T:
            fits = spent + self._cost[column] <= budget * (1 + BUDGET_SLACK)
            labelled[np.arange(n), column] = fits
            spent += np.where(fits, self._cost[column], 0.0)
        return labelled

    def _policies(
        self, labelled: NDArray[np.bool_], rng: np.random.Generator
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Draw one allowed candidate for each target; drop sets that leave one without any."""
        is_allowed = labelled.astype(np.float32) @ self._needs.T == self._orders
        groups = np.split(is_allowed, self._stops[:-1], axis=1)
        counts = np.stack([group.sum(axis=1) for group in groups], axis=1)
        is_feasible = counts.all(axis=1)
        picks = (rng.random(counts.shape) * counts).astype(np.int64)
        chosen = np.empty(counts.shape, dtype=np.int64)
        starts = self._stops - [group.shape[1] for group in groups]
        for target, group in enumerate(groups):
            if group.shape[1]:
                # the pick-th allowed candidate is where the running count first exceeds the pick
                rank = np.cumsum(group, axis=1, dtype=np.int32)
                chosen[:, target] = starts[target] + np.argmax(rank > picks[:, target, None], axis=1)
        chosen = chosen[is_feasible]
        return _row_means(self._gain[chosen]), _row_means(self._quality[chosen])


def _row_means(values: NDArray[np.float64]) -> NDArray[np.float64]:
    is_known = ~np.isnan(values)
    n_known = is_known.sum(axis=1)
    total = np.where(is_known, values, 0.0).sum(axis=1)
    return np.divide(total, n_known, out=np.full(len(values), np.nan), where=n_known > 0)
