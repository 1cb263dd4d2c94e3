"""A dataset of others that would leave half a file where a disk is full: whole or not at all."""

import json
from typing import Any

from kedro.io.core import get_filepath_str
from kedro_datasets.json import JSONDataset

from taskonomy_kedro.datasets.atomic import atomic_write


class WholeJSONDataset(JSONDataset):
    """`json.JSONDataset` that never leaves half a file."""

    def save(self, data: Any) -> None:
        """Write the file; on failure what was there stays."""
        path = get_filepath_str(self._get_save_path(), self._protocol)
        with atomic_write(self._fs, path) as file:
            file.write(json.dumps(data, **self._save_args).encode())
        self._invalidate_cache()
