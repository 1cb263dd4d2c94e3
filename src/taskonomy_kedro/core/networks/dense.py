"""The image decoders of the paper: fifteen layers to the full size, or to a quarter of it."""

import torch
from torch import Tensor, nn

from taskonomy_kedro.core.networks.decoder import NEGATIVE_SLOPE, Decoder, only_picture

_LAYERS_FULL: tuple[tuple[str, int], ...] = (
    *(("conv2", 1024), ("conv3", 1024), ("conv4", 512), ("conv5", 256), ("conv6", 256), ("conv7", 128)),
    *(("deconv8", 64), ("conv9", 64), ("deconv10", 32), ("conv11", 32)),
    *(("deconv12", 16), ("conv13", 32), ("deconv14", 16)),
)
_LAYERS_QUARTER: tuple[tuple[str, int], ...] = (
    *(("conv2", 1024), ("conv3", 1024), ("conv4", 512), ("conv5", 512), ("conv6", 512), ("conv7", 512)),
    *(("conv8", 256), ("conv9", 256), ("conv10", 256)),
    *(("deconv11", 256), ("conv12", 256), ("deconv13", 256)),
)


class CutLast(nn.Module):
    """Drop the last row and column: what TensorFlow's SAME keeps of a transposed convolution."""

    def forward(self, features: Tensor) -> Tensor:
        """Return (n, c, h - 1, w - 1) of (n, c, h, w)."""
        return features[:, :, :-1, :-1]


class _LayeredDecoder(Decoder):
    """Named layers one after the other; `conv…` keep the size, `deconv…` double it."""

    def __init__(self, layers: tuple[tuple[str, int], ...], in_channels: int) -> None:
        super().__init__()
        self._names = tuple(name for name, _ in layers)
        channels = in_channels
        for name, out_channels in layers:
            make = _doubling_layer if name.startswith("deconv") else _layer
            self.add_module(name, make(channels, out_channels))
            channels = out_channels

    def _features(self, representations: Tensor) -> Tensor:
        features = only_picture(representations)
        for name in self._names:
            features = getattr(self, name)(features)
        return features


class DenseDecoder(_LayeredDecoder):
    """Representations (n, 1, in_channels, h, w) to maps (n, n_outputs, 16h, 16w): D256 of the paper.

    Modules bear the names of the released state dicts. The released networks end in tanh for every
    task, also over the 17 logits of segment_semantic, whose cross-entropy then cannot fall below about
    1.15. That is a fault of theirs: here a task of classes gets its logits as they are.

    Source: Zamir et al. 2018, section 3.1; the released networks; docs/method.md.
    """

    def __init__(self, n_outputs: int, *, in_channels: int = 8, has_tanh: bool = True) -> None:
        super().__init__(_LAYERS_FULL, in_channels)
        self.n_outputs = n_outputs
        self.has_tanh = has_tanh
        self.decoder_output = nn.Sequential(nn.Conv2d(_LAYERS_FULL[-1][1], n_outputs, 3, padding=1))

    def forward(self, representations: Tensor) -> Tensor:
        """Return the map of each item."""
        maps: Tensor = self.decoder_output(self._features(representations))
        return torch.tanh(maps) if self.has_tanh else maps


class QuarterDecoder(_LayeredDecoder):
    """Representations (n, 1, in_channels, h, w) to logits (n, n_outputs, 4h, 4w): D64 of the paper.

    For colorization: a quarter of the image's size at stride 16, and no activation. No weights of it
    were released, so the names of the modules are ours.

    Source: the released configurations; docs/method.md.
    """

    def __init__(self, n_outputs: int = 313, *, in_channels: int = 8) -> None:
        super().__init__(_LAYERS_QUARTER, in_channels)
        self.n_outputs = n_outputs
        self.decoder_output = nn.Sequential(nn.Conv2d(_LAYERS_QUARTER[-1][1], n_outputs, 1))

    def forward(self, representations: Tensor) -> Tensor:
        """Return the logits of each item."""
        logits: Tensor = self.decoder_output(self._features(representations))
        return logits


def _layer(in_channels: int, out_channels: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False),
        nn.BatchNorm2d(out_channels),
        nn.LeakyReLU(NEGATIVE_SLOPE, inplace=True),
    )


def _doubling_layer(in_channels: int, out_channels: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Identity(),  # the released modules pad here; kept so that the numbers of the others fit
        nn.ConvTranspose2d(in_channels, out_channels, 3, stride=2, bias=False),
        CutLast(),
        nn.BatchNorm2d(out_channels),
        nn.LeakyReLU(NEGATIVE_SLOPE, inplace=True),
    )
