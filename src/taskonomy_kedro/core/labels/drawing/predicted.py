"""What a network put out, drawn as the label is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from taskonomy_kedro.core.labels.drawing.bars import draw_class, draw_distribution
from taskonomy_kedro.core.labels.drawing.drawn import (
    CAMERA_DOMAINS,
    check_example,
    draw_cameras,
    draw_image,
    draw_label,
    draw_stored,
    has_label,
    own_names,
)
from taskonomy_kedro.core.labels.drawing.embedding import draw_embedding
from taskonomy_kedro.core.labels.drawing.example import LabelExample
from taskonomy_kedro.core.labels.drawing.matching import draw_match
from taskonomy_kedro.core.labels.drawing.pixels import missing_label, note_picture, with_caption
from taskonomy_kedro.core.labels.drawing.self_made import (
    bin_colors,
    draw_colored,
    draw_solved_jigsaw,
)
from taskonomy_kedro.core.labels.outputs import (
    check_output,
    mean_colors,
    probabilities,
    raw_vector,
    stored_map,
)
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.labels.stored import STORED_DOMAINS
from taskonomy_kedro.core.labels.targets import target_of
from taskonomy_kedro.core.tasks import Task

_SMOOTHED_PEAK = 0.4  # of the range: about what is left of a line after smoothing


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
    """Draw one output of a task's network in the manner of its label, on the label's own scale.

    Args:
        task: Of the dictionary, or a user's own.
        output: Of one example. Maps (channels, H, W) of the values learned; logits of class maps
            (classes, H, W) and of colours (313, H/4, W/4); embeddings (64, H, W); vectors (k,) as they
            are learned, of egomotion the poses 1 to 2 and 2 to 3 (12,); logits of classes (k,).
        example: The image, pair or triplet; the label, where it has one, gives scale and mask.
        size: Pixels a side, at least 32.
        statistics: Constants of the training split, needed where the task's values are standardised.
        seed: Of the run, for tiles.
        class_names: Names of classes by task; the project's own lists where a task has none.

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
    kind, rgb = task.label.kind, example.pictures[0]
    names = (class_names or {}).get(task.name, ())
    if task.domains == CAMERA_DOMAINS:
        if not example.point_infos:
            return missing_label(size)
        return draw_cameras(task, raw_vector(task, output, statistics), example, size)
    if kind == "region_map":
        return draw_embedding(output, size)
    if kind == "color_bins":
        return draw_colored(rgb, mean_colors(output), size)
    if kind == "soft_class":
        return draw_distribution(probabilities(output), names or own_names(task, output.size), size)
    if kind == "class":
        return _draw_class(task, output, example, size, names=names, seed=seed)
    label = example.stored[0][task.domains[0]] if has_label(task, example) else None
    if kind == "vector":
        stored = raw_vector(task, output, statistics)
    else:
        stored = _as_label(task, stored_map(task, output, statistics), label)
    arrays = {**example.stored[0], task.domains[0]: stored}
    return draw_stored(_brightened(task), arrays, size, statistics=statistics, names=names, label=label)


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
    rgb, transform = example.pictures[0], task.reads.transform
    if task.label.kind == "color_bins":
        return draw_colored(rgb, bin_colors(rgb), size)
    if transform in ("noise", "hole"):
        return draw_image(rgb, size, "clean" if transform == "noise" else "whole")
    if transform == "tiles":
        return draw_solved_jigsaw(rgb, example.image_ids[0], size, seed=seed)
    options: dict[str, Any] = {"statistics": statistics, "seed": seed, "class_names": class_names}
    if task.label.blur_sigma > 0 and has_label(task, example):
        batch = {name: array[None] for name, array in example.stored[0].items()}
        return draw_prediction(task, target_of(task, batch, statistics).values[0], example, size, **options)
    return draw_label(task, example, size=size, **options)


def _draw_class(
    task: Task, logits: np.ndarray, example: LabelExample, size: int, *, names: Sequence[str], seed: int
) -> np.ndarray:
    """Draw the likeliest class: whether images match, tiles put back, or its name."""
    shares = probabilities(logits)
    number = int(shares.argmax())
    if task.reads.sampling == "matching_pairs":
        return draw_match(example, size, float(shares[1]))
    if task.reads.transform == "tiles":
        rgb, image_id = example.pictures[0], example.image_ids[0]
        return draw_solved_jigsaw(rgb, image_id, size, seed=seed, predicted=number)
    return draw_class(number, names, size, float(shares[number]))


def _brightened(task: Task) -> Task:
    """Return the task with a narrower range to draw, where smoothing has made thin lines faint."""
    if task.label.blur_sigma == 0 or task.label.stored_range is None:
        return task
    low, high = task.label.stored_range
    return replace(task, label=replace(task.label, stored_range=(low, low + _SMOOTHED_PEAK * (high - low))))


def _as_label(task: Task, predicted: np.ndarray, label: np.ndarray | None) -> np.ndarray:
    """Return a predicted map rounded to the type of its label; ids are 0 where the label knows none."""
    if task.label.kind == "class_map":
        is_known = label is None or task.mask != "known_class" or label > 0
        return np.where(is_known, predicted, 0)
    domain = task.domains[0]
    known = STORED_DOMAINS[domain].dtype if domain in STORED_DOMAINS else "float32"
    dtype = np.dtype(known) if label is None else label.dtype
    if not np.issubdtype(dtype, np.integer):
        return predicted
    limits = np.iinfo(dtype)
    return np.rint(np.clip(predicted, limits.min, limits.max)).astype(dtype)
