"""Prepared images on their way into a directory of the official layout."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from taskonomy_kedro.core.directories import (
    ImageKey,
    export_image,
    export_matches,
    exported_paths,
    matches_of_point_infos,
    matches_path,
)
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.labels.stored import split_image_id
from taskonomy_kedro.core.preparation.prepared import PreparedSplit


@dataclass(frozen=True, eq=False)
class Export:
    """Images that are still to be written as files.

    Attributes:
        splits: All images of these.
    """

    splits: tuple[PreparedSplit, ...]

    def write(self, directory: Path) -> None:
        """Write every image; each file appears whole or not at all.

        Raises:
            UserError: The directory holds a file that this export would not write: together the two
                would be read as one data set.
            OSError: A file cannot be written; the message names it.
        """
        if (stranger := self._stranger(directory)) is not None:
            raise UserError(
                f"{directory} holds {stranger.relative_to(directory)}, which this export does not write, and "
                "both would be read as one: set export_dir to another folder, or empty this one"
            )
        facts: dict[str, list[tuple[ImageKey, PointInfo]]] = {}
        for split in self.splits:
            for row in range(len(split)):
                image = split.stored_image(row)
                export_image(image, directory)
                if image.point_info is not None:
                    key = ImageKey(image.building, image.point, image.view)
                    facts.setdefault(image.building, []).append((key, image.point_info))
        for building, known in facts.items():
            matches = matches_of_point_infos([key for key, _ in known], [info for _, info in known])
            export_matches(matches, directory, building=building)

    def paths(self, directory: Path) -> Iterator[Path]:
        """Yield the files that `write` writes, some twice; labels are not read for that."""
        for split in self.splits:
            has_camera = np.isfinite(split.arrays["vanishing_point"]).all(axis=1)
            for image_id, is_present, has_facts in zip(
                split.image_ids, split.is_present, has_camera, strict=True
            ):
                key = ImageKey(*split_image_id(image_id))
                present = {name for name, is_there in zip(split.domains, is_present, strict=True) if is_there}
                yield from exported_paths(directory, key, present, has_point_info=has_facts).values()
                if has_facts:
                    yield matches_path(directory, key.building, key.point)

    def _stranger(self, directory: Path) -> Path | None:
        """Return a file of the directory that is none of the export, None if there is none."""
        found = _files(directory)
        first = next(found, None)
        if first is None:
            return None
        own = set(self.paths(directory))
        return next((path for path in (first, *found) if path not in own), None)


def _files(directory: Path) -> Iterator[Path]:
    """Yield the files in and below a directory, but for hidden ones, such as what a stopped export left.

    What lies in a hidden folder is hidden too, such as `.git`.
    """
    for folder, folders, names in os.walk(directory):
        folders[:] = sorted(name for name in folders if name[0] != ".")
        yield from (Path(folder, name) for name in sorted(names) if name[0] != ".")
