"""Files that are there whole or not at all."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO

from fsspec import AbstractFileSystem


@contextmanager
def atomic_write(fs: AbstractFileSystem, path: str) -> Iterator[IO[bytes]]:
    """Open a file for writing that takes its name only when it is complete.

    Args:
        fs: Where to write; a local one must make folders by itself (`auto_mkdir`).
        path: The file's name. What it holds stays as it is if the writing fails.

    Yields:
        A binary file beside it, moved over `path` at the end and removed on failure.
    """
    target = PurePosixPath(path)
    unfinished = str(target.with_name(f".{target.name}.{uuid.uuid4().hex}"))
    try:
        with fs.open(unfinished, "wb") as file:
            yield file
        fs.mv(unfinished, path)
    except BaseException:
        if fs.exists(unfinished):
            fs.rm(unfinished)
        raise
