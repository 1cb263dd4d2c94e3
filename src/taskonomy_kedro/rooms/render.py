"""Render a view of a room: the image, and the geometry and classes of its pixels."""

from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.rooms.cameras import Camera
from taskonomy_kedro.rooms.lighting import illuminate
from taskonomy_kedro.rooms.ray_casting import cast_grid
from taskonomy_kedro.rooms.scene import Room
from taskonomy_kedro.rooms.surfaces import Components, Surface, dot_components, surface_at
from taskonomy_kedro.rooms.textures import LEVELS, TILE, atlas

_MOST_OTHERS = 3  # sixteenths of a pixel that other classes may cover
_HALF_DISTANCE = 8.0  # metres at which the lamp of the reshading label has lost half its strength


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """One view and its exact labels, all (height, width[, channels]), at pixel centres except rgb.

    Attributes:
        rgb: uint8; averaged over samples within the pixel.
        depth_z: float32 metres along the optical axis; inf where not valid.
        depth_euclidean: float32 metres along the ray; inf where not valid.
        normal: float32 unit vectors in the camera frame (x right, y up, z towards the viewer); 0
            where not valid.
        instance: int32 object ids.
        semantic: uint8 stored semantic ids.
        is_mixed: bool, classes other than the centre's cover a quarter of the pixel or more, by its
            centre, edges and corners; always False with one sample per pixel.
        reshading: float32 in [0, 1], brightness under a single lamp at the camera; 0 where not valid.
        curvature: float32 principal curvatures k1 >= k2 in 1/m, positive where the surface bulges
            towards the viewer: 0 on planes, 1/r twice on spheres, 1/r and 0 on cylinders.
        valid: bool, False for sky behind a window: no geometry.
    """

    rgb: np.ndarray
    depth_z: np.ndarray
    depth_euclidean: np.ndarray
    normal: np.ndarray
    instance: np.ndarray
    semantic: np.ndarray
    is_mixed: np.ndarray
    reshading: np.ndarray
    curvature: np.ndarray
    valid: np.ndarray


