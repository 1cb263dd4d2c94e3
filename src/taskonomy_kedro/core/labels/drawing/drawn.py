"""One picture for every kind of label, a user's own tasks included."""

from collections.abc import Mapping, Sequence

import numpy as np

from taskonomy_kedro.core.labels.camera_labels import camera_vectors
from taskonomy_kedro.core.labels.class_labels import OBJECT_CLASSES, SCENE_CLASSES
from taskonomy_kedro.core.labels.drawing.bars import draw_class, draw_distribution, draw_vector
from taskonomy_kedro.core.labels.drawing.example import LabelExample
from taskonomy_kedro.core.labels.drawing.geometry import draw_room_layout, draw_vanishing_points
from taskonomy_kedro.core.labels.drawing.maps import draw_curvature, draw_depth, draw_number_map
from taskonomy_kedro.core.labels.drawing.matching import draw_match
from taskonomy_kedro.core.labels.drawing.pixels import missing_label, note_picture, resized, with_caption
from taskonomy_kedro.core.labels.drawing.pose_drawing import draw_egomotion, draw_pose
from taskonomy_kedro.core.labels.drawing.regions import draw_class_map, draw_regions
from taskonomy_kedro.core.labels.drawing.self_made import (
    draw_colorization,
    draw_denoising,
    draw_inpainting,
    draw_jigsaw,
    draw_random_projection,
    draw_whole_image,
)
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.labels.targets import target_of
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.rooms import SEMANTIC_CLASSES

_LEAST_SIZE = 32
CAMERA_DOMAINS = ("point_info",)
"""Of the tasks whose labels are vectors about cameras."""


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
        task: Of the dictionary, or a user's own.
        example: The image, pair or triplet.
        size: Pixels a side, at least 32.
        statistics: Constants of the training split; where given, the colours of curvature fit them.
        seed: Of the run: noise and tiles are the ones that are trained on.
        class_names: Names of classes by task; the project's own lists where a task has none.

    Returns:
        (size + caption_height(size), size, 3) uint8: the picture and a line of text below it;
        an empty grey square where the example lacks the label.

    Raises:
        ValueError: Too small, or the example has another number of images than the task reads.
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
        return _draw_self_made(task, example, size, seed)
    names = (class_names or {}).get(task.name, ())
    return draw_stored(task, example.stored[0], size, statistics=statistics, names=names)


def check_example(task: Task, example: LabelExample, size: int) -> None:
    """Check that an example is one of a task, and that it can be drawn at a size.

    Raises:
        ValueError: Too small, or the example has another number of images than the task reads.
    """
    if size < _LEAST_SIZE:
        raise ValueError(f"a label needs at least {_LEAST_SIZE} pixels a side to be read, got {size}")
    n_images = 1 if task.reads.transform == "tiles" else task.reads.n_inputs
    if len(example.image_ids) != n_images:
        raise ValueError(f"task {task.name!r} reads {n_images} images, got {', '.join(example.image_ids)}")


def draw_image(rgb: np.ndarray, size: int, caption: str = "") -> np.ndarray:
    """Draw an image of the same size as a label, with a caption."""
    return with_caption(resized(rgb, size), caption)


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
    if task.label.kind in ("vector", "soft_class"):
        return bool(np.isfinite(arrays[task.domains[0]]).all())
    return task.label.kind != "class" or not task.domains or int(arrays[task.domains[0]]) >= 0


def draw_cameras(task: Task, vector: np.ndarray, example: LabelExample, size: int) -> np.ndarray:
    """Draw the raw vector (k,) of a camera task, of a label or predicted, into the images of an example."""
    rgb = example.pictures[0]
    if task.name == "vanishing_point":
        return draw_vanishing_points(rgb, vector, example.point_infos[0], size)
    if task.name == "room_layout":
        return draw_room_layout(rgb, vector, example.point_infos[0], size)
    draw = draw_egomotion if len(example.image_ids) == 3 else draw_pose
    return draw(example, vector, size)


def _draw_self_made(task: Task, example: LabelExample, size: int, seed: int) -> np.ndarray:
    rgb, image_id = example.pictures[0], example.image_ids[0]
    if task.label.kind == "color_bins":
        return draw_colorization(rgb, size)
    if task.reads.transform == "noise":
        return draw_denoising(rgb, image_id, size, seed=seed)
    if task.reads.transform == "hole":
        return draw_inpainting(rgb, size)
    if task.reads.transform == "tiles":
        return draw_jigsaw(rgb, image_id, size, seed=seed)
    return draw_random_projection(size) if task.label.kind == "none" else draw_whole_image(rgb, size)


def draw_stored(
    task: Task,
    arrays: Mapping[str, np.ndarray],
    size: int,
    *,
    statistics: LabelStatistics | None,
    names: Sequence[str],
    label: np.ndarray | None = None,
) -> np.ndarray:
    """Draw what is stored, or what a prediction says in stored units.

    Args:
        task: With a stored domain of its own.
        arrays: By domain; the first of the task's is drawn, masks are taken from the others.
        size: Pixels a side.
        statistics: Constants of the training split.
        names: Of classes; the project's own where empty.
        label: The stored label where a prediction is to be drawn on its scale.
    """
    stored, kind = arrays[task.domains[0]], task.label.kind
    names = names or own_names(task, stored.size)
    if kind == "region_map":
        return draw_regions(stored, size)
    if kind == "class_map":
        is_zero_unknown = task.mask == "known_class"
        return draw_class_map(
            stored,
            size,
            is_zero_unknown=is_zero_unknown,
            class_names=names,
            has_background=not task.is_custom,
        )
    if kind == "soft_class":
        target = target_of(task, {task.domains[0]: stored[None]})
        return draw_distribution(target.values[0], names, size)
    if kind == "class":
        return draw_class(int(stored), names, size)
    if kind == "vector":
        return draw_vector(np.asarray(stored), size, label=label)
    if task.label.value_map == "log":
        return draw_depth(stored, size, label=label)
    mask = arrays.get("mask_valid") if task.mask == "valid_depth" else None
    is_valid = None if mask is None else mask == 255
    if task.name == "curvature":
        constants = statistics.standardisations.get(task.name) if statistics else None
        return draw_curvature(stored, size, is_valid=is_valid, constants=constants)
    if task.label.stored_range is None:
        return with_caption(note_picture(("cannot be", "drawn"), size), task.name)
    return draw_number_map(
        stored, size, stored_range=task.label.stored_range, is_valid=is_valid, is_as_stored=task.is_custom
    )


def own_names(task: Task, count: int) -> Sequence[str]:
    """Return the names of the rooms' classes; real images have other lists of classes of whole images."""
    if task.name == "segment_semantic":
        return SEMANTIC_CLASSES[1:]
    names = {"class_object": OBJECT_CLASSES, "class_scene": SCENE_CLASSES}.get(task.name, ())
    return names if len(names) == count else ()
