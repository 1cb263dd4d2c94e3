"""A directory in the layout of the official downloader, written image by image."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kedro.io.core import AbstractDataset, DatasetError

from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.labels.stored import StoredImage


class TaskonomyDirectoryDataset(AbstractDataset[Iterable[StoredImage], None]):
    """Writes images and labels as files with the true bit depths; read it back by `data.source: directory`.

    Example:
        ```yaml
        exported_directory:
          type: taskonomy_kedro.datasets.TaskonomyDirectoryDataset
          directory: ${runtime_params:export_dir, null}
          project: ${root:}
        ```
    """

    def __init__(
        self, *, directory: str | None, project: str, metadata: dict[str, Any] | None = None
    ) -> None:
        """Point to a directory.

        Args:
            directory: Where the folders go; a relative one is relative to the project.
            project: The project's folder.
            metadata: For other tools, such as kedro-viz; kept as it is.
        """
        self._directory = None if directory is None else Path(project) / str(directory)
        self.metadata = metadata

    def save(self, data: Iterable[StoredImage]) -> None:
        """Write every image; each file appears whole or not at all."""
        if self._directory is None:
            raise DatasetError("export_dir is not set: give --params=export_dir=DIR, the folder to write to")
        from taskonomy_kedro.core.directories import (
            ImageKey,
            export_image,
            export_matches,
            matches_of_point_infos,
        )

        facts: dict[str, list[tuple[ImageKey, PointInfo]]] = {}
        for image in data:
            export_image(image, self._directory)
            if image.point_info is not None:
                key = ImageKey(image.building, image.point, image.view)
                facts.setdefault(image.building, []).append((key, image.point_info))
        for building, known in facts.items():
            matches = matches_of_point_infos([key for key, _ in known], [info for _, info in known])
            export_matches(matches, self._directory, building=building)

    def load(self) -> None:
        """Refuse: a directory is read by the data preparation."""
        raise DatasetError(
            "an exported directory is read by the pipeline data_preparation with data.source=directory"
        )

    def _exists(self) -> bool:
        return self._directory is not None and self._directory.is_dir()

    def _describe(self) -> dict[str, Any]:
        return {"directory": self._directory}
