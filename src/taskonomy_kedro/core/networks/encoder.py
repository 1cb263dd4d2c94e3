"""What every encoder says of itself."""

from contextlib import AbstractContextManager

import torch
from torch import Tensor, nn

CHANNELS = 8
"""Channels of every representation. Source: Zamir et al. 2018, section 3.1."""


class Encoder(nn.Module):
    """From pictures (n, c, H, W), values in [-1, 1], to representations (n, 8, H/stride, W/stride), ≥ 0.

    Attributes:
        in_channels: Channels of a picture: 3, or 1 where only lightness is read.
        stride: Pixels a side of one cell of the representation.
        out_channels: 8.
    """

    in_channels: int
    stride: int
    out_channels: int = CHANNELS

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the representation of each picture."""
        raise NotImplementedError


class PositionalBias(nn.Module):
    """Adds a learned map to features (n, channels, cells, cells): where in the image a cell is."""

    def __init__(self, channels: int, cells: int) -> None:
        super().__init__()
        self.places = nn.Parameter(torch.zeros(1, channels, cells, cells))

    def forward(self, features: Tensor) -> Tensor:
        """Return the sum."""
        return features + self.places


def conv_bn(in_channels: int, out_channels: int, kernel: int, *, stride: int = 1) -> nn.Sequential:
    """Return a convolution without bias and its batch normalisation; odd kernels keep the size."""
    padding = kernel // 2 if kernel % 2 else 0
    conv = nn.Conv2d(in_channels, out_channels, kernel, stride=stride, padding=padding, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(out_channels))


def without_global_draws() -> AbstractContextManager[None]:
    """Return a context in which torch's own first weights leave the global random state as it was."""
    return torch.random.fork_rng(devices=[])
