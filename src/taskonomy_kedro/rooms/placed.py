"""A model at its place in a room."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.rooms.furniture.parts import Model


@dataclass(frozen=True, kw_only=True)
class PlacedModel:
    """A model at its place in the room.

    Attributes:
        number: Its index in the plan's list of objects.
        model: The model.
        x, y, z: Its origin, metres; x and y in the world, z above the floor.
        cosine, sine: Of its rotation about the vertical.
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


def first_placed(attempts: Iterable[PlacedModel | None]) -> PlacedModel | None:
    """Return the first model that found a place; later attempts are not made."""
    return next((placed for placed in attempts if placed is not None), None)
