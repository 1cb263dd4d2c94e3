"""A figure: Plotly's JSON, which kedro-viz draws, and the same as a PNG beside it."""

import json
from pathlib import PurePosixPath
from typing import IO

import plotly.graph_objects as go
from kedro.io.core import get_filepath_str
from kedro_datasets._typing import PlotlyPreview

from taskonomy_kedro.core.figures.png import render_png
from taskonomy_kedro.datasets.atomic import atomic_write
from taskonomy_kedro.datasets.recipe_file import RecipeFileMixin
from taskonomy_kedro.datasets.versioned_file import VersionedFileDataset


class FigureDataset(RecipeFileMixin, VersionedFileDataset[go.Figure, go.Figure]):
    """Saves a Plotly figure as JSON and as PNG; loads the figure.

    Example:
        ```yaml
        taxonomy_graph:
          type: taskonomy_kedro.datasets.FigureDataset
          filepath: data/08_reporting/taxonomy_graph.json
          versioned: true
        ```
    """

    def load(self) -> go.Figure:
        """Return the figure."""
        return go.Figure(self.preview())

    def _write(self, file: IO[bytes], data: go.Figure) -> None:
        """Write the PNG, then the JSON: where there is a JSON, both are whole."""
        path = get_filepath_str(self._get_save_path(), self._protocol)
        with atomic_write(self._fs, str(PurePosixPath(path).with_suffix(".png"))) as picture:
            picture.write(render_png(data))
        file.write(data.to_json().encode())

    def png_path(self) -> str:
        """Return where the PNG of the figure to be loaded is."""
        return str(self._get_load_path().with_suffix(".png"))

    def preview(self) -> PlotlyPreview:
        """Return the figure as kedro-viz draws it."""
        with self._fs.open(get_filepath_str(self._get_load_path(), self._protocol), "rb") as file:
            return PlotlyPreview(json.load(file))
