"""Shapes, probabilities and colours of what a network puts out."""

import numpy as np

from taskonomy_kedro.core.labels.colors import COLOR_BINS
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.tasks import Task

COLOR_SHARPNESS = 2.606
"""Factor on the logits of colours before their mean is taken; method.md §5 of the sources."""


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


def check_output(task: Task, output: np.ndarray, image_shape: tuple[int, ...]) -> None:
    """Check that an array is an output of a task's network for images of a shape (H, W, ...).

    Raises:
        ValueError: It is not; the message says which shape was expected.
    """
    kind = kind_of(task)
    if task.decoder == "none":
        raise ValueError(f"the network of task {task.name!r} puts out nothing that could be drawn")
    places = [side // kind.cell for side in image_shape[:2]] if kind.cell else []
    expected = (task.label.known_outputs, *places)
    fits = len(output.shape) == len(expected) and all(
        side is None or side == given for side, given in zip(expected, output.shape, strict=True)
    )
    if not fits:
        shape = ", ".join("any" if side is None else str(side) for side in expected)
        raise ValueError(f"task {task.name!r} has outputs of shape ({shape}), got {output.shape}")
