"""Which views see which points: the overlaps from which non-fixated pairs are drawn."""

from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.rooms.ray_casting import cast_rays
from taskonomy_kedro.rooms.scene import Room
from taskonomy_kedro.rooms.views import SAME_PLACE, View


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """A point in one view.

    Attributes:
        view: Index of the view in the list.
        x: Pixels from the left edge of the image; the integer part is the pixel.
        y: Pixels from the upper edge.
    """

    view: int
    x: float
    y: float


def visible_points(room: Room, views: list[View], size: int) -> list[list[Sighting]]:
    """Return for each point all views that see it, whatever point is at their centre.

    Args:
        room: The room.
        views: Its views, as `make_views` returns them.
        size: Pixels a side.

    Returns:
        For each point id the sightings, in the order of the views; the point is inside the frame
        and not occluded.
    """
    count = 1 + max((view.point_id for view in views), default=-1)
    points = np.zeros((count, 3))
    for view in views:
        points[view.point_id] = view.point_location
    seen_by_camera: dict[str, np.ndarray] = {}
    out: list[list[Sighting]] = [[] for _ in range(count)]
    for k, view in enumerate(views):
        if view.camera_id not in seen_by_camera:
            near, _ = cast_rays(room.solids, view.camera.location, points - view.camera.location)
            seen_by_camera[view.camera_id] = near <= 1.0 + SAME_PLACE
        places, depth = view.camera.project(points, size)
        is_inside = ((places >= 0) & (places < size)).all(axis=1) & (depth > 0)
        for point in np.flatnonzero(is_inside & seen_by_camera[view.camera_id]):
            out[int(point)].append(Sighting(view=k, x=float(places[point, 0]), y=float(places[point, 1])))
    return out
