"""Vectors about cameras, drawn into the images."""

import numpy as np

from taskonomy_kedro.core.labels.drawing.geometry import draw_room_layout, draw_vanishing_points
from taskonomy_kedro.core.labels.drawing.pose_drawing import draw_egomotion, draw_pose
from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.tasks import Task


def draw_cameras(task: Task, vector: np.ndarray, example: LabelExample, size: int) -> np.ndarray:
    """Draw the raw vector (k,) of a camera task, of a label or predicted, into the images of an example."""
    rgb = example.pictures[0]
    if task.name == "vanishing_point":
        return draw_vanishing_points(rgb, vector, example.point_infos[0], size)
    if task.name == "room_layout":
        return draw_room_layout(rgb, vector, example.point_infos[0], size)
    draw = draw_egomotion if len(example.image_ids) == 3 else draw_pose
    return draw(example, vector, size)
