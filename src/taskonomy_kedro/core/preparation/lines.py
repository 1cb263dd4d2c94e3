"""The lines beside the arrays of a split, one an image: id, labels present, camera facts."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from taskonomy_kedro.core.labels.point_info import PointInfo

IMAGES = "images.jsonl"
_BLOCK = 1 << 22  # bytes


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield what was written of each image; one at a time, since a data set has millions."""
    with path.open() as lines:
        for line in lines:
            yield json.loads(line)


class PointInfos(Sequence[PointInfo | None]):
    """The camera facts of each image of a split, None where it has none; read when they are asked for."""

    def __init__(self, path: Path) -> None:
        """Look where the lines of a file end.

        Args:
            path: The file; opened once, so that what takes its place later is not read.
        """
        self._path = str(path)
        self._text = np.memmap(path, dtype=np.uint8, mode="r")
        self._ends = _line_ends(self._text)

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return [self[one] for one in range(len(self))[row]]
        row = range(len(self))[row]
        start = self._ends[row - 1] + 1 if row else 0
        record = json.loads(self._text[start : self._ends[row]].tobytes())["point_info"]
        return None if record is None else PointInfo.from_json(record, path=self._path)


def _line_ends(text: np.ndarray) -> np.ndarray:
    """Return where each line ends, int64; a block at a time, since the text may be larger than the memory."""
    starts = range(0, len(text), _BLOCK)
    return np.concatenate(
        [np.flatnonzero(text[start : start + _BLOCK] == ord("\n")) + start for start in starts]
    )
