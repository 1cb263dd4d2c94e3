"""A prepared split on disk, sliced by rows without being read whole."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from taskonomy_kedro.core.disk import read_json
from taskonomy_kedro.core.labels.stored import StoredImage, split_image_id
from taskonomy_kedro.core.preparation.lines import IMAGES, PointInfos
from taskonomy_kedro.core.preparation.tuples import TUPLE_TASKS, VECTOR_TASKS

FACTS = "split.json"
"""Written last: where it is, the split is whole."""
DONE = "done.json"
"""Of an unfinished split: up to where it is whole."""


def content_files(folder: Path) -> list[Path]:
    """Return the files that are the content of a split, by name."""
    no_content = (FACTS, DONE, "record.json")
    return sorted(path for path in folder.iterdir() if path.name not in no_content and path.name[0] != ".")


@dataclass(frozen=True, eq=False)
class PreparedSplit:
    """Images and labels of one split, in stored form.

    Attributes:
        folder: Where the arrays lie.
        facts: Name of the split, hash of its content, number of images, seed.
        image_ids: `building/point/view` of each row.
        domains: Names of the stored arrays.
        is_present: (n_images, n_domains) bool, which labels an image really has.
        arrays: By domain, memory-mapped, image first; raw camera vectors under their task's name.
        tuples: Rows of the images of each pair or triplet, (m, 2) or (m, 3), by task.
        tuple_labels: Raw pose vectors (m, 6) or (m, 18), or matches (m,), by task.
    """

    folder: Path
    facts: Mapping[str, Any]
    image_ids: tuple[str, ...]
    domains: tuple[str, ...]
    is_present: np.ndarray
    arrays: Mapping[str, np.ndarray]
    tuples: Mapping[str, np.ndarray]
    tuple_labels: Mapping[str, np.ndarray]

    @classmethod
    def open(cls, folder: Path) -> "PreparedSplit":
        """Open a split; the arrays stay on disk until rows are asked for.

        Raises:
            FileNotFoundError: There is no finished split in the folder.
        """
        facts = read_json(folder / FACTS)
        if facts is None:
            raise FileNotFoundError(
                f"{folder} holds no finished split ({FACTS} is missing); run the pipeline data_preparation"
            )
        images = json.loads((folder / "images.json").read_text())
        names = [*images["domains"], *VECTOR_TASKS]
        tuples = [task for task in TUPLE_TASKS if (folder / f"{task}_rows.npy").exists()]
        return cls(
            folder=folder,
            facts=facts,
            image_ids=tuple(images["image_ids"]),
            domains=tuple(images["domains"]),
            is_present=np.load(folder / "present.npy"),
            arrays={name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in names},
            tuples={task: np.load(folder / f"{task}_rows.npy", mmap_mode="r") for task in tuples},
            tuple_labels={task: np.load(folder / f"{task}.npy", mmap_mode="r") for task in tuples},
        )

    def __len__(self) -> int:
        return len(self.image_ids)

    @property
    def fingerprint(self) -> str:
        """Hash of the content of all files."""
        return str(self.facts["content"])

    @property
    def name(self) -> str:
        """Which split it is."""
        return str(self.facts["split"])

    @property
    def image_size(self) -> int:
        """Pixels a side."""
        return int(self.arrays["rgb"].shape[1])

    def has(self, domain: str) -> np.ndarray:
        """Return which images really have a label, (n_images,) bool."""
        return np.asarray(self.is_present[:, self.domains.index(domain)])

    def batch(self, rows: np.ndarray, names: tuple[str, ...] | None = None) -> dict[str, np.ndarray]:
        """Return copies of some rows of some arrays, of all by default.

        Args:
            rows: (k,) rows, in any order, with repeats if wanted.
            names: Domains and vector tasks.
        """
        wanted = tuple(self.arrays) if names is None else names
        return {name: np.asarray(self.arrays[name][rows]) for name in wanted}

    @cached_property
    def point_infos(self) -> PointInfos:
        """Where each camera stood, None where that is not known; a row is read when it is asked for."""
        return PointInfos(self.folder / IMAGES)

    @property
    def unreadable(self) -> list[dict[str, str]]:
        """Files that were skipped: `image_id`, `path` and `reason` of each."""
        rows: list[dict[str, str]] = json.loads((self.folder / "unreadable.json").read_text())
        return rows

    def stored_image(self, row: int) -> StoredImage:
        """Return one image as it was stored."""
        building, point, view = split_image_id(self.image_ids[row])
        info = self.point_infos[row]
        return StoredImage(
            image_id=self.image_ids[row],
            building=building,
            point=point,
            view=view,
            domains={name: np.asarray(self.arrays[name][row]) for name in self.domains},
            point_info=info,
            present=frozenset(
                name for name, is_there in zip(self.domains, self.is_present[row], strict=True) if is_there
            ),
        )
