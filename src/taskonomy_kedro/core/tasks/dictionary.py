"""The task dictionary: 26 tasks under the names of the dataset folders and released weights."""

from dataclasses import dataclass
from typing import Literal, get_args

Family = Literal["2d", "3d", "geometric", "semantic", "other"]
FAMILIES: tuple[Family, ...] = get_args(Family)


@dataclass(frozen=True, kw_only=True)
class Task:
    """One task of the dictionary.

    Attributes:
        name: Name of the dataset folder and of the released weights, such as `depth_zbuffer`.
        family: The kind of knowledge it asks for; figures are grouped and coloured by it.
        published_name: Its name in the tables published with the paper, such as `rgb2depth`.
        is_source_only: Feeds other tasks and is no target by default.
        is_published_extra: Occurs in the published tables but is none of the project's 26 tasks.
    """

    name: str
    family: Family
    published_name: str
    is_source_only: bool = False
    is_published_extra: bool = False


def _dictionary(*tasks: Task) -> dict[str, Task]:
    return {task.name: task for task in tasks}


TASKS: dict[str, Task] = _dictionary(
    Task(name="autoencoding", family="2d", published_name="autoencoder"),
    Task(name="denoising", family="2d", published_name="denoise"),
    Task(name="colorization", family="2d", published_name="colorization", is_source_only=True),
    Task(name="inpainting", family="2d", published_name="impainting_whole", is_source_only=True),
    Task(name="edge_texture", family="2d", published_name="edge2d"),
    Task(name="keypoints2d", family="2d", published_name="keypoint2d"),
    Task(name="segment_unsup2d", family="2d", published_name="segment2d"),
    Task(name="depth_zbuffer", family="3d", published_name="rgb2depth"),
    Task(name="depth_euclidean", family="3d", published_name="rgb2mist"),
    Task(name="normal", family="3d", published_name="rgb2sfnorm"),
    Task(name="reshading", family="3d", published_name="reshade"),
    Task(name="curvature", family="3d", published_name="curvature"),
    Task(name="edge_occlusion", family="3d", published_name="edge3d"),
    Task(name="keypoints3d", family="3d", published_name="keypoint3d"),
    Task(name="segment_unsup25d", family="3d", published_name="segment25d"),
    Task(name="vanishing_point", family="geometric", published_name="vanishing_point_well_defined"),
    Task(name="room_layout", family="geometric", published_name="room_layout"),
    Task(name="fixated_pose", family="geometric", published_name="fix_pose"),
    Task(name="nonfixated_pose", family="geometric", published_name="non_fixated_pose"),
    Task(name="egomotion", family="geometric", published_name="ego_motion"),
    Task(name="point_matching", family="geometric", published_name="point_match"),
    Task(name="class_object", family="semantic", published_name="class_1000"),
    Task(name="class_scene", family="semantic", published_name="class_places"),
    Task(name="segment_semantic", family="semantic", published_name="segmentsemantic_rb"),
    Task(name="jigsaw", family="other", published_name="jigsaw", is_source_only=True),
    Task(name="random_projection", family="other", published_name="random", is_source_only=True),
)
"""The 26 tasks by name: 22 targets, 26 sources.

Source: Zamir et al. 2018, figure 3; roles and names from the released tables and weights.
"""

_PUBLISHED_EXTRA = Task(
    name="class_object_100",
    family="semantic",
    published_name="class_selected",
    is_published_extra=True,
)


def published_name_to_task() -> dict[str, Task]:
    """Return the task behind every name that the published tables use, `class_object_100` included."""
    return {task.published_name: task for task in (*TASKS.values(), _PUBLISHED_EXTRA)}


def family_of(source: str) -> Family:
    """Return the family a source is drawn in; `other` for sources that are not in the dictionary."""
    if source == _PUBLISHED_EXTRA.name:
        return _PUBLISHED_EXTRA.family
    return TASKS[source].family if source in TASKS else "other"
