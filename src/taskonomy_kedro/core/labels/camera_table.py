"""Where the cameras of many images stood, in columns: what pairs and poses need of their facts."""

from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple

from taskonomy_kedro.core.labels.point_info import PointInfo, Vector3


class CameraFacts(NamedTuple):
    """Some fields of a `PointInfo`, under their own names."""

    camera_location: Vector3
    camera_rotation_final: Vector3
    nonfixated_points_in_view: Sequence[int]


class CameraTable(Sequence[CameraFacts]):
    """Facts of many images: 250 bytes each with 50 points in view, of a `PointInfo` thousands."""

    def __init__(self) -> None:
        self._numbers = array("d")  # six an image
        self._points = array("i")  # ids have nine digits at most
        self._ends = array("q")

    def append(self, info: PointInfo) -> None:
        """Add the facts of one more image."""
        self._numbers.extend((*info.camera_location, *info.camera_rotation_final))
        self._points.extend(info.nonfixated_points_in_view)
        self._ends.append(len(self._points))

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
