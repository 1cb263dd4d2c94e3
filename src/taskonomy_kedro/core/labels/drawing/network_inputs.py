"""The input of a network, as one picture."""

import numpy as np

from taskonomy_kedro.core.labels.drawing.drawn import check_example
from taskonomy_kedro.core.labels.drawing.pixels import WHITE, resized, with_caption
from taskonomy_kedro.core.labels.drawing.pose_drawing import CAMERA_COLORS
from taskonomy_kedro.core.labels.drawing.sketch import Sketch
from taskonomy_kedro.core.labels.input_transforms import transform_of
from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.tasks import Task


def draw_input(task: Task, example: LabelExample, size: int, *, seed: int = 0) -> np.ndarray:
    """Draw what a task's network sees: noisy, with a hole, its lightness, tiles, a pair or a triplet.

    Args:
        task: Of the dictionary, or custom.
        example: The image, pair or triplet.
        size: Pixels a side, at least 32.
        seed: Of the run: noise and tiles are the ones that are trained on.

    Returns:
        (size + caption_height(size), size, 3) uint8, the size of a drawn label.

    Raises:
        ValueError: Too small, or the example has another number of images than the task reads.
    """
    check_example(task, example, size)
    rgb, image_id = example.pictures[0], example.image_ids[0]
    if len(example.pictures) > 1:
        return with_caption(_side_by_side(example.pictures, size), f"{len(example.pictures)} images")
    return transform_of(task).draw_input(rgb, image_id, size, seed=seed)


def _side_by_side(pictures: tuple[np.ndarray, ...], size: int) -> np.ndarray:
    """Return numbered images of half the size, two in a row, the rows in the middle of the height."""
    side = size // 2
    n_rows = (len(pictures) + 1) // 2
    top = (size - n_rows * side) // 2
    board = np.full((size, size, 3), WHITE, dtype=np.uint8)
    places = [(top + k // 2 * side, k % 2 * side) for k in range(len(pictures))]
    for (y, x), rgb in zip(places, pictures, strict=True):
        board[y : y + side - 1, x : x + side - 1] = resized(rgb, side - 1)
    sketch = Sketch(board)
    for k, (y, x) in enumerate(places):
        sketch.badge(str(k + 1), (x, y), CAMERA_COLORS[k], tall=max(7.0, size / 11))
    return sketch.finished()
