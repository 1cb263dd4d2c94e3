"""The small encoder: sized for 64×64 pixels on a processor. Ours, not the paper's."""

from torch import Tensor, nn
from torch.nn import functional

from taskonomy_kedro.core.networks.encoder import CHANNELS, Encoder, conv_bn
from taskonomy_kedro.core.networks.settings import WORKING_CELL

_STEM_STRIDE = 4


class ResidualUnit(nn.Module):
    """Two 3×3 convolutions and the sum with what came in: (n, c, h, w) to the same shape, ≥ 0."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = conv_bn(channels, channels, 3)
        self.second = conv_bn(channels, channels, 3)

    def forward(self, features: Tensor) -> Tensor:
        """Return the features after the unit."""
        inner = self.second(functional.relu(self.first(features), inplace=True))
        return functional.relu(inner + features, inplace=True)


class SmallEncoder(Encoder):
    """Pictures (n, in_channels, H, W) to representations (n, 8, H/stride, W/stride), ≥ 0.

    4×4 patches → width channels; then, twice for stride 16 and once for others, a 3×3 convolution that
    halves the size and doubles the channels; residual units; 3×3 → 8 channels, or for stride 4 → 32, which
    become the 8 channels of four finer cells, so that these see as far as those of stride 8.
    """

    def __init__(self, in_channels: int = 3, *, width: int = 32, units: int = 1, stride: int = 8) -> None:
        """Build it.

        Args:
            in_channels: Channels of a picture.
            width: Channels of the first stage.
            units: Residual units.
            stride: 4, 8 or 16 pixels; the pictures' sides are multiples of 8 or 16.
        """
        super().__init__()
        self.in_channels = in_channels
        self.stride = stride
        stages: list[nn.Module] = [conv_bn(in_channels, width, _STEM_STRIDE, stride=_STEM_STRIDE)]
        channels, reached = width, _STEM_STRIDE
        while reached < max(stride, WORKING_CELL):
            stages += [nn.ReLU(inplace=True), conv_bn(channels, 2 * channels, 3, stride=2)]
            channels, reached = 2 * channels, 2 * reached
        stages += [nn.ReLU(inplace=True), *(ResidualUnit(channels) for _ in range(units))]
        self.stages = nn.Sequential(*stages)
        n_finer = reached // stride
        self.compress = conv_bn(channels, CHANNELS * n_finer**2, 3)
        self.split = nn.PixelShuffle(n_finer)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the representation of each picture."""
        return functional.relu(self.split(self.compress(self.stages(pictures))))
