"""A product: a folder named by its recipe, whole or not there."""

import json
import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

import fsspec
from fsspec.implementations.local import LocalFileSystem
from kedro.io.core import AbstractDataset, DatasetError

from taskonomy_kedro.core.disk import CannotWriteError
from taskonomy_kedro.datasets.atomic import atomic_write
from taskonomy_kedro.recipes.recipe_parts import Recipe, changes, joined
from taskonomy_kedro.recipes.reuse import REUSED
from taskonomy_kedro.recipes.session import run_id, session_recipes

logger = logging.getLogger(__name__)

_P = TypeVar("_P")

RECORD = "record.json"
_UNNAMED = "unnamed"


class ProductDataset(AbstractDataset[_P, _P], Generic[_P]):
    """A folder of files and `record.json`, below `filepath`, named by the hash of the product's recipe.

    `exists` is true where the finished, undamaged product of the recipe that the parameters ask for is
    there. A failed product is stored, so that others can read why it failed, and does not exist.
    Nothing else is ever replaced: a product of other parameters lies in another folder.
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
        """Point to the folder that holds the products of all recipes.

        Args:
            filepath: The folder, on disk or any fsspec address.
            name: Name of the dataset, by which its recipe is found; empty: it has one product.
            cache_dir: Folder on this machine for what is written before it is whole, needed if
                `filepath` is on another one.
            project: The project's folder; a relative `cache_dir` is relative to it.
            credentials: Credentials of the file system.
            metadata: For other tools, such as kedro-viz.
        """
        self._address, self._name = str(filepath), name
        self._fs, self._path = fsspec.url_to_fs(self._address, **(credentials or {}))
        self._is_here = isinstance(self._fs, LocalFileSystem)
        self.metadata = metadata
        self._pinned: tuple[Recipe | None, str] | None = None
        parts = [part for part in self._address.replace(":", "/").split("/") if part not in ("", "..")]
        elsewhere = None if cache_dir is None else Path(project, cache_dir, *parts)
        self._here = Path(self._path) if self._is_here else elsewhere

    @property
    def recipe(self) -> Recipe | None:
        """The recipe that the parameters ask for; None where nothing is known of one."""
        if self._pinned is not None:
            return self._pinned[0]
        return session_recipes().asked(self._name) if self._name else None

    @property
    def scratch(self) -> Path:
        """Folder on this machine for what is written before the product is whole; it survives a stop."""
        if self._here is None:
            raise DatasetError(
                f"{self._address} is not on this machine, and a product is written here first: set cache_dir "
                "in its catalog entry to a folder, such as ${globals:cache_dir}"
            )
        return self._here / f".{self._hash}.unfinished"

    def record(self) -> dict[str, Any]:
        """Return the record of the product: recipe, outcome, failure, run.

        Raises:
            DatasetError: It was never finished.
        """
        record = self._read_record(self._folder)
        if record is None:
            reason = self.reason()
            raise DatasetError(
                f"{self._path} holds no product of these parameters ({RECORD} is missing in "
                f"{self._hash}{f'; {reason}' if reason else ''}); run the pipeline {self._pipeline}"
            )
        return record

    def records(self) -> list[dict[str, Any]]:
        """Return the records of the products of all recipes."""
        try:
            folders = [str(path) for path in self._fs.ls(self._path, detail=False)]
        except OSError:
            return []
        found = [self._read_record(path) for path in folders if not path.rsplit("/", 1)[-1].startswith(".")]
        return [record for record in found if record is not None]

    def reason(self) -> str:
        """Say how the recipe differs from that of the newest product; empty where there is none."""
        others = [record for record in self.records() if record.get("recipe")]
        if self.recipe is None or not others:
            return ""
        newest = max(others, key=lambda record: str(record["created"]))
        asked = self.recipe.to_json()
        if newest["recipe"]["hash"] == asked["hash"]:
            return newest.get("failure") or "its files are damaged"
        return joined(changes(asked, newest["recipe"]))

    def load(self) -> _P:
        """Return the product.

        Raises:
            DatasetError: It was never finished, or a file of it is damaged.
        """
        record = self.record()
        try:
            return self._read(record)
        except (MemoryError, DatasetError):
            raise
        except Exception as error:  # every kind of file breaks in words of its own
            reason = str(error).strip().splitlines()
            raise DatasetError(
                f"{self._folder} cannot be read ({reason[0] if reason else type(error).__name__}): "
                f"remove this folder and run the pipeline {self._pipeline}, which rebuilds it"
            ) from error

    def save(self, data: _P) -> None:
        """Publish a product, unless it was reused."""
        if data is REUSED:
            return
        with self._refusing_full_disk():
            self.scratch.mkdir(parents=True, exist_ok=True)
            facts = self._facts(data)
            names = [] if facts["failure"] else self._write(data, self.scratch)
            record = {
                "name": self._name,
                **facts,
                "recipe": None if self.recipe is None else self.recipe.to_json(),
                "files": {name: (self.scratch / name).stat().st_size for name in sorted(names)},
                "run": self._run,
                "created": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "rebuilt_because": self.reason(),
                "failed_inputs": self._failed_inputs(),
            }
            (self.scratch / RECORD).unlink(missing_ok=True)
            if self._is_here:
                self._publish_here(record)
            else:
                self._publish_there(record)

    def _publish_here(self, record: Mapping[str, Any]) -> None:
        fs, folder = LocalFileSystem(), Path(self._folder)
        with atomic_write(fs, str(self.scratch / RECORD)) as file:
            file.write(json.dumps(record, indent=1).encode())
        if folder.exists() and not self._is_finished(self._folder):
            _remove(folder)
        if not folder.exists():  # else another run was faster
            self.scratch.rename(folder)
            _keep_only(folder, {*record["files"], RECORD})
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _publish_there(self, record: Mapping[str, Any]) -> None:
        """Copy the files, the record last: a copy that was stopped never looks finished."""
        self._fs.makedirs(self._folder, exist_ok=True)
        if self._fs.exists(f"{self._folder}/{RECORD}"):
            self._fs.rm_file(f"{self._folder}/{RECORD}")
        for name in record["files"]:
            self._fs.put_file(str(self.scratch / name), f"{self._folder}/{name}")
        self._fs.pipe_file(f"{self._folder}/{RECORD}", json.dumps(record, indent=1).encode())
        self._after_upload()

    def _after_upload(self) -> None:
        """Remove what was written on this machine."""
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _failed_inputs(self) -> list[str]:
        """Return the folders of inputs that failed; once one of them exists, the product is rebuilt."""
        if self.recipe is None:
            return []
        folders = [f"{path}/{self.recipe.inputs[name]}" for name, path in self.recipe.addresses.items()]
        records = {folder: self._read_record(folder) for folder in folders}
        return [folder for folder, record in records.items() if record and _has_failed(record)]

    def exists(self) -> bool:
        """Return whether the product of the recipe that the parameters ask for is there, whole."""
        _ = self.recipe  # first, as Kedro puts words of its own round a refusal in what follows
        return super().exists()

    def _exists(self) -> bool:
        if not self._is_finished(self._folder):
            return False
        failed = (self._read_record(self._folder) or {}).get("failed_inputs", ())
        return not any(self._is_finished(folder) for folder in failed)

    def _is_finished(self, folder: str) -> bool:
        record = self._read_record(folder)
        if record is None or _has_failed(record):
            return False
        sizes = {} if not record["files"] else self._sizes(folder)
        damaged = [name for name, size in record["files"].items() if sizes.get(name) != size]
        for name in damaged:
            logger.warning(
                "%s/%s is damaged: %s of %d bytes are there",
                folder, name, sizes.get(name, 0), record["files"][name],
            )  # fmt: skip
        return not damaged

    def _sizes(self, folder: str) -> dict[str, int]:
        _, path = fsspec.core.split_protocol(folder)
        self._fs.invalidate_cache(path)
        return {file["name"].rsplit("/", 1)[-1]: int(file["size"]) for file in self._fs.ls(path, detail=True)}

    def _read_record(self, folder: str) -> dict[str, Any] | None:
        try:
            record = json.loads(self._fs.cat_file(f"{folder}/{RECORD}"))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            logger.warning("%s/%s cannot be read (%s): the product counts as missing", folder, RECORD, error)
            return None
        if not isinstance(record, dict) or not {"files", "failure", "outcome"} <= record.keys():
            logger.warning("%s/%s is no record: the product counts as missing", folder, RECORD)
            return None
        return record

    @contextmanager
    def _refusing_full_disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            refusal = CannotWriteError(Path(self._path), error)
            raise DatasetError(str(refusal)) from refusal

    @property
    def _hash(self) -> str:
        return _UNNAMED if self.recipe is None else self.recipe.hash

    @property
    def _folder(self) -> str:
        return f"{self._path}/{self._hash}"

    @property
    def _run(self) -> str:
        return self._pinned[1] if self._pinned is not None else run_id()

    @property
    def _pipeline(self) -> str:
        first = self._name.partition(".")[0]
        return first if first in ("task_modeling", "transfer_modeling") else "data_preparation"

    def _facts(self, data: Any) -> dict[str, Any]:
        """Return `task`, `outcome`, `failure` and `is_expected` of a product."""
        return {name: getattr(data, name) for name in ("task", "outcome", "failure", "is_expected")}

    def _write(self, data: _P, folder: Path) -> list[str]:
        """Write the files of a product; return their names."""
        raise NotImplementedError

    def _read(self, record: Mapping[str, Any]) -> _P:
        """Return the product of a record."""
        raise NotImplementedError

    def _open(self, name: str) -> Any:
        return self._fs.open(f"{self._folder}/{name}", "rb")

    def __getstate__(self) -> dict[str, Any]:
        """Take the recipe along: another process may know nothing of the session."""
        return {**self.__dict__, "_pinned": (self.recipe, self._run)}

    def _describe(self) -> dict[str, Any]:
        return {"filepath": self._address}


def _has_failed(record: Mapping[str, Any]) -> bool:
    return bool(record["failure"]) and not record.get("is_expected")


def _remove(folder: Path) -> None:
    """Remove a failed or damaged product: first its name, so that no half of it is ever found."""
    outdated = folder.with_name(f".{folder.name}.outdated")
    shutil.rmtree(outdated, ignore_errors=True)
    folder.rename(outdated)
    shutil.rmtree(outdated, ignore_errors=True)


def _keep_only(folder: Path, names: set[str]) -> None:
    """Remove what a product needed only while it was computed, such as a checkpoint."""
    for entry in os.scandir(folder):
        if entry.name not in names:
            with suppress(OSError):
                Path(entry.path).unlink() if entry.is_file() else shutil.rmtree(entry.path)
