"""The networks of the paper, whose weights are released. Source: the released configurations."""

from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.networks.decoder import Decoder
from taskonomy_kedro.core.networks.dense import DenseDecoder, QuarterDecoder
from taskonomy_kedro.core.networks.encoder import Encoder
from taskonomy_kedro.core.networks.families.encoder_family import HEADS, DecoderInput, EncoderFamily
from taskonomy_kedro.core.networks.heads import EgomotionHead, FullyConnectedHead
from taskonomy_kedro.core.networks.resnet50 import TaskonomyResNet50
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.tasks.task import Task


class PaperFamily(EncoderFamily):
    """Sizes are the paper's."""

    def encoder(self, settings: NetworkSettings, in_channels: int) -> Encoder:
        """Build the ResNet-50 of the paper."""
        return TaskonomyResNet50(in_channels)

    def dense(self, settings: NetworkSettings, task: Task, reads: DecoderInput) -> Decoder:
        """Build D256."""
        has_tanh = kind_of(task).is_bounded
        return DenseDecoder(reads.n_outputs, in_channels=reads.in_channels, has_tanh=has_tanh)

    def dense_quarter(self, settings: NetworkSettings, task: Task, reads: DecoderInput) -> Decoder:
        """Build D64."""
        return QuarterDecoder(reads.n_outputs, in_channels=reads.in_channels)

    def head(self, settings: NetworkSettings, task: Task, reads: DecoderInput) -> Decoder:
        """Build FC2 or FC3."""
        n_layers, hidden = HEADS[task.decoder]
        return FullyConnectedHead(reads.n_features, reads.n_outputs, n_layers=n_layers, hidden=hidden)

    def egomotion_head(self, settings: NetworkSettings, task: Task, reads: DecoderInput) -> Decoder:
        """Build both heads, without batch normalisation."""
        return EgomotionHead(reads.n_features, reads.n_outputs)
