"""What is taken from a prepared split for each item, small enough to be held, and the tensors made of it.

Parts are made item by item alike, so it makes no difference in which batch, or when, they are made.
"""

import numpy as np
import torch
from torch import Tensor

from taskonomy_kedro.core.labels.colors import color_bins, lightness
from taskonomy_kedro.core.labels.self_supervised import noisy_picture, shuffled_tiles, tile_classes
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.labels.targets import target_of
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.batch_tensors import TargetTensors

Parts = dict[str, Tensor]
"""By name, item first: `rgb` (n, [k,] H, W, 3) uint8, `picture` (n, [9,] channels, H, W) float32 where a
picture is costly to make, `values`, `weights`, `shares` as of `TargetTensors` but of small types."""

_BYTE_SCALE = float(np.float32(1 / 127.5))  # as `labels.targets.picture` has it
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
    transform = task.reads.transform
    if transform == "noise":
        return {"picture": torch.from_numpy(noisy_picture(rgb, image_ids, seed=seed))}
    if transform == "lightness":
        return {"picture": torch.from_numpy(lightness(rgb))}
    if transform == "tiles":
        tiles, _ = shuffled_tiles(rgb, image_ids, seed=seed, size=tile_size)
        return {"picture": torch.from_numpy(tiles)}
    return {"rgb": torch.from_numpy(rgb)}


def is_own_picture(task: Task) -> bool:
    """Return whether the task's label is the clean picture itself."""
    label = task.label
    is_plain = label.kind == "regression_map" and label.value_map == "linear" and label.blur_sigma == 0
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
    if task.label.kind == "color_bins":
        return _color_parts(stored["rgb"], statistics)
    if task.reads.transform == "tiles":
        return {"values": torch.from_numpy(tile_classes(image_ids, seed=seed))}
    if task.name in stored and task.label.kind == "class" and not task.domains:
        return {"values": torch.from_numpy(stored[task.name].astype(np.int64))}
    target = target_of(task, stored, statistics)
    values, weights = torch.from_numpy(target.values), torch.from_numpy(target.weights)
    if task.label.kind == "regression_map":
        weights = weights > 0
    elif task.label.kind in ("class_map", "region_map"):
        values = values.to(_id_type(task, stored))
    if task.mask not in ("valid_depth", "known_class") and task.label.kind != "class_map":
        return {"values": values}  # each item has its label: all weights are 1
    return {"values": values, "weights": weights}


def pictures_of(task: Task, parts: Parts) -> Tensor:
    """Return what the network sees, (n, k, channels, H, W) float32 in [-1, 1]."""
    if "picture" in parts:
        pictures = parts["picture"]
    else:
        pictures = _as_picture(parts["rgb"])
        if task.reads.transform == "hole":
            height, width = pictures.shape[-2:]
            pictures[..., height // 4 : 3 * height // 4, width // 4 : 3 * width // 4] = 0.0
    return pictures if pictures.ndim == 5 else pictures[:, None]


def target_tensors(task: Task, parts: Parts, pixels: Tensor | None = None) -> TargetTensors:
    """Return the target that parts of a label stand for."""
    if is_own_picture(task):
        values = _as_picture(parts["rgb"])
    else:
        values = parts["values"]
        is_number = task.label.kind in ("class_map", "region_map", "class", "color_bins")
        values = values.to(torch.int64 if is_number else torch.float32)
    if "weights" in parts:
        weights = parts["weights"].to(torch.float32)
    else:
        weights = torch.ones(1).expand(weight_shape(task, values))
    return TargetTensors(values=values, weights=weights, shares=parts.get("shares"), pixels=pixels)


def weight_shape(task: Task, values: Tensor) -> tuple[int, ...]:
    """Return the shape of the weights that go with some values."""
    if task.label.kind in ("regression_map", "color_bins"):
        maps = (1,) if task.label.kind == "regression_map" else ()
        return (len(values), *maps, *values.shape[2:])
    return tuple(values.shape) if task.label.kind in ("class_map", "region_map") else (len(values),)


def _color_parts(rgb: np.ndarray, statistics: LabelStatistics) -> Parts:
    if statistics.color_weights is None:
        raise ValueError("colorization needs the rarity of colours in the training split, got none")
    bins, shares = color_bins(rgb)
    weights = statistics.color_weights[bins[..., 0]]
    bins, shares = (np.ascontiguousarray(np.moveaxis(array, -1, 1)) for array in (bins, shares))
    return {
        "values": torch.from_numpy(bins),
        "shares": torch.from_numpy(shares),
        "weights": torch.from_numpy(weights),
    }


def _as_picture(rgb: Tensor) -> Tensor:
    return rgb.movedim(-1, -3).to(torch.float32).mul_(_BYTE_SCALE).sub_(1.0)


def _id_type(task: Task, stored: dict[str, np.ndarray]) -> torch.dtype:
    """Return the smallest type that holds all ids of the stored array, whatever rows are taken."""
    bits = stored[task.domains[0]].dtype.itemsize * 8
    return {8: torch.uint8, 16: torch.int32}.get(bits, torch.int64)
