"""The random stream of each room, from the seed, the room's number and the purpose alone."""

import numpy as np

KIND_DRAW, LAYOUT_DRAW, VIEW_DRAW = 0, 1, 2
"""Purposes of streams."""


def room_rng(seed: int, index: int, purpose: int) -> np.random.Generator:
    """Return the random stream of one room (for `KIND_DRAW`: of one run of rooms) for one purpose.

    Example:
        >>> bool(room_rng(0, 7, VIEW_DRAW).random() == room_rng(0, 7, VIEW_DRAW).random())
        True
    """
    return np.random.default_rng([seed, index, purpose])
