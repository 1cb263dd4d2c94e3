"""The image decoders behind the small encoder. Ours, not the paper's."""

import torch
from torch import Tensor, nn

from taskonomy_kedro.core.networks.decoder import NEGATIVE_SLOPE, Decoder, only_picture
from taskonomy_kedro.core.networks.encoder import conv_bn

_PATCH = 4  # pixels a side that the last layer puts out at once
_MOST_DIRECT = 3  # outputs a pixel up to which it does so without hidden channels
_HIDDEN = 8


class SmallDenseDecoder(Decoder):
    """Representations (n, 1, in_channels, h, w) to maps (n, n_outputs, stride·h, stride·w).

    A 3×3 convolution to 2·width channels; doublings of size (1×1 convolution, pixels out of channels,
    3×3 convolution) until a cell is 4 pixels wide; the rest at once.
    """

    def __init__(
        self,
        n_outputs: int,
        *,
        in_channels: int = 8,
        stride: int = 16,
        width: int = 32,
        has_tanh: bool = True,
    ) -> None:
        """Build it.

        Args:
            n_outputs: Numbers a pixel; more than 3 are read off 8 hidden channels.
            in_channels: Channels of the representation.
            stride: Pixels a side of a cell of the representation, 8 or 16.
            width: Channels after the first doubling.
            has_tanh: Whether outputs are squeezed into [-1, 1].
        """
        super().__init__()
        self.n_outputs = n_outputs
        self.has_tanh = has_tanh
        self.trunk, channels = _trunk(in_channels, stride, width)
        n_shuffled = n_outputs if n_outputs <= _MOST_DIRECT else _HIDDEN
        last: list[nn.Module] = [
            nn.Conv2d(channels, n_shuffled * _PATCH**2, 3, padding=1),
            nn.PixelShuffle(_PATCH),
        ]
        if n_outputs > _MOST_DIRECT:
            last += [nn.ReLU(inplace=True), nn.Conv2d(_HIDDEN, n_outputs, 1)]
        self.decoder_output = nn.Sequential(*last)

    def forward(self, representations: Tensor) -> Tensor:
        """Return the map of each item."""
        maps: Tensor = self.decoder_output(self.trunk(only_picture(representations)))
        return torch.tanh(maps) if self.has_tanh else maps


class SmallQuarterDecoder(Decoder):
    """Representations (n, 1, in_channels, h, w) to logits (n, n_outputs, stride/4·h, stride/4·w).

    As `SmallDenseDecoder` until a cell is 4 pixels wide, then a 1×1 convolution.
    """

    def __init__(
        self, n_outputs: int = 313, *, in_channels: int = 8, stride: int = 16, width: int = 32
    ) -> None:
        super().__init__()
        self.n_outputs = n_outputs
        self.trunk, channels = _trunk(in_channels, stride, width)
        self.decoder_output = nn.Conv2d(channels, n_outputs, 1)

    def forward(self, representations: Tensor) -> Tensor:
        """Return the logits of each item."""
        logits: Tensor = self.decoder_output(self.trunk(only_picture(representations)))
        return logits


def _trunk(in_channels: int, stride: int, width: int) -> tuple[nn.Sequential, int]:
    """Return the layers up to 4 pixels a cell, and how many channels they end in."""
    channels = 2 * width
    layers = _active(conv_bn(in_channels, channels, 3))
    for wanted in (width, 3 * width // 4):
        if stride <= _PATCH:
            break
        shuffled = nn.Sequential(
            nn.Conv2d(channels, 4 * wanted, 1, bias=False), nn.PixelShuffle(2), nn.BatchNorm2d(wanted)
        )
        layers += [*_active(shuffled), *_active(conv_bn(wanted, wanted, 3))]
        channels, stride = wanted, stride // 2
    return nn.Sequential(*layers), channels


def _active(layer: nn.Module) -> list[nn.Module]:
    return [layer, nn.LeakyReLU(NEGATIVE_SLOPE, inplace=True)]
