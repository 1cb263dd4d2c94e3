"""The small encoder: sized for 64×64 pixels on a processor. Ours, not the paper's."""

from torch import Tensor, nn
from torch.nn import functional

from taskonomy_kedro.core.networks.encoder import CHANNELS, Encoder, conv_bn

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

    4×4 patches → width channels; then, once for stride 8 and twice for 16, a 3×3 convolution that halves
    the size and doubles the channels; residual units on the cells; 3×3 → 8 channels.
    """

    def __init__(self, in_channels: int = 3, *, width: int = 32, units: int = 1, stride: int = 8) -> None:
        """Build it.

        Args:
            in_channels: Channels of a picture.
            width: Channels of the first stage.
            units: Residual units.
            stride: 8 or 16 pixels.
        """
        super().__init__()
        self.in_channels = in_channels
        self.stride = stride
        stages: list[nn.Module] = [conv_bn(in_channels, width, _STEM_STRIDE, stride=_STEM_STRIDE)]
        channels, reached = width, _STEM_STRIDE
        while reached < stride:
            stages += [nn.ReLU(inplace=True), conv_bn(channels, 2 * channels, 3, stride=2)]
            channels, reached = 2 * channels, 2 * reached
        stages += [nn.ReLU(inplace=True), *(ResidualUnit(channels) for _ in range(units))]
        self.stages = nn.Sequential(*stages)
        self.compress = conv_bn(channels, CHANNELS, 3)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the representation of each picture."""
        return functional.relu(self.compress(self.stages(pictures)))
