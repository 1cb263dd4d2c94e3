"""Constants of the training split, measured block by block."""

from collections.abc import Iterable, Iterator

import numpy as np

from taskonomy_kedro.core.labels.colors import COLOR_BINS, color_bins, color_counts
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.labels.statistics import (
    LabelStatistics,
    Standardisation,
    class_counts,
    rarity_weights,
    standardisation_of,
)
from taskonomy_kedro.core.labels.targets import target_of
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.tuples import TUPLE_TASKS, VECTOR_TASKS
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.rooms import SEMANTIC_CLASSES

_BLOCK = 256  # images
_COLOR_IMAGES = 2000  # images that the rarity of colours is measured on


def measure_statistics(train: PreparedSplit, custom_tasks: Iterable[Task] = ()) -> LabelStatistics:
    """Measure what standardises and weighs the labels of all splits.

    Args:
        train: The training split.
        custom_tasks: A user's own tasks.

    Returns:
        Mean and spread of curvature where the geometry is known, of vanishing points, layouts and
        poses, and of the vectors of a user's own tasks; weights of the classes of class maps, by
        pixels that count, and of the colour bins. A label that no image has is left out.
    """
    standardisations = {}
    if (curvature := _curvature(train)) is not None:
        standardisations["curvature"] = curvature
    vectors = {task: train.arrays[task] for task in VECTOR_TASKS}
    vectors |= {task: train.tuple_labels[task] for task in TUPLE_TASKS if task in train.tuple_labels}
    own = list(custom_tasks)
    vectors |= {
        task.name: train.arrays[task.domains[0]] for task in own if task.label.value_map == "standardised"
    }
    for task, values in vectors.items():
        if values.ndim == 2 and len(values) and np.isfinite(values).all(axis=1).any():
            standardisations[task] = standardisation_of(np.asarray(values))
    counts = np.zeros(len(SEMANTIC_CLASSES) - 1, dtype=np.int64)
    for rows in _blocks(len(train)):
        counts += class_counts(train.arrays["segment_semantic"][rows], len(counts))
    colors = np.zeros(len(COLOR_BINS), dtype=np.int64)
    spread = _evenly(len(train), _COLOR_IMAGES)  # of all rooms, not of the first
    for rows in _blocks(len(spread)):
        colors += color_counts(color_bins(np.asarray(train.arrays["rgb"][spread[rows]]))[0])
    all_counts = {"segment_semantic": counts}
    all_counts |= {task.name: _own_counts(train, task) for task in own if kind_of(task).has_class_weights}
    weights = {name: rarity_weights(found) for name, found in all_counts.items() if found.any()}
    return LabelStatistics(
        standardisations=standardisations, class_weights=weights, color_weights=rarity_weights(colors)
    )


def _own_counts(train: PreparedSplit, task: Task) -> np.ndarray:
    """Count the pixels of each class of an own class map that a network learns from, (n_classes,) int64."""
    domain, n_classes = task.domains[0], task.label.size or 0
    counts = np.zeros(n_classes, dtype=np.int64)
    has_label = train.has(domain)
    for rows in _blocks(len(train)):
        stored = train.batch(np.arange(len(train))[rows], task.needed_domains)
        target = target_of(task, stored, is_present=has_label[rows])
        counts += np.bincount(target.values[target.weights > 0], minlength=n_classes)
    return counts


def _curvature(train: PreparedSplit) -> Standardisation | None:
    """Measure the two stored curvatures from their histograms: exact, and as small as 256 numbers."""
    counts = np.zeros((2, 256), dtype=np.int64)
    has_label = train.has("principal_curvature")
    for rows in _blocks(len(train)):
        stored = np.asarray(train.arrays["principal_curvature"][rows])
        is_valid = (np.asarray(train.arrays["mask_valid"][rows]) == 255) & has_label[rows, None, None]
        for channel in range(2):
            counts[channel] += np.bincount(stored[..., channel][is_valid], minlength=256)
    if not counts[0].any():
        return None
    values = np.arange(256.0)
    share = counts / counts.sum(axis=1, keepdims=True)
    mean = share @ values
    std = np.sqrt(np.array([share[c] @ (values - mean[c]) ** 2 for c in range(2)]))
    std[std < 1e-6] = 1.0
    return Standardisation(mean=mean.astype(np.float32), std=std.astype(np.float32))


def _evenly(n_images: int, count: int) -> np.ndarray:
    """Return at most `count` rows, ascending, spread evenly over all."""
    return np.arange(min(count, n_images)) * n_images // min(count, n_images)


def _blocks(n_images: int) -> Iterator[slice]:
    for start in range(0, n_images, _BLOCK):
        yield slice(start, min(start + _BLOCK, n_images))
