"""One Matplotlib figure a file, whole or not at all."""

from typing import IO, TYPE_CHECKING

from kedro_datasets.matplotlib import MatplotlibDataset

from taskonomy_kedro.datasets.recipe_file import RecipeFileMixin

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class PictureDataset(RecipeFileMixin, MatplotlibDataset):
    """`matplotlib.MatplotlibDataset` for one figure, that never leaves half a picture."""

    def _write(self, file: IO[bytes], data: "Figure") -> None:
        data.savefig(file, **self._save_args)
