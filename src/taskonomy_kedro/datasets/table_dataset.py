"""A table as Parquet, written atomically, with lists read back as lists."""

import json
from typing import IO, Any

import numpy as np
import pandas as pd
from kedro_datasets._typing import TablePreview
from kedro_datasets.pandas import ParquetDataset

from taskonomy_kedro.datasets.recipe_file import RecipeFileMixin


class TableDataset(RecipeFileMixin, ParquetDataset):
    """`pandas.ParquetDataset` that never leaves half a file and reads list columns as lists.

    Example:
        ```yaml
        taxonomies:
          type: taskonomy_kedro.datasets.TableDataset
          filepath: data/07_model_output/taxonomies.parquet
          versioned: true
        ```
    """

    def load(self) -> pd.DataFrame:
        """Return the table; columns of lists hold Python lists, not arrays."""
        table: pd.DataFrame = super().load()
        for column in table.columns:
            values = table[column]
            if len(values) and isinstance(values.iloc[0], np.ndarray):
                table[column] = [value.tolist() for value in values]
        return table

    def _write(self, file: IO[bytes], data: pd.DataFrame) -> None:
        data.to_parquet(file, **self._save_args)

    def preview(self, nrows: int = 5) -> TablePreview:
        """Return the first rows for kedro-viz: lists as text, numbers with four digits."""
        table = self.load().head(nrows)
        shown = table.apply(lambda column: column.map(_shown))
        return TablePreview(json.loads(shown.to_json(orient="split")))


class OptionalTableDataset(TableDataset):
    """`TableDataset` for a table that a reader can do without."""

    def load(self) -> pd.DataFrame | None:  # type: ignore[override]
        """Return the table, None if there is none yet."""
        return super().load() if self.has_version() else None


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return " + ".join(map(str, value))
    return float(f"{value:.4g}") if isinstance(value, float) else value
