"""The discriminator beside image decoders: judges patches of an image and its map."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.networks.decoder import NEGATIVE_SLOPE
from taskonomy_kedro.core.networks.encoder import without_global_draws

_LAYERS = ((5, 4, 64), (5, 4, 128), (5, 4, 256), (4, 1, 512))  # kernel, stride, channels
_LEAST_SIZE = 64


class SamePad(nn.Module):
    """Zeros around features as TensorFlow's SAME adds them: the odd one at the bottom right."""

    def __init__(self, kernel: int, stride: int) -> None:
        super().__init__()
        self.kernel, self.stride = kernel, stride

    def forward(self, features: Tensor) -> Tensor:
        """Return (n, c, h + …, w + …), so that a convolution gives h/stride, w/stride, rounded up."""
        pads: list[int] = []
        for size in (features.shape[-1], features.shape[-2]):
            total = max(((size - 1) // self.stride) * self.stride + self.kernel - size, 0)
            pads += [total // 2, total - total // 2]
        return functional.pad(features, pads)


class PatchDiscriminator(nn.Module):
    """Pictures (n, c, H, W) and maps (n, C, H, W) to logits (n, 1, H/64, W/64), rounded up: real if > 0.

    Three 5×5 convolutions of stride 4, two 4×4 of stride 1; batch normalisation on all but the first and
    the last. 3,140,801 parameters for three channels each.

    Source: the released configurations; docs/method.md.
    """

    def __init__(self, picture_channels: int, map_channels: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = picture_channels + map_channels
        for number, (kernel, stride, width) in enumerate(_LAYERS):
            is_first = number == 0
            layers += [SamePad(kernel, stride), nn.Conv2d(channels, width, kernel, stride, bias=is_first)]
            layers += [] if is_first else [nn.BatchNorm2d(width)]
            layers += [nn.LeakyReLU(NEGATIVE_SLOPE, inplace=True)]
            channels = width
        self.layers = nn.Sequential(*layers, SamePad(4, 1), nn.Conv2d(channels, 1, 4))

    def forward(self, pictures: Tensor, maps: Tensor) -> Tensor:
        """Return the logit of each patch.

        Raises:
            UserError: Pictures and maps of different sizes.
        """
        if pictures.shape[-2:] != maps.shape[-2:]:
            raise UserError(
                "the discriminator sees pictures and maps of one size, "
                f"got {tuple(pictures.shape)} and {tuple(maps.shape)}"
            )
        logits: Tensor = self.layers(torch.cat([pictures, maps], dim=1))
        return logits


def make_discriminator(picture_channels: int, map_channels: int, *, image_size: int) -> PatchDiscriminator:
    """Build a discriminator; its weights mean nothing until `initialise`.

    Args:
        picture_channels: Channels of the pictures that the generator reads.
        map_channels: Channels of the maps that it puts out.
        image_size: Pixels a side of both.

    Raises:
        UserError: An image smaller than one patch.
    """
    if image_size < _LEAST_SIZE:
        raise UserError(
            f"the discriminator shrinks an image 64-fold, so image_size must be at least {_LEAST_SIZE} "
            f"pixels, got {image_size}"
        )
    with without_global_draws():
        return PatchDiscriminator(picture_channels, map_channels)
