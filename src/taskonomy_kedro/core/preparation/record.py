"""What prepared data depend on, so that nothing is made twice and nothing stale is kept."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from taskonomy_kedro.core.preparation.disk import writing

RECORD = "record.json"
DONE = "done.json"
"""Beside an unfinished split: up to where it is whole."""

_TOLD = 5  # a copied directory would name every folder

# The folders of `core` whose code decides what a prepared byte is.
_CODE = ("tasks", "rooms", "labels", "directories", "preparation")
# What only draws or tells what is stored: a change there leaves the data as they are.
_TELLING = (
    "labels/drawing/",
    "labels/summary",
    "labels/custom_summary",
    "preparation/example_rows.py",
    "preparation/measuring.py",
)


@cache
def code_version(folders: tuple[str, ...] = _CODE) -> str:
    """Return a hash of the code of some folders of `core`; if not given, of what makes images and labels."""
    core = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(((core.parent if folder == "rooms" else core) / folder).rglob("*.py")):
            name = path.relative_to(core.parent).as_posix()
            if not name.removeprefix("core/").startswith(_TELLING):
                digest.update(name.encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def content_hash(paths: Iterable[Path]) -> str:
    """Return a hash over the bytes of some files, in order."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        with path.open("rb") as file:
            while block := file.read(1 << 22):
                digest.update(block)
    return digest.hexdigest()[:16]


def file_sizes(folder: Path) -> dict[str, int]:
    """Return the size of every file of a folder but its record, in bytes."""
    return {path.name: path.stat().st_size for path in content_files(folder)}


def content_files(folder: Path) -> list[Path]:
    """Return the files that are the content of a folder, by name."""
    return sorted(
        path for path in folder.iterdir() if path.name not in (RECORD, DONE) and path.name[0] != "."
    )


def read_record(folder: Path) -> dict[str, Any] | None:
    """Return the record of a folder, None where there is none that can be read."""
    try:
        record = json.loads((folder / RECORD).read_text())
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) else None


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


def note_tasks(folder: Path, entries: Mapping[str, Any]) -> list[str]:
    """Bring the entries of own tasks in the record of a finished split up to date.

    They stand beside what the split depends on: what is learned from a label moves no stored byte.

    Returns:
        What has changed, a phrase each.

    Raises:
        CannotWriteError: The disk is full or cannot be written.
    """
    record = read_record(folder) or {}
    noted = record.get("tasks", {})
    if json.dumps(noted) == json.dumps(entries):
        return []
    write_json(folder / RECORD, {**record, "tasks": entries})
    return differences(entries, noted, "tasks.") or ["tasks have another order"]


def differences(wanted: Mapping[str, Any], found: Mapping[str, Any], at: str = "") -> list[str]:
    """Say what differs between two records, a phrase each: `rooms.train was 50, is 60`."""
    phrases = []
    for key in sorted({*wanted, *found}):
        old, new = found.get(key), wanted.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            phrases += differences(new, old, f"{at}{key}.")
        elif old is None and isinstance(new, Mapping):
            phrases.append(f"{at}{key} is new")
        elif new is None and isinstance(old, Mapping):
            phrases.append(f"{at}{key} is gone")
        elif old != new:
            phrases.append(f"{at}{key} was {old}, is {new}")
    return phrases


def told(phrases: Sequence[str]) -> str:
    """Join what differs into one sentence; of many phrases the first few."""
    more = f"; and {len(phrases) - _TOLD} more" if len(phrases) > _TOLD else ""
    return "; ".join(phrases[:_TOLD]) + more
