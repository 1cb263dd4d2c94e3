"""Networks that others have trained: the published task bank's, and one trained on ImageNet."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from taskonomy_kedro.core.networks.imagenet import cached_imagenet, load_imagenet_encoder
from taskonomy_kedro.core.networks.released import find_released, load_released_decoder, load_released_encoder
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.record import code_version
from taskonomy_kedro.core.tasks import nearest_name_hint
from taskonomy_kedro.core.training.device import choose_compute
from taskonomy_kedro.core.training.encoding import encode_splits
from taskonomy_kedro.core.training.network_training import RANDOM, train_task_network
from taskonomy_kedro.core.training.products import FinishedWork, Representations, TrainedNetwork
from taskonomy_kedro.core.training.settings import ModelingSettings
from taskonomy_kedro.core.training.task_context import TaskContext
from taskonomy_kedro.core.training.weights_hash import weights_hash


def pretrained_task_network(
    modeling: TaskContext, train: PreparedSplit, validation: PreparedSplit
) -> TrainedNetwork:
    """Take the released encoder of a task, and its decoder where one was released.

    Args:
        modeling: The task; its settings name the folder of weights.
        train: Tells the size of images.
        validation: Of the random projection's record alone, which nobody released.

    Raises:
        ValueError: No file of the task is there, or a file is of another
            architecture; the message names file and key.
    """
    task, settings = modeling.task, modeling.settings
    if task.name == RANDOM:
        return train_task_network(modeling, train, validation, None)
    files = find_released(settings.weights_path)
    name = f"{task.name}_encoder"
    if name not in files:
        raise ValueError(
            f"{settings.weights_path} has no released weights {name!r}{nearest_name_hint(name, files)}; "
            "bring the file, or leave the task out of task_modeling.tasks"
        )
    parts = {"encoder": files[name]}
    if f"{task.name}_decoder" in files:
        parts["decoder"] = files[f"{task.name}_decoder"]
    wanted = modeling.wanted(
        {}, released={part: _hash(path) for part, path in parts.items()}, image_size=train.image_size
    )
    record = modeling.finished.record_of("networks", task.name, wanted)
    if record is not None:
        return TrainedNetwork(task=task.name, wanted=wanted, outcome=record["outcome"], is_kept=True)
    loaded = {"encoder": load_released_encoder(parts["encoder"]).state_dict()}
    if "decoder" in parts:
        loaded["decoder"] = load_released_decoder(parts["decoder"], task).state_dict()
        _check_fits(modeling, train, parts["decoder"], loaded["decoder"])
    weights = {f"{part}.{key}": value for part, state in loaded.items() for key, value in state.items()}
    outcome = {"content": weights_hash(weights), "device": "released"}
    return TrainedNetwork(task=task.name, wanted=wanted, weights=weights, outcome=outcome)


def _check_fits(
    modeling: TaskContext, train: PreparedSplit, path: Path, weights: Mapping[str, Tensor]
) -> None:
    """Refuse a head that was made for images of another size, or for other classes."""
    decoder = modeling.network(train).decoder
    for key, wanted in decoder.state_dict().items() if decoder is not None else ():
        if key in weights and weights[key].shape != wanted.shape:
            raise ValueError(
                f"{path} does not fit images of {train.image_size} pixels and the labels of task "
                f"{modeling.task.name!r}: {key!r} must be {tuple(wanted.shape)}, got "
                f"{tuple(weights[key].shape)}; prepare images of 256 pixels or take the decoder's file away"
            )


def _hash(path: Path) -> str:
    if not path.is_file():
        raise ValueError(f"there is no file of weights {path}")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def represent_by_imagenet(
    settings: ModelingSettings, splits: Mapping[str, PreparedSplit], finished: FinishedWork
) -> Representations:
    """Represent the images of some splits by a network trained on ImageNet.

    Args:
        settings: `imagenet` names the file of weights, or is true for torchvision's cache.
        splits: By name.
        finished: What is there already.
    """
    path = settings.imagenet_path or cached_imagenet()
    wanted = json.loads(
        json.dumps(
            {
                "task": "imagenet",
                "file": _hash(path),
                "stride": settings.network.cell,
                "data": {name: split.fingerprint for name, split in splits.items()},
                "code": code_version(("networks",)),
            }
        )
    )
    record = finished.record_of("representations", "imagenet", wanted)
    if record is not None:
        return Representations(task="imagenet", wanted=wanted, outcome=record["outcome"], is_kept=True)
    encoder = load_imagenet_encoder(path, stride=settings.network.cell)
    return encode_splits(
        "imagenet",
        encoder,
        splits,
        wanted=wanted,
        compute=choose_compute(settings.compute),
        finished=finished,
    )
