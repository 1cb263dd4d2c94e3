"""A page: HTML as text, written atomically."""

from kedro.io.core import get_filepath_str

from taskonomy_kedro.datasets.atomic import atomic_write
from taskonomy_kedro.datasets.versioned_file import VersionedFileDataset


class HtmlDataset(VersionedFileDataset[str, str]):
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

    def save(self, data: str) -> None:
        """Write the page; on failure what was there stays."""
        path = get_filepath_str(self._get_save_path(), self._protocol)
        with atomic_write(self._fs, path) as file:
            file.write(data.encode())
