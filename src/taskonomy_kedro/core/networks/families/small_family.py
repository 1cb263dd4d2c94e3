"""The small networks, for 64×64 pixels on a processor. Ours, not the paper's."""

from taskonomy_kedro.core.networks.decoder import Decoder
from taskonomy_kedro.core.networks.encoder import Encoder
from taskonomy_kedro.core.networks.families.encoder_family import HEADS, DecoderInput, EncoderFamily
from taskonomy_kedro.core.networks.heads import EgomotionHead, FullyConnectedHead
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.networks.small_decoders import SmallDenseDecoder, SmallQuarterDecoder
from taskonomy_kedro.core.networks.small_encoder import SmallEncoder
from taskonomy_kedro.core.tasks.task import Task


class SmallFamily(EncoderFamily):
    """Widths and strides are settings; trained for few steps, so they start at the average guess."""

    starts_at_guess = True

    def encoder(self, settings: NetworkSettings, in_channels: int) -> Encoder:
        """Build the small encoder."""
        return SmallEncoder(in_channels, width=settings.width, units=settings.units, stride=settings.stride)

    def dense(self, settings: NetworkSettings, task: Task, reads: DecoderInput) -> Decoder:
        """Build the small image decoder; tanh if the values learned are within [-1, 1]."""
        return SmallDenseDecoder(
            reads.n_outputs,
            in_channels=reads.in_channels,
            cells=reads.cells,
            stride=settings.stride,
            width=settings.decoder_width,
            has_tanh=task.label.value_map in ("linear", "log"),
        )

    def dense_quarter(self, settings: NetworkSettings, task: Task, reads: DecoderInput) -> Decoder:
        """Build the small decoder to a quarter of the size."""
        return SmallQuarterDecoder(
            reads.n_outputs,
            in_channels=reads.in_channels,
            cells=reads.cells,
            stride=settings.stride,
            width=settings.decoder_width,
        )

    def head(self, settings: NetworkSettings, task: Task, reads: DecoderInput) -> Decoder:
        """Build a head with the hidden numbers of the settings."""
        n_layers, _ = HEADS[task.decoder]
        return FullyConnectedHead(
            reads.n_features,
            reads.n_outputs,
            n_layers=n_layers,
            hidden=settings.hidden,
            dropout=settings.dropout,
        )

    def egomotion_head(self, settings: NetworkSettings, task: Task, reads: DecoderInput) -> Decoder:
        """Build both heads, with batch normalisation."""
        return EgomotionHead(
            reads.n_features,
            reads.n_outputs,
            hidden=settings.hidden,
            has_batch_norm=True,
            dropout=settings.dropout,
        )
