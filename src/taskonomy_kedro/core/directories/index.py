"""The images of a directory, and which labels each has."""

import itertools
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from taskonomy_kedro.core.directories.data_format import DataFormat
from taskonomy_kedro.core.directories.files import ImageFiles, ImageKey
from taskonomy_kedro.core.directories.label_folders import LabelFolder
from taskonomy_kedro.core.directories.splits import Split
from taskonomy_kedro.core.labels.domains import Domain
from taskonomy_kedro.core.tasks.naming import counted


@dataclass(frozen=True, kw_only=True, eq=False)
class DirectoryIndex:
    """The images of a directory, ordered by building, point and view.

    Attributes:
        dataset_dir: The directory.
        data_format: How its files are listed and decoded.
        layouts: The orders of folder levels found.
        formats: Domain to format, `rgb` the first.
        buildings: Names, sorted.
        building: (n,) int32, index of each image's building in `buildings`.
        point: (n,) int64.
        view: (n,) int64.
        columns: The domains of `formats`, then `point_info`.
        has_file: (n, len(columns)) bool; a file may still stand for a missing label.
        folders: For each building, column to folder; also `nonfixated_matches`.
        splits: Building to split; empty without a split file.
        excluded: Why buildings of the directory are not in the index.
        vector_lengths: Numbers in each vector domain.
        n_incomplete: Images of these buildings that lack a required file, and are not in the index.
    """

    dataset_dir: Path
    data_format: DataFormat
    layouts: tuple[str, ...]
    formats: Mapping[str, Domain]
    buildings: tuple[str, ...]
    building: np.ndarray
    point: np.ndarray
    view: np.ndarray
    columns: tuple[str, ...]
    has_file: np.ndarray
    folders: Mapping[str, Mapping[str, LabelFolder]]
    splits: Mapping[str, Split]
    excluded: Mapping[str, str]
    vector_lengths: Mapping[str, int]
    n_incomplete: int = 0

    def __len__(self) -> int:
        return len(self.point)

    def key(self, row: int) -> ImageKey:
        """Return the key of one row."""
        return ImageKey(self.buildings[self.building[row]], int(self.point[row]), int(self.view[row]))

    def keys(self, split: Split | None = None) -> list[ImageKey]:
        """Return the keys of all images, or of one split, in the order of the rows."""
        rows = range(len(self)) if split is None else self.rows_of(split)
        return [self.key(int(row)) for row in rows]

    def rows_of(self, split: Split) -> np.ndarray:
        """Return the rows of one split, int64."""
        is_in = np.array([self.splits.get(name) == split for name in self.buildings], dtype=bool)
        return np.flatnonzero(is_in[self.building])

    def row(self, key: ImageKey) -> int:
        """Return the row of a key.

        Raises:
            KeyError: The index has no such image.
        """
        low, high = self.rows_of_building.get(key.building, (0, 0))
        if low < high:
            low, high = low + np.searchsorted(self.point[low:high], (key.point, key.point + 1))
            found = int(low + np.searchsorted(self.view[low:high], key.view))
            if found < high and self.view[found] == key.view:
                return found
        raise KeyError(f"there is no image {ImageKey(*key).image_id} in the index of {self.dataset_dir}")

    @cached_property
    def rows_of_building(self) -> dict[str, tuple[int, int]]:
        """Building to its first row and one after its last."""
        places = np.arange(len(self.buildings) + 1, dtype=self.building.dtype)
        bounds = np.searchsorted(self.building, places).tolist()
        return dict(zip(self.buildings, itertools.pairwise(bounds), strict=True))

    def files(self, key: ImageKey) -> ImageFiles:
        """Return the paths of the files of an image, without disk access."""
        row = self.row(key)
        folders = self.folders[key.building]
        paths = {
            column: folders[column].file_of(key.point, key.view)
            for column, is_there in zip(self.columns, self.has_file[row], strict=True)
            if is_there
        }
        return ImageFiles(key=ImageKey(*key), paths=paths)

    def label_counts(self) -> dict[str, int]:
        """Return how many images have a file of each domain and of `point_info`."""
        return dict(zip(self.columns, (int(n) for n in self.has_file.sum(axis=0)), strict=True))

    def describe(self) -> str:
        """Return a summary in one sentence."""
        labels = ", ".join(f"{name} {count}" for name, count in self.label_counts().items() if name != "rgb")
        without = f"; excluded: {', '.join(self.excluded)}" if self.excluded else ""
        if self.n_incomplete:
            without += f"; {self.n_incomplete} more images lack rgb or point_info and are skipped"
        return (
            f"{os.fspath(self.dataset_dir)} ({', '.join(self.layouts)}): {counted(len(self), 'image')} of "
            f"{counted(len(self.buildings), 'building')}; with {labels}{without}"
        )
