"""What the steps of task modelling hand on, each with a record of what it depends on."""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from pydantic import BaseModel

from taskonomy_kedro.core.preparation.record import code_version, differences, file_sizes, read_record
from taskonomy_kedro.core.tasks import Task

if TYPE_CHECKING:
    from torch import Tensor

    from taskonomy_kedro.core.training.checkpoint import CheckpointFile

logger = logging.getLogger(__name__)

RECORD = "record.json"
_CODE = ("tasks", "labels", "networks", "training")


@dataclass(frozen=True, kw_only=True, eq=False)
class Product:
    """Something made from other things.

    Attributes:
        task: Name of the task, or of the source, it belongs to.
        wanted: Everything it depends on, as plain JSON.
        outcome: What came of making it: seconds, losses, the device; plain JSON.
        failure: Why there is nothing, empty where there is something.
        is_expected: There was nothing to be had, such as losses without a decoder: not the run's fault.
        is_kept: It was there already and is only pointed to: nothing is to be written.
    """

    task: str
    wanted: Mapping[str, Any]
    outcome: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""
    is_expected: bool = False
    is_kept: bool = False

    @property
    def content(self) -> str:
        """Hash of what it holds; others that are made from it depend on that."""
        return str(self.outcome.get("content", ""))

    def without(self, failure: str, *, is_expected: bool = False) -> Self:
        """Return the same with nothing in it, and why."""
        return replace(self, failure=failure, is_expected=is_expected)


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainedNetwork(Product):
    """Weights of a network.

    Attributes:
        weights: By name, on the CPU; empty where it failed or is only pointed to.
    """

    weights: "Mapping[str, Tensor]" = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, eq=False)
class AverageGuess(Product):
    """The best constant output of a task.

    Attributes:
        output: (1, …), of the shape of a network's output for one item; empty where there is none.
    """

    output: np.ndarray = field(default_factory=lambda: np.zeros((1, 0), np.float32))


@dataclass(frozen=True, kw_only=True, eq=False)
class TaskLosses(Product):
    """Loss of a network and of its baselines on each test item.

    Attributes:
        item_ids: Ids of the items, `a|b` for pairs.
        values: (3, n_items) float32: network, average guess, read-out of the random network; NaN
            where nothing of an item is known.
    """

    item_ids: tuple[str, ...] = ()
    values: np.ndarray = field(default_factory=lambda: np.zeros((3, 0), np.float32))


LOSS_ROWS = ("task_network", "average_guess", "random_readout")
"""What the rows of `TaskLosses.values` are of."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Representations(Product):
    """Representations of the images of some splits by one encoder.

    Attributes:
        arrays: By split, (n_images, 8, h, w) float16, rows as in the prepared split; memory-mapped.
    """

    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)

    def check_split(self, name: str, fingerprint: str) -> None:
        """Refuse representations of other images.

        Raises:
            ValueError: The split is missing, or was prepared anew since.
        """
        made_from = self.wanted["data"].get(name)
        if made_from != fingerprint:
            raise ValueError(
                f"the representations by {self.task!r} of the split {name!r} are of data {made_from}, "
                f"and the split now is {fingerprint}; run the pipeline task_modeling again"
            )


@dataclass(frozen=True, kw_only=True, eq=False)
class Examples(Product):
    """A picture of some test images with label, prediction and average guess.

    Attributes:
        png: The file's bytes; empty where there is nothing to draw.
    """

    png: bytes = b""


@dataclass(frozen=True)
class FinishedWork:
    """What earlier runs have finished, and where a training keeps its state.

    Attributes:
        folder: Holds a folder for each kind of product, with a folder for each task.
        read: Looks at a product that is elsewhere, by `kind/task`: its record, None where there is none,
            and the size of each file that lies there, in bytes.
    """

    folder: Path
    read: Callable[[str], tuple[Any, Mapping[str, int]]] | None = None

    def record_of(self, kind: str, task: str, wanted: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the record of a product that still is what is wanted, else None, and log why.

        Args:
            kind: Such as `networks`.
            task: Whose.
            wanted: What the product would depend on if it were made now.
        """
        record, sizes = (self.read or self._read_here)(f"{kind}/{task}")
        if not isinstance(record, Mapping):
            return None
        if record.get("failure"):
            logger.info("%s of %s failed the last time: once more", kind, task)
            return None
        changes = differences(wanted, record.get("wanted", {})) or _damage(record.get("files", {}), sizes)
        if changes:
            logger.info("%s of %s are made anew: %s", kind, task, "; ".join(changes[:3]))
            return None
        return record

    def _read_here(self, name: str) -> tuple[Any, Mapping[str, int]]:
        folder = self.folder / name
        record = read_record(folder)
        return record, {} if record is None else file_sizes(folder)

    def checkpoint(self, task: str, wanted: Mapping[str, Any]) -> "CheckpointFile":
        """Return the file that the training of a task's network keeps its state in."""
        from taskonomy_kedro.core.training.checkpoint import CheckpointFile

        return CheckpointFile(self.folder / "checkpoints" / f"network_{task}.pt").part(json.dumps(wanted))

    def scratch(self, kind: str, task: str) -> Path:
        """Return a folder for arrays that are written while they are computed."""
        return self.folder / kind / f".{task}.unfinished"


def _damage(promised: Mapping[str, int], sizes: Mapping[str, int]) -> list[str]:
    """Say which files are not what was written, a phrase each."""
    return [
        f"{name} is damaged: {size} bytes were written, {sizes[name]} are there"
        if name in sizes
        else f"{name} is gone"
        for name, size in promised.items()
        if sizes.get(name) != size
    ]


def fingerprint_of(value: Any) -> str:
    """Return a short hash of plain values."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]


def dependencies(task: Task, **more: Any) -> dict[str, Any]:
    """Return what every product of a task depends on, and what it depends on besides.

    Args:
        task: Its entry of the dictionary.
        **more: Plain values, or settings.
    """
    settings = {
        key: value.model_dump() if isinstance(value, BaseModel) else value for key, value in more.items()
    }
    plain = {"task": task.name, "entry": fingerprint_of(task), **settings, "code": code_version(_CODE)}
    # as JSON gives it back: text for keys, lists for tuples
    read_back: dict[str, Any] = json.loads(json.dumps(plain))
    return read_back
