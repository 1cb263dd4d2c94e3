"""The readout: from frozen representations of one or more sources to a target's output."""

import torch
from torch import Tensor, nn

from taskonomy_kedro.core.networks.building import make_decoder
from taskonomy_kedro.core.networks.decoder import Decoder
from taskonomy_kedro.core.networks.encoder import CHANNELS, conv_bn, without_global_draws
from taskonomy_kedro.core.networks.initialisation import initialise
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.tasks.task import Task

_CLIP_DEVIATIONS = 5.0


class TransferNetwork(nn.Module):
    """Representations (n, 8·k, h, w) of k sources to features (n, 16·k, h, w).

    Batch normalisation; two branches of two 3×3 convolutions with 8·k channels, batch normalisation and
    ReLU each; the branches side by side, and batch normalisation again. In training each channel is
    first cut off at five deviations from its mean over the batch. 2,416 parameters for one source.

    Source: Zamir et al. 2018, section 3.2, and the released configurations; docs/method.md. Plain batch
    normalisation stands where the released code has batch renormalisation.
    """

    def __init__(self, n_sources: int) -> None:
        super().__init__()
        channels = CHANNELS * n_sources
        self.out_channels = 2 * channels
        self.normalise = nn.BatchNorm2d(channels)
        self.branches = nn.ModuleList(
            nn.Sequential(
                conv_bn(channels, channels, 3),
                nn.ReLU(inplace=True),
                conv_bn(channels, channels, 3),
                nn.ReLU(inplace=True),
            )
            for _ in range(2)
        )
        self.normalise_both = nn.BatchNorm2d(self.out_channels)

    def forward(self, representations: Tensor) -> Tensor:
        """Return the features of each picture."""
        if self.training:
            mean = representations.mean(dim=(0, 2, 3), keepdim=True)
            reach = _CLIP_DEVIATIONS * representations.std(dim=(0, 2, 3), keepdim=True)
            representations = torch.clamp(representations, mean - reach, mean + reach)
        normalised = self.normalise(representations)
        features: Tensor = self.normalise_both(torch.cat([b(normalised) for b in self.branches], dim=1))
        return features


class Readout(nn.Module):
    """Representations (n, k, 8·sources, h, w) of the k pictures of an item to the target's output.

    The transfer network is applied to each picture, and a new decoder of the target to what it gives.
    """

    def __init__(self, transfer: TransferNetwork, decoder: Decoder) -> None:
        super().__init__()
        self.transfer = transfer
        self.decoder = decoder

    def forward(self, representations: Tensor, places: Tensor | None = None) -> Tensor:
        """Return the output for each item; at some pixels (n, p) alone where `places` is given."""
        features = self.transfer(representations.flatten(0, 1)).unflatten(0, representations.shape[:2])
        if places is not None:
            return self.decoder.at_places(features, places)
        output: Tensor = self.decoder(features)
        return output


def make_readout(
    settings: NetworkSettings,
    task: Task,
    *,
    n_sources: int,
    n_outputs: int | None = None,
    image_size: int,
    generator: torch.Generator,
) -> Readout:
    """Build a readout with first weights of its own.

    Args:
        settings: Of the networks whose representations are read.
        task: The target.
        n_sources: Order of the transfer.
        n_outputs: Numbers per pixel or item; as the task's label says where None.
        image_size: Pixels a side.
        generator: On the processor, for this readout alone.
    """
    with without_global_draws():
        transfer = TransferNetwork(n_sources)
    decoder = make_decoder(
        settings, task, n_outputs=n_outputs, image_size=image_size, in_channels=transfer.out_channels
    )
    readout = Readout(transfer, decoder)
    initialise(readout, generator)
    return readout
