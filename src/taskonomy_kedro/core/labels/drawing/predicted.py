"""What a network put out, drawn as the label is."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from taskonomy_kedro.core.labels.drawing.drawn import check_example, draw_label, has_label
from taskonomy_kedro.core.labels.drawing.pixels import note_picture, with_caption
from taskonomy_kedro.core.labels.input_transforms import transform_of
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.labels.kinds.label_kind import DrawingOptions
from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.labels.outputs import check_output
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.labels.targets import target_of
from taskonomy_kedro.core.tasks import Task


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
    check_example(task, example, size)
    check_output(task, output, example.pictures[0].shape)
    if not np.isfinite(output).all():
        return with_caption(note_picture(("not a", "number"), size), "")
    options = DrawingOptions(statistics=statistics, seed=seed, class_names=class_names)
    return kind_of(task).draw_output(task, output, example, size, options)


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
    check_example(task, example, size)
    rgb, image_id = example.pictures[0], example.image_ids[0]
    answer = kind_of(task).draw_answer(rgb, size)
    if answer is None:
        answer = transform_of(task).draw_answer(rgb, image_id, size, seed=seed)
    if answer is not None:
        return answer
    options: dict[str, Any] = {"statistics": statistics, "seed": seed, "class_names": class_names}
    if task.label.blur_sigma > 0 and has_label(task, example):
        batch = {name: array[None] for name, array in example.stored[0].items()}
        return draw_prediction(task, target_of(task, batch, statistics).values[0], example, size, **options)
    return draw_label(task, example, size=size, **options)
