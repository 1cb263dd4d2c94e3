"""What every dataset of a product with a record shares: a folder that is complete or not there."""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import fsspec
from fsspec import AbstractFileSystem
from fsspec.implementations.local import LocalFileSystem
from kedro.io.core import AbstractDataset, DatasetError

from taskonomy_kedro.core.preparation.disk import CannotWriteError
from taskonomy_kedro.core.training.products import RECORD, Product
from taskonomy_kedro.datasets.atomic import atomic_write

_P = TypeVar("_P", bound=Product)

_FACTS = ("task", "wanted", "outcome", "failure", "is_expected")


def folder_sizes(fs: AbstractFileSystem, path: str) -> dict[str, int]:
    """Return the size of every file of a product but its record, in bytes."""
    fs.invalidate_cache(path)
    sizes = {file["name"].rsplit("/", 1)[-1]: int(file["size"]) for file in fs.ls(path, detail=True)}
    return {name: size for name, size in sorted(sizes.items()) if name != RECORD and name[0] != "."}


class RecordedFolderDataset(AbstractDataset[_P, _P]):
    """A folder of files and `record.json`, which goes first and comes last when the files change.

    Its node always runs: whether what is there still is what is wanted, only the node can tell, and it
    looks before it works. `exists` therefore says no to `--only-missing-outputs`.
    """

    kind: type[_P]
    made_by = "task_modeling"

    def __init__(
        self,
        *,
        filepath: str,
        credentials: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Point to a folder.

        Args:
            filepath: The folder, on disk or any fsspec address.
            credentials: Credentials of the file system.
            metadata: For other tools, such as kedro-viz; kept as it is.
        """
        self._fs, self._path = fsspec.url_to_fs(filepath, **(credentials or {}))
        self._is_here = isinstance(self._fs, LocalFileSystem)
        self.metadata = metadata

    def record(self) -> dict[str, Any]:
        """Return what the product is remembered by, without reading its files.

        Raises:
            DatasetError: It was never finished.
        """
        try:
            with self._fs.open(f"{self._path}/{RECORD}", "rb") as file:
                record: dict[str, Any] = json.load(file)
        except FileNotFoundError as error:
            raise DatasetError(
                f"{self._path} holds nothing finished ({RECORD} is missing); run the pipeline {self.made_by}"
            ) from error
        return record

    def load(self) -> _P:
        """Return the product.

        Raises:
            DatasetError: It was never finished, or a file of it is damaged.
        """
        record = self.record()
        facts = {key: record[key] for key in _FACTS if key in record}
        content = {} if facts["failure"] else self._read_whole(record)
        return self.kind(**facts, **content)

    def save(self, data: _P) -> None:
        """Replace what is there, unless the product is only pointed to."""
        if data.is_kept:
            return
        with self._refusing_full_disk():
            self._fs.makedirs(self._path, exist_ok=True)
            # new files take their names one by one and whole; without the record none of them counts
            written = {} if data.failure else self._prepare(data)
            if self._fs.exists(f"{self._path}/{RECORD}"):
                self._fs.rm_file(f"{self._path}/{RECORD}")
            self._publish(written)
            self._fs.invalidate_cache(self._path)
            there = {path.rsplit("/", 1)[-1] for path in self._fs.ls(self._path, detail=False)}
            for name in there - set(written):  # of an earlier product, or of a save that was stopped
                self._fs.rm(f"{self._path}/{name}", recursive=True)
            facts = {name: getattr(data, name) for name in _FACTS}
            record = {**facts, "files": folder_sizes(self._fs, self._path)}
            with atomic_write(self._fs, f"{self._path}/{RECORD}") as file:
                file.write(json.dumps(record, indent=1).encode())

    def _read_whole(self, record: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return self._read(record)
        except MemoryError:
            raise
        except Exception as error:  # every kind of file breaks in words of its own
            reason = str(error).strip().splitlines()
            raise DatasetError(
                f"{self._path} cannot be read ({reason[0] if reason else type(error).__name__}): "
                "remove this folder and run the pipeline task_modeling, which makes it anew"
            ) from error

    def _prepare(self, data: _P) -> Mapping[str, str]:
        """Write all files beside their places; return where each lies by the name it is to take."""
        prepared = {}
        for name, content in self._files(data).items():
            prepared[name] = f"{self._path}/.{name}.unfinished"
            if isinstance(content, Path):
                self._take(content, prepared[name])
            else:
                try:
                    with self._fs.open(prepared[name], "wb") as file:
                        file.write(content)
                except OSError:  # a full disk needs the room that half a file takes
                    with suppress(OSError):
                        self._fs.rm_file(prepared[name])
                    raise
        return prepared

    def _take(self, source: Path, target: str) -> None:
        if self._is_here:
            shutil.move(source, target)
        else:
            self._fs.put_file(str(source), target)
            source.unlink()
        with suppress(OSError):  # the last one leaves its folder empty
            source.parent.rmdir()

    def _publish(self, prepared: Mapping[str, str]) -> None:
        for name, path in prepared.items():
            self._fs.mv(path, f"{self._path}/{name}")

    @contextmanager
    def _refusing_full_disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            refusal = CannotWriteError(Path(self._path), error)
            raise DatasetError(str(refusal)) from refusal

    def _files(self, data: _P) -> dict[str, bytes | Path]:
        """Return what is written: bytes, or files on this machine that are taken over, by name."""
        raise NotImplementedError

    def _read(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of the product that are read from files."""
        raise NotImplementedError

    def _open(self, name: str) -> Any:
        return self._fs.open(f"{self._path}/{name}", "rb")

    def _exists(self) -> bool:
        return False

    def _describe(self) -> dict[str, Any]:
        return {"filepath": self._path}
