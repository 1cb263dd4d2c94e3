"""Settings of the networks; importing them does not bring torch."""

from dataclasses import dataclass
from typing import Literal, get_args

from taskonomy_kedro.core.checks import Settings, check_choice, check_whole, is_number

EncoderName = Literal["small", "taskonomy_resnet50"]
ENCODERS: tuple[EncoderName, ...] = get_args(EncoderName)
PAPER_STRIDE = 16
STRIDES = (4, 8, 16)
# Pixels a side of the cells that the small encoder works on where those of its representation are finer.
WORKING_CELL = 8
RELEASED_ENCODER: EncoderName = "taskonomy_resnet50"


@dataclass(frozen=True, kw_only=True)
class NetworkSettings(Settings):
    """Which networks are built, and how wide. Everything but `encoder` is for `small` only.

    Attributes:
        encoder: `small`, sized for 64×64 pixels on a processor, or `taskonomy_resnet50`, the network of
            the paper with its decoders. Both give 8 channels.
        width: Channels of the first stage of the small encoder; then twice, at stride 16 four times as many.
        units: Residual units of the small encoder.
        stride: Pixels a side that one cell of the small encoder's representation stands for: 4, 8 or 16.
            With 4, that of an image of 64×64 has as many numbers as the paper's of 256×256.
        decoder_width: Channels of the small image decoder's first layer; twice as many follow.
        hidden: Hidden numbers of the small heads.
        dropout: Share of hidden numbers that the small heads drop in training, [0, 1).
    """

    encoder: EncoderName = "small"
    width: int = 32
    units: int = 1
    stride: int = 8
    decoder_width: int = 64
    hidden: int = 128
    dropout: float = 0.3

    @property
    def cell(self) -> int:
        """Pixels a side that one cell of the encoder's representation stands for."""
        return self.stride if self.encoder == "small" else PAPER_STRIDE

    @property
    def largest_cell(self) -> int:
        """Pixels a side of the largest cells inside the encoder."""
        return max(self.cell, WORKING_CELL)

    def check_image_size(self, image_size: int, name: str = "image_size") -> None:
        """Refuse an image size that the encoder cannot halve often enough.

        Raises:
            ValueError: Not a multiple of the largest cells; the message says which sizes would do.
        """
        check_whole(name, image_size, minimum=1)
        step = self.largest_cell
        if image_size % step:
            below, above = image_size // step * step, -(-image_size // step) * step
            near = " or ".join(str(size) for size in (below, above) if size)
            raise ValueError(
                f"the encoder {self.encoder} halves an image {step.bit_length() - 1} times, so {name} "
                f"must be a multiple of {step} pixels, got {image_size}; {near} would do"
            )

    def __post_init__(self) -> None:
        check_choice("encoder", self.encoder, ENCODERS)
        check_whole("width", self.width, minimum=1)
        check_whole("units", self.units, minimum=0)
        if isinstance(self.stride, bool) or self.stride not in STRIDES:
            raise ValueError(f"stride must be 4, 8 or 16 pixels, got {self.stride!r}")
        check_whole("decoder_width", self.decoder_width, minimum=4)
        check_whole("hidden", self.hidden, minimum=1)
        if not is_number(self.dropout) or not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must be a number in [0, 1), got {self.dropout!r}")
