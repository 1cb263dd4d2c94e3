"""A figure: Plotly's JSON, which kedro-viz draws, and the same as a PNG beside it."""

import json
from pathlib import PurePosixPath
from typing import Any

import fsspec
import plotly.graph_objects as go
from kedro.io.core import AbstractVersionedDataset, Version, get_filepath_str, get_protocol_and_path
from kedro_datasets._typing import PlotlyPreview

from taskonomy_kedro.core.figures.png import render_png
from taskonomy_kedro.datasets.atomic import atomic_write


class FigureDataset(AbstractVersionedDataset[go.Figure, go.Figure]):
    """Saves a Plotly figure as JSON and as PNG; loads the figure.

    Example:
        ```yaml
        taxonomy_graph:
          type: taskonomy_kedro.datasets.FigureDataset
          filepath: data/08_reporting/taxonomy_graph.json
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
        """Point to a figure.

        Args:
            filepath: Where the JSON goes, any fsspec address; the PNG has the same name with `.png`.
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

    def load(self) -> go.Figure:
        """Return the figure."""
        return go.Figure(self.preview())

    def save(self, data: go.Figure) -> None:
        """Write the PNG, then the JSON: where there is a JSON, both are whole."""
        path = get_filepath_str(self._get_save_path(), self._protocol)
        with atomic_write(self._fs, str(PurePosixPath(path).with_suffix(".png"))) as file:
            file.write(render_png(data))
        with atomic_write(self._fs, path) as file:
            file.write(data.to_json().encode())

    def png_path(self) -> str:
        """Return where the PNG of the figure to be loaded is."""
        return str(self._get_load_path().with_suffix(".png"))

    def preview(self) -> PlotlyPreview:
        """Return the figure as kedro-viz draws it."""
        with self._fs.open(get_filepath_str(self._get_load_path(), self._protocol), "rb") as file:
            return PlotlyPreview(json.load(file))

    def _exists(self) -> bool:
        return self._fs.exists(get_filepath_str(self._get_load_path(), self._protocol))

    def _describe(self) -> dict[str, Any]:
        return {"filepath": self._filepath, "protocol": self._protocol, "version": self._version}
