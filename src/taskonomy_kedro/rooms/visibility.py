"""Solids as they lie from one point: worked out once, then rays are cast from there in any direction."""

from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.rooms.primitives import Solids
from taskonomy_kedro.rooms.solids import Forms, linear_forms

_CACHE = "_outlooks"
_MOST_KEPT = 64  # of 70 kB each; a room is seen from eight places for ten views, from sixteen for forty


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Some solids seen from one point.

    Attributes:
        solids: The room.
        rows: (n,) int64, the solids looked at, in rising order.
        forms: Their linear forms, along the axes of the world.
        corners: (n, 8, 3) metres from the origin, as in `Solids.corners`.
    """

    solids: Solids
    rows: np.ndarray
    forms: Forms
    corners: np.ndarray


def outlooks(solids: Solids, rows: np.ndarray, origins: np.ndarray) -> list[Outlook]:
    """Look at the same solids from several points, (k, 3), at once."""
    count = len(rows)
    forms = linear_forms(solids, np.tile(rows, len(origins)), np.repeat(origins, count, axis=0))
    return [
        Outlook(
            solids=solids,
            rows=rows,
            forms=forms.taken(slice(k * count, (k + 1) * count)),
            corners=solids.corners[rows] - origin,
        )
        for k, origin in enumerate(origins)
    ]


def outlook(solids: Solids, origin: np.ndarray) -> Outlook:
    """Look at all solids of a room from a point; kept with the room, as places are used again."""
    kept: dict[bytes, Outlook] = solids.__dict__.setdefault(_CACHE, {})
    origin = np.asarray(origin, dtype=np.float64)
    key = origin.tobytes()
    if key not in kept:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        (kept[key],) = outlooks(solids, np.arange(len(solids)), origin[None])
    return kept[key]
