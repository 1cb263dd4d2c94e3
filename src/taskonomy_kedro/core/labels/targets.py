"""From stored arrays to what a network is trained on, a batch at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from taskonomy_kedro.core.labels.class_labels import KEPT_SCENES
from taskonomy_kedro.core.labels.quantise import log_depth
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.tasks import Task, nearest_name_hint

_BLUR_SIZE = 256  # pixels a side of the image that a blur is given for
_ALL_SCENES = 365


@dataclass(frozen=True, kw_only=True, eq=False)
class Target:
    """What a batch is to be trained towards.

    Attributes:
        values: Maps (n, channels, H, W) float32; class or region maps (n, H, W) int64; vectors and
            soft classes (n, k) float32; classes (n,) int64.
        weights: float32 >= 0: (n, 1, H, W) for maps, (n, H, W) for class and region maps, else (n,).
            Where 0 the values mean nothing.
    """

    values: np.ndarray
    weights: np.ndarray


def picture(rgb: np.ndarray) -> np.ndarray:
    """Return the ordinary input of a network: (n, 3, H, W) float32 in [-1, 1], of (n, H, W, 3) uint8."""
    scaled = np.moveaxis(rgb, -1, 1).astype(np.float32)
    scaled *= np.float32(1 / 127.5)
    scaled -= np.float32(1.0)
    return scaled


def target_of(
    task: Task,
    stored: Mapping[str, np.ndarray],
    statistics: LabelStatistics | None = None,
    is_present: np.ndarray | None = None,
) -> Target:
    """Make the targets of one task for a batch of images.

    Args:
        task: Of the dictionary, or a user's own.
        stored: Stored arrays by domain, image first: maps (n, H, W[, channels]), vectors (n, k),
            classes (n,). Labels made from `point_info` come as raw vectors under the task's name.
            `mask_valid` is needed where the task's mask is `valid_depth`.
        statistics: Constants of the training split, where the task needs any.
        is_present: (n,) bool, which images have the label; all if not given.

    Returns:
        Values and weights; an image without the label has weight 0.

    Raises:
        ValueError: An array is missing or of another number of channels, constants are needed, or
            the task's label is made elsewhere (colours and tiles in `self_supervised`, matches in
            `pairs`).
    """
    name = _array_name(task)
    array = _stored(stored, name, task)
    n_images = len(array)
    has_label = np.ones(n_images, bool) if is_present is None else np.asarray(is_present, bool)
    kind = task.label.kind
    if kind == "regression_map":
        values = _regression_map(task, array, statistics)
        shape = (n_images, 1, *values.shape[2:])
    elif kind in ("class_map", "region_map"):
        values = array.astype(np.int64)
        shape = values.shape
    elif kind in ("vector", "soft_class"):
        has_label = has_label & np.isfinite(array).all(axis=1)
        values = _vectors(task, np.where(has_label[:, None], array, 0.0), statistics)
        shape = (n_images,)
    else:
        has_label = has_label & (array >= 0)
        values, shape = np.where(has_label, array, 0).astype(np.int64), (n_images,)
    weights = np.broadcast_to(has_label.reshape(-1, *[1] * (len(shape) - 1)), shape).astype(np.float32)
    if task.mask == "valid_depth":
        weights *= (_stored(stored, "mask_valid", task) == 255).reshape(shape)
    if task.mask == "known_class":
        weights *= values > 0
        values = np.maximum(values - 1, 0)
    if kind == "class_map" and statistics is not None and task.name in statistics.class_weights:
        weights *= statistics.class_weights[task.name][values]
    return Target(values=values, weights=weights)


def _array_name(task: Task) -> str:
    if task.label.kind in ("color_bins", "none") or not task.domains:
        raise ValueError(
            f"the label of task {task.name!r} is not made from stored arrays alone: colours and tiles "
            "are in `self_supervised`, matches in `pairs`"
        )
    return task.name if task.domains == ("point_info",) else task.domains[0]


def _stored(stored: Mapping[str, np.ndarray], name: str, task: Task) -> np.ndarray:
    if name not in stored:
        raise ValueError(
            f"task {task.name!r} needs the stored array {name!r}{nearest_name_hint(name, stored)}"
        )
    return stored[name]


def _regression_map(task: Task, array: np.ndarray, statistics: LabelStatistics | None) -> np.ndarray:
    """Return (n, channels, H, W) float32."""
    label = task.label
    channels = array[:, None] if array.ndim == 3 else np.moveaxis(array, -1, 1)
    if label.size is None or channels.shape[1] < label.size:
        raise ValueError(f"task {task.name!r} needs {label.size} channels, got an array {array.shape}")
    channels = channels[:, : label.size]
    if label.value_map == "log":
        return log_depth(channels)
    if label.value_map == "standardised":
        constants = _needed(statistics, task).standardisation(task.name)
        return np.moveaxis(constants.apply(np.moveaxis(channels, 1, -1)), -1, 1)
    low, high = label.stored_range or (-1.0, 1.0)
    values = channels.astype(np.float32)
    values *= np.float32(2.0 / (high - low))
    values -= np.float32((high + low) / (high - low))
    if label.is_clipped:
        np.clip(values, -1.0, 1.0, out=values)
    if label.blur_sigma > 0:
        sigma = label.blur_sigma * values.shape[-1] / _BLUR_SIZE
        values = ndimage.gaussian_filter(values, (0, 0, sigma, sigma), mode="nearest")
    return values


def _vectors(task: Task, array: np.ndarray, statistics: LabelStatistics | None) -> np.ndarray:
    """Return (n, k) float32; a distribution sums to 1 where the image has one."""
    if task.label.kind == "soft_class":
        return _distribution(task, array)
    if task.label.value_map == "standardised":
        return _needed(statistics, task).standardisation(task.name).apply(array)
    return array.astype(np.float32)


def _distribution(task: Task, array: np.ndarray) -> np.ndarray:
    """Turn stored logits (objects) or probabilities (scenes) into distributions."""
    values = array.astype(np.float32)
    if task.domains == ("class_object",):
        values = np.exp(values - values.max(axis=1, keepdims=True))
    elif values.shape[1] == _ALL_SCENES:
        values = values[:, KEPT_SCENES]
    total = values.sum(axis=1, keepdims=True)
    return np.where(total > 0, values / np.where(total > 0, total, 1.0), 0.0).astype(np.float32)


def _needed(statistics: LabelStatistics | None, task: Task) -> LabelStatistics:
    if statistics is None:
        raise ValueError(f"task {task.name!r} needs the mean and spread of the training split, got none")
    return statistics
