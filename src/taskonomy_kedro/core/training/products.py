"""What the steps of task modelling pass on."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, kw_only=True, eq=False)
class Product:
    """Something computed, or why it could not be.

    Attributes:
        task: Name of the task, or of the source, it belongs to.
        outcome: Facts of the computation: seconds, losses, device; plain JSON.
        failure: Why there is nothing, empty where there is something.
        is_expected: There was nothing to compute, such as losses without a decoder: not the run's fault.
    """

    task: str
    outcome: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""
    is_expected: bool = False

    @property
    def content(self) -> str:
        """Hash of what it holds."""
        return str(self.outcome.get("content", ""))

    def without(self, failure: str, *, is_expected: bool = False) -> Self:
        """Return the same with nothing in it, and why."""
        return replace(self, failure=failure, is_expected=is_expected)


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainedNetwork(Product):
    """Weights of a network.

    Attributes:
        weights: By name, on the CPU; empty where it failed.
    """

    weights: "Mapping[str, Tensor]" = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class AverageGuess(Product):
    """The best constant output of a task.

    Attributes:
        output: (1, …), of the shape of a network's output for one item.
    """

    output: np.ndarray = field(default_factory=lambda: np.zeros((1, 0), np.float32))


@dataclass(frozen=True, kw_only=True, eq=False)
class TaskLosses(Product):
    """Loss of a network and of its baselines on each test item.

    Attributes:
        item_ids: Ids of the items, `a|b` for pairs.
        values: (3, n_items) float32: network, average guess, readout of the random network; NaN
            where an item has no label.
    """

    item_ids: tuple[str, ...] = ()
    values: np.ndarray = field(default_factory=lambda: np.zeros((3, 0), np.float32))


LOSS_ROWS = ("task_network", "average_guess", "random_readout")
"""Names of the rows of `TaskLosses.values`."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Representations(Product):
    """Representations of the images of some splits by one encoder.

    Attributes:
        arrays: By split, (n_images, 8, h, w) float16, rows as in the prepared split; memory-mapped.
    """

    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class Examples(Product):
    """A picture of some test images with label, prediction and average guess.

    Attributes:
        png: The file's bytes; empty where there is nothing to draw.
    """

    png: bytes = b""
