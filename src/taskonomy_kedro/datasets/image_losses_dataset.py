"""Losses per image of one target, with the labels of both axes, in one npz file."""

import io
from pathlib import PurePosixPath
from typing import Any

import fsspec
import numpy as np
from kedro.io.core import (
    AbstractVersionedDataset,
    DatasetError,
    Version,
    get_filepath_str,
    get_protocol_and_path,
)

from taskonomy_kedro.core.transfers import ImageLosses
from taskonomy_kedro.datasets.atomic import atomic_write

_ARRAYS = ("values", "transfer_ids", "image_ids")


class ImageLossesDataset(AbstractVersionedDataset[ImageLosses, ImageLosses]):
    """Saves and loads `ImageLosses` as npz, without pickles.

    Example:
        ```yaml
        "image_losses.{target}":
          type: taskonomy_kedro.datasets.ImageLossesDataset
          filepath: data/07_model_output/image_losses/{target}.npz
          versioned: true
        ```
    """

    def __init__(
        self,
        *,
        filepath: str,
        version: Version | None = None,
        credentials: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Point to a file.

        Args:
            filepath: Any fsspec address.
            version: Load and save version.
            credentials: Credentials of the file system.
            metadata: For other tools, such as kedro-viz; kept as it is.
        """
        protocol, path = get_protocol_and_path(filepath, version)
        arguments = {"auto_mkdir": True} if protocol == "file" else {}
        self._protocol = protocol
        self._fs = fsspec.filesystem(protocol, **(credentials or {}), **arguments)
        self.metadata = metadata
        super().__init__(
            filepath=PurePosixPath(path),
            version=version,
            exists_function=self._fs.exists,
            glob_function=self._fs.glob,
        )

    def load(self) -> ImageLosses:
        """Return the losses with their labels."""
        path = get_filepath_str(self._get_load_path(), self._protocol)
        with self._fs.open(path, "rb") as file, np.load(file, allow_pickle=False) as stored:
            lacking = [name for name in _ARRAYS if name not in stored]
            if lacking:
                raise DatasetError(f"{path} lacks {', '.join(lacking)}; it has {', '.join(stored)}")
            return ImageLosses(
                values=stored["values"],
                transfer_ids=tuple(stored["transfer_ids"].tolist()),
                image_ids=tuple(stored["image_ids"].tolist()),
            )

    def save(self, data: ImageLosses) -> None:
        """Write the losses; on failure what was there stays."""
        content = io.BytesIO()
        np.savez(
            content,
            values=np.asarray(data.values, dtype=np.float32),
            transfer_ids=np.array(data.transfer_ids),
            image_ids=np.array(data.image_ids),
        )
        path = get_filepath_str(self._get_save_path(), self._protocol)
        with atomic_write(self._fs, path) as file:
            file.write(content.getbuffer())

    def _exists(self) -> bool:
        return self._fs.exists(get_filepath_str(self._get_load_path(), self._protocol))

    def _describe(self) -> dict[str, Any]:
        return {"filepath": self._filepath, "protocol": self._protocol, "version": self._version}
