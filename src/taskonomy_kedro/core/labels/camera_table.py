"""Cameras of many images in columns: the facts that pairs and poses need."""

from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from taskonomy_kedro.core.labels.point_info import PointInfo, Vector3


class CameraFacts(NamedTuple):
    """Some fields of a `PointInfo`, under their own names."""

    camera_location: Vector3
    camera_rotation_final: Vector3
    nonfixated_points_in_view: Sequence[int]


class CameraTable(Sequence[CameraFacts]):
    """Facts of many images: 250 bytes each with 50 points in view; a `PointInfo` takes thousands."""

    def __init__(self) -> None:
        self._numbers = array("d")  # six for each image
        self._points = array("i")  # ids have nine digits at most
        self._ends = array("q")

    def append(self, info: PointInfo) -> None:
        """Add the facts of one more image."""
        self._numbers.extend((*info.camera_location, *info.camera_rotation_final))
        self._points.extend(info.nonfixated_points_in_view)
        self._ends.append(len(self._points))

    def numbers(self) -> np.ndarray:
        """Return location and Euler angles of each image, (n, 6) float64."""
        return np.array(self._numbers).reshape(-1, 6)

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return [self[one] for one in range(len(self))[row]]
        row = range(len(self))[row]
        x, y, z, *angles = self._numbers[6 * row : 6 * row + 6]
        a, b, c = angles
        start = self._ends[row - 1] if row else 0
        return CameraFacts((x, y, z), (a, b, c), self._points[start : self._ends[row]])
