"""Vectors: vanishing points, layouts, poses, and custom ones."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from taskonomy_kedro.core.labels.domains import Domain
from taskonomy_kedro.core.labels.kinds.label_kind import (
    CAMERA_DOMAINS,
    CustomLabel,
    Drawing,
    LabelKind,
    Stored,
    constants_of,
)
from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.labels.statistics import LabelStatistics, Standardisation
from taskonomy_kedro.core.labels.summary_rows import Blocks, Row, Summary, row_of
from taskonomy_kedro.core.tasks import Label, Task
from taskonomy_kedro.core.tasks.task import Mask


class Vector(LabelKind):
    """Some numbers of an image, pair or triplet; nan in stored form if unknown."""

    name = "vector"
    custom = CustomLabel(size_key="length", masks=("label_present", "none"), decoder="fc2_2048")

    def custom_label(self, name: str, size: int, entry: Mapping[str, Any], mask: Mask) -> Label:
        return Label(kind=self.name, size=size, value_map="standardised")

    def domain(self, task: Task) -> Domain:
        return Domain(name=task.domains[0], kind="vector", length=task.label.size, is_custom=True)

    def summary(self, task: Task) -> Summary:
        return _summarise

    def is_known(self, array: np.ndarray) -> np.ndarray:
        return np.isfinite(array).all(axis=1)

    def values(self, task: Task, array: np.ndarray, statistics: LabelStatistics | None) -> np.ndarray:
        if task.label.value_map == "standardised":
            return constants_of(task, statistics).apply(array)
        return array.astype(np.float32)

    def to_stored(self, task: Task, output: np.ndarray, statistics: LabelStatistics | None) -> np.ndarray:
        """Return the raw vector (k,) float32; of egomotion all 18 numbers.

        The network of egomotion puts out two of the three poses, 1 to 2 and 2 to 3; the third is composed.
        """
        if task.label.value_map != "standardised":
            return output.astype(np.float32)
        constants = constants_of(task, statistics)
        if task.label.n_outputs is None:
            return constants.invert(output)
        return _three_poses(output, constants)

    def draw(self, task: Task, arrays: Stored, to: Drawing) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.bars import draw_vector

        return draw_vector(np.asarray(arrays[task.domains[0]]), to.size, label=to.label)

    def draw_output(self, task: Task, output: np.ndarray, example: LabelExample, to: Drawing) -> np.ndarray:
        """Draw it into the images if it is about cameras, otherwise as bars."""
        if task.domains != CAMERA_DOMAINS:
            return super().draw_output(task, output, example, to)
        from taskonomy_kedro.core.labels.drawing.pixels import missing_label
        from taskonomy_kedro.core.labels.drawing.pose_drawing import draw_cameras

        if not example.point_infos:
            return missing_label(to.size)
        return draw_cameras(task, self.to_stored(task, output, to.statistics), example, to.size)

    def notes(self, task: Task) -> tuple[str, ...]:
        if task.domains != CAMERA_DOMAINS or task.reads.n_images == 1:
            return ()
        return (
            "Below: the cameras from above.  Crosses: where an image must have, by the pose,",
            "the point that another looks at.",
        )


def _three_poses(output: np.ndarray, constants: Standardisation) -> np.ndarray:
    from taskonomy_kedro.core.labels.camera_labels import POSE_LENGTH, composed_pose

    pose_12, pose_23 = (
        Standardisation(mean=constants.mean[part], std=constants.std[part]).invert(output[part])
        for part in (np.s_[:POSE_LENGTH], np.s_[-POSE_LENGTH:])
    )
    return np.concatenate([pose_12, composed_pose(pose_12, pose_23), pose_23])


def _summarise(_: str, blocks: Blocks, __: Sequence[str]) -> list[Row]:
    """Summarise mean, spread, least and greatest of each number.

    By Welford's recursion: one pass, and the same for blocks of any size.
    """
    count, mean, squares = 0, np.zeros(()), np.zeros(())
    low, high = np.full((), np.inf), np.full((), -np.inf)
    for block in blocks():
        low = np.minimum(low, block.min(axis=0))
        high = np.maximum(high, block.max(axis=0))
        for vector in block.astype(np.float64):
            count += 1
            step = vector - mean
            mean = mean + step / count
            squares = squares + step * (vector - mean)
    found = {"mean": mean, "std": np.sqrt(squares / count), "least": low, "greatest": high}
    return [
        row_of(measure, values[number], "stored", f"number {number}")
        for number in range(len(mean))
        for measure, values in found.items()
    ]
