"""A model at its place in a room."""

import math
from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.rooms.furniture.parts import Model


@dataclass(frozen=True, kw_only=True)
class PlacedModel:
    """A model at its place in the room.

    Attributes:
        number: Its index in the plan's list of objects.
        model: The model.
        x: World coordinate of its origin, metres; y, z likewise.
        y: See x.
        z: See x.
        cosine: Of its rotation about the vertical; sine likewise.
        sine: See cosine.
        wall: The wall at its back; None without one.
        box: Minima and maxima of its bounding box in the world, (6,).
    """

    number: int
    model: Model
    x: float
    y: float
    z: float
    cosine: float
    sine: float
    wall: int | None
    box: np.ndarray

    def at(self, u: float, v: float) -> tuple[float, float]:
        """Return the world coordinates of (u, v) in the model's own frame."""
        return (self.x + self.cosine * u - self.sine * v, self.y + self.sine * u + self.cosine * v)

    @property
    def yaw(self) -> float:
        """Rotation about the vertical, radians."""
        return math.atan2(self.sine, self.cosine)
