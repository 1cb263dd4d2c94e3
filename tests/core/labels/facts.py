"""Hand-made facts of an image for tests of camera labels."""

import math

import numpy as np

from taskonomy_kedro.core.labels.camera_labels import camera_vectors
from taskonomy_kedro.core.labels.point_info import PointInfo

LEVEL = math.pi / 2


def facts(location=(0.0, 0.0, 1.5), angles=(LEVEL, 0.0, 0.0), **changes) -> PointInfo:
    """A camera in a room; with these angles it is level and looks along world +y."""
    values = {
        "point_uuid": "3",
        "view_id": 1,
        "camera_uuid": "c0",
        "room": "bedroom_1",
        "camera_location": location,
        "camera_rotation_final": angles,
        "camera_rotation_original": (LEVEL, 0.0, 0.0),
        "camera_rotation_from_original_to_final": (0.0, 0.0, 0.0),
        "field_of_view_rads": 1.0,
        "resolution": 512,
        "point_location": (0.0, 2.0, 1.5),
        "point_normal": (0.0, -1.0, 0.0),
        "camera_distance": 2.0,
        "obliqueness_angle": 0.0,
        "point_pitch": 0.0,
        "bounding_box_ranges": ((-2.0, 3.0), (-1.0, 1.0), (0.0, 2.5)),
        "vanishing_points_gaussian_sphere": None,
        "vanishing_points_image": None,
        "nonfixated_points_in_view": (5, 7),
    }
    return PointInfo(**{**values, **changes})


def vanishing_points(info: PointInfo) -> np.ndarray:
    return camera_vectors("vanishing_point", [info])[0]


def room_layout(info: PointInfo) -> np.ndarray:
    return camera_vectors("room_layout", [info])[0]
