"""One Matplotlib figure a file, whole or not at all."""

from typing import TYPE_CHECKING

from kedro.io.core import get_filepath_str
from kedro_datasets.matplotlib import MatplotlibDataset

from taskonomy_kedro.datasets.atomic import atomic_write

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class PictureDataset(MatplotlibDataset):
    """`matplotlib.MatplotlibDataset` for one figure, that never leaves half a picture."""

    def save(self, data: "Figure") -> None:
        """Write the picture; on failure what was there stays."""
        path = get_filepath_str(self._get_save_path(), self._protocol)
        with atomic_write(self._fs, path) as file:
            data.savefig(file, **self._save_args)
        self._invalidate_cache()
