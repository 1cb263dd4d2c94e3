"""A picture that Matplotlib draws, as PNG."""

import base64
from typing import IO, TYPE_CHECKING

from kedro.io.core import get_filepath_str
from kedro_datasets._typing import ImagePreview

from taskonomy_kedro.datasets.recipe_file import RecipeFileMixin
from taskonomy_kedro.datasets.versioned_file import VersionedFileDataset

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class PictureDataset(RecipeFileMixin, VersionedFileDataset["Figure", bytes | None]):
    """Saves a Matplotlib figure as PNG; loads the PNG, for readers that can do without it.

    Not `matplotlib.MatplotlibDataset`, which cannot load and imports Matplotlib even if nothing is drawn.

    Example:
        ```yaml
        contact_sheet:
          type: taskonomy_kedro.datasets.PictureDataset
          filepath: data/08_reporting/contact_sheet.png
          versioned: true
        ```
    """

    def load(self) -> bytes | None:
        """Return the PNG, None if there is none yet."""
        if not self.has_version():
            return None
        with self._fs.open(get_filepath_str(self._get_load_path(), self._protocol), "rb") as file:
            return bytes(file.read())

    def _write(self, file: IO[bytes], data: "Figure") -> None:
        data.savefig(file, format="png")

    def preview(self) -> ImagePreview:
        """Return the picture as kedro-viz shows it."""
        return ImagePreview(base64.b64encode(self.load() or b"").decode())
