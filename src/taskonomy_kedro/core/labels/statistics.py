"""Constants that the training split decides: standardisation, class weights, rarity of colours."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.tasks import nearest_name_hint

_LEAST_STD = 1e-6
_EVEN_SHARE = 0.5  # of the distribution that weights are inverse to


@dataclass(frozen=True, kw_only=True, eq=False)
class Standardisation:
    """Mean and spread of each number of a vector.

    Attributes:
        mean: (k,) float32.
        std: (k,) float32, > 0.
    """

    mean: np.ndarray
    std: np.ndarray

    def apply(self, raw: np.ndarray) -> np.ndarray:
        """Return (raw - mean) / std of vectors (..., k), float32."""
        return ((raw - self.mean) / self.std).astype(np.float32)

    def invert(self, standardised: np.ndarray) -> np.ndarray:
        """Return the raw vectors (..., k), float32."""
        return (standardised * self.std + self.mean).astype(np.float32)


def standardisation_of(vectors: np.ndarray, weights: np.ndarray | None = None) -> Standardisation:
    """Measure mean and spread of vectors.

    Args:
        vectors: (..., k); those with a nan are ignored.
        weights: (...) which ones count, 0 or more; all alike if not given.

    Returns:
        Mean and standard deviation (of the population); a number that never varies has std 1, so
        that it is only centred.

    Raises:
        UserError: No vector is left.
    """
    flat = np.asarray(vectors, dtype=np.float64).reshape(-1, vectors.shape[-1])
    share = np.ones(len(flat)) if weights is None else np.asarray(weights, dtype=np.float64).ravel()
    is_used = np.isfinite(flat).all(axis=1) & (share > 0)
    if not is_used.any():
        raise UserError(
            f"no vector to standardise by: {len(flat)} given, none of them finite and of weight above 0"
        )
    flat, share = flat[is_used], share[is_used] / share[is_used].sum()
    mean = share @ flat
    std = np.sqrt(share @ (flat - mean) ** 2)
    std[std < _LEAST_STD] = 1.0
    return Standardisation(mean=mean.astype(np.float32), std=std.astype(np.float32))


def class_counts(stored_ids: np.ndarray, n_classes: int) -> np.ndarray:
    """Count the pixels of each class in stored ids, where 0 is not counted and class = id - 1.

    Returns:
        (n_classes,) int64; the counts of parts of a split may be added up.

    Raises:
        UserError: An id beyond the classes.
    """
    counts = np.bincount(stored_ids.ravel(), minlength=n_classes + 1)
    if len(counts) > n_classes + 1:
        raise UserError(f"ids must be 0 (unknown) to {n_classes}, got {len(counts) - 1}")
    return counts[1:].astype(np.int64)


def rarity_weights(counts: np.ndarray, even_share: float = _EVEN_SHARE) -> np.ndarray:
    """Return weights that favour rare classes, with mean 1 over all that was counted.

    Args:
        counts: (n,) how often each class occurs, >= 0, not all 0.
        even_share: Share of an even distribution mixed into the frequencies, in (0, 1]: it bounds
            the weights of the rarest.

    Returns:
        (n,) float32: w = k / ((1 - e) p + e / n), k such that the sum of p w is 1.

    Raises:
        UserError: Nothing was counted.

    Source: the released weights of semantic classes and colour bins have this form, with e = 1/2.
    """
    total = float(counts.sum())
    if total <= 0:
        raise UserError("weights need at least one counted item, got none")
    frequency = counts / total
    inverse = 1.0 / ((1.0 - even_share) * frequency + even_share / len(counts))
    weights: np.ndarray = inverse / float(frequency @ inverse)
    return weights.astype(np.float32)


@dataclass(frozen=True, kw_only=True)
class LabelStatistics:
    """All constants of one training split.

    Attributes:
        standardisations: By task name.
        class_weights: (n_classes,) by task name.
        color_weights: (313,) by colour bin; None where not measured.
    """

    standardisations: Mapping[str, Standardisation] = field(default_factory=dict)
    class_weights: Mapping[str, np.ndarray] = field(default_factory=dict)
    color_weights: np.ndarray | None = None

    def standardisation(self, task: str) -> Standardisation:
        """Return the constants of one task.

        Raises:
            UserError: They were not measured.
        """
        if task not in self.standardisations:
            hint = nearest_name_hint(task, self.standardisations)
            raise UserError(
                f"no mean and spread of task {task!r} were measured, as the split 'train' has no label "
                f"of it: prepare images that have, or leave the task out{hint}"
            )
        return self.standardisations[task]

    def to_json(self) -> dict[str, Any]:
        """Return lists and numbers only, for a file beside the prepared images."""
        return {
            "standardisations": {
                name: {"mean": one.mean.tolist(), "std": one.std.tolist()}
                for name, one in self.standardisations.items()
            },
            "class_weights": {name: weights.tolist() for name, weights in self.class_weights.items()},
            "color_weights": None if self.color_weights is None else self.color_weights.tolist(),
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "LabelStatistics":
        """Read what `to_json` returned."""

        def floats(values: Any) -> np.ndarray:
            return np.array(values, dtype=np.float32)

        colors = record["color_weights"]
        return cls(
            standardisations={
                name: Standardisation(mean=floats(one["mean"]), std=floats(one["std"]))
                for name, one in record["standardisations"].items()
            },
            class_weights={name: floats(values) for name, values in record["class_weights"].items()},
            color_weights=None if colors is None else floats(colors),
        )
