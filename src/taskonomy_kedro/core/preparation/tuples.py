"""Labels that come from where the cameras stood: of one image, of pairs, of triplets."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from taskonomy_kedro.core.labels.cameras import camera_vectors
from taskonomy_kedro.core.labels.pairs import (
    ImageTable,
    fixated_pairs,
    fixated_triplets,
    matching_pairs,
    nonfixated_pairs,
)
from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.preparation.disk import save_array
from taskonomy_kedro.core.preparation.settings import DataSettings

# Tasks of two or three images, and the number of their vector.
TUPLE_TASKS = {"fixated_pose": 6, "nonfixated_pose": 6, "egomotion": 18, "point_matching": 0}
VECTOR_TASKS = {"vanishing_point": 9, "room_layout": 9}
_IMAGES = "images.jsonl"


def write_camera_labels(
    folder: Path, image_ids: Sequence[str], settings: DataSettings, sightings: Mapping[str, np.ndarray]
) -> None:
    """Write `{task}.npy` for single images, `{task}_rows.npy` and `{task}.npy` for pairs and triplets.

    Images without camera facts have NaN vectors and occur in no pair or triplet of poses.
    Where all images look at one point, there are no pairs to match.

    Args:
        folder: The split's.
        image_ids: Of its rows.
        settings: Seed and number of tuples.
        sightings: Building to (m, 2) integers, a point and a row that sees it, beyond what the
            camera facts tell.
    """
    infos = _point_infos(folder)
    known = np.array([info is not None for info in infos])
    for task, length in VECTOR_TASKS.items():
        vectors = np.full((len(infos), length), np.nan, dtype=np.float32)
        for row in np.flatnonzero(known):
            info = infos[row]
            if info is not None and (task != "room_layout" or info.bounding_box_ranges is not None):
                vectors[row] = camera_vectors(task, [info])[0]
        save_array(folder / f"{task}.npy", vectors)
    limit = settings.n_tuples(len(image_ids))
    rows = np.flatnonzero(known)
    facts = [info for info in infos if info is not None]
    table = image_table([image_ids[int(row)] for row in rows])
    if facts:
        place = np.cumsum(known) - 1  # of a row among those with facts
        seen = {name: pairs[known[pairs[:, 1]]] for name, pairs in sightings.items()}
        seen = {name: np.stack([pairs[:, 0], place[pairs[:, 1]]], axis=1) for name, pairs in seen.items()}
        sampled = {
            "fixated_pose": fixated_pairs(table, seed=settings.seed, limit=limit),
            "egomotion": fixated_triplets(table, seed=settings.seed, limit=limit),
            "nonfixated_pose": nonfixated_pairs(
                table, facts, seed=settings.seed, limit=limit, sightings=seen
            ),
        }
        for task, found in sampled.items():
            vectors = (
                camera_vectors(task, facts, found.rows)
                if len(found.rows)
                else np.zeros((0, TUPLE_TASKS[task]), np.float32)
            )
            _write_tuples(folder, task, rows[found.rows], vectors)
    table = image_table(image_ids)
    rows, labels = np.zeros((0, 2), np.int64), np.zeros(0, np.int64)
    if len(set(zip(table.buildings, table.points, strict=True))) > 1:
        matches = matching_pairs(table, seed=settings.seed, limit=limit)
        rows, labels = matches.rows, labels if matches.labels is None else matches.labels
    _write_tuples(folder, "point_matching", rows, labels)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return what was written of each image beside its arrays: id, labels present, camera facts."""
    with path.open() as lines:
        return [json.loads(line) for line in lines]


def read_point_infos(folder: Path) -> list[PointInfo | None]:
    """Return the camera facts of each image, None where it has none; those last asked for are kept."""
    state = (folder / _IMAGES).stat()
    return list(_kept_point_infos(folder, state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=1)  # each figure of a run asks for those of the test split
def _kept_point_infos(folder: Path, modified: int, size: int) -> list[PointInfo | None]:
    return _point_infos(folder)


def _point_infos(folder: Path) -> list[PointInfo | None]:
    path = folder / _IMAGES
    records = [line["point_info"] for line in read_lines(path)]
    return [None if record is None else PointInfo.from_json(record, path=str(path)) for record in records]


def _write_tuples(folder: Path, task: str, rows: np.ndarray, labels: np.ndarray) -> None:
    save_array(folder / f"{task}_rows.npy", rows)
    save_array(folder / f"{task}.npy", labels)


def image_table(image_ids: Sequence[str]) -> ImageTable:
    """Return the table that pairs are drawn from, from ids `building/point/view`."""
    parts = [image_id.rsplit("/", 2) for image_id in image_ids]
    return ImageTable(
        image_ids=np.array(image_ids),
        buildings=np.array([building for building, _, _ in parts]),
        points=np.array([int(point) for _, point, _ in parts], dtype=np.int64),
    )
