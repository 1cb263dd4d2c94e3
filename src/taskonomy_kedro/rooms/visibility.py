"""Solids relative to one point, computed once; then rays are cast from there in any direction."""

from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.rooms.primitives import Solids
from taskonomy_kedro.rooms.solids import LinearForms, linear_forms

_CACHE = "_viewpoints"
_MOST_CACHED = 64  # of 70 kB each; ten views of a room use eight points, forty use sixteen


@dataclass(frozen=True, kw_only=True)
class Viewpoint:
    """Some solids relative to one point.

    Attributes:
        solids: The room.
        rows: (n,) int64, the solids, ascending.
        forms: Their linear forms, along the axes of the world.
        corners: (n, 8, 3) metres from the origin, as in `Solids.corners`.
    """

    solids: Solids
    rows: np.ndarray
    forms: LinearForms
    corners: np.ndarray


def viewpoints(solids: Solids, rows: np.ndarray, origins: np.ndarray) -> list[Viewpoint]:
    """Return the same solids from several points, (k, 3)."""
    count = len(rows)
    forms = linear_forms(solids, np.tile(rows, len(origins)), np.repeat(origins, count, axis=0))
    return [
        Viewpoint(
            solids=solids,
            rows=rows,
            forms=forms.select(slice(k * count, (k + 1) * count)),
            corners=solids.corners[rows] - origin,
        )
        for k, origin in enumerate(origins)
    ]


def viewpoint(solids: Solids, origin: np.ndarray) -> Viewpoint:
    """Return all solids of a room from a point; cached with the room, since points are used again."""
    cached: dict[bytes, Viewpoint] = solids.__dict__.setdefault(_CACHE, {})
    origin = np.asarray(origin, dtype=np.float64)
    key = origin.tobytes()
    if key not in cached:
        if len(cached) >= _MOST_CACHED:
            cached.clear()
        (cached[key],) = viewpoints(solids, np.arange(len(solids)), origin[None])
    return cached[key]
