"""Views of a room as in the real data: points on surfaces, and cameras that look straight at them.

A few cameras stand in the free space of the room, as a scanner would. Points are hits of their rays.
A view is a point and a camera that sees it; each view has its own angle of view.
"""

import math
from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.rooms.cameras import Camera
from taskonomy_kedro.rooms.classes import BACKGROUND
from taskonomy_kedro.rooms.primitives import Vector
from taskonomy_kedro.rooms.random_streams import VIEW_DRAW, room_rng
from taskonomy_kedro.rooms.ray_casting import SHELL, cast_rays
from taskonomy_kedro.rooms.scene import Room
from taskonomy_kedro.rooms.settings import RoomSettings
from taskonomy_kedro.rooms.surfaces import surface_at

_VIEWS_PER_CAMERA = 2.5
_TARGETS_PER_CAMERA = 8
_PREVIEW = 8  # rays a side of the coarse image that decides whether a view is used
SAME_PLACE = 1e-6  # share of the distance by which a ray may end before a visible point


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """One image to render, and the facts of its `point_info` file.

    Attributes:
        point_id: Number of the point within the room; it lies at the image centre.
        view_id: Number of the view within the point.
        camera: Location, rotation and angle of view.
        camera_id: Name of the camera; views of other points from the same place share it.
        point_location: (3,) metres in the world.
        point_normal: (3,) unit normal of the surface there.
        object_id: The instance the point lies on.
        camera_distance: Metres from camera to point.
        obliqueness_angle: Angle between the normal and the direction to the camera, radians.
    """

    point_id: int
    view_id: int
    camera: Camera
    camera_id: str
    point_location: np.ndarray
    point_normal: np.ndarray
    object_id: int
    camera_distance: float
    obliqueness_angle: float

    @property
    def rotation_euler(self) -> Vector:
        """Static-xyz Euler angles of the camera, radians; the first less pi/2 is the pitch."""
        return self.camera.euler()

    @property
    def pitch(self) -> float:
        """Pitch of the camera, radians, positive upwards."""
        return self.rotation_euler[0] - math.pi / 2


@dataclass(frozen=True, kw_only=True)
class _Points:
    """Candidate points: location (n, 3), normal (n, 3), instance (n,)."""

    location: np.ndarray
    normal: np.ndarray
    object_id: np.ndarray


def make_views(room: Room, *, seed: int, settings: RoomSettings) -> list[View]:
    """Select points and cameras.

    Args:
        room: The room.
        seed: Seed of the whole set of rooms; with the room's number it determines the views.
        settings: Number of views, and ranges.

    Returns:
        Views ordered by point and view number, every point with at least two.
    """
    rng = room_rng(seed, room.index, VIEW_DRAW)
    places = _camera_places(room, rng, settings)
    points = _candidates(room, rng, settings, places)
    is_seen = _seen_from(room, places, points.location, settings) & _is_facing(places, points, settings)
    views: list[View] = []
    used: dict[int, int] = {}
    chosen: list[np.ndarray] = []
    for row in _order(room, rng, points):
        if len(views) >= settings.views_per_room:
            break
        place, owner = points.location[row], int(points.object_id[row])
        is_near = any(float(((place - other) ** 2).sum()) < 0.09 for other in chosen)
        if is_near or used.get(owner, 0) >= 2:
            continue
        cameras = [int(k) for k in rng.permutation(np.flatnonzero(is_seen[:, row]))]
        n_views = int(rng.integers(settings.views_per_point[0], settings.views_per_point[1] + 1))
        n_views = min(n_views, max(2, settings.views_per_room - len(views)))
        found = _views_of(room, rng, settings, places, points, row, cameras, n_views)
        if len(found) < max(2, settings.views_per_point[0]):
            continue
        for number, (camera, camera_row) in enumerate(found):
            views.append(_view(room, camera, camera_row, points, row, len(chosen), number))
        chosen.append(place)
        used[owner] = used.get(owner, 0) + 1
    return views


def _camera_places(room: Room, rng: np.random.Generator, settings: RoomSettings) -> np.ndarray:
    """Draw camera locations in free space, (n, 3) metres."""
    count = max(8, round(settings.views_per_room / _VIEWS_PER_CAMERA))
    margin = settings.clearance + 0.05
    (x0, x1), (y0, y1), (z0, z1) = room.box
    low = np.array([x0 + margin, y0 + margin, z0 + settings.camera_height[0]])
    high = np.array([x1 - margin, y1 - margin, min(z0 + settings.camera_height[1], z1 - 0.3)])
    boxes = np.array([p.bounds() for p in room.primitives[SHELL:]])
    found = np.empty((0, 3))
    for _ in range(40):
        draw = low + rng.random((count * 3, 3)) * (high - low)
        found = np.concatenate([found, draw[_is_clear(draw, boxes, settings.clearance)]])
        if len(found) >= count:
            break
    return found[:count]


def _is_clear(places: np.ndarray, boxes: np.ndarray, clearance: float) -> np.ndarray:
    """Return which places have at least this clearance from every bounding box."""
    gap = np.maximum(boxes[None, :, :3] - places[:, None], places[:, None] - boxes[None, :, 3:])
    out: np.ndarray = ((np.maximum(gap, 0.0) ** 2).sum(axis=2) > clearance**2).all(axis=1)
    return out