def render(room: Room, camera: Camera, *, size: int, samples: int = 2) -> Rendering:
    """Render one view.

    Samples lie on a grid of `samples` per pixel in each direction. With an even number pixel centres
    are grid nodes and neighbouring pixels share the nodes between them.

    Args:
        room: The room.
        camera: The camera; outside every solid, inside the room.
        size: Pixels a side, at least 2.
        samples: Samples per pixel and direction for rgb: 1, 2 or 4.

    Raises:
        ValueError: Another size or number of samples.
    """
    if size < 2:
        raise ValueError(f"size must be at least 2 pixels, got {size}")
    if samples not in (1, 2, 4):
        raise ValueError(f"samples must be 1, 2 or 4, got {samples}")
    hits = _cast(room, camera, size, samples)
    first, step = (samples // 2, samples) if samples > 1 else (0, 1)
    centers = (slice(first, None, step), slice(first, None, step))
    ids, depth, length = hits.ids[centers], hits.depth[centers], hits.length[centers]
    rays = [ray[centers] for ray in hits.rays]
    normal = [component.reshape(hits.ids.shape)[centers] for component in hits.surface.normal]
    curvature = hits.surface.curvature.reshape(*hits.ids.shape, 2)[centers]
    solids, distance = room.solids, depth * length
    is_valid = ~room.materials.is_sky[solids.material[ids]]
    own = [dot_components(normal, camera.rotation[:, j].tolist()) for j in range(3)]
    cosine = -dot_components(normal, rays) / length
    falloff = _HALF_DISTANCE**2 / (_HALF_DISTANCE**2 + distance * distance)
    instance = solids.object_id[ids]
    return Rendering(
        rgb=_developed(_colors(room, hits), samples),
        depth_z=np.where(is_valid, depth, np.inf).astype(np.float32),
        depth_euclidean=np.where(is_valid, distance, np.inf).astype(np.float32),
        normal=np.where(is_valid[..., None], np.stack(own, axis=-1), 0.0).astype(np.float32),
        instance=instance,
        semantic=room.semantic_of_object[instance],
        is_mixed=_mixed(room.semantic_of_object[solids.object_id[hits.ids]], samples),
        reshading=np.where(is_valid, np.clip(cosine * falloff, 0.0, 1.0), 0.0).astype(np.float32),
        curvature=np.where(is_valid[..., None], curvature, 0.0).astype(np.float32),
        valid=is_valid,
    )


@dataclass(frozen=True, kw_only=True)
class _Hits:
    """First hits of the rays of all samples: arrays (rows, columns), but surface and points flat."""

    ids: np.ndarray
    depth: np.ndarray
    rays: Components  # directions, with depth 1
    length: np.ndarray  # of the directions
    points: Components
    surface: Surface
    footprint: np.ndarray  # metres that a sample covers


def _cast(room: Room, camera: Camera, size: int, samples: int) -> _Hits:
    focal = camera.focal_length(size)
    nodes = (np.arange(size) + 0.5) if samples == 1 else np.arange(samples * size + 1) / samples
    xs, ys = (nodes - size / 2) / focal, (size / 2 - nodes) / focal
    nearness, ids = cast_grid(room.solids, camera.location, camera.rotation, xs, ys)
    depth, r = 1.0 / nearness, camera.rotation
    rays = [(r[i, 1] * ys - r[i, 2])[:, None] + r[i, 0] * xs for i in range(3)]
    points = [(camera.location[i] + depth * rays[i]).ravel() for i in range(3)]
    return _Hits(
        ids=ids,
        depth=depth,
        rays=rays,
        length=np.sqrt(xs * xs + (1.0 + ys * ys)[:, None]),
        points=points,
        surface=surface_at(room.solids, ids.ravel().astype(np.int64), points, camera.location),
        footprint=depth / (focal * samples),
    )


def _mixed(classes: np.ndarray, samples: int) -> np.ndarray:
    """Return which pixels the class at their centre covers too little of, by centre, edges and corners."""
    half, last = samples // 2, len(classes) - 1
    if not half:
        return np.zeros(classes.shape, dtype=bool)
    center = classes[half:last:samples, half:last:samples]
    others = np.zeros(center.shape, dtype=np.uint8)  # sixteenths of the pixel
    for row in (0, half, samples):
        for column in (0, half, samples):
            node = classes[row : last + row - half : samples, column : last + column - half : samples]
            weight = (2 if row == half else 1) * (2 if column == half else 1)
            others += np.uint8(weight) * (node != center)
    is_mixed: np.ndarray = others > _MOST_OTHERS
    return is_mixed


def _colors(room: Room, hits: _Hits) -> np.ndarray:
    """Return the linear colour of every sample, (3, rows, columns) float32."""
    table, shape, ids = room.materials, hits.ids.shape, hits.ids.ravel().astype(np.int64)
    material = room.solids.material[ids]
    weights = _pattern(room, ids, material, hits)
    points = [component.astype(np.float32) for component in hits.points]
    to_viewer = [(ray / -hits.length).astype(np.float32).ravel() for ray in hits.rays]
    light, shine = illuminate(room, ids, points, hits.surface, to_viewer, shape)
    gloss, glow = table.gloss[material], table.glow[material]
    colors = table.colors.reshape(-1, 9)
    out = np.empty((3, *shape), dtype=np.float32)
    for i in range(3):
        base, second, third = (np.ascontiguousarray(colors[:, 3 * k + i])[material] for k in range(3))
        albedo = (base + weights[0] * (second - base) + weights[1] * (third - base)) * weights[2]
        value = albedo * light[i] + gloss * shine[i] * np.float32(0.35)
        out[i] = np.where(glow > 0, albedo * glow, value).reshape(shape)
    return out


def _pattern(room: Room, ids: np.ndarray, material: np.ndarray, hits: _Hits) -> list[np.ndarray]:
    """Look up the material's pattern: weights of the second and third colour, brightness."""
    book, table, surface = atlas(), room.materials, hits.surface
    tile = table.tile_size[material]
    is_fit = tile == 0
    sizes = [
        np.where(is_fit, reach.astype(np.float32) * np.float32(2.0), tile)
        for reach in (surface.reach_u, surface.reach_v)
    ]
    shift = np.where(is_fit, np.float32(0.5), ids.astype(np.float32) * np.float32(0.37))
    # level k serves a sample that covers 1.4 * 2^(k - 1) to 1.4 * 2^k texels
    _, level = np.frexp(
        hits.footprint.ravel().astype(np.float32) * np.float32(TILE / 1.4) / np.minimum(*sizes)
    )
    np.clip(level, 0, LEVELS - 1, out=level)
    side = TILE >> level
    index = book.offset[table.texture[material], level]
    for along, size, step in ((surface.u, sizes[0], 1), (surface.v, sizes[1], side)):
        place = along.astype(np.float32) / size + shift
        place -= np.floor(place)
        index += np.minimum((place * side).astype(np.int32), side - 1) * step
    return [book.texels[k][index] for k in range(3)]


def _developed(linear: np.ndarray, samples: int) -> np.ndarray:
    """Average the samples of each pixel, compress the highlights and write bytes."""
    pixels = linear
    if samples > 1:
        for axis in (1, 2):
            first = np.moveaxis(pixels, axis, 0)
            ends, count = 0.5 * (first[:-1:samples] + first[samples::samples]), samples
            total = ends + sum(first[k:-1:samples] for k in range(1, count))
            pixels = np.moveaxis(total / np.float32(count), 0, axis)
    toned = np.minimum(np.float32(1.42) * pixels / (1.0 + np.float32(0.75) * pixels), 1.0)
    return np.ascontiguousarray(
        (np.sqrt(np.moveaxis(toned, 0, -1)) * np.float32(255.0) + np.float32(0.5)).astype(np.uint8)
    )
