"""What every kind of label knows: how it is stored, learned, predicted, drawn and summarised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

import numpy as np

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.domains import Domain
from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.labels.statistics import LabelStatistics, Standardisation
from taskonomy_kedro.core.labels.summary_rows import Summary
from taskonomy_kedro.core.tasks import Label, Task, nearest_name_hint
from taskonomy_kedro.core.tasks.task import Decoder, Mask

Stored = Mapping[str, np.ndarray]
"""Stored arrays by domain."""

_SMOOTHED_PEAK = 0.4  # of the range: about what is left of a line after smoothing
_GREATEST = {8: 255, 16: 65535}
CAMERA_DOMAINS = ("point_info",)
"""Domains of the tasks whose labels are vectors about cameras."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Target:
    """What a batch is trained towards.

    Attributes:
        values: Maps (n, channels, H, W) float32; class or region maps (n, H, W) int64; vectors and
            soft classes (n, k) float32; classes (n,) int64.
        weights: float32 >= 0: (n, 1, H, W) for maps, (n, H, W) for class and region maps, else (n,).
            Where 0 the values mean nothing.
    """

    values: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawing:
    """How a label or prediction is drawn.

    Attributes:
        size: Pixels a side.
        statistics: Constants of the training split.
        seed: Seed of the run, for noise and tiles.
        class_names: Names of classes by task; the project's own lists if a task has none.
        label: The stored label on whose scale a prediction is drawn.
    """

    size: int
    statistics: LabelStatistics | None = None
    seed: int = 0
    class_names: Mapping[str, Sequence[str]] | None = None
    label: np.ndarray | None = None

    def names_of(self, task: Task, n_classes: int = 0) -> Sequence[str]:
        """Return the names of a task's classes: the given ones, or the project's own lists."""
        from taskonomy_kedro.core.labels.class_labels import class_names_of

        return (self.class_names or {}).get(task.name, ()) or class_names_of(task.name, n_classes)


@dataclass(frozen=True, kw_only=True)
class CustomLabel:
    """How an entry of `data.tasks` describes a label of a kind; see `labels.custom_tasks`.

    Attributes:
        size_key: The key that gives its size: `channels`, `classes` or `length`.
        masks: Masks that the entry may name; the first is the default.
        decoder: Decoder of its networks.
        more_keys: Other keys that mean something for the kind.
    """

    size_key: Literal["channels", "classes", "length"]
    masks: tuple[Mask, ...]
    decoder: Decoder
    more_keys: tuple[str, ...] = ()


