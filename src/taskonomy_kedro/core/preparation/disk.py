"""Files that are synced to the disk, and errors that say what to do."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

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
