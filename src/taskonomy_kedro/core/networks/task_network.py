"""A task's network: one encoder, shared by all pictures of an item, and a decoder."""

import torch
from torch import Tensor, nn

from taskonomy_kedro.core.networks.building import make_decoder, make_encoder
from taskonomy_kedro.core.networks.decoder import Decoder
from taskonomy_kedro.core.networks.encoder import Encoder
from taskonomy_kedro.core.networks.initialisation import initialise
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.tasks.task import Task


class TaskNetwork(nn.Module):
    """Pictures (n, k, c, H, W), values in [-1, 1], to the task's output.

    Source: Zamir et al. 2018, section 3.1; one encoder for several pictures as in the released networks.

    Attributes:
        encoder: Applied to all n·k pictures at once, so batch normalisation sees them together.
        decoder: None for the random projection, which is never trained.
    """

    def __init__(self, encoder: Encoder, decoder: Decoder | None) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, pictures: Tensor, places: Tensor | None = None) -> Tensor:
        """Return the output for each item.

        Args:
            pictures: (n, k, c, H, W).
            places: (n, p) int64, requested pixels of the flattened map; all if not given.

        Returns:
            The decoder's output; (n, p, n_outputs) with places.

        Raises:
            ValueError: Not five axes, or there is no decoder.
        """
        if self.decoder is None:
            raise ValueError("this network has no decoder: only its representations can be had (represent)")
        if pictures.ndim != 5:
            raise ValueError(
                f"pictures must have shape (n, k, c, H, W), k pictures an item; got {tuple(pictures.shape)}"
            )
        representations = self.encoder(pictures.flatten(0, 1)).unflatten(0, pictures.shape[:2])
        if places is not None:
            return self.decoder.at_places(representations, places)
        output: Tensor = self.decoder(representations)
        return output

    def represent(self, pictures: Tensor) -> Tensor:
        """Return the representations (n, 8, h, w) of single pictures (n, c, H, W)."""
        representations: Tensor = self.encoder(pictures)
        return representations


def make_task_network(
    settings: NetworkSettings,
    task: Task,
    *,
    n_outputs: int | None = None,
    image_size: int,
    generator: torch.Generator,
) -> TaskNetwork:
    """Build a task's network with first weights of its own.

    The same generator state gives the same bytes; the global random state is neither read nor moved.

    Args:
        settings: Which networks, and how wide.
        task: What is read and put out.
        n_outputs: Numbers per pixel or item; as the task's label says where None.
        image_size: Pixels a side.
        generator: On the processor, for this network alone; the encoder draws first.

    Raises:
        ValueError: Image size, decoder or number of outputs do not fit.
    """
    encoder = make_encoder(settings, in_channels=task.reads.n_channels, image_size=image_size)
    decoder = None
    if task.decoder != "none":
        decoder = make_decoder(settings, task, n_outputs=n_outputs, image_size=image_size)
    network = TaskNetwork(encoder, decoder)
    initialise(network, generator)
    return network