def _candidates(room: Room, rng: np.random.Generator, settings: RoomSettings, places: np.ndarray) -> _Points:
    """Return the hits of rays from the cameras towards objects."""
    interest = np.array([_interest(o.semantic, k) for k, o in enumerate(room.objects)])
    boxes = np.array([o.box for o in room.objects])
    locations, normals, owners = [], [], []
    for place in places:
        pick = rng.choice(len(boxes), size=_TARGETS_PER_CAMERA, p=interest / interest.sum())
        share = 0.1 + 0.8 * rng.random((_TARGETS_PER_CAMERA, 3))
        target = boxes[pick, :, 0] + share * (boxes[pick, :, 1] - boxes[pick, :, 0])
        direction = target - place
        near, ids = cast_rays(room.solids, place, direction)
        met = place + direction / near[:, None]
        surface = surface_at(room.solids, ids, (met[:, 0], met[:, 1], met[:, 2]), place)
        is_good = ~room.materials.is_sky[room.solids.material[ids]]
        locations.append(met[is_good])
        normals.append(np.stack(surface.normal, axis=1)[is_good])
        owners.append(room.solids.object_id[ids][is_good])
    return _Points(
        location=np.concatenate(locations), normal=np.concatenate(normals), object_id=np.concatenate(owners)
    )


def _interest(semantic: int, object_id: int) -> float:
    """Return the weight of an object as a target: highest for the 16 classes, lowest for the floor.

    Walls and ceiling have enough weight that not all cameras look down.
    """
    if object_id < SHELL:
        return 0.4 if object_id == 0 else 1.5
    return 1.0 if semantic == BACKGROUND else 3.0


def _seen_from(room: Room, places: np.ndarray, points: np.ndarray, settings: RoomSettings) -> np.ndarray:
    """Return which place sees which point within the allowed distance, (places, points) bool."""
    out = np.zeros((len(places), len(points)), dtype=bool)
    for k, place in enumerate(places):
        direction = points - place
        distance = np.sqrt((direction**2).sum(axis=1))
        is_reached = (distance >= settings.distance[0]) & (distance <= settings.distance[1])
        rows = np.flatnonzero(is_reached)
        if len(rows):
            near, _ = cast_rays(room.solids, place, direction[rows])
            out[k, rows] = near <= 1.0 + SAME_PLACE
    return out


def _is_facing(places: np.ndarray, points: _Points, settings: RoomSettings) -> np.ndarray:
    """Return which point is neither too oblique nor too high or low for which place."""
    way = places[:, None] - points.location
    length = np.sqrt((way**2).sum(axis=2))
    cosine = (way * points.normal).sum(axis=2) / length
    is_level = np.abs(way[..., 2]) <= math.sin(settings.greatest_pitch_rads) * length
    out: np.ndarray = (cosine >= math.cos(settings.greatest_obliqueness_rads)) & is_level
    return out


def _order(room: Room, rng: np.random.Generator, points: _Points) -> list[int]:
    """Shuffle the candidates so that each instance occurs once before any occurs twice."""
    rows = rng.permutation(len(points.object_id))
    seen: dict[int, int] = {}
    rounds = []
    for row in rows:
        owner = int(points.object_id[row])
        rounds.append(seen.get(owner, 0))
        seen[owner] = rounds[-1] + 1
    return [int(rows[k]) for k in np.argsort(rounds, kind="stable")]


def _views_of(
    room: Room,
    rng: np.random.Generator,
    settings: RoomSettings,
    places: np.ndarray,
    points: _Points,
    row: int,
    cameras: list[int],
    n_views: int,
) -> list[tuple[Camera, int]]:
    """Return up to `n_views` cameras whose view of a point is informative."""
    target = points.location[row]
    found: list[tuple[Camera, int]] = []
    low, high = settings.field_of_view_rads
    for k in cameras[: n_views + 6]:
        angle = low + (high - low) * float(rng.random())
        place = places[k]
        camera = Camera.looking_at(
            (float(place[0]), float(place[1]), float(place[2])),
            (float(target[0]), float(target[1]), float(target[2])),
            angle,
        )
        if _is_informative(room, camera):
            found.append((camera, k))
        if len(found) == n_views:
            break
    return found


def _is_informative(room: Room, camera: Camera) -> bool:
    """Return whether a few rays show several things, nothing close to the camera, and some depth."""
    steps = ((np.arange(_PREVIEW) + 0.5) / _PREVIEW * 2.0 - 1.0) * math.tan(camera.field_of_view_rads / 2)
    x, y = np.meshgrid(steps, -steps)
    local = np.stack([x.ravel(), y.ravel(), -np.ones(x.size)], axis=1)
    r = camera.rotation
    direction = np.stack(
        [local[:, 0] * r[i, 0] + local[:, 1] * r[i, 1] + local[:, 2] * r[i, 2] for i in range(3)], axis=1
    )
    near, ids = cast_rays(room.solids, camera.location, direction)
    depth = np.sort(1.0 / near)
    owners = room.solids.object_id[ids]
    shares = np.bincount(owners) / len(owners)
    things = int((shares[SHELL:] > 0.02).sum())
    shown = int((shares > 0.02).sum())
    is_near_free = depth[0] > 0.3 and depth[len(depth) // 6] > 0.6
    has_depth = depth[-6] > 1.25 * depth[5]
    return bool(is_near_free and has_depth and things >= 2 and shown >= 4 and shares.max() < 0.7)


def _view(
    room: Room, camera: Camera, camera_row: int, points: _Points, row: int, point_id: int, view_id: int
) -> View:
    location, normal = points.location[row], points.normal[row]
    way = camera.location - location
    distance = math.sqrt(float(way[0]) ** 2 + float(way[1]) ** 2 + float(way[2]) ** 2)
    cosine = float(way[0] * normal[0] + way[1] * normal[1] + way[2] * normal[2]) / distance
    return View(
        point_id=point_id,
        view_id=view_id,
        camera=camera,
        camera_id=f"{room.name}_camera_{camera_row:03d}",
        point_location=location,
        point_normal=normal,
        object_id=int(points.object_id[row]),
        camera_distance=distance,
        obliqueness_angle=math.acos(min(1.0, max(-1.0, cosine))),
    )
