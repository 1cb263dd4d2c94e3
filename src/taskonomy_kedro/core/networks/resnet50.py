"""The encoder of the paper: ResNet-50 without its last halvings, compressed to eight channels."""

from torch import Tensor, nn
from torch.nn import functional

from taskonomy_kedro.core.networks.encoder import CHANNELS, Encoder, conv_bn

_LAYERS = ((64, 3, 2), (128, 4, 2), (256, 6, 1), (512, 3, 1))  # middle channels, units, stride of the last
_EXPANSION = 4


class Bottleneck(nn.Module):
    """Residual unit 1×1 → 3×3 → 1×1: (n, in, h, w) to (n, 4·middle, h/stride, w/stride), ≥ 0.

    The shortcut is a 1×1 projection where the channels change, a subsampling where the size does.
    torchvision's unit computes the same; this one needs torch alone.
    """

    def __init__(self, in_channels: int, middle: int, *, stride: int = 1) -> None:
        super().__init__()
        out_channels = _EXPANSION * middle
        self.conv1 = nn.Conv2d(in_channels, middle, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(middle)
        self.conv2 = nn.Conv2d(middle, middle, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(middle)
        self.conv3 = nn.Conv2d(middle, out_channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.downsample: nn.Module
        if in_channels != out_channels:
            self.downsample = conv_bn(in_channels, out_channels, 1, stride=stride)
        else:
            self.downsample = nn.MaxPool2d(1, stride) if stride > 1 else nn.Identity()

    def forward(self, features: Tensor) -> Tensor:
        """Return the features after the unit."""
        inner = functional.relu(self.bn1(self.conv1(features)), inplace=True)
        inner = functional.relu(self.bn2(self.conv2(inner)), inplace=True)
        inner = self.bn3(self.conv3(inner))
        return functional.relu(inner + self.downsample(features), inplace=True)


class TaskonomyResNet50(Encoder):
    """Pictures (n, in_channels, H, W) to representations (n, 8, H/16, W/16), ≥ 0.

    Layers 1 and 2 halve the size in their last unit, layers 3 and 4 do not; nothing is pooled at the
    end. Modules bear the names of the released state dicts. 23,655,504 parameters are trained.

    Source: Zamir et al. 2018, section 3.1; the released networks.
    """

    stride = 16

    def __init__(self, in_channels: int = 3) -> None:
        super().__init__()
        self.in_channels = in_channels
        self.conv1 = nn.Conv2d(in_channels, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        # ceil_mode reaches one row and column past the bottom right, as TensorFlow's SAME does
        self.maxpool = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        channels = 64
        for number, (middle, n_units, stride) in enumerate(_LAYERS, start=1):
            self.add_module(f"layer{number}", _layer(channels, middle, n_units, stride))
            channels = _EXPANSION * middle
        self.compress1 = nn.Conv2d(channels, CHANNELS, 3, padding=1, bias=False)
        self.compress_bn = nn.BatchNorm2d(CHANNELS)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the representation of each picture."""
        features = functional.relu(self.bn1(self.conv1(pictures)), inplace=True)
        features = self.maxpool(features)
        for number in range(1, len(_LAYERS) + 1):
            features = getattr(self, f"layer{number}")(features)
        return functional.relu(self.compress_bn(self.compress1(features)))


def _layer(in_channels: int, middle: int, n_units: int, last_stride: int) -> nn.Sequential:
    units = [
        Bottleneck(
            in_channels if number == 0 else _EXPANSION * middle,
            middle,
            stride=last_stride if number == n_units - 1 else 1,
        )
        for number in range(n_units)
    ]
    return nn.Sequential(*units)
