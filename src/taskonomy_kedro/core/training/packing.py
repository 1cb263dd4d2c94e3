"""What is needed to use a task's network elsewhere: its facts, and pictures to try it on."""

import numpy as np

from taskonomy_kedro.core.labels.self_supervised import noisy_picture, shuffled_tiles
from taskonomy_kedro.core.networks.packed import NetworkFacts
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.settings import ModelingSettings
from taskonomy_kedro.core.training.task_dataset import n_outputs


def network_facts(task: Task, settings: ModelingSettings, split: PreparedSplit) -> NetworkFacts:
    """Return what the network of a task is built from.

    Args:
        task: With a decoder.
        settings: Of the networks.
        split: Any that it was trained on.
    """
    is_tiled = task.reads.transform == "tiles"
    return NetworkFacts(
        task=task,
        network=settings.network,
        picture_size=(settings.tile_size if is_tiled else None) or split.image_size,
        n_outputs=n_outputs(task, split),
    )


def example_pictures(facts: NetworkFacts, split: PreparedSplit, *, seed: int) -> np.ndarray:
    """Return the pictures of the first item of a split, (1, *facts.input_shape) uint8.

    Args:
        facts: Of the network.
        split: Of which the item is.
        seed: Of the run, for noise and the order of tiles.
    """
    task = facts.task
    rows = (
        np.asarray(split.tuples[task.name][:1]) if task.name in split.tuples else np.zeros((1, 1), np.int64)
    )
    pictures = np.asarray(split.arrays["rgb"][rows.ravel()])
    if task.reads.transform == "noise":
        noisy = noisy_picture(pictures, split.image_ids[:1], seed=seed)
        pictures = _bytes(noisy[0])[None]
    elif task.reads.transform == "tiles":
        tiles, _ = shuffled_tiles(pictures, split.image_ids[:1], seed=seed, size=facts.picture_size)
        pictures = _bytes(tiles[0])
    return pictures.reshape(1, *facts.input_shape)


def _bytes(pictures: np.ndarray) -> np.ndarray:
    """Return pictures (..., 3, H, W) in [-1, 1] as (..., H, W, 3) uint8."""
    return np.moveaxis(np.clip((pictures + 1.0) * 127.5 + 0.5, 0, 255), -3, -1).astype(np.uint8)
