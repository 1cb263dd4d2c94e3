"""How far a training is, and its outcome."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """Losses of one network at one validation.

    Attributes:
        step: Steps done.
        train: Mean training loss since the previous validation.
        validation: Mean over the items of the validation split.
        learning_rate: Of the last step.
    """

    step: int
    train: float
    validation: float
    learning_rate: float


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The outcome of the training of one network.

    Attributes:
        curve: A point for each validation.
        best_step: Steps after which validation was best; the network has the weights of that step.
        best_validation: Their mean validation loss; infinite if the network failed before the first one.
        steps: Steps done in all.
        pictures: Pictures seen in them; all pictures of an item count, each time it is seen.
        seconds: Time spent training, over all parts of an interrupted training; of a stack, a share for
            each network.
        failure: Which loss was not finite, and at which step; empty if all were.
    """

    curve: tuple[CurvePoint, ...]
    best_step: int
    best_validation: float
    steps: int
    pictures: int
    seconds: float
    failure: str

    @property
    def images_per_second(self) -> float:
        """Pictures seen in a second of training."""
        return self.pictures / max(self.seconds, 1e-9)


@dataclass(kw_only=True)
class NetworkState:
    """What the loop remembers of one network, next to its weights."""

    steps: int = 0
    pictures: int = 0
    train_sum: float = 0.0
    train_count: int = 0
    validations_without_gain: int = 0
    best_step: int = 0
    best_validation: float = math.inf
    failure: str = ""
    is_over: bool = False
    curve: list[CurvePoint] = field(default_factory=list)

    def add_step(self, step: int, loss: float, objective: float, pictures: int) -> None:
        """Count a step; fail if its loss, or the loss with the discriminator's term, is not finite."""
        if not math.isfinite(loss):
            self._fail(f"the training loss was {loss} at step {step}")
        elif not math.isfinite(objective):
            self._fail(f"the training loss with the discriminator's was {objective} at step {step}")
        else:
            self.steps += 1
            self.pictures += pictures
            self.train_sum += loss
            self.train_count += 1

    def add_validation(self, step: int, loss: float, learning_rate: float, patience: int | None) -> bool:
        """Add a point to the curve, and stop if patience ends.

        Returns:
            Whether the loss is the best so far.
        """
        if not math.isfinite(loss):
            self._fail(f"the validation loss was {loss} after step {step}")
            return False
        train = self.train_sum / max(self.train_count, 1)
        self.curve.append(CurvePoint(step=step, train=train, validation=loss, learning_rate=learning_rate))
        self.train_sum, self.train_count = 0.0, 0
        is_better = loss < self.best_validation
        if is_better:
            self.best_validation, self.best_step = loss, step
        self.validations_without_gain = 0 if is_better else self.validations_without_gain + 1
        self.is_over = patience is not None and self.validations_without_gain >= patience
        return is_better

    def _fail(self, reason: str) -> None:
        self.failure, self.is_over = reason, True

    def outcome(self, seconds: float) -> Outcome:
        """Return the outcome of a training that took so long."""
        return Outcome(
            curve=tuple(self.curve),
            best_step=self.best_step,
            best_validation=self.best_validation,
            steps=self.steps,
            pictures=self.pictures,
            seconds=seconds,
            failure=self.failure,
        )

    def to_plain(self) -> dict[str, Any]:
        """Return plain values, the only ones that a checkpoint may hold besides tensors."""
        return {**vars(self), "curve": [asdict(point) for point in self.curve]}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Rebuild what `to_plain` was called on."""
        return cls(**{**plain, "curve": [CurvePoint(**point) for point in plain["curve"]]})
