"""A directory in the layout of the official downloader, written image by image."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kedro.io.core import AbstractDataset, DatasetError

if TYPE_CHECKING:
    from taskonomy_kedro.core.preparation.directory_export import Export


class TaskonomyDirectoryDataset(AbstractDataset["Export", None]):
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

    def save(self, data: "Export") -> None:
        """Write every image into a directory that holds nothing else."""
        if self._directory is None:
            raise DatasetError("export_dir is not set: give --params=export_dir=DIR, the folder to write to")
        try:
            data.write(self._directory)
        except OSError as error:  # told in a sentence; Kedro would put its own before
            raise DatasetError(error.strerror or str(error)) from error
        except ValueError as error:
            raise DatasetError(str(error)) from error

    def load(self) -> None:
        """Refuse: a directory is read by the data preparation."""
        raise DatasetError(
            "an exported directory is read by the pipeline data_preparation with data.source=directory"
        )

    def _exists(self) -> bool:
        return self._directory is not None and self._directory.is_dir()

    def _describe(self) -> dict[str, Any]:
        return {"directory": self._directory}
