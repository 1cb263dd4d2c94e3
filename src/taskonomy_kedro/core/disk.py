"""Local files that are written as a whole and synced, and errors that say what to do."""

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import numpy as np

_ELSEWHERE = "set products_dir (or cache_dir) in the environment's globals.yml to another place"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EROFS, errno.EACCES, errno.EPERM)


class CannotWriteError(OSError):
    """A file that cannot be written; the message names it and says what to do."""

    def __init__(self, path: Path, error: OSError) -> None:
        remedy = remedy_for(error) or "check whether the disk is full or failing, then run again"
        if error.errno in _FULL:
            remedy += ", which resumes where it last saved its work"
        super().__init__(f"cannot write {path} ({error.strerror or error}): {remedy}, or {_ELSEWHERE}")
        self.errno = error.errno


def remedy_for(error: OSError) -> str | None:
    """Say what to do about a disk that is full or may not be written; None where it is something else."""
    if error.errno in _FULL:
        return "free some space and run again"
    return "make it writable and run again" if error.errno in _FORBIDDEN else None


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn every failure to write inside into a `CannotWriteError` that names a file."""
    try:
        yield
    except CannotWriteError:
        raise
    except OSError as error:
        raise CannotWriteError(path, error) from error


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for writing that takes its name, synced to the disk, when it is complete.

    Raises:
        CannotWriteError: The disk is full or cannot be written; the file that was there is unchanged.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with unfinished.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the object in a JSON file; None if there is none that can be read."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def write_json(path: Path, content: Any) -> None:
    """Replace a JSON file.

    Raises:
        CannotWriteError: The disk is full or cannot be written.
    """
    with replacing(path) as file:
        file.write(json.dumps(content, indent=1).encode())


def save_array(path: Path, array: np.ndarray) -> None:
    """Write an `.npy` file, on the disk when this returns.

    Raises:
        CannotWriteError: The disk is full or cannot be written.
    """
    with writing(path), path.open("wb") as file:
        np.save(file, array)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the system can do that."""
    with suppress(OSError):  # Windows opens no folders, some network disks sync none
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
