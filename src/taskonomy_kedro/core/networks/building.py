"""Build the encoder and the decoder of a task from settings."""

import torch
from torch import Tensor, nn

from taskonomy_kedro.core.networks.decoder import Decoder
from taskonomy_kedro.core.networks.encoder import CHANNELS, Encoder, without_global_draws
from taskonomy_kedro.core.networks.families import DecoderInput, family_of
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.tasks.task import Task


def make_encoder(settings: NetworkSettings, *, in_channels: int = 3, image_size: int) -> Encoder:
    """Build the encoder that the settings name; its weights mean nothing until `initialise`.

    Args:
        settings: Which, and how wide.
        in_channels: Channels of a picture.
        image_size: Pixels a side; only checked, the encoder takes others too.

    Raises:
        ValueError: The image size cannot be halved often enough.
    """
    settings.check_image_size(image_size)
    with without_global_draws():
        return family_of(settings).encoder(settings, in_channels)


def make_decoder(
    settings: NetworkSettings,
    task: Task,
    *,
    n_outputs: int | None = None,
    image_size: int,
    in_channels: int = CHANNELS,
    n_pictures: int | None = None,
) -> Decoder:
    """Build the decoder or head of a task; its weights mean nothing until `initialise`.

    Args:
        settings: Which encoder it stands behind, and how wide.
        task: Names the decoder; its label decides on the tanh.
        n_outputs: Numbers per pixel or item; those of the task's label if None.
        image_size: Pixels a side.
        in_channels: Channels of a representation: 8 behind an encoder, more behind a readout.
        n_pictures: Pictures an item; as many as the task reads if None.

    Raises:
        ValueError: An unknown or no decoder, an image size that does not fit, several pictures for an
            image decoder, no number of outputs.
    """
    settings.check_image_size(image_size)
    if task.decoder == "none":
        raise ValueError(f"task {task.name} has no decoder: its encoder is not trained")
    reads = DecoderInput(
        in_channels=in_channels,
        cells=image_size // settings.cell,
        n_pictures=task.reads.n_inputs if n_pictures is None else n_pictures,
        n_outputs=_n_outputs(task, n_outputs),
    )
    family = family_of(settings)
    if task.decoder in ("dense", "dense_quarter") and reads.n_pictures != 1:
        raise ValueError(
            f"the decoder {task.decoder} of task {task.name} reads one picture, got {reads.n_pictures}"
        )
    builders = {
        "dense": family.dense,
        "dense_quarter": family.dense_quarter,
        "fc3_1024_twice": family.egomotion_head,
    }
    with without_global_draws():
        return builders.get(task.decoder, family.head)(settings, task, reads)


def start_at_guess(settings: NetworkSettings, network: nn.Module, guess: Tensor) -> None:
    """Let a network begin at the average guess, if networks of its family do.

    Args:
        settings: The network was built with.
        network: With a `decoder`.
        guess: Of the shape of one output.
    """
    if family_of(settings).starts_at_guess and isinstance(network.decoder, Decoder):
        network.decoder.start_at(torch.as_tensor(guess))


def _n_outputs(task: Task, given: int | None) -> int:
    n_outputs = task.label.known_outputs if given is None else given
    if n_outputs is None:
        raise ValueError(
            f"task {task.name} has as many outputs as its labels have classes: "
            "n_outputs must be a number, got None"
        )
    return n_outputs
