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

    def at_places(self, representations: Tensor, places: Tensor) -> Tensor:
        """Return the output at some pixels only: what a metric loss compares.

        Args:
            representations: (n, 1, C, h, w).
            places: (n, p) int64, in the flattened map.

        Returns:
            (n, p, n_outputs); decoders that can leave the other pixels out.
        """
        return values_at(self(representations), places)

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


def values_at(maps: Tensor, places: Tensor) -> Tensor:
    """Return (n, p, k) of maps (n, k, H, W) at places (n, p), without copying the maps."""
    if maps.is_contiguous():
        found = maps.flatten(2).gather(2, places[:, None].expand(-1, maps.shape[1], -1))
        return found.transpose(1, 2)
    return maps.movedim(1, 3).flatten(1, 2).gather(1, places[..., None].expand(-1, -1, maps.shape[1]))
