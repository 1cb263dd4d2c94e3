"""One picture for every kind of label, custom tasks included."""

from collections.abc import Mapping, Sequence

import numpy as np

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.camera_labels import camera_vectors
from taskonomy_kedro.core.labels.drawing.cameras import draw_cameras
from taskonomy_kedro.core.labels.drawing.matching import draw_match
from taskonomy_kedro.core.labels.drawing.pixels import missing_label
from taskonomy_kedro.core.labels.input_transforms import transform_of
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.labels.kinds.label_kind import CAMERA_DOMAINS, DrawingOptions
from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.labels.statistics import LabelStatistics
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
    check_example(task, example, size)
    if not has_label(task, example):
        return missing_label(size)
    if task.reads.sampling == "matching_pairs":
        return draw_match(example, size)
    if task.domains == CAMERA_DOMAINS:
        rows = np.arange(len(example.image_ids))[None]
        return draw_cameras(task, camera_vectors(task.name, example.point_infos, rows)[0], example, size)
    if task.domains in (("rgb",), ()):
        rgb, image_id = example.pictures[0], example.image_ids[0]
        drawn = kind_of(task).draw_self_made(rgb, size)
        return transform_of(task).draw_label(rgb, image_id, size, seed=seed) if drawn is None else drawn
    options = DrawingOptions(statistics=statistics, seed=seed, class_names=class_names)
    return kind_of(task).draw(task, example.stored[0], size, options)


def check_example(task: Task, example: LabelExample, size: int) -> None:
    """Check that an example is one of a task, and that it can be drawn at a size.

    Raises:
        UserError: Too small, or the example has another number of images than the task reads.
    """
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
