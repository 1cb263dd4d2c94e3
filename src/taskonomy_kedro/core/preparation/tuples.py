"""Labels that come from where the cameras stood: of one image, of pairs, of triplets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from taskonomy_kedro.core.disk import save_array
from taskonomy_kedro.core.labels.camera_labels import camera_vectors
from taskonomy_kedro.core.labels.camera_table import CameraTable
from taskonomy_kedro.core.labels.pairs import (
    ImageTable,
    fixated_pairs,
    fixated_triplets,
    matching_pairs,
    nonfixated_pairs,
)
from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.labels.stored import split_image_id
from taskonomy_kedro.core.preparation.settings import DataSettings

# Tasks of two or three images, and the number of their vector.
TUPLE_TASKS = {"fixated_pose": 6, "nonfixated_pose": 6, "egomotion": 18, "point_matching": 0}
VECTOR_TASKS = {"vanishing_point": 9, "room_layout": 9}


@dataclass(frozen=True, kw_only=True, eq=False)
class ImageFacts:
    """Of the lines of a split what its labels need, in columns: a data set has millions of images.

    Attributes:
        image_ids: Of its rows.
        is_present: (n, n_domains) bool, which labels an image has.
        vectors: (n, 9) float32 by task of one image, NaN where an image has no camera facts.
        has_camera: (n,) bool.
        cameras: Facts of the images that have some.
    """

    image_ids: list[str]
    is_present: np.ndarray
    vectors: Mapping[str, np.ndarray]
    has_camera: np.ndarray
    cameras: CameraTable

    @classmethod
    def of(
        cls, lines: Iterable[Mapping[str, Any]], n_images: int, domains: Sequence[str], *, path: str
    ) -> "ImageFacts":
        """Gather the lines in one pass, none of which is kept.

        Args:
            lines: From `read_lines`.
            n_images: How many they are.
            domains: Names of the columns of `is_present`.
            path: Where they come from, for messages.
        """
        facts = cls(
            image_ids=[],
            is_present=np.zeros((n_images, len(domains)), dtype=bool),
            vectors={
                task: np.full((n_images, length), np.nan, np.float32) for task, length in VECTOR_TASKS.items()
            },
            has_camera=np.zeros(n_images, dtype=bool),
            cameras=CameraTable(),
        )
        for row, line in enumerate(lines):
            facts.image_ids.append(line["image_id"])
            facts.is_present[row] = [name in line["present"] for name in domains]
            if line["point_info"] is not None:
                info = PointInfo.from_json(line["point_info"], path=path)
                facts.has_camera[row] = True
                facts.cameras.append(info)
                for task, vectors in facts.vectors.items():
                    vectors[row] = camera_vectors(task, [info])[0]
        return facts


def write_camera_labels(
    folder: Path, facts: ImageFacts, settings: DataSettings, sightings: Mapping[str, np.ndarray]
) -> None:
    """Write `{task}.npy` for single images, `{task}_rows.npy` and `{task}.npy` for pairs and triplets.

    Images without camera facts have NaN vectors and occur in no pair or triplet of poses.
    Where all images look at one point, there are no pairs to match.

    Args:
        folder: The split's.
        facts: Of its images.
        settings: Seed and number of tuples.
        sightings: Building to (m, 2) integers, a point and a row that sees it, beyond what the
            camera facts tell.
    """
    for task, vectors in facts.vectors.items():
        save_array(folder / f"{task}.npy", vectors)
    limit = settings.n_tuples(len(facts.image_ids))
    table = image_table(facts.image_ids)
    for task, rows, vectors in _pose_tuples(facts, table, settings.seed, limit, sightings):
        _write_tuples(folder, task, rows, vectors)
    rows, labels = np.zeros((0, 2), np.int64), np.zeros(0, np.int64)
    if len(set(zip(table.buildings, table.points, strict=True))) > 1:
        matches = matching_pairs(table, seed=settings.seed, limit=limit)
        rows, labels = matches.rows, labels if matches.labels is None else matches.labels
    _write_tuples(folder, "point_matching", rows, labels)


def _pose_tuples(
    facts: ImageFacts, table: ImageTable, seed: int, limit: int, sightings: Mapping[str, np.ndarray]
) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield task, rows and vectors of the pairs and triplets of images that have camera facts, if any has."""
    known, cameras = facts.has_camera, facts.cameras
    if not len(cameras):
        return
    rows = np.flatnonzero(known)
    table = table if known.all() else table.of(rows)
    place = np.cumsum(known) - 1  # of a row among those with facts
    seen = {name: pairs[known[pairs[:, 1]]] for name, pairs in sightings.items()}
    seen = {name: np.stack([pairs[:, 0], place[pairs[:, 1]]], axis=1) for name, pairs in seen.items()}
    found = fixated_pairs(table, seed=seed, limit=limit).rows
    yield "fixated_pose", rows[found], camera_vectors("fixated_pose", cameras, found)
    found = fixated_triplets(table, seed=seed, limit=limit).rows
    yield "egomotion", rows[found], camera_vectors("egomotion", cameras, found)
    found = nonfixated_pairs(table, cameras, seed=seed, limit=limit, sightings=seen).rows
    yield "nonfixated_pose", rows[found], camera_vectors("nonfixated_pose", cameras, found)


def _write_tuples(folder: Path, task: str, rows: np.ndarray, labels: np.ndarray) -> None:
    save_array(folder / f"{task}_rows.npy", rows)
    save_array(folder / f"{task}.npy", labels)


def image_table(image_ids: Sequence[str]) -> ImageTable:
    """Return the table that pairs are drawn from, from ids `building/point/view`."""
    parts = map(split_image_id, image_ids)
    names: dict[str, str] = {}  # the same text once for all images of a building
    columns = [(names.setdefault(building, building), point) for building, point, _ in parts]
    return ImageTable(
        image_ids=np.array(image_ids),
        buildings=np.array([building for building, _ in columns]),
        points=np.array([point for _, point in columns], dtype=np.int64),
    )
