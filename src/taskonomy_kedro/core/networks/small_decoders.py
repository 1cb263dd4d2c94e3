"""The image decoders behind the small encoder. Ours, not the paper's."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from taskonomy_kedro.core.networks.decoder import NEGATIVE_SLOPE, Decoder, only_picture, values_at
from taskonomy_kedro.core.networks.encoder import PositionalBias, conv_bn

_MOST_DIRECT = 3  # outputs a pixel up to which each cell puts out its pixels without hidden channels
_HIDDEN = 8
_QUARTER = 4  # pixels a side that one cell of a quarter-size output stands for
_START_WEIGHT = 0.01  # share of the first weights that the last layer keeps where it starts at a constant
_NEARLY_ONE = 0.98  # tanh gets no further: beyond it learns nothing


class SmallDenseDecoder(Decoder):
    """Representations (n, 1, in_channels, h, w) to maps (n, n_outputs, stride·h, stride·w).

    Everything is worked out on the cells of the representation, which a processor does best: two 3×3
    convolutions, then each cell puts out its stride×stride pixels at once. A learned map of places
    lets it know where in the image a cell is, and a learned constant map is added to all outputs.
    """

    def __init__(
        self,
        n_outputs: int,
        *,
        in_channels: int = 8,
        cells: int,
        stride: int = 8,
        width: int = 64,
        has_tanh: bool = True,
    ) -> None:
        """Build it.

        Args:
            n_outputs: Numbers a pixel; more than 3 are read off 8 hidden channels.
            in_channels: Channels of the representation.
            cells: Cells a side of the representation, h = w.
            stride: Pixels a side of a cell: 4, 8 or 16.
            width: Channels of the first convolution; the second has twice as many.
            has_tanh: Whether outputs are squeezed into [-1, 1].
        """
        super().__init__()
        self.n_outputs, self.has_tanh = n_outputs, has_tanh
        self.trunk = _trunk(in_channels, cells, width)
        is_direct = n_outputs <= _MOST_DIRECT
        n_shuffled = n_outputs if is_direct else _HIDDEN
        last: list[nn.Module] = [nn.Conv2d(2 * width, n_shuffled * stride**2, 1), nn.PixelShuffle(stride)]
        if not is_direct:
            last += [nn.ReLU(inplace=True), nn.Conv2d(_HIDDEN, n_outputs, 1)]
        self.decoder_output = nn.Sequential(*last)
        self.constant = PositionalBias(n_outputs, cells * stride)

    def forward(self, representations: Tensor) -> Tensor:
        """Return the map of each item."""
        maps: Tensor = self.constant(self.decoder_output(self.trunk(only_picture(representations))))
        return torch.tanh(maps) if self.has_tanh else maps

    def at_places(self, representations: Tensor, places: Tensor) -> Tensor:
        """Return the output at some pixels only, (n, p, n_outputs), without making the whole map."""
        last = self.decoder_output[-1]
        if not isinstance(last, nn.Conv2d):
            return super().at_places(representations, places)
        hidden = self.decoder_output[:-1](self.trunk(only_picture(representations)))
        # plain indexing adds gradients up in the order in which threads come: other bytes in every run
        constant = functional.embedding(places, self.constant.places[0].flatten(1).t())
        output = functional.linear(values_at(hidden, places), last.weight.flatten(1), last.bias) + constant
        return torch.tanh(output) if self.has_tanh else output

    def start_at(self, output: Tensor) -> None:
        """Let the first output be near a constant, (n_outputs, stride·h, stride·w)."""
        if self.has_tanh:
            output = torch.atanh(output.clamp(-_NEARLY_ONE, _NEARLY_ONE))
        _start(self.decoder_output, self.constant, output)


class SmallQuarterDecoder(Decoder):
    """Representations (n, 1, in_channels, h, w) to logits (n, n_outputs, stride/4·h, stride/4·w).

    As `SmallDenseDecoder`; each cell puts out hidden channels for its (stride/4)² places, from which
    a 1×1 convolution reads the logits.
    """

    def __init__(
        self, n_outputs: int = 313, *, in_channels: int = 8, cells: int, stride: int = 8, width: int = 64
    ) -> None:
        super().__init__()
        self.n_outputs = n_outputs
        places = stride // _QUARTER
        self.trunk = _trunk(in_channels, cells, width)
        self.decoder_output = nn.Sequential(
            nn.Conv2d(2 * width, width * places**2, 1),
            nn.PixelShuffle(places),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, n_outputs, 1),
        )
        self.constant = PositionalBias(n_outputs, cells * places)

    def forward(self, representations: Tensor) -> Tensor:
        """Return the logits of each item."""
        logits: Tensor = self.constant(self.decoder_output(self.trunk(only_picture(representations))))
        return logits

    def start_at(self, output: Tensor) -> None:
        """Let the first output be near a constant, (n_outputs, stride/4·h, stride/4·w)."""
        _start(self.decoder_output, self.constant, output)


def _trunk(in_channels: int, cells: int, width: int) -> nn.Sequential:
    """Return the layers that work on the cells; they end in 2·width channels."""
    return nn.Sequential(
        nn.Conv2d(in_channels, width, 3, padding=1, bias=False),
        PositionalBias(width, cells),
        nn.BatchNorm2d(width),
        nn.LeakyReLU(NEGATIVE_SLOPE, inplace=True),
        conv_bn(width, 2 * width, 3),
        nn.LeakyReLU(NEGATIVE_SLOPE, inplace=True),
    )


def _start(last: nn.Sequential, constant: PositionalBias, output: Tensor) -> None:
    """Set the constant, and the last weights so low that it is all but the output."""
    convolution = [layer for layer in last if isinstance(layer, nn.Conv2d)][-1]
    with torch.no_grad():
        convolution.weight.mul_(_START_WEIGHT)
        constant.places.copy_(output)
