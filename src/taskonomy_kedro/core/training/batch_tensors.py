"""Inputs and targets of a batch, as tensors."""

from dataclasses import dataclass, fields, replace
from typing import Self

import torch
from torch import Tensor


class Movable:
    """A dataclass of tensors that moves to a device as a whole."""

    def to(self, device: torch.device | str) -> Self:
        """Return the same on a device; tensors in pinned memory are copied asynchronously."""
        moved: dict[str, Tensor | Movable] = {}
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if isinstance(value, Tensor):
                moved[field.name] = value.to(device, non_blocking=True)
            elif isinstance(value, Movable):
                moved[field.name] = value.to(device)
        return replace(self, **moved)  # type: ignore[type-var]


@dataclass(frozen=True, kw_only=True, eq=False)
class TargetTensors(Movable):
    """The targets of n items.

    Attributes:
        values: Maps (n, channels, H, W) float32; class or region maps (n, H, W) int64; vectors and
            soft classes (n, k) float32; classes (n,) int64; colours (n, 10, H/4, W/4) int64, the
            nearest bins.
        weights: float32 >= 0: (n, 1, H, W) for maps, (n, H, W) for class and region maps,
            (n, H/4, W/4) for colours, else (n,). Where the weight is 0, values are undefined.
        shares: For colours, (n, 10, H/4, W/4) float32: share of each of the bins in a pixel.
        pixels: For region maps, (n, p) int64: the compared pixels, as indices of the flattened map.
    """

    values: Tensor
    weights: Tensor
    shares: Tensor | None = None
    pixels: Tensor | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class TaskBatch(Movable):
    """Some items of a task.

    Attributes:
        pictures: (n, k, channels, H, W) float32 in [-1, 1]: k images, or 9 tiles, of each item.
        target: Targets of the outputs.
        item_ids: Id of each item's image, or of its images joined by `|`.
    """

    pictures: Tensor
    target: TargetTensors
    item_ids: list[str]