class LabelKind:
    """One kind of label. Each is one file of `labels.kinds`, with one entry in `LABEL_KINDS`.

    Attributes:
        name: As `Label.kind` of a task names it.
        dtype: Type of the values learned.
        has_channels: Whether the second axis of the values is channels or numbers of a vector.
        cell: Pixels a side of the image that one place of an output stands for; 0: outputs have no places.
        is_segmentation: Whether the values are a map of ids.
        has_class_weights: Whether rare classes weigh more, see `statistics.rarity_weights`.
        has_color_weights: Whether the rarity of colours in the training split weighs pixels.
        bin_centres: (n_bins, 2) colours that the outputs are shares of; None if they are not.
        is_bounded: Whether the released decoders squeeze outputs into [-1, 1].
        custom: How users describe such a label in `data.tasks`; None if they cannot.
    """

    name: str
    dtype: str = "float32"
    has_channels: bool = True
    cell: int = 0
    is_segmentation: bool = False
    has_class_weights: bool = False
    has_color_weights: bool = False
    bin_centres: np.ndarray | None = None
    is_bounded: bool = True
    custom: CustomLabel | None = None

    def custom_label(self, name: str, size: int, entry: Mapping[str, Any], mask: Mask) -> Label:
        """Return the label that an entry of `data.tasks` describes.

        Args:
            name: Name of the task.
            size: Value of the kind's `size_key`, checked.
            entry: The whole entry.
            mask: The entry's, or the default.

        Raises:
            UserError: A value is wrong; the message says which key, what was expected and what came.
        """
        return Label(kind=self.name, size=size)

    def domain(self, task: Task) -> Domain:
        """Return how the label of a custom task is stored."""
        raise _is_not_stored(task)

    def summary(self, task: Task) -> Summary:
        """Return how the stored labels of a custom task are summarised."""
        raise _is_not_stored(task)

    def is_known(self, array: np.ndarray) -> np.ndarray:
        """Return which of some stored labels (n, ...) are labels at all, (n,) bool."""
        return np.ones(len(array), dtype=bool)

    def values(self, task: Task, array: np.ndarray, statistics: LabelStatistics | None) -> np.ndarray:
        """Return the values learned of stored labels (n, ...); see `Target` for their shape."""
        raise _is_not_stored(task)

    def weights_shape(self, values: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the weights for values of a shape."""
        return values[:1]

    def target(
        self, task: Task, stored: Stored, statistics: LabelStatistics | None, is_present: np.ndarray | None
    ) -> Target:
        """Return what a batch is trained towards; see `targets.target_of`."""
        array = stored_array(task, stored)
        has_label = np.ones(len(array), bool) if is_present is None else np.asarray(is_present, bool)
        has_label = has_label & self.is_known(array)
        if array.ndim < 3:
            array = np.where(has_label.reshape(-1, *[1] * (array.ndim - 1)), array, 0)
        values = self.values(task, array, statistics)
        shape = self.weights_shape(values.shape)
        weights = np.broadcast_to(has_label.reshape(-1, *[1] * (len(shape) - 1)), shape).astype(np.float32)
        if task.mask == "valid_depth":
            weights *= (_find_stored(task, "mask_valid", stored) == 255).reshape(shape)
        if task.mask == "known_class":
            weights *= values > 0
            values = np.maximum(values - 1, 0)
        if self.has_class_weights and statistics is not None and task.name in statistics.class_weights:
            weights *= statistics.class_weights[task.name][values]
        return Target(values=values, weights=weights)

    def parts(self, task: Task, stored: Stored, statistics: LabelStatistics) -> dict[str, np.ndarray]:
        """Return what is held of a batch of labels, in small types: `values`, `weights`, `shares`.

        `weights` are omitted if all are 1, as each item has its label.
        """
        target = self.target(task, stored, statistics, None)
        parts = {"values": target.values}
        if task.mask in ("valid_depth", "known_class") or self.has_class_weights:
            parts["weights"] = target.weights
        return parts

    def output_shape(self, label: Label, values: tuple[int, ...]) -> tuple[int, ...]:
        """Return the shape of the outputs that are compared with values of a shape."""
        places = values[2:] if self.has_channels else values[1:]
        n_outputs = values[1] if label.known_outputs is None else label.known_outputs
        return (values[0], n_outputs, *places)

    def to_stored(self, task: Task, output: np.ndarray, statistics: LabelStatistics | None) -> np.ndarray:
        """Return one output of a network in the units that labels are stored in.

        Raises:
            ValueError: Constants of the training split are needed and were not given.
        """
        raise _is_not_stored(task)

    def as_label(self, task: Task, stored: np.ndarray, label: np.ndarray | None) -> np.ndarray:
        """Return a prediction in stored units as its label is stored, to be drawn alike."""
        return stored

    def draw(self, task: Task, arrays: Stored, to: Drawing) -> np.ndarray:
        """Draw a stored label, or a prediction in stored units.

        Args:
            task: The task.
            arrays: By domain; the first of the task's is drawn, masks are taken from the others.
            to: How.
        """
        raise _is_not_stored(task)

    def draw_output(self, task: Task, output: np.ndarray, example: LabelExample, to: Drawing) -> np.ndarray:
        """Draw one output of a network as the label is drawn."""
        from taskonomy_kedro.core.labels.drawing.drawn import has_label

        domain = task.domains[0]
        label = example.stored[0][domain] if has_label(task, example) else None
        stored = self.as_label(task, self.to_stored(task, output, to.statistics), label)
        return self.draw(_brightened(task), {**example.stored[0], domain: stored}, replace(to, label=label))

    def draw_self_made(self, rgb: np.ndarray, size: int) -> np.ndarray | None:
        """Draw the label that an image (H, W, 3) gives of itself; None if the input decides."""
        return None

    def draw_answer(self, rgb: np.ndarray, size: int) -> np.ndarray | None:
        """Draw such a label without the input; None if the input decides."""
        return None

    def notes(self, task: Task) -> tuple[str, ...]:
        """Return lines that explain drawn examples."""
        return ()


def _is_not_stored(task: Task) -> ValueError:
    return ValueError(
        f"the label of task {task.name!r} is not made from stored arrays alone: colours and tiles "
        "are in `self_supervised`, matches in `pairs`"
    )


def _brightened(task: Task) -> Task:
    """Return the task with a narrower range to draw, where smoothing has made thin lines faint."""
    if task.label.blur_sigma == 0 or task.label.stored_range is None:
        return task
    low, high = task.label.stored_range
    return replace(task, label=replace(task.label, stored_range=(low, low + _SMOOTHED_PEAK * (high - low))))


def stored_array(task: Task, stored: Stored) -> np.ndarray:
    """Return the stored array that a task's label is made from.

    Raises:
        ValueError: It is missing, and the message has the nearest name; or the label is made elsewhere.
    """
    if not task.domains:
        raise _is_not_stored(task)
    return _find_stored(task, task.name if task.domains == CAMERA_DOMAINS else task.domains[0], stored)


def _find_stored(task: Task, name: str, stored: Stored) -> np.ndarray:
    if name not in stored:
        hint = nearest_name_hint(name, stored)
        raise ValueError(f"task {task.name!r} needs the stored array {name!r}{hint}")
    return stored[name]


def constants_of(task: Task, statistics: LabelStatistics | None) -> Standardisation:
    """Return the mean and spread of a task.

    Raises:
        ValueError: No statistics were given.
        UserError: They lack the task.
    """
    if statistics is None:
        raise ValueError(f"task {task.name!r} needs the mean and spread of the training split, got none")
    return statistics.standardisation(task.name)


def file_bits(name: str, entry: Mapping[str, Any], greatest: float, needed_for: str) -> Literal[8, 16]:
    """Return the bits of a map's files: the entry's `bits`, or as many as the greatest number needs.

    Raises:
        UserError: Neither 8 nor 16, or too few.
    """
    bits = entry.get("bits", 8 if greatest <= _GREATEST[8] else 16)
    if isinstance(bits, bool) or bits not in _GREATEST:
        raise UserError(f"task {name!r}: bits must be 8 or 16, got {bits!r}")
    if greatest > _GREATEST[bits]:
        raise UserError(
            f"task {name!r}: image files of {bits} bits hold numbers up to {_GREATEST[bits]}, "
            f"too few for {needed_for}"
        )
    return cast(Literal[8, 16], bits)
