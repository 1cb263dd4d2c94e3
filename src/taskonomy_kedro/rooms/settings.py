"""Settings of the views of a room."""

import math
from dataclasses import dataclass

RECIPE_VERSION = 1
"""Raise it whenever the same seed gives other views, so that prepared splits are rebuilt."""


_LIMITS = {
    "views_per_point": (2, 32),
    "field_of_view_rads": (math.radians(20), math.radians(130)),
    "camera_height": (0.2, 2.1),
    "distance": (0.3, 50.0),
    "greatest_pitch_rads": (0.1, 1.5),
    "greatest_obliqueness_rads": (0.1, 1.55),
    "clearance": (0.05, 0.6),
}


@dataclass(frozen=True, kw_only=True)
class RoomSettings:
    """Settings of the views of a room.

    Attributes:
        image_size: Pixels a side, at least 16.
        samples: Samples per pixel and direction that rgb is averaged from: 1, 2 or 4.
        views_per_room: Number of views; there may be one more, or fewer in a crowded room.
        views_per_point: Least and greatest number of views centred on one point.
        field_of_view_rads: Range of the angle of view, drawn uniformly.
        camera_height: Range of the camera above the floor, metres.
        distance: Range from the camera to the point at its image centre, metres.
        greatest_pitch_rads: Greatest pitch of a camera, up or down.
        greatest_obliqueness_rads: Greatest angle between a point's normal and the direction to the camera.
        clearance: Metres of free air around a camera.

    Raises:
        ValueError: A setting is outside its range; the message has its name, what was expected and what came.
    """

    image_size: int = 64
    samples: int = 2
    views_per_room: int = 40
    views_per_point: tuple[int, int] = (2, 6)
    field_of_view_rads: tuple[float, float] = (0.72, 1.42)
    camera_height: tuple[float, float] = (0.6, 1.8)
    distance: tuple[float, float] = (0.8, 8.0)
    greatest_pitch_rads: float = 0.75
    greatest_obliqueness_rads: float = 1.4
    clearance: float = 0.22

    def __post_init__(self) -> None:
        for name in ("image_size", "samples", "views_per_room"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool):
                raise TypeError(f"{name} must be a whole number, got {value!r}")
        if self.image_size < 16:
            raise ValueError(f"image_size must be at least 16 pixels, got {self.image_size}")
        if self.samples not in (1, 2, 4):
            raise ValueError(f"samples must be 1, 2 or 4, got {self.samples}")
        if self.views_per_room < 2:
            raise ValueError(f"views_per_room must be at least 2, got {self.views_per_room}")
        for name, (least, most) in _LIMITS.items():
            value = getattr(self, name)
            low, high = value if isinstance(value, tuple) else (value, value)
            if not least <= low <= high <= most:
                shape = "(low, high) " if isinstance(value, tuple) else ""
                raise ValueError(f"{name} must be {shape}within [{least:.4g}, {most:.4g}], got {value}")
