"""A prepared split: a folder of arrays that are sliced by rows and never read whole."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kedro.io.core import DatasetError

from taskonomy_kedro.core.preparation.prepared import FACTS, PreparedSplit
from taskonomy_kedro.datasets.product_dataset import ProductDataset


class PreparedSplitDataset(ProductDataset[PreparedSplit]):
    """Moves a split that was built in scratch to its place; opens it when it is loaded.

    Arrays are memory-mapped, so those of another file system are copied to this machine first, once.

    Example:
        ```yaml
        "prepared.{split}":
          type: taskonomy_kedro.datasets.PreparedSplitDataset
          filepath: s3://bucket/05_model_input/prepared/{split}
          cache_dir: data/cache
          project: ${root:}
        ```
    """

    def __init__(
        self,
        *,
        filepath: str,
        name: str = "",
        cache_dir: str | None = None,
        project: str = "",
        credentials: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Point to a folder; see `ProductDataset` for the arguments."""
        super().__init__(
            filepath=filepath,
            name=name,
            cache_dir=cache_dir,
            project=project,
            credentials=credentials,
            metadata=metadata,
        )
        if self._here is None:
            raise DatasetError(
                f"{filepath} is not on this machine and arrays are memory-mapped: set cache_dir in "
                "the catalog entry to a folder for copies, such as ${globals:cache_dir}"
            )
        self._opened: PreparedSplit | None = None  # each node of each task asks for it

    def _facts(self, data: PreparedSplit) -> dict[str, Any]:
        return {"task": data.name, "outcome": dict(data.facts), "failure": "", "is_expected": False}

    def _write(self, data: PreparedSplit, folder: Path) -> list[str]:
        if data.folder != folder:
            shutil.copytree(data.folder, folder, dirs_exist_ok=True)
        return [path.name for path in folder.iterdir() if path.name[0] != "." and path.is_file()]

    def _read(self, record: Mapping[str, Any]) -> PreparedSplit:
        folder = Path(self._folder) if self._is_here else self._copied(record)
        if self._opened is None or self._opened.folder != folder:
            self._opened = PreparedSplit.open(folder)
        return self._opened

    def _copied(self, record: Mapping[str, Any]) -> Path:
        """Copy a split of another file system to this machine, unless it is here."""
        assert self._here is not None
        folder = self._here / self._hash
        if (folder / FACTS).exists():
            return folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name in sorted(record["files"], key=lambda name: name == FACTS):
                self._fs.get_file(f"{self._folder}/{name}", str(folder / name))
        except OSError as error:
            raise DatasetError(
                f"cannot copy {self._address} to {folder} ({error.strerror or error}): free space "
                "there or set cache_dir in the environment's globals.yml to another disk, then run again"
            ) from error
        return folder

    def _after_upload(self) -> None:
        """Keep the split as the copy on this machine."""
        assert self._here is not None
        folder = self._here / self._hash
        shutil.rmtree(folder, ignore_errors=True)
        self.scratch.rename(folder)

    def __getstate__(self) -> dict[str, Any]:
        """Exclude the open split: its arrays would be read and sent whole to another process."""
        return {**super().__getstate__(), "_opened": None}
