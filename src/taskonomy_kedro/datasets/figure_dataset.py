"""A Plotly figure as JSON, which kedro-viz draws."""

import json

import plotly.graph_objects as go
from kedro.io.core import get_filepath_str
from kedro_datasets._typing import PlotlyPreview

from taskonomy_kedro.datasets.atomic import atomic_write
from taskonomy_kedro.datasets.versioned_file import VersionedFileDataset


class FigureDataset(VersionedFileDataset[go.Figure, go.Figure]):
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

    def save(self, data: go.Figure) -> None:
        """Write the figure; on failure what was there stays."""
        path = get_filepath_str(self._get_save_path(), self._protocol)
        with atomic_write(self._fs, path) as file:
            file.write(data.to_json().encode())

    def preview(self) -> PlotlyPreview:
        """Return the figure as kedro-viz draws it."""
        with self._fs.open(get_filepath_str(self._get_load_path(), self._protocol), "rb") as file:
            return PlotlyPreview(json.load(file))
