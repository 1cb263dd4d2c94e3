"""Files that are on the disk when it is said so, folders that change places, errors that say what to do."""

import errno
import os
import shutil
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
        remedy = remedy_for(error) or "see whether the disk is full or failing, then run again"
        if error.errno in _FULL:
            remedy += ", which goes on where it last saved its work"
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


def unfinished_of(folder: Path) -> Path:
    """Return where a folder is made before it takes its place."""
    return folder.with_name(f".{folder.name}.unfinished")


def _outdated_of(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.outdated")


def replace_folder(folder: Path) -> None:
    """Put the finished folder in its place and remove the one that was there.

    A folder cannot be renamed over another: between the two renamings there is none. A stop there is
    mended by `put_back`.

    Raises:
        CannotWriteError: A folder cannot be renamed; the old one is in its place then.
    """
    outdated = _outdated_of(folder)
    with writing(folder):
        shutil.rmtree(outdated, ignore_errors=True)
        if folder.exists():
            folder.rename(outdated)
        try:
            unfinished_of(folder).rename(folder)
        except OSError:
            put_back(folder)
            raise
    sync_folder(folder.parent)
    shutil.rmtree(outdated, ignore_errors=True)


def put_back(folder: Path) -> bool:
    """Put the old folder back where a stop between two renamings has left none.

    Returns:
        Whether there was anything to put back.
    """
    outdated = _outdated_of(folder)
    if folder.exists() or not outdated.exists():
        return False
    with writing(folder):
        outdated.rename(folder)
    return True
