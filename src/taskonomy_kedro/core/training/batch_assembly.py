"""What is taken from a prepared split for each item, small enough to be held, and the tensors made of it.

Parts are made item by item alike, so it makes no difference in which batch, or when, they are made.
"""

import numpy as np
import torch
from torch import Tensor

from taskonomy_kedro.core.labels.input_transforms import transform_of
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.labels.pixel_range import to_unit_range
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.batch_tensors import TargetTensors

Parts = dict[str, Tensor]
"""By name, item first: `rgb` (n, [k,] H, W, 3) uint8, `picture` (n, [9,] channels, H, W) float32 where a
picture is costly to make, `values`, `weights`, `shares` as of `TargetTensors` but of small types."""

_WHITE = 255.0


def input_parts(
    task: Task, rgb: np.ndarray, image_ids: list[str], *, seed: int, tile_size: int | None
) -> Parts:
    """Return `rgb`, or `picture` where the picture is costly to make.

    Args:
        task: Whose input.
        rgb: (n, H, W, 3) uint8; (n, k, H, W, 3) for pairs and triplets.
        image_ids: n ids; not used for pairs and triplets.
        seed: Seed of noise and tiles.
        tile_size: Pixels a side of a tile; the image's if None.
    """
    pictures = transform_of(task).pictures(rgb, image_ids, seed, tile_size)
    return {"rgb": torch.from_numpy(rgb)} if pictures is None else {"picture": torch.from_numpy(pictures)}


def is_own_picture(task: Task) -> bool:
    """Return whether the task's label is the clean picture itself."""
    label = task.label
    is_plain = label.value_map == "linear" and label.blur_sigma == 0
    return is_plain and task.domains == ("rgb",) and (label.size, label.stored_range) == (3, (0.0, _WHITE))


def label_parts(
    task: Task,
    stored: dict[str, np.ndarray],
    image_ids: list[str],
    statistics: LabelStatistics,
    *,
    seed: int,
) -> Parts:
    """Return the parts of a label; `rgb` where the label is the picture itself.

    Args:
        task: Whose label.
        stored: What `target_of` reads; `rgb` for colours; `point_matching` for matches, (n,).
        image_ids: n ids.
        statistics: Constants of the training split.
        seed: Seed of the tiles.
    """
    if is_own_picture(task):
        return {"rgb": torch.from_numpy(stored["rgb"])}
    if (classes := transform_of(task).labels(image_ids, seed=seed)) is not None:
        return {"values": torch.from_numpy(classes)}
    parts = kind_of(task).parts(task, stored, statistics)
    return {name: torch.from_numpy(part) for name, part in parts.items()}


def pictures_of(task: Task, parts: Parts) -> Tensor:
    """Return what the network sees, (n, k, channels, H, W) float32 in [-1, 1]."""
    if "picture" in parts:
        pictures = parts["picture"]
    else:
        pictures = _as_picture(parts["rgb"])
        transform_of(task).blank(pictures)
    return pictures if pictures.ndim == 5 else pictures[:, None]


def target_tensors(task: Task, parts: Parts, pixels: Tensor | None = None) -> TargetTensors:
    """Return the target that parts of a label stand for."""
    if is_own_picture(task):
        values = _as_picture(parts["rgb"])
    else:
        values = parts["values"].to(getattr(torch, kind_of(task).dtype))
    if "weights" in parts:
        weights = parts["weights"].to(torch.float32)
    else:
        weights = torch.ones(1).expand(kind_of(task).weights_shape(tuple(values.shape)))
    return TargetTensors(values=values, weights=weights, shares=parts.get("shares"), pixels=pixels)


def _as_picture(rgb: Tensor) -> Tensor:
    return to_unit_range(rgb.movedim(-1, -3).to(torch.float32))
