"""How far a training is, and what came of it."""

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """Losses at one look at the validation split.

    Attributes:
        step: Steps done.
        train: Mean training loss since the look before.
        validation: Mean over the items of the validation split.
        learning_rate: Of the last step.
    """

    step: int
    train: float
    validation: float
    learning_rate: float


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a training.

    Attributes:
        curve: A point for each look at the validation split.
        best_step: Steps after which the weights that were kept had been reached.
        best_validation: Their mean validation loss.
        steps: Steps done in all.
        seconds: Time spent training, over all parts of an interrupted training.
        images_per_second: Pictures seen in training in that time, all pictures of an item counted.
    """

    curve: tuple[CurvePoint, ...]
    best_step: int
    best_validation: float
    steps: int
    seconds: float
    images_per_second: float


@dataclass(kw_only=True)
class TrainingState:
    """Everything a training needs to go on."""

    step: int = 0
    seconds: float = 0.0
    pictures: int = 0
    train_sum: float = 0.0
    train_count: int = 0
    looks_without_gain: int = 0
    best_step: int = 0
    best_validation: float = math.inf
    best_weights: dict[str, Tensor] = field(default_factory=dict)
    curve: list[CurvePoint] = field(default_factory=list)

    def to_plain(self) -> dict[str, Any]:
        """Return plain values and tensors, which alone a checkpoint may hold."""
        return {**vars(self), "curve": [asdict(point) for point in self.curve]}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> "TrainingState":
        """Return what `to_plain` was given."""
        return cls(**{**plain, "curve": [CurvePoint(**point) for point in plain["curve"]]})
