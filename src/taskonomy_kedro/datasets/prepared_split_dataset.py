"""A prepared split: a folder of arrays that are sliced by rows and never read whole."""

import json
import shutil
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem
from kedro.io.core import AbstractDataset, DatasetError

from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.record import RECORD, read_record
from taskonomy_kedro.core.preparation.split_build import SplitBuild
from taskonomy_kedro.reporting.progress import ProgressTeller


class PreparedSplitDataset(AbstractDataset[SplitBuild, PreparedSplit]):
    """Makes a split when it is saved, unless it is there unchanged; opens it when it is loaded.

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
        cache_dir: str | None = None,
        project: str = "",
        credentials: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Point to a folder.

        Args:
            filepath: The folder, on disk or any fsspec address.
            cache_dir: Where copies of arrays of another file system are kept on this machine, in a
                folder for each address; needed for such an address only.
            project: The project's folder; a relative `cache_dir` is relative to it.
            credentials: Credentials of the file system.
            metadata: For other tools, such as kedro-viz; kept as it is.
        """
        self._address = str(filepath)
        self._fs, self._path = fsspec.core.url_to_fs(self._address, **(credentials or {}))
        self.metadata = metadata
        self._opened: PreparedSplit | None = None  # each node of each task asks for it
        self.n_made = 0
        """Images that the last `save` made."""
        self._is_here = isinstance(self._fs, LocalFileSystem)
        if self._is_here:
            self._folder = Path(self._path)
        elif cache_dir is None:
            raise DatasetError(
                f"{filepath} is not on this machine and arrays are memory-mapped: set cache_dir in "
                "the catalog entry to a folder for copies, such as ${globals:cache_dir}"
            )
        else:
            parts = [part for part in self._address.replace(":", "/").split("/") if part not in ("", "..")]
            self._folder = Path(project, cache_dir, *parts)

    def load(self) -> PreparedSplit:
        """Open the split."""
        if not self._is_here and not self._exists():
            raise DatasetError(
                f"{self._address} holds no finished split ({RECORD} is missing); "
                "run the pipeline data_preparation"
            )
        self._fetch()
        record = read_record(self._folder)
        if self._opened is None or record is None or self._opened.record != record:
            self._opened = PreparedSplit.open(self._folder)
        return self._opened

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the open split: for another process its arrays would be read and sent whole."""
        return {**self.__dict__, "_opened": None}

    def save(self, data: SplitBuild) -> None:
        """Make what is missing; a split that is there with the same settings, data and code is kept."""
        self._fetch()
        try:
            with ProgressTeller(f"split {data.split}") as on_progress:
                self.n_made = data.write(self._folder, on_progress)
        except (OSError, ValueError) as error:  # told in a sentence; Kedro would put its own before
            raise DatasetError(str(error)) from error
        self._upload()

    def _upload(self) -> None:
        """Copy the split to its address, unless the same is there already.

        The old record goes first and the new one comes last: a copy that was stopped never looks
        finished. Where only the record has changed, only that is copied.
        """
        record = (self._folder / RECORD).read_bytes() if not self._is_here else b""
        remote = None if self._is_here else self._remote_record()
        if self._is_here or remote == record:
            return
        try:
            if _content_of(remote) == _content_of(record):
                self._fs.put_file(str(self._folder / RECORD), self._remote(RECORD))
                return
            if remote is not None:
                self._fs.rm_file(self._remote(RECORD))
            self._fs.makedirs(self._path, exist_ok=True)
            paths = sorted(self._folder.iterdir())
            for path in sorted(paths, key=lambda path: path.name == RECORD):
                self._fs.put_file(str(path), self._remote(path.name))
            for name in set(self._remote_names()) - {path.name for path in paths}:
                self._fs.rm_file(self._remote(name))
        except OSError as error:
            raise DatasetError(
                f"cannot copy the split to {self._address} ({error.strerror or error}): free space there "
                f"or mend its access, then run again; it is whole in {self._folder} and only copied then"
            ) from error

    def _fetch(self) -> None:
        """Bring a remote split here, or its record only, unless the same is here already."""
        remote = None if self._is_here else self._remote_record()
        if remote is None:
            return
        here = (self._folder / RECORD).read_bytes() if read_record(self._folder) is not None else None
        if here == remote:
            return
        try:
            if here is not None and _content_of(here) == _content_of(remote):
                self._fs.get_file(self._remote(RECORD), str(self._folder / RECORD))
                return
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder.mkdir(parents=True)
            for name in sorted(self._remote_names(), key=lambda name: name == RECORD):
                self._fs.get_file(self._remote(name), str(self._folder / name))
        except OSError as error:
            raise DatasetError(
                f"cannot copy {self._address} to {self._folder} ({error.strerror or error}): free space "
                "there or set cache_dir in the environment's globals.yml to another disk, then run again"
            ) from error

    def _remote_record(self) -> bytes | None:
        return bytes(self._fs.cat_file(self._remote(RECORD))) if self._exists() else None

    def _remote_names(self) -> list[str]:
        self._fs.invalidate_cache(self._path)  # others write there too
        return [PurePosixPath(name).name for name in self._fs.ls(self._path, detail=False)]

    def _remote(self, name: str) -> str:
        return f"{self._path}/{name}"

    def _exists(self) -> bool:
        return bool(self._fs.exists(self._remote(RECORD)))

    def _describe(self) -> dict[str, Any]:
        return {"filepath": self._address}


def _content_of(record: bytes | None) -> str | None:
    """Return the hash of the content that a record tells, None where it tells none."""
    try:
        content = json.loads(record or b"null")
    except ValueError:
        return None
    return content.get("content") if isinstance(content, dict) else None
