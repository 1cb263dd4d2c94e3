"""From a prepared split to what a network sees: the items of one task, a batch at a time."""

import copy

import numpy as np
import torch

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.input_transforms import transform_of
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.labels.kinds.label_kind import stored_array
from taskonomy_kedro.core.labels.self_supervised import sampled_pixels
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.labels.targets import target_of
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.tasks import Task, nearest_name_hint
from taskonomy_kedro.core.training.batch_assembly import (
    Parts,
    input_parts,
    is_own_picture,
    label_parts,
    pictures_of,
    target_tensors,
)
from taskonomy_kedro.core.training.batch_tensors import TargetTensors, TaskBatch
from taskonomy_kedro.core.training.settings import COMPARED_PIXELS

__all__ = ["TargetTensors", "TaskBatch", "TaskDataset", "n_outputs"]

_BLOCK = 256  # items that are read at a time
_INPUTS = ("rgb", "picture")


class TaskDataset:
    """The images, pairs or triplets of a split that have a label for one task.

    Attributes:
        task: The task.
        image_rows: (m, k) int64, the rows of the split that each item is made of.
        item_ids: Id of each item's image, or of its images joined by `|`.
        is_in_memory: Whether batches are taken from memory instead of from the arrays on disk.
    """

    def __init__(
        self,
        task: Task,
        split: PreparedSplit,
        statistics: LabelStatistics,
        *,
        seed: int,
        tile_size: int | None = None,
        training_pixels: int = COMPARED_PIXELS,
    ) -> None:
        """Find the items; nothing large is read.

        Args:
            task: Of the dictionary, or custom.
            split: Images and labels.
            statistics: Constants of the training split, for every split.
            seed: Seed of noise, tiles and compared pixels.
            tile_size: Pixels a side of a jigsaw tile; the image's if not given.
            training_pixels: Pixels of an image that a metric loss compares in training; 300 in evaluation.

        Raises:
            UserError: The task learns nothing, or the split has no item for it.
        """
        self.task, self._split, self._statistics = task, split, statistics
        self._seed, self._tile_size = seed, tile_size
        self._training_pixels = training_pixels
        self._numbers, self.image_rows = _found_items(task, split)
        self.item_ids = ["|".join(split.image_ids[row] for row in rows) for rows in self.image_rows]
        self._held: Parts | None = None
        self._places = self.image_rows  # of the images among those held

    def __len__(self) -> int:
        return len(self.item_ids)

    @property
    def is_in_memory(self) -> bool:
        """Whether batches are taken from memory instead of from the arrays on disk."""
        return self._held is not None

    @property
    def reads_images(self) -> bool:
        """Whether the network sees images as they are: in colour, whole and without noise."""
        return transform_of(self.task).is_plain

    @property
    def n_images(self) -> int:
        """Images of the split."""
        return len(self._split)

    @property
    def split_fingerprint(self) -> str:
        """Fingerprint of the split that the items are of."""
        return self._split.fingerprint

    def images(self, rows: np.ndarray) -> torch.Tensor:
        """Return images of the split as networks see them, (n, 1, 3, H, W) float32 in [-1, 1]."""
        return pictures_of(self.task, {"rgb": torch.from_numpy(self._rgb(rows[:, None]))})

    def batch(self, rows: np.ndarray, draw: int = 0) -> TaskBatch:
        """Return some items as tensors on the CPU.

        Args:
            rows: (n,) numbers of items, in any order, repeats allowed.
            draw: Which pixels a metric loss compares: 0 in evaluation, the epoch in training.

        Returns:
            Inputs, target and ids, n of each.
        """
        parts = self._parts(rows, with_inputs=True)
        return TaskBatch(
            pictures=pictures_of(self.task, parts),
            target=target_tensors(self.task, parts, self._pixels(rows, draw)),
            item_ids=[self.item_ids[row] for row in rows],
        )

    def targets(self, rows: np.ndarray, draw: int = 0) -> TargetTensors:
        """Return what `batch` has as target, without making the pictures."""
        return target_tensors(self.task, self._parts(rows, with_inputs=False), self._pixels(rows, draw))

    def in_memory(self, limit_bytes: int) -> "TaskDataset":
        """Return the same items read and made once, if that takes at most `limit_bytes`; else these.

        Held are pictures as bytes, labels in float32 or small integers, colours as ten bins a pixel.
        Batches have the same values either way.
        """
        sample = self._parts(np.zeros(1, dtype=np.int64), with_inputs=True)
        images, places = np.unique(self.image_rows, return_inverse=True)
        counts = {name: len(images) if name == "rgb" else len(self) for name in sample}
        per_row = {name: part[0].nbytes for name, part in sample.items()}
        if "rgb" in sample:  # of each image once, however many pairs it is in
            per_row["rgb"] //= self.image_rows.shape[1]
        if sum(counts[name] * per_row[name] for name in sample) > limit_bytes:
            return self
        held = {
            name: torch.empty((len(self), *part.shape[1:]), dtype=part.dtype)
            for name, part in sample.items()
            if name != "rgb"
        }
        if "rgb" in sample:
            held["rgb"] = torch.from_numpy(self._rgb(images[:, None]))
        is_rgb_enough = set(held) == {"rgb"}
        for start in range(0, 0 if is_rgb_enough else len(self), _BLOCK):
            rows = np.arange(start, min(start + _BLOCK, len(self)))
            for name, part in self._parts(rows, with_inputs="picture" in held).items():
                if name != "rgb":
                    held[name][start : start + len(rows)] = part  # a plain copy; by rows it is far slower
        other = copy.copy(self)
        other._held, other._places = held, places.reshape(self.image_rows.shape)
        return other

    def _parts(self, rows: np.ndarray, *, with_inputs: bool) -> Parts:
        wants_rgb = with_inputs or is_own_picture(self.task)
        if self._held is not None:
            names = [name for name in self._held if with_inputs or name not in _INPUTS]
            parts = {name: self._held[name][rows] for name in names if name != "rgb"}
            if "rgb" in self._held and wants_rgb:
                parts["rgb"] = self._held["rgb"][_images(self._places[rows])]
            return parts
        ids = [self.item_ids[row] for row in rows]
        names = [*self._label_domains(), *(["rgb"] if wants_rgb else [])]
        stored = {name: self._rgb(self.image_rows[rows]) for name in names if name == "rgb"}
        images = self.image_rows[rows, 0]
        stored |= self._split.batch(images, tuple(name for name in names if name != "rgb"))
        if self.task.name in self._split.tuples:
            stored[self.task.name] = np.asarray(self._split.tuple_labels[self.task.name])[self._numbers[rows]]
        parts = label_parts(self.task, stored, ids, self._statistics, seed=self._seed)
        if with_inputs:
            parts |= input_parts(self.task, stored["rgb"], ids, seed=self._seed, tile_size=self._tile_size)
        return parts

    def _label_domains(self) -> tuple[str, ...]:
        """Return the arrays of the split that the label is made of."""
        if self.task.name in self._split.tuples or not self.task.domains:
            return ()
        if self.task.domains == ("point_info",):
            return (self.task.name,)
        masks = ("mask_valid",) if self.task.mask == "valid_depth" else ()
        return (*self.task.domains, *masks)

    def _rgb(self, rows: np.ndarray) -> np.ndarray:
        """Return (n, H, W, 3) uint8, or (n, k, H, W, 3) for pairs and triplets."""
        return np.ascontiguousarray(self._split.arrays["rgb"][_images(rows)])

    def _pixels(self, rows: np.ndarray, draw: int) -> torch.Tensor | None:
        if not self.task.compares_pixels:
            return None
        ids = [self.item_ids[row] for row in rows]
        n_pixels = self._split.image_size**2
        n_sampled = self._training_pixels if draw else COMPARED_PIXELS
        places = sampled_pixels(ids, n_pixels, seed=self._seed, draw=draw, n_sampled=n_sampled)
        return torch.from_numpy(places)


