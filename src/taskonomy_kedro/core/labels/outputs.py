"""From what a network puts out back to stored units: the way back of `targets.target_of`."""

import numpy as np

from taskonomy_kedro.core.labels.camera_labels import POSE_LENGTH, composed_pose
from taskonomy_kedro.core.labels.colors import COLOR_BINS
from taskonomy_kedro.core.labels.quantise import depth_from_log
from taskonomy_kedro.core.labels.statistics import LabelStatistics, Standardisation
from taskonomy_kedro.core.tasks import Task

COLOR_SHARPNESS = 2.606
"""Factor on the logits of colours before their mean is taken; method.md §5 of the sources."""
_COLOR_STRIDE = 4


def probabilities(logits: np.ndarray, axis: int = 0) -> np.ndarray:
    """Return the softmax along an axis, float32, same shape.

    Example:
        >>> probabilities(np.log(np.array([1.0, 3.0], dtype=np.float32))).round(3)
        array([0.25, 0.75], dtype=float32)
    """
    raised = np.exp(logits.astype(np.float32) - logits.max(axis=axis, keepdims=True))
    shares: np.ndarray = raised / raised.sum(axis=axis, keepdims=True)
    return shares


def mean_colors(logits: np.ndarray) -> np.ndarray:
    """Return the annealed mean colour of each pixel.

    Args:
        logits: (313, h, w) of the colour bins.

    Returns:
        (h, w, 2) float32, a and b: the mean of the bins' centres under the softmax of 2.606 times the
        logits, so between their mean and their likeliest.
    """
    raised = logits.astype(np.float32)
    raised -= raised.max(axis=0)
    raised *= np.float32(COLOR_SHARPNESS)
    np.exp(raised, out=raised)
    means: np.ndarray = np.tensordot(raised, COLOR_BINS, axes=(0, 0)) / raised.sum(axis=0)[..., None]
    return means


def stored_map(task: Task, output: np.ndarray, statistics: LabelStatistics | None = None) -> np.ndarray:
    """Return what a map that a network put out says in the units that labels are stored in.

    Args:
        task: Of a regression or class map.
        output: (channels, H, W) values learned, or (classes, H, W) logits.
        statistics: Constants of the training split, where the values are standardised.

    Returns:
        Depths (H, W) uint16; other numbers (H, W, channels), or (H, W) of one channel, float32, not
        rounded; ids (H, W) int64 of the likeliest classes.

    Raises:
        ValueError: Constants are needed and were not given.
    """
    label = task.label
    if label.kind == "class_map":
        return output.argmax(axis=0) + (task.mask == "known_class")
    if label.value_map == "log":
        return depth_from_log(np.clip(output[0], 0.0, 1.0))
    channels = np.moveaxis(output, 0, -1).astype(np.float32)
    if label.value_map == "standardised":
        return _constants(task, statistics).invert(channels)
    low, high = label.stored_range or (-1.0, 1.0)
    numbers: np.ndarray = low + (np.clip(channels, -1.0, 1.0) + 1.0) * np.float32((high - low) / 2)
    return numbers[..., 0] if numbers.shape[-1] == 1 else numbers


def raw_vector(task: Task, output: np.ndarray, statistics: LabelStatistics | None = None) -> np.ndarray:
    """Return the raw vector that a network put out, (k,) float32; of egomotion all 18 numbers.

    The network of egomotion puts out two of the three poses, 1 to 2 and 2 to 3; the third is composed.

    Raises:
        ValueError: Constants are needed and were not given.
    """
    if task.label.value_map != "standardised":
        return output.astype(np.float32)
    constants = _constants(task, statistics)
    if task.loss != "cycle_norm":
        return constants.invert(output)
    pose_12, pose_23 = (
        Standardisation(mean=constants.mean[part], std=constants.std[part]).invert(output[part])
        for part in (np.s_[:POSE_LENGTH], np.s_[-POSE_LENGTH:])
    )
    return np.concatenate([pose_12, composed_pose(pose_12, pose_23), pose_23])


def check_output(task: Task, output: np.ndarray, image_shape: tuple[int, ...]) -> None:
    """Check that an array is an output of a task's network for images of a shape (H, W, ...).

    Raises:
        ValueError: It is not; the message says which shape was wanted.
    """
    label = task.label
    n_outputs = label.n_outputs or label.size
    height, width = image_shape[:2]
    if label.kind in ("regression_map", "class_map", "region_map"):
        wanted: tuple[int | None, ...] = (n_outputs, height, width)
    elif label.kind == "color_bins":
        wanted = (n_outputs, height // _COLOR_STRIDE, width // _COLOR_STRIDE)
    elif label.kind == "none":
        raise ValueError(f"the network of task {task.name!r} puts out nothing that could be drawn")
    else:
        wanted = (n_outputs,)
    fits = len(output.shape) == len(wanted) and all(
        side is None or side == given for side, given in zip(wanted, output.shape, strict=True)
    )
    if not fits:
        shape = ", ".join("any" if side is None else str(side) for side in wanted)
        raise ValueError(f"task {task.name!r} has outputs of shape ({shape}), got {output.shape}")


def _constants(task: Task, statistics: LabelStatistics | None) -> Standardisation:
    if statistics is None:
        raise ValueError(f"task {task.name!r} needs the mean and spread of the training split, got none")
    return statistics.standardisation(task.name)
