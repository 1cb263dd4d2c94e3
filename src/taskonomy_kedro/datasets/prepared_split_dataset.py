"""A prepared split: a folder of arrays that are sliced by rows and never read whole."""

import shutil
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec
from kedro.io.core import AbstractDataset, DatasetError, get_protocol_and_path

from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.record import RECORD, read_record
from taskonomy_kedro.core.preparation.writing import Preparation
from taskonomy_kedro.progress import ProgressTeller


class PreparedSplitDataset(AbstractDataset[Preparation, PreparedSplit]):
    """Makes a split when it is saved, unless it is there unchanged; opens it when it is loaded.

    Example:
        ```yaml
        "prepared.{split}":
          type: taskonomy_kedro.datasets.PreparedSplitDataset
          filepath: data/05_model_input/prepared/{split}
        ```
    """

    def __init__(
        self, *, filepath: str, cache_dir: str | None = None, metadata: dict[str, Any] | None = None
    ) -> None:
        """Point to a folder.

        Args:
            filepath: The folder, on disk or any fsspec address.
            cache_dir: Where arrays of another file system are kept on this machine, as they are
                memory-mapped; needed for such an address only.
            metadata: For other tools, such as kedro-viz; kept as it is.
        """
        protocol, path = get_protocol_and_path(filepath)
        self._protocol, self._path = protocol, path
        self._fs = fsspec.filesystem(protocol)
        self.metadata = metadata
        if protocol == "file":
            self._folder = Path(path)
        elif cache_dir is None:
            raise DatasetError(f"{filepath}: arrays are memory-mapped; name a cache_dir on this machine")
        else:
            self._folder = Path(cache_dir) / PurePosixPath(path).name

    def load(self) -> PreparedSplit:
        """Open the split."""
        self._fetch()
        return PreparedSplit.open(self._folder)

    def save(self, data: Preparation) -> None:
        """Make what is missing; a split that is there with the same settings, data and code is kept."""
        self._fetch()
        with ProgressTeller(data.split) as on_progress:
            data.write(self._folder, on_progress)
        if self._protocol != "file":
            # The old record goes first and the new one comes last: a copy that was stopped never looks
            # finished.
            if self._exists():
                self._fs.rm_file(f"{self._path}/{RECORD}")
            for path in sorted(self._folder.iterdir(), key=lambda path: path.name == RECORD):
                self._fs.put_file(str(path), f"{self._path}/{path.name}")

    def _fetch(self) -> None:
        """Bring a remote split here, unless the same is here already."""
        if self._protocol == "file" or not self._fs.exists(f"{self._path}/{RECORD}"):
            return
        remote = self._fs.cat_file(f"{self._path}/{RECORD}")
        if read_record(self._folder) is not None and (self._folder / RECORD).read_bytes() == remote:
            return
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        names = [PurePosixPath(name).name for name in self._fs.ls(self._path, detail=False)]
        for name in sorted(names, key=lambda name: name == RECORD):
            self._fs.get_file(f"{self._path}/{name}", str(self._folder / name))

    def _exists(self) -> bool:
        return bool(self._fs.exists(f"{self._path}/{RECORD}"))

    def _describe(self) -> dict[str, Any]:
        return {"filepath": self._path, "protocol": self._protocol}
