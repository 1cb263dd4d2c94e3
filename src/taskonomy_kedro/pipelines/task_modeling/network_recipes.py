"""Which settings the products of a task depend on; none of them is about where to compute."""

from pathlib import Path
from typing import Any

from taskonomy_kedro.core.labels.input_transforms import transform_of
from taskonomy_kedro.core.sources.settings import SourcesSettings
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.settings import ModelingSettings, TrainingSettings
from taskonomy_kedro.recipes.recipe_parts import plain

LIBRARIES = ("numpy", "torch")


def items(settings: ModelingSettings, *, task: Task) -> dict[str, Any]:
    """Return what the items of a task are made with."""
    read: dict[str, Any] = {"seed": settings.seed}
    if transform_of(task).has_tile_size:
        read["tile_size"] = settings.tile_size
    if task.compares_pixels:
        read["training_pixels"] = settings.training_pixels
    return read


def network(settings: ModelingSettings, sources: SourcesSettings, *, task: Task) -> dict[str, Any]:
    """Return what the network of a task is trained with, or the files of released weights."""
    read = scoring(settings, task=task)
    if task.decoder == "none":  # the random projection is not trained
        return read
    if (path := sources.released_path) is not None:
        return {**read, "released": _released(path, task)}
    return {**read, "training": schedule(settings.training_of(task.name))}


def random_readout(settings: ModelingSettings, *, task: Task) -> dict[str, Any]:
    """Return what the readout of the random network is trained with."""
    return {**scoring(settings, task=task), "readout": schedule(settings.readout)}


def scoring(settings: ModelingSettings, *, task: Task) -> dict[str, Any]:
    """Return what a network is scored with."""
    return {**items(settings, task=task), **encoder(settings)}


def encoder(settings: ModelingSettings, **_: Any) -> dict[str, Any]:
    """Return what an encoder is built from."""
    return {"network": settings.network}


def frozen_encoder(settings: ModelingSettings, sources: SourcesSettings, *, source: str) -> dict[str, Any]:
    """Return what a frozen encoder is built from: its entry but for the cost, and its files."""
    entry = sources.frozen[source]
    files = [_stamp(path) for path in entry.of_kind.files(sources.path(entry))]
    return {"cell": settings.network.cell, "kind": entry.kind, "layer": entry.layer, "files": files}


def schedule(training: TrainingSettings) -> dict[str, Any]:
    """Return a schedule without what moves no weight."""
    return {name: value for name, value in plain(training).items() if name != "checkpoint_every"}


def _released(folder: Path, task: Task) -> dict[str, str]:
    from taskonomy_kedro.core.sources.released import find_released

    found = find_released(folder)
    names = [f"{task.name}_{part}" for part in ("encoder", "decoder")]
    return {name: _stamp(found[name]) for name in names if name in found}


def _stamp(path: Path) -> str:
    """Return name, size and time of a file; a missing one is reported when it is read."""
    if not path.is_file():
        return "missing"
    status = path.stat()
    return f"{path.name}, {status.st_size} bytes, {status.st_mtime_ns}"
