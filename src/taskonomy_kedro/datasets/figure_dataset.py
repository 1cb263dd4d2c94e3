"""A Plotly figure as JSON, which kedro-viz draws."""

import json
from typing import IO

import plotly.graph_objects as go
from kedro.io.core import get_filepath_str
from kedro_datasets._typing import PlotlyPreview

from taskonomy_kedro.datasets.recipe_file import RecipeFileMixin
from taskonomy_kedro.datasets.versioned_file import VersionedFileDataset


class FigureDataset(RecipeFileMixin, VersionedFileDataset[go.Figure, go.Figure]):
    """Saves and loads a Plotly figure as JSON.

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
        file.write(data.to_json().encode())

    def preview(self) -> PlotlyPreview:
        """Return the figure as kedro-viz draws it."""
        with self._fs.open(get_filepath_str(self._get_load_path(), self._protocol), "rb") as file:
            return PlotlyPreview(json.load(file))
