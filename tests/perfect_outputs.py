"""What a network that makes no mistake would put out, for tests of drawn predictions."""

import numpy as np

from taskonomy_kedro.core.labels.camera_labels import camera_vectors
from taskonomy_kedro.core.labels.colors import color_bins, spread_bins
from taskonomy_kedro.core.labels.drawing import LabelExample
from taskonomy_kedro.core.labels.self_supervised import shuffled_tiles
from taskonomy_kedro.core.labels.statistics import LabelStatistics, Standardisation
from taskonomy_kedro.core.labels.targets import target_of
from taskonomy_kedro.core.tasks import Task

SURE = 20.0
"""Logit of the right class, where the others have 0."""
LENGTHS = {"curvature": 2, "room_layout": 9, "fixated_pose": 6, "nonfixated_pose": 6, "egomotion": 18}
_SHARPNESS = 2.606


def statistics(**own: int) -> LabelStatistics:
    """Constants for every task that needs some; lengths of a user's own vectors by name."""
    constants = {
        name: Standardisation(
            mean=np.linspace(-0.3, 0.4, length, dtype=np.float32),
            std=np.linspace(0.5, 2.0, length, dtype=np.float32),
        )
        for name, length in {**LENGTHS, **own}.items()
    }
    constants["curvature"] = Standardisation(
        mean=np.array([125.0, 120.0], np.float32), std=np.array([31.0, 21.0], np.float32)
    )
    return LabelStatistics(standardisations=constants)


def perfect_output(
    task: Task, example: LabelExample, constants: LabelStatistics, seed: int = 0
) -> np.ndarray:
    """Encode the label of an example as the output of a network; embeddings have a channel a region."""
    arrays, kind = example.stored[0], task.label.kind
    if task.reads.sampling == "matching_pairs":
        return one_hot(np.array(int(bool(example.is_match))), 2)
    if task.reads.transform == "tiles":
        return one_hot(shuffled_tiles(arrays["rgb"][None], example.image_ids, seed=seed)[1][0], 100)
    if kind == "color_bins":
        return np.log(spread_bins(*color_bins(arrays["rgb"][None]))[0] + 1e-12) / _SHARPNESS
    batch = {name: array[None] for name, array in arrays.items()}
    if task.domains == ("point_info",):
        rows = np.arange(len(example.image_ids))[None]
        batch[task.name] = camera_vectors(task.name, example.point_infos, rows)
    values = target_of(task, batch, constants).values[0]
    if kind == "region_map":
        return one_hot(np.unique(values, return_inverse=True)[1].reshape(values.shape) % 64, 64)
    if kind in ("class_map", "class"):
        return one_hot(values, task.label.size)
    if kind == "soft_class":
        return np.log(values)
    return np.concatenate([values[:6], values[12:]]) if task.name == "egomotion" else values


def one_hot(numbers: np.ndarray, count: int) -> np.ndarray:
    """Return logits (count, ...), sure of the numbers."""
    return np.moveaxis(SURE * np.eye(count, dtype=np.float32)[numbers], -1, 0)
