"""All stored labels of one rendered view."""

import math
from collections.abc import Sequence

import numpy as np

from taskonomy_kedro.core.labels.class_labels import object_logits, scene_probabilities
from taskonomy_kedro.core.labels.creases import with_creases
from taskonomy_kedro.core.labels.edges_keypoints import image_keypoints, occlusion_edges, texture_edges
from taskonomy_kedro.core.labels.point_info import PointInfo, Vector3
from taskonomy_kedro.core.labels.quantise import (
    stored_brightness,
    stored_curvature,
    stored_depth,
    stored_normal,
    stored_response,
    valid_mask,
)
from taskonomy_kedro.core.labels.segmentation import color_regions, surface_regions
from taskonomy_kedro.core.labels.stored import STORED_DOMAINS, StoredImage, image_id_of
from taskonomy_kedro.core.labels.surface_keypoints import surface_keypoints
from taskonomy_kedro.rooms import (
    Rendering,
    Room,
    View,
    euler_from_rotation,
    rotation_from_euler,
    visible_points,
)
from taskonomy_kedro.rooms.classes import UNCERTAIN

_LEVEL = (math.pi / 2, 0.0, 0.0)  # a level camera that looks along world y
_LEAST_FORWARD = 1e-6


def label_view(
    room: Room, view: View, rendering: Rendering, *, nonfixated_points_in_view: Sequence[int] = ()
) -> StoredImage:
    """Compute every stored label of one rendered view.

    Nothing is random: noise, tiles and pixel pairs are drawn in training.

    Args:
        room: The room; corresponds to a building.
        view: The camera and its point.
        rendering: The rendered view.
        nonfixated_points_in_view: Ids of other visible points, from `points_in_view`.

    Returns:
        The image with all stored domains, all present.
    """
    fov = view.camera.field_of_view_rads
    depth = stored_depth(rendering.depth_z)
    domains = {
        "rgb": rendering.rgb,
        "mask_valid": valid_mask(depth),
        "depth_zbuffer": depth,
        "depth_euclidean": stored_depth(rendering.depth_euclidean),
        "normal": stored_normal(rendering.normal, rendering.valid),
        "principal_curvature": stored_curvature(with_creases(rendering, fov)),
        "edge_texture": stored_response(texture_edges(rendering.rgb)),
        "edge_occlusion": stored_response(occlusion_edges(depth)),
        "keypoints2d": stored_response(image_keypoints(rendering.rgb)),
        "keypoints3d": stored_response(surface_keypoints(rendering.depth_z, rendering.normal, fov)),
        "reshading": stored_brightness(rendering.reshading),
        "segment_unsup2d": color_regions(rendering.rgb),
        "segment_unsup25d": surface_regions(rendering.depth_z, rendering.normal, fov),
        "segment_semantic": np.where(rendering.is_mixed, np.uint8(UNCERTAIN), rendering.semantic),
        "class_object": object_logits(rendering.semantic),
        "class_scene": scene_probabilities(rendering.semantic, room.kind),
    }
    return StoredImage(
        image_id=image_id_of(room.name, view.point_id, view.view_id),
        building=room.name,
        point=view.point_id,
        view=view.view_id,
        domains=domains,
        point_info=point_info_of(room, view, rendering.rgb.shape[0], nonfixated_points_in_view),
        present=frozenset(STORED_DOMAINS),
    )


def points_in_view(room: Room, views: list[View], size: int) -> list[tuple[int, ...]]:
    """Return for each view the ids of the points it sees, except the one at its centre, ascending."""
    seen: list[list[int]] = [[] for _ in views]
    for point, sightings in enumerate(visible_points(room, views, size)):
        for sighting in sightings:
            if views[sighting.view].point_id != point:
                seen[sighting.view].append(point)
    return [tuple(points) for points in seen]


def point_info_of(
    room: Room, view: View, resolution: int, nonfixated_points_in_view: Sequence[int] = ()
) -> PointInfo:
    """Return the facts of one view as in a `point_info` file.

    Fields that the data set does not define are filled: the original pose is a level camera looking
    along world y, the rotation from it is the one that follows it in the world, and vanishing points in
    the image are plain projections.
    """
    final = view.rotation_euler
    rotation = rotation_from_euler(final)
    turn = euler_from_rotation(rotation @ rotation_from_euler(_LEVEL).T)
    sphere = _axes_near_camera(rotation)
    focal = resolution / 2 / math.tan(view.camera.field_of_view_rads / 2)
    return PointInfo(
        point_uuid=str(view.point_id),
        view_id=view.view_id,
        camera_uuid=view.camera_id,
        room=f"{room.kind}_{room.index}",
        camera_location=_vector(view.camera.location),
        camera_rotation_final=final,
        camera_rotation_original=_LEVEL,
        camera_rotation_from_original_to_final=_vector(turn),
        field_of_view_rads=view.camera.field_of_view_rads,
        resolution=resolution,
        point_location=_vector(view.point_location),
        point_normal=_vector(view.point_normal),
        camera_distance=view.camera_distance,
        obliqueness_angle=view.obliqueness_angle,
        point_pitch=view.pitch,
        bounding_box_ranges=(room.box[1], room.box[0], room.box[2]),
        vanishing_points_gaussian_sphere=(sphere[0], sphere[1], sphere[2]),
        vanishing_points_image=(
            _in_image(sphere[0], focal, resolution),
            _in_image(sphere[1], focal, resolution),
            _in_image(sphere[2], focal, resolution),
        ),
        nonfixated_points_in_view=tuple(nonfixated_points_in_view),
    )


def _vector(values: np.ndarray) -> Vector3:
    return (float(values[0]), float(values[1]), float(values[2]))


def _axes_near_camera(rotation: np.ndarray) -> list[Vector3]:
    """Return world axes in the camera frame, turned so that y is nearest to the camera's right."""
    x, y, z = rotation  # rows: where the world's axes point in the camera frame
    _, right = max(((float(axis[0]), k) for k, axis in enumerate((x, y, -x, -y))))
    y_near = (x, y, -x, -y)[right]
    return [_vector(np.cross(y_near, z)), _vector(y_near), _vector(z)]


def _in_image(direction: Vector3, focal: float, resolution: int) -> tuple[float, float]:
    forward = -direction[2]
    forward = math.copysign(max(abs(forward), _LEAST_FORWARD), forward)
    return (
        resolution / 2 + focal * direction[0] / forward,
        resolution / 2 - focal * direction[1] / forward,
    )
