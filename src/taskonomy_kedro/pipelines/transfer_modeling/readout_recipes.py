"""Which settings the products of a target depend on; none of them is about where to compute."""

from typing import Any

from taskonomy_kedro.core.labels.input_transforms import transform_of
from taskonomy_kedro.core.readouts.settings import TransferSettings
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.settings import ModelingSettings, TrainingSettings
from taskonomy_kedro.recipes.recipe_parts import plain

LIBRARIES = ("numpy", "torch")


def items(networks: ModelingSettings, settings: TransferSettings, *, target: Task) -> dict[str, Any]:
    """Return what the items of a target are made with."""
    read: dict[str, Any] = {"seed": settings.seed}
    if transform_of(target).has_tile_size:
        read["tile_size"] = networks.tile_size
    if target.compares_pixels:
        read["pixels"] = networks.training_pixels
    return read


def scratch(networks: ModelingSettings, settings: TransferSettings, *, target: Task) -> dict[str, Any]:
    """Return what the scratch network is trained with."""
    return {
        **items(networks, settings, target=target),
        "network": networks.network,
        "front": settings.scratch,
        "training": _schedule(settings.schedule(target, 0)),
    }


def readouts(
    networks: ModelingSettings, settings: TransferSettings, *, target: Task, order: int, **_: Any
) -> dict[str, Any]:
    """Return what the readouts of an order are chosen and trained with."""
    chosen = {"beam_widths": settings.beam_widths, "max_per_order": settings.max_per_order}
    return {
        **items(networks, settings, target=target),
        **(chosen if order > 1 else {}),
        "network": settings.readout_network(networks.network),
        "training": _schedule(settings.schedule(target, order)),
        "training_cells": settings.training_cells,
        "training_pixels": settings.training_pixels,
    }


def _schedule(training: TrainingSettings) -> dict[str, Any]:
    return {name: value for name, value in plain(training).items() if name != "checkpoint_every"}
