"""Facts and vectors of a hand-made camera, for tests of camera labels."""

import math

import numpy as np
from tests.label_examples import camera

from taskonomy_kedro.core.labels.camera_labels import camera_vectors
from taskonomy_kedro.core.labels.point_info import PointInfo

LEVEL = math.pi / 2


def facts(location=(0.0, 0.0, 1.5), angles=(LEVEL, 0.0, 0.0), **changes) -> PointInfo:
    """A camera in another room; with these angles it is level and looks along world +y."""
    box = ((-2.0, 3.0), (-1.0, 1.0), (0.0, 2.5))
    values = {"bounding_box_ranges": box, "nonfixated_points_in_view": (5, 7), **changes}
    return camera(location, camera_rotation_final=angles, **values)


def vanishing_points(info: PointInfo) -> np.ndarray:
    return camera_vectors("vanishing_point", [info])[0]


def room_layout(info: PointInfo) -> np.ndarray:
    return camera_vectors("room_layout", [info])[0]
