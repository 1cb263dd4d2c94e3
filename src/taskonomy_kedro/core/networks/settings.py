"""Settings of the networks; importing them does not bring torch."""

from typing import Literal, get_args

from pydantic import Field

from taskonomy_kedro.core.base_settings import Settings
from taskonomy_kedro.core.errors import UserError

EncoderName = Literal["small", "taskonomy_resnet50"]
ENCODERS: tuple[EncoderName, ...] = get_args(EncoderName)
PAPER_STRIDE = 16
_FIXED_CELLS = {"taskonomy_resnet50": PAPER_STRIDE}  # of encoders whose stride is no setting
# Pixels a side of the cells that the small encoder works on where those of its representation are finer.
WORKING_CELL = 8
RELEASED_ENCODER: EncoderName = "taskonomy_resnet50"


class NetworkSettings(Settings):
    """Which networks are built, and how wide. All but `encoder` is for `small` only."""

    encoder: EncoderName = Field(
        "small",
        description="`small`, sized for 64×64 pixels on a processor, or `taskonomy_resnet50`, the network of "
        "the paper with its decoders. Both give 8 channels.",
    )
    width: int = Field(
        32,
        ge=1,
        description="Channels of the first stage of the small encoder; then twice, at stride 16 four times "
        "as many.",
    )
    units: int = Field(1, ge=0, description="Residual units of the small encoder.")
    stride: Literal[4, 8, 16] = Field(
        8,
        description="Pixels a side of one cell of the small encoder's representation. With 4, that of an "
        "image of 64×64 has as many numbers as the paper's of 256×256.",
    )
    decoder_width: int = Field(
        64, ge=4, description="Channels of the small image decoder's first layer; twice as many follow."
    )
    hidden: int = Field(128, ge=1, description="Hidden numbers of the small heads.")
    dropout: float = Field(
        0.3, ge=0, lt=1, description="Share of hidden numbers that the small heads drop in training."
    )

    @property
    def cell(self) -> int:
        """Pixels a side of one cell of the encoder's representation."""
        return _FIXED_CELLS.get(self.encoder, self.stride)

    @property
    def largest_cell(self) -> int:
        """Pixels a side of the largest cells inside the encoder."""
        return max(self.cell, WORKING_CELL)

    def check_image_size(self, image_size: int, name: str = "image_size") -> None:
        """Refuse an image size that the encoder cannot halve often enough.

        Raises:
            UserError: Not a multiple of the largest cells; the message has the nearest sizes that are.
        """
        step = self.largest_cell
        if image_size < 1 or image_size % step:
            below, above = image_size // step * step, -(-image_size // step) * step
            near = " or ".join(str(size) for size in (below, above) if size > 0)
            raise UserError(
                f"the encoder {self.encoder} halves an image {step.bit_length() - 1} times, so {name} must "
                f"be a multiple of {step} pixels, got {image_size}; {near or step} would do"
            )
