"""A page: HTML as text, written atomically."""

from typing import IO

from kedro.io.core import get_filepath_str

from taskonomy_kedro.datasets.recipe_file import RecipeFileMixin
from taskonomy_kedro.datasets.versioned_file import VersionedFileDataset


class HtmlDataset(RecipeFileMixin, VersionedFileDataset[str, str]):
    """Saves and loads a whole HTML page as text.

    Example:
        ```yaml
        what_if_page:
          type: taskonomy_kedro.datasets.HtmlDataset
          filepath: data/08_reporting/what_if.html
          versioned: true
        ```
    """

    def load(self) -> str:
        """Return the page."""
        with self._fs.open(get_filepath_str(self._get_load_path(), self._protocol), "rb") as file:
            return file.read().decode()

    def _write(self, file: IO[bytes], data: str) -> None:
        file.write(data.encode())
