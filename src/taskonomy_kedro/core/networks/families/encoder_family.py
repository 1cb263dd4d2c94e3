"""What every family of networks builds: an encoder, and the decoders behind it."""

from dataclasses import dataclass

from taskonomy_kedro.core.networks.decoder import Decoder
from taskonomy_kedro.core.networks.encoder import Encoder
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.tasks.task import Task

HEADS: dict[str, tuple[int, int]] = {"fc2_2048": (2, 2048), "fc3_2048": (3, 2048), "fc2_256": (2, 256)}
"""Linear layers of each head, and the paper's hidden numbers between them."""


@dataclass(frozen=True, kw_only=True)
class DecoderInput:
    """What a decoder reads and puts out.

    Attributes:
        in_channels: Channels of a representation: 8 behind an encoder, more behind a readout.
        cells: Cells a side of a representation.
        n_pictures: Pictures of an item.
        n_outputs: Numbers per pixel or item.
    """

    in_channels: int
    cells: int
    n_pictures: int
    n_outputs: int

    @property
    def n_features(self) -> int:
        """Numbers of an item that a head reads."""
        return self.n_pictures * self.in_channels * self.cells**2


class EncoderFamily:
    """One family of networks. Each is one file of `networks.families`, with one entry in `FAMILIES`.

    Attributes:
        starts_at_guess: Whether networks begin at the average guess and learn what differs from it.
    """

    starts_at_guess: bool = False

    def encoder(self, settings: NetworkSettings, in_channels: int) -> Encoder:
        """Build the encoder of pictures with some channels."""
        raise NotImplementedError

    def dense(self, settings: NetworkSettings, task: Task, reads: DecoderInput) -> Decoder:
        """Build the decoder to maps of the image's size."""
        raise NotImplementedError

    def dense_quarter(self, settings: NetworkSettings, task: Task, reads: DecoderInput) -> Decoder:
        """Build the decoder to maps of a quarter of the image's size."""
        raise NotImplementedError

    def head(self, settings: NetworkSettings, task: Task, reads: DecoderInput) -> Decoder:
        """Build fully connected layers, as many as `HEADS` says for the task's decoder."""
        raise NotImplementedError

    def egomotion_head(self, settings: NetworkSettings, task: Task, reads: DecoderInput) -> Decoder:
        """Build the two heads of egomotion."""
        raise NotImplementedError
