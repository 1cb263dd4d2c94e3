"""Semantic classes, as stored ids, and kinds of room."""

from typing import Literal, get_args

RoomKind = Literal[
    "bedroom", "living_room", "kitchen", "dining_room", "bathroom", "office", "corridor", "childs_room"
]
ROOM_KINDS: tuple[RoomKind, ...] = get_args(RoomKind)

SEMANTIC_CLASSES: tuple[str, ...] = (
    "uncertain",
    "background",
    "bottle",
    "chair",
    "couch",
    "potted plant",
    "bed",
    "dining table",
    "toilet",
    "tv",
    "microwave",
    "oven",
    "toaster",
    "sink",
    "refrigerator",
    "book",
    "clock",
    "vase",
)
"""Name of each stored id: 0 is never learned, 1 is everything outside the 16 object classes.

Source: the released list of 17 segmentation classes, in its order.
"""

UNCERTAIN, BACKGROUND = 0, 1


def class_id(name: str) -> int:
    """Return the stored id of a semantic class."""
    return SEMANTIC_CLASSES.index(name)
