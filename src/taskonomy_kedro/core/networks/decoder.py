"""What every decoder says of itself."""

from torch import Tensor, nn

NEGATIVE_SLOPE = 0.2
"""Slope of every LeakyReLU below zero. Source: the released networks."""


class Decoder(nn.Module):
    """From representations (n, k, C, h, w) of k pictures an item to the task's output, float.

    Attributes:
        n_outputs: Numbers per pixel, or per item for a head.
    """

    n_outputs: int

    def forward(self, representations: Tensor) -> Tensor:
        """Return the output for each item."""
        raise NotImplementedError

    def start_at(self, output: Tensor) -> None:
        """Let the first output be near a constant of the shape of one output, where the decoder can.

        The small decoders, trained for few steps, begin at the best constant and learn what differs from
        it; the paper's begin as the paper's did.
        """


def only_picture(representations: Tensor) -> Tensor:
    """Return (n, C, h, w) from (n, 1, C, h, w).

    Raises:
        ValueError: Another number of pictures, or of axes.
    """
    if representations.ndim != 5 or representations.shape[1] != 1:
        raise ValueError(
            "an image decoder reads the representation of one picture an item, shape (n, 1, C, h, w); "
            f"got {tuple(representations.shape)}"
        )
    return representations.squeeze(1)
