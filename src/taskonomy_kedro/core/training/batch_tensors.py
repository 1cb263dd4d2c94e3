"""What a network sees and what its output is compared with, as tensors."""

from dataclasses import dataclass, fields, replace
from typing import Self

import torch
from torch import Tensor


class Movable:
    """Gives a dataclass of tensors the method that moves them all."""

    def to(self, device: torch.device | str) -> Self:
        """Return the same on a device; what lies in pinned memory is copied without waiting."""
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
    """What the outputs for n items are compared with.

    Attributes:
        values: Maps (n, channels, H, W) float32; class or region maps (n, H, W) int64; vectors and
            soft classes (n, k) float32; classes (n,) int64; colours (n, 10, H/4, W/4) int64, the
            nearest bins.
        weights: float32 >= 0: (n, 1, H, W) for maps, (n, H, W) for class and region maps,
            (n, H/4, W/4) for colours, else (n,). Where 0 the values mean nothing.
        shares: For colours, (n, 10, H/4, W/4) float32: how much of a pixel each of the bins has.
        pixels: For region maps, (n, p) int64: the places, in the flattened map, that are compared.
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
        target: What the outputs are compared with.
        item_ids: Id of each item's image, or of its images joined by `|`.
    """

    pictures: Tensor
    target: TargetTensors
    item_ids: list[str]
