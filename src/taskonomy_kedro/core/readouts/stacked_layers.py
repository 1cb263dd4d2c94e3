"""Layers of many networks of one architecture side by side, each with its own weights.

Features of S networks lie in one tensor (n, S·C, h, w), channels last, and a convolution has S groups, the
fastest variant measured on a CPU (docs/decisions/0021). Parameters have a leading axis S.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

_MOMENTUM, _EPSILON = 0.1, 1e-5  # torch's own, which the single networks use


@dataclass(frozen=True, kw_only=True, eq=False)
class StackedLayers:
    """The weights of S networks of one architecture, by their names in a single one.

    Attributes:
        size: S.
        weights: Parameters and running means and variances, (S, …) each.
        is_training: Whether to normalise by the statistics of the batch, and to drop.
        generator: Of dropout, which is the same for each network, so that none depends on the others.
    """

    size: int
    weights: Mapping[str, Tensor]
    is_training: bool
    generator: torch.Generator | None = None

    def has(self, name: str) -> bool:
        """Return whether there are weights of a name."""
        return name in self.weights

    def convolve(self, features: Tensor, *names: str, groups: int | None = None) -> Tensor:
        """Return features (n, S·C', h, w) of features (n, S·C, h, w); of several layers side by side.

        Args:
            features: The input.
            *names: One layer, or several of the same input, whose outputs lie side by side.
            groups: S if not given; more if each layer reads its own channels.
        """
        weight = torch.cat([self.weights[f"{name}.weight"] for name in names], dim=1).flatten(0, 1)
        return functional.conv2d(
            features, weight, padding=weight.shape[-1] // 2, groups=self.size if groups is None else groups
        )

    def normalise(self, features: Tensor, *names: str) -> Tensor:
        """Return batch-normalised features, (n, S·C) or (n, S·C, h, w)."""
        scale, shift = (
            torch.cat([self.weights[f"{name}.{part}"] for name in names], dim=1).flatten()
            for part in ("weight", "bias")
        )
        mean, variance = (
            torch.cat([self.weights[f"{name}.running_{part}"] for name in names], dim=1).flatten()
            for part in ("mean", "var")
        )
        normalised = functional.batch_norm(
            features, mean, variance, scale, shift, self.is_training, _MOMENTUM, _EPSILON
        )
        if self.is_training:
            self._remember(names, "mean", mean)
            self._remember(names, "var", variance)
        return normalised

    def _remember(self, names: tuple[str, ...], part: str, values: Tensor) -> None:
        stored = [self.weights[f"{name}.running_{part}"] for name in names]
        parts = values.view(self.size, -1).split([value.shape[1] for value in stored], dim=1)
        for value, of_layer in zip(stored, parts, strict=True):
            value.copy_(of_layer)

    def add_places(self, features: Tensor, name: str) -> Tensor:
        """Return the sum of features (n, S·C, h, w) and the positional bias of each network."""
        return features + self.weights[f"{name}.places"].flatten(0, 2)

    def multiply(self, numbers: Tensor, name: str) -> Tensor:
        """Return (S, m, out) of numbers (S, m, in) by a linear layer or a 1×1 convolution."""
        weight = self.weights[f"{name}.weight"].flatten(2).transpose(1, 2)
        bias = self.weights.get(f"{name}.bias")
        return torch.bmm(numbers, weight) if bias is None else torch.baddbmm(bias[:, None], numbers, weight)

    def drop(self, numbers: Tensor, share: float) -> Tensor:
        """Return numbers (S, n, k) with dropout in training, the same for each network."""
        if not self.is_training or not share:
            return numbers
        kept = torch.rand(numbers.shape[1:], generator=self.generator) >= share
        return numbers * (kept.to(numbers) / (1 - share))
