"""A disk that is full, or may not be written, as a program meets it."""

import os
from pathlib import Path
from typing import Any

import pytest


def refuse_writes(patch: pytest.MonkeyPatch, name: str, number: int) -> None:
    """Let every write to files of a name fail with an error number, and writes to others pass.

    Args:
        patch: Undone at the end of the test.
        name: The file's; a hidden `.{name}.unfinished` counts as the same.
        number: Such as `errno.ENOSPC`.
    """
    whole = Path.open

    def opened(path: Path, mode: str = "r", *arguments: Any, **settings: Any) -> Any:
        file = whole(path, mode, *arguments, **settings)
        is_meant = path.name in (name, f".{name}.unfinished") and set(mode) & set("wa+")
        return _Refusing(file, number) if is_meant else file

    patch.setattr(Path, "open", opened)


class _Refusing:
    """A file that can be opened and not written to; what is asked of it else it does."""

    def __init__(self, file: Any, number: int) -> None:
        self._file, self._number = file, number

    def write(self, *_: object) -> int:
        raise OSError(self._number, os.strerror(self._number))

    def __enter__(self) -> "_Refusing":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
