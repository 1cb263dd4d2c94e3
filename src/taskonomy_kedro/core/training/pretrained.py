"""Networks that others have trained: the published task bank and frozen encoders."""

from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.hashing import weights_hash
from taskonomy_kedro.core.networks.settings import RELEASED_ENCODER
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.sources.released import find_released, load_released_decoder, load_released_encoder
from taskonomy_kedro.core.sources.settings import SourcesSettings
from taskonomy_kedro.core.tasks import nearest_name_hint
from taskonomy_kedro.core.training.device import choose_compute
from taskonomy_kedro.core.training.encoding import encode_splits
from taskonomy_kedro.core.training.network_training import RANDOM, train_task_network
from taskonomy_kedro.core.training.products import Representations, TrainedNetwork
from taskonomy_kedro.core.training.settings import ModelingSettings
from taskonomy_kedro.core.training.task_context import TaskContext


def pretrained_task_network(
    modeling: TaskContext, folder: Path, train: PreparedSplit, validation: PreparedSplit
) -> TrainedNetwork:
    """Load the released encoder of a task, and its decoder if one was released.

    Args:
        modeling: The task.
        folder: Holds the released weights.
        train: Determines the size of images.
        validation: Unused: the random projection, which is not released, is not trained.

    Raises:
        UserError: No file of the task is there, or a file is of another
            architecture; the message names file and key.
    """
    task, network = modeling.task, modeling.settings.network
    if network.encoder != RELEASED_ENCODER:
        raise UserError(
            f"released weights are of the encoder {RELEASED_ENCODER!r}: set "
            f"task_modeling.network.encoder to it, got {network.encoder!r}"
        )
    if task.name == RANDOM:
        return train_task_network(modeling, train, validation, None)
    files = find_released(folder)
    name = f"{task.name}_encoder"
    if name not in files:
        raise UserError(
            f"{folder} has no released weights {name!r}{nearest_name_hint(name, files)}; "
            "add the file, or remove the task from task_modeling.tasks"
        )
    parts = {"encoder": files[name]}
    if f"{task.name}_decoder" in files:
        parts["decoder"] = files[f"{task.name}_decoder"]
    loaded = {"encoder": load_released_encoder(parts["encoder"]).state_dict()}
    if "decoder" in parts:
        loaded["decoder"] = load_released_decoder(parts["decoder"], task).state_dict()
        _check_fits(modeling, train, parts["decoder"], loaded["decoder"])
    weights = {f"{part}.{key}": value for part, state in loaded.items() for key, value in state.items()}
    outcome = {"content": weights_hash(weights), "device": "released"}
    return TrainedNetwork(task=task.name, weights=weights, outcome=outcome)


def _check_fits(
    modeling: TaskContext, train: PreparedSplit, path: Path, weights: Mapping[str, Tensor]
) -> None:
    """Refuse a head that was made for images of another size, or for other classes."""
    decoder = modeling.network(train).decoder
    for key, wanted in decoder.state_dict().items() if decoder is not None else ():
        if key in weights and weights[key].shape != wanted.shape:
            raise UserError(
                f"{path} does not fit images of {train.image_size} pixels and the labels of task "
                f"{modeling.task.name!r}: {key!r} must be {tuple(wanted.shape)}, got "
                f"{tuple(weights[key].shape)}; prepare images of 256 pixels or take the decoder's file away"
            )


def represent_by_source(
    name: str,
    sources: SourcesSettings,
    settings: ModelingSettings,
    splits: Mapping[str, PreparedSplit],
    folder: Path,
) -> Representations:
    """Represent the images of some splits by a frozen encoder.

    Args:
        name: Its entry of `sources`.
        sources: All entries.
        settings: Of the networks, whose cells the representations share.
        splits: By name.
        folder: Takes the arrays.
    """
    entry = sources.frozen[name]
    encoder = entry.of_kind.load().open_encoder(
        sources.path(entry), layer=entry.layer, network=settings.network
    )
    return encode_splits(name, encoder, splits, compute=choose_compute(settings.compute), folder=folder)
