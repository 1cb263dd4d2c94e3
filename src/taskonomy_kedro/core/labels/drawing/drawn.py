"""One picture for every label, prediction and input, custom tasks included."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.camera_labels import camera_vectors
from taskonomy_kedro.core.labels.drawing.matching import draw_match
from taskonomy_kedro.core.labels.drawing.pixels import (
    WHITE,
    missing_label,
    note_picture,
    resized,
    with_caption,
)
from taskonomy_kedro.core.labels.drawing.pose_drawing import CAMERA_COLORS, draw_cameras
from taskonomy_kedro.core.labels.drawing.sketch import Sketch
from taskonomy_kedro.core.labels.input_transforms import SelfMade, transform_of
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.labels.kinds.label_kind import CAMERA_DOMAINS, Drawing
from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.labels.outputs import check_output
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.labels.targets import target_of
from taskonomy_kedro.core.tasks import Task

_LEAST_SIZE = 32


def draw_label(
    task: Task,
    example: LabelExample,
    *,
    size: int,
    statistics: LabelStatistics | None = None,
    seed: int = 0,
    class_names: Mapping[str, Sequence[str]] | None = None,
) -> np.ndarray:
    """Draw the label of one task so that a person can judge it.

    Args:
        task: Of the dictionary, or custom.
        example: The image, pair or triplet.
        size: Pixels a side, at least 32.
        statistics: Constants of the training split; if given, the colours of curvature fit them.
        seed: Seed of the run: noise and tiles are those of the training.
        class_names: Names of classes by task; the project's own lists if a task has none.

    Returns:
        (size + caption_height(size), size, 3) uint8: the picture and a line of text below it;
        an empty grey square if the example lacks the label.

    Raises:
        UserError: Too small, or the example has another number of images than the task reads.
    """
    _check_example(task, example, size)
    if not has_label(task, example):
        return missing_label(size)
    if task.reads.sampling == "matching_pairs":
        return draw_match(example, size)
    if task.domains == CAMERA_DOMAINS:
        rows = np.arange(len(example.image_ids))[None]
        return draw_cameras(task, camera_vectors(task.name, example.point_infos, rows)[0], example, size)
    if task.domains in (("rgb",), ()):
        drawn = kind_of(task).draw_self_made(example.pictures[0], size)
        return transform_of(task).draw_label(SelfMade.of(example, size, seed)) if drawn is None else drawn
    to = Drawing(size=size, statistics=statistics, seed=seed, class_names=class_names)
    return kind_of(task).draw(task, example.stored[0], to)


def _check_example(task: Task, example: LabelExample, size: int) -> None:
    if size < _LEAST_SIZE:
        raise UserError(f"a label needs at least {_LEAST_SIZE} pixels a side to be read, got {size}")
    if len(example.image_ids) != task.reads.n_images:
        raise UserError(
            f"task {task.name!r} reads {task.reads.n_images} images, got {', '.join(example.image_ids)}"
        )


def has_label(task: Task, example: LabelExample) -> bool:
    """Return whether the example has what the task's label is made from."""
    if task.reads.sampling == "matching_pairs":
        return example.is_match is not None
    if task.domains == CAMERA_DOMAINS:
        infos = example.point_infos
        has_box = bool(infos) and infos[0].bounding_box_ranges is not None
        return has_box if task.name == "room_layout" else bool(infos)
    arrays = example.stored[0]
    if any(domain not in arrays for domain in task.domains):
        return False
    return not task.domains or bool(kind_of(task).is_known(np.asarray(arrays[task.domains[0]])[None])[0])


def draw_prediction(
    task: Task,
    output: np.ndarray,
    example: LabelExample,
    size: int,
    *,
    statistics: LabelStatistics | None = None,
    seed: int = 0,
    class_names: Mapping[str, Sequence[str]] | None = None,
) -> np.ndarray:
    """Draw one output of a task's network as its label is drawn, on the label's scale.

    Args:
        task: Of the dictionary, or custom.
        output: Of one example. Maps (channels, H, W) of the values learned; logits of class maps
            (classes, H, W) and of colours (313, H/4, W/4); embeddings (64, H, W); vectors (k,) as they
            are learned, of egomotion the poses 1 to 2 and 2 to 3 (12,); logits of classes (k,).
        example: The image, pair or triplet; the label, where it has one, gives scale and mask.
        size: Pixels a side, at least 32.
        statistics: Constants of the training split, needed where the task's values are standardised.
        seed: Of the run, for tiles.
        class_names: Names of classes by task; the project's own lists if a task has none.

    Returns:
        (size + caption_height(size), size, 3) uint8, the size of a drawn label; an empty square where
        what it is drawn into is not known, such as the camera's angle of view.

    Raises:
        ValueError: An output of another shape, the task has none, or constants are missing.
    """
    _check_example(task, example, size)
    check_output(task, output, example.pictures[0].shape)
    if not np.isfinite(output).all():
        return with_caption(note_picture(("not a", "number"), size), "")
    to = Drawing(size=size, statistics=statistics, seed=seed, class_names=class_names)
    return kind_of(task).draw_output(task, output, example, to)


def draw_answer(
    task: Task,
    example: LabelExample,
    size: int,
    *,
    statistics: LabelStatistics | None = None,
    seed: int = 0,
    class_names: Mapping[str, Sequence[str]] | None = None,
) -> np.ndarray:
    """Draw the label as what the network is to put out, to stand beside the input and a prediction.

    As `draw_label`, but where that shows the input too (a noisy half, a hole, shuffled tiles) this is
    the answer alone; and what is smoothed before it is learned is smoothed here.
    """
    _check_example(task, example, size)
    answer = kind_of(task).draw_answer(example.pictures[0], size)
    if answer is None:
        answer = transform_of(task).draw_answer(SelfMade.of(example, size, seed))
    if answer is not None:
        return answer
    options: dict[str, Any] = {"statistics": statistics, "seed": seed, "class_names": class_names}
    if task.label.blur_sigma > 0 and has_label(task, example):
        batch = {name: array[None] for name, array in example.stored[0].items()}
        return draw_prediction(task, target_of(task, batch, statistics).values[0], example, size, **options)
    return draw_label(task, example, size=size, **options)


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
        UserError: Too small, or the example has another number of images than the task reads.
    """
    _check_example(task, example, size)
    if len(example.pictures) > 1:
        return with_caption(_side_by_side(example.pictures, size), f"{len(example.pictures)} images")
    return transform_of(task).draw_input(SelfMade.of(example, size, seed))


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
