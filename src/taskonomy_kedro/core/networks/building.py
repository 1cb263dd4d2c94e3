"""From settings and a task to its encoder and its decoder."""

from taskonomy_kedro.core.networks.decoder import Decoder
from taskonomy_kedro.core.networks.dense import DenseDecoder, QuarterDecoder
from taskonomy_kedro.core.networks.encoder import CHANNELS, Encoder, without_global_draws
from taskonomy_kedro.core.networks.heads import EgomotionHead, FullyConnectedHead
from taskonomy_kedro.core.networks.resnet50 import TaskonomyResNet50
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.networks.small_decoders import SmallDenseDecoder, SmallQuarterDecoder
from taskonomy_kedro.core.networks.small_encoder import SmallEncoder
from taskonomy_kedro.core.tasks.task import Task

_HEADS = {"fc2_2048": (2, 2048), "fc3_2048": (3, 2048), "fc2_256": (2, 256)}  # linear layers, hidden numbers
_EGOMOTION_HIDDEN = 1024
_PAPER_DROPOUT = 0.5


def stride_of(settings: NetworkSettings) -> int:
    """Return how many pixels a side one cell of the encoder's representation stands for."""
    return settings.cell


def check_image_size(settings: NetworkSettings, image_size: int) -> None:
    """Refuse an image size that the encoder cannot halve often enough.

    Raises:
        ValueError: Not a multiple of the largest cells; the message says which sizes would do.
    """
    settings.check_image_size(image_size)


def make_encoder(settings: NetworkSettings, *, in_channels: int = 3, image_size: int) -> Encoder:
    """Build the encoder that the settings name; its weights mean nothing until `initialise`.

    Args:
        settings: Which, and how wide.
        in_channels: Channels of a picture.
        image_size: Pixels a side; only checked, the encoder takes others too.

    Raises:
        ValueError: The image size cannot be halved often enough.
    """
    check_image_size(settings, image_size)
    with without_global_draws():
        if settings.encoder == "taskonomy_resnet50":
            return TaskonomyResNet50(in_channels)
        return SmallEncoder(in_channels, width=settings.width, units=settings.units, stride=settings.stride)


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
        n_outputs: Numbers per pixel or item; as the task's label says where None.
        image_size: Pixels a side.
        in_channels: Channels of a representation: 8 behind an encoder, more behind a readout.
        n_pictures: Pictures an item; as many as the task reads where None.

    Raises:
        ValueError: An unknown or no decoder, an image size that does not fit, several pictures for an
            image decoder, no number of outputs.
    """
    check_image_size(settings, image_size)
    if task.decoder == "none":
        raise ValueError(f"task {task.name} has no decoder: its encoder is not trained")
    n_outputs = _n_outputs(task, n_outputs)
    n_pictures = task.reads.n_inputs if n_pictures is None else n_pictures
    with without_global_draws():
        if task.decoder in ("dense", "dense_quarter"):
            if n_pictures != 1:
                raise ValueError(
                    f"the decoder {task.decoder} of task {task.name} reads one picture, got {n_pictures}"
                )
            return _image_decoder(settings, task, n_outputs, in_channels, image_size)
        cells = image_size // stride_of(settings)
        return _head(settings, task, n_outputs, n_pictures * in_channels * cells**2)


def _n_outputs(task: Task, given: int | None) -> int:
    label = task.label
    n_outputs = given if given is not None else label.n_outputs or label.size
    if n_outputs is None:
        raise ValueError(
            f"task {task.name} has as many outputs as its labels have classes: "
            "n_outputs must be a number, got None"
        )
    return n_outputs


def _image_decoder(
    settings: NetworkSettings, task: Task, n_outputs: int, in_channels: int, image_size: int
) -> Decoder:
    is_small = settings.encoder == "small"
    cells = image_size // stride_of(settings)
    if task.decoder == "dense_quarter":
        if not is_small:
            return QuarterDecoder(n_outputs, in_channels=in_channels)
        return SmallQuarterDecoder(
            n_outputs,
            in_channels=in_channels,
            cells=cells,
            stride=settings.stride,
            width=settings.decoder_width,
        )
    if not is_small:
        return DenseDecoder(n_outputs, in_channels=in_channels, has_tanh=task.label.kind != "class_map")
    return SmallDenseDecoder(
        n_outputs,
        in_channels=in_channels,
        cells=cells,
        stride=settings.stride,
        width=settings.decoder_width,
        has_tanh=task.label.value_map in ("linear", "log"),
    )


def _head(settings: NetworkSettings, task: Task, n_outputs: int, n_features: int) -> Decoder:
    is_small = settings.encoder == "small"
    dropout = settings.dropout if is_small else _PAPER_DROPOUT
    if task.decoder == "fc3_1024_twice":
        hidden = settings.hidden if is_small else _EGOMOTION_HIDDEN
        return EgomotionHead(n_features, n_outputs, hidden=hidden, has_batch_norm=is_small, dropout=dropout)
    n_layers, paper_hidden = _HEADS[task.decoder]
    hidden = settings.hidden if is_small else paper_hidden
    return FullyConnectedHead(n_features, n_outputs, n_layers=n_layers, hidden=hidden, dropout=dropout)