def n_outputs(task: Task, split: PreparedSplit) -> int:
    """Return how many numbers a network puts out per pixel or image for a task.

    Raises:
        UserError: The task learns nothing, or the split lacks the array with its classes.
    """
    if task.label.known_outputs is not None:
        return task.label.known_outputs
    if task.decoder == "none":
        raise UserError(f"the network of task {task.name!r} has no output: it is not trained")
    stored = split.batch(np.zeros(1, dtype=np.int64), _known_domains(task, split))
    return int(target_of(task, stored).values.shape[1])


def _images(rows: np.ndarray) -> np.ndarray:
    """Return (n,) of the rows (n, 1) of single images, and rows (n, k) of pairs and triplets as they are."""
    return rows[:, 0] if rows.shape[1] == 1 else rows


def _known_domains(task: Task, split: PreparedSplit) -> tuple[str, ...]:
    for name in task.needed_domains:
        if name not in split.arrays and name != "point_info":
            hint = nearest_name_hint(name, split.arrays)
            raise UserError(f"task {task.name!r}: the split {_name(split)!r} has no label {name!r}{hint}")
    return tuple(name for name in task.needed_domains if name != "point_info")


def _found_items(task: Task, split: PreparedSplit) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of each item among all images or tuples, (m,), and its images' rows, (m, k)."""
    if task.decoder == "none":
        raise UserError(f"task {task.name!r} learns nothing: its network is not trained")
    domains = _known_domains(task, split)
    if task.reads.sampling == "images":
        has_label = np.logical_and.reduce([split.has(name) for name in domains])
        if task.domains:
            has_label = has_label & kind_of(task).is_known(stored_array(task, split.arrays))
        numbers = np.flatnonzero(has_label)
        rows = numbers[:, None]
        reason = f"none of its {len(split)} images has {' and '.join(domains)}"
        remedy = "prepare images with these labels"
    else:
        rows = np.asarray(split.tuples.get(task.name, np.zeros((0, task.reads.n_inputs))), dtype=np.int64)
        labels = np.asarray(split.tuple_labels.get(task.name, np.zeros(0)))
        is_known = np.isfinite(labels)
        numbers = np.flatnonzero(is_known if labels.ndim == 1 else is_known.all(axis=1))
        rows = rows[numbers]
        sort = task.reads.sampling.replace("_", " ")
        reason = f"its {len(split)} images make no {sort}"
        remedy = "prepare more views of each point, with camera facts"
    if not len(numbers):
        raise UserError(
            f"the split {_name(split)!r} has no item for the task {task.name!r}: {reason}; "
            f"{remedy}, or leave the task out"
        )
    return numbers, rows


def _name(split: PreparedSplit) -> str:
    return split.name
