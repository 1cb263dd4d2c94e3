"""The content of an image as soft labels: object classes by visible area, and the kind of room."""

from collections.abc import Sequence

import numpy as np

from taskonomy_kedro.rooms import ROOM_KINDS, SEMANTIC_CLASSES, RoomKind

FIRST_OBJECT_ID = 2
"""Stored semantic ids from here on are object classes; 0 is uncertain, 1 background."""
OBJECT_CLASSES: tuple[str, ...] = SEMANTIC_CLASSES[FIRST_OBJECT_ID:]
SCENE_CLASSES: tuple[RoomKind, ...] = ROOM_KINDS

_CLEAR_SHARE = 0.01  # of the image; objects that cover more make the label certain
_LEAST_PROBABILITY = 0.02  # spread uniformly, so that every logarithm is finite
_SURE, _UNSURE = 0.95, 0.6  # probability of the true kind if all or no objects in view indicate it

_TYPICAL: dict[str, tuple[RoomKind, ...]] = {
    "bottle": ("kitchen", "bathroom"),
    "chair": ("dining_room", "office"),
    "couch": ("living_room",),
    "potted plant": ("living_room", "office"),
    "bed": ("bedroom", "childs_room"),
    "dining table": ("dining_room",),
    "toilet": ("bathroom",),
    "tv": ("living_room",),
    "microwave": ("kitchen",),
    "oven": ("kitchen",),
    "toaster": ("kitchen",),
    "sink": ("bathroom", "kitchen"),
    "refrigerator": ("kitchen",),
    "book": ("office", "childs_room"),
    "vase": ("dining_room", "living_room"),
}
"""The kinds of room that an object indicates."""

KEPT_SCENES: tuple[int, ...] = (
    *(3, 23, 25, 26, 28, 37, 43, 45, 51, 52, 56, 61, 63, 88, 89, 93, 95, 100, 102, 106, 121),
    *(124, 126, 129, 131, 133, 135, 156, 165, 176, 177, 179, 182, 203, 208, 215, 217, 228, 240, 241, 244),
    *(246, 248, 253, 255, 264, 269, 280, 281, 282, 285, 298, 303, 311, 317, 318, 328, 332, 343, 346, 352),
    *(358, 363),
)
"""Indices of the 63 learned scenes among the 365 that real directories store.

Source: the released loader's list, docs/method.md, "Tasks".
"""


def class_names_of(task: str, n_classes: int) -> Sequence[str]:
    """Return the names of the rooms' classes; real images have other lists of classes of whole images.

    Args:
        task: The task, or its domain.
        n_classes: Classes of a whole image; other than the rooms', they have no names.
    """
    if task == "segment_semantic":
        return SEMANTIC_CLASSES[1:]
    names: Sequence[str] = {"class_object": OBJECT_CLASSES, "class_scene": SCENE_CLASSES}.get(task, ())
    return names if len(names) == n_classes else ()


def object_logits(semantic: np.ndarray) -> np.ndarray:
    """Return the logits of a soft distribution over the object classes in view.

    Args:
        semantic: (H, W) uint8 stored semantic ids.

    Returns:
        (16,) float32. Its softmax distributes probability by visible area; if objects cover less than
        1 % of the image, it tends to the uniform distribution, as a classifier would.
    """
    area = _visible_area(semantic)
    total = float(area.sum())
    certainty = min(1.0, total / _CLEAR_SHARE)
    even = np.full(len(area), 1.0 / len(area))
    seen = area / total if total > 0 else even
    soft = certainty * seen + (1.0 - certainty) * even
    logits: np.ndarray = np.log((1.0 - _LEAST_PROBABILITY) * soft + _LEAST_PROBABILITY * even)
    return logits.astype(np.float32)


def scene_probabilities(semantic: np.ndarray, kind: RoomKind) -> np.ndarray:
    """Return a soft distribution over the kinds of room.

    Args:
        semantic: (H, W) uint8 stored semantic ids.
        kind: Kind of the room.

    Returns:
        (8,) float32, sums to 1. The true kind has 0.6 if no object in view indicates it, up to 0.95 if
        every object does; the rest goes to the kinds that the objects indicate.
    """
    area = _visible_area(semantic)
    support = np.zeros(len(SCENE_CLASSES))
    for name, share in zip(OBJECT_CLASSES, area, strict=True):
        kinds = _TYPICAL.get(name, ())
        for typical in kinds:
            support[SCENE_CLASSES.index(typical)] += min(1.0, share / _CLEAR_SHARE) / len(kinds)
    own = SCENE_CLASSES.index(kind)
    agreement = float(support[own] / support.sum()) if support.any() else 0.0
    confidence = _UNSURE + (_SURE - _UNSURE) * agreement
    others = support + 0.1  # kinds without any indication stay possible
    others[own] = 0.0
    probabilities = (1.0 - confidence) * others / others.sum()
    probabilities[own] = confidence
    return probabilities.astype(np.float32)


def _visible_area(semantic: np.ndarray) -> np.ndarray:
    """Return the share of the image that each object class covers, (16,) float64."""
    counts = np.bincount(semantic.ravel(), minlength=len(SEMANTIC_CLASSES))
    return counts[FIRST_OBJECT_ID:] / semantic.size
