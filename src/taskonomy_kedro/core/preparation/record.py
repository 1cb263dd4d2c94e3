"""Files that say what a prepared split holds, and how far an unfinished one is."""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from taskonomy_kedro.core.preparation.disk import writing

FACTS = "split.json"
"""Written last: where it is, the split is whole."""
DONE = "done.json"
"""Of an unfinished split: up to where it is whole."""


def content_hash(paths: Iterable[Path]) -> str:
    """Return a hash over the names and bytes of some files, in order."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        with path.open("rb") as file:
            while block := file.read(1 << 22):
                digest.update(block)
    return digest.hexdigest()[:16]


def content_files(folder: Path) -> list[Path]:
    """Return the files that are the content of a split, by name."""
    no_content = (FACTS, DONE, "record.json")
    return sorted(path for path in folder.iterdir() if path.name not in no_content and path.name[0] != ".")


def read_json(path: Path) -> dict[str, Any] | None:
    """Return the object in a JSON file, None where there is none that can be read."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def write_json(path: Path, content: Any) -> None:
    """Write a JSON file whole or not at all, on the disk when this returns.

    Raises:
        CannotWriteError: The disk is full or cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    with writing(path):
        with unfinished.open("w") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
