"""Losses per image of one target, with the labels of both axes, in one npz file."""

import io
from typing import IO

import numpy as np
from kedro.io.core import DatasetError, VersionNotFoundError, get_filepath_str

from taskonomy_kedro.core.candidates import ImageLosses
from taskonomy_kedro.datasets.recipe_file import RecipeFileMixin
from taskonomy_kedro.datasets.versioned_file import VersionedFileDataset

_ARRAYS = ("values", "transfer_ids", "image_ids")


class ImageLossesDataset(RecipeFileMixin, VersionedFileDataset[ImageLosses, ImageLosses]):
    """Saves and loads `ImageLosses` as npz, without pickles.

    Example:
        ```yaml
        "image_losses.{target}":
          type: taskonomy_kedro.datasets.ImageLossesDataset
          filepath: data/07_model_output/image_losses/{target}.npz
          versioned: true
        ```
    """

    def load(self) -> ImageLosses:
        """Return the losses with their labels."""
        try:
            path = get_filepath_str(self._get_load_path(), self._protocol)
            file = self._fs.open(path, "rb")
        except (FileNotFoundError, VersionNotFoundError) as error:
            wanted = self._version.load if self._version else None
            raise DatasetError(
                f"there are no losses{f' of the version {wanted}' if wanted else ''} in {self._filepath}; "
                "run the pipeline transfer_modeling"
            ) from error
        with file, np.load(file, allow_pickle=False) as stored:
            lacking = [name for name in _ARRAYS if name not in stored]
            if lacking:
                raise DatasetError(f"{path} lacks {', '.join(lacking)}; it has {', '.join(stored)}")
            return ImageLosses(
                values=stored["values"],
                transfer_ids=tuple(stored["transfer_ids"].tolist()),
                image_ids=tuple(stored["image_ids"].tolist()),
            )

    def _write(self, file: IO[bytes], data: ImageLosses) -> None:
        content = io.BytesIO()
        np.savez(
            content,
            values=np.asarray(data.values, dtype=np.float32),
            transfer_ids=np.array(data.transfer_ids),
            image_ids=np.array(data.image_ids),
        )
        file.write(content.getbuffer())
