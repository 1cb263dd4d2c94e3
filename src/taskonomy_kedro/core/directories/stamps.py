"""Detect changed files without reading them, by their names, sizes and modification times."""

import hashlib
import os
from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np

from taskonomy_kedro.core.directories.formats import NONFIXATED_MATCHES
from taskonomy_kedro.core.directories.index import DirectoryIndex
from taskonomy_kedro.core.directories.matches import matches_files

_GONE = (-1, 0)  # size and time of a file that was deleted after it was listed


def stamp_files(index: DirectoryIndex, buildings: Iterable[str]) -> dict[str, dict[str, str]]:
    """Describe the files of some buildings, one folder at a time.

    Each file costs one call for its size and modification time; none is read.

    Args:
        index: From `index_directory`; only files of its images count.
        buildings: Some of its buildings.

    Returns:
        Building to domain to a text such as `9 files, 81203 bytes, newest 2026-01-31 12:00:00 UTC,
        1f0c…`. It changes if a file is added, removed, or has another size or time.
    """
    stamps: dict[str, dict[str, str]] = {}
    for building in buildings:
        low, high = index.rows_of_building[building]
        here = stamps[building] = {}
        for k, column in enumerate(index.columns):
            rows = low + np.flatnonzero(index.has_file[low:high, k])
            if len(rows):
                folder = index.folders[building][column]
                images = zip(index.point[rows].tolist(), index.view[rows].tolist(), strict=True)
                here[column] = _stamp([folder.file_of(point, view) for point, view in images])
        if files := matches_files(index, building):
            here[NONFIXATED_MATCHES] = _stamp(list(files.values()))
    return stamps


def _stamp(paths: list[str]) -> str:
    digest = hashlib.sha256()
    total, newest = 0, 0
    for path in paths:
        try:
            found = os.stat(path)  # noqa: PTH116 - a Path each would be slow
            size, changed = found.st_size, found.st_mtime_ns
        except OSError:
            size, changed = _GONE
        total, newest = total + size, max(newest, changed)
        digest.update(f"{path.rpartition('/')[2]} {size} {changed}\n".encode())
    when = datetime.fromtimestamp(newest // 10**9, tz=UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"{len(paths)} files, {total} bytes, newest {when}, {digest.hexdigest()[:12]}"
