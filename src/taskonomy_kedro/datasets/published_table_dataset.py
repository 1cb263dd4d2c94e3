"""`affinities` or `win_rates` read from the files published with the paper."""

import logging
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from kedro.io.core import AbstractDataset, DatasetError

from taskonomy_kedro.core.affinity import read_published_tables
from taskonomy_kedro.core.affinity.affinity_tables import tabulate_scores

logger = logging.getLogger(__name__)


class PublishedTableDataset(AbstractDataset[None, pd.DataFrame]):
    """Loads one table of a published set; it cannot be saved to.

    Example:
        ```yaml
        affinities:
          type: taskonomy_kedro.datasets.PublishedTableDataset
          table: affinities
          directory: ${runtime_params:published_dir, null}
          published_set: ${runtime_params:published_set, default}
          project: ${root:}
        ```
    """

    def __init__(
        self,
        *,
        table: Literal["affinities", "win_rates"],
        directory: str | None,
        published_set: str,
        project: str,
        drop_degenerate: bool = False,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Point to a set.

        Args:
            table: Which of the two tables to load.
            directory: Folder with the published files; a relative one is relative to the project.
            published_set: `default`, `1k` or `16k`.
            project: The project's folder.
            drop_degenerate: Drop candidates with a win rate of exactly 1 and renormalise.
            metadata: For other tools, such as kedro-viz; kept as it is.
        """
        if not isinstance(drop_degenerate, bool):
            raise DatasetError(f"drop_degenerate must be true or false, got {drop_degenerate!r}")
        self._table = table
        self._directory = None if directory is None else Path(project) / str(directory)
        self._published_set = str(published_set)
        self._drop_degenerate = drop_degenerate
        self.metadata = metadata
        self._read: pd.DataFrame | None = None  # several nodes load the table; the files do not change

    def load(self) -> pd.DataFrame:
        """Return the table, with the set it comes from as its origin."""
        if self._directory is None:
            raise DatasetError(
                "published_dir is not set: give --params=published_dir=DIR, "
                "the folder with the published files"
            )
        if self._read is None:
            self._read = self._read_once(self._directory)
        return self._read.copy()

    def _read_once(self, directory: Path) -> pd.DataFrame:
        try:
            tables = read_published_tables(
                directory, self._published_set, drop_degenerate=self._drop_degenerate
            )
        except (OSError, ValueError) as error:
            raise DatasetError(str(error)) from error
        if self._table == "affinities":
            for note in tables.notes:
                logger.warning("Published set %s: %s.", self._published_set, note)
        degenerate = ", degenerate candidates dropped" if self._drop_degenerate else ""
        affinities, win_rates = tabulate_scores(
            tables.scores, origin=f"published with the paper, set {self._published_set}{degenerate}"
        )
        return affinities if self._table == "affinities" else win_rates

    def save(self, data: None) -> None:
        """Refuse: the published files are read only."""
        raise DatasetError("the published tables cannot be written to; run another environment")

    def _exists(self) -> bool:
        return self._directory is not None and self._directory.is_dir()

    def _describe(self) -> dict[str, Any]:
        return {"table": self._table, "directory": self._directory, "published_set": self._published_set}
