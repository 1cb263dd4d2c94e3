"""The images that see each point: the `nonfixated_matches` files."""

import json
import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from taskonomy_kedro.core.directories.files import ImageKey, UnreadableFile, UnreadableFileError, read_bytes
from taskonomy_kedro.core.directories.formats import NONFIXATED_MATCHES
from taskonomy_kedro.core.directories.index import DirectoryIndex
from taskonomy_kedro.core.directories.label_folders import VIEW_BITS, file_names
from taskonomy_kedro.core.labels.point_info import PointInfo, Vector3
from taskonomy_kedro.core.parallel import map_in_order
from taskonomy_kedro.rooms import rotation_from_euler

_AGAIN = "download it again"
_GREATEST_WHOLE = 10**9  # ids in file names have nine digits at most
_NAME = re.compile(r"(?:point_)?(\d{1,9})_view_all.*\.json")


class Match(NamedTuple):
    """An image that sees the point, and the pixel.

    Attributes:
        point: The point at the centre of the image.
        view: Its view id.
        camera: Id of its camera.
        x: Pixels from the left edge of the full-size image.
        y: Pixels from the upper edge.
    """

    point: int
    view: int
    camera: str
    x: int
    y: int


@dataclass(frozen=True, kw_only=True)
class PointMatches:
    """The content of one `nonfixated_matches` file.

    Attributes:
        point: Id of the point.
        location: Metres in the world.
        matches: The images that see it.
    """

    point: int
    location: Vector3
    matches: tuple[Match, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the content of the file."""
        return {
            "point_uuid": str(self.point),
            "point_location": list(self.location),
            "views": [
                {
                    "point_uuid": str(match.point),
                    "view_id": match.view,
                    "camera_uuid": match.camera,
                    "nonfixated_pixel_x": match.x,
                    "nonfixated_pixel_y": match.y,
                }
                for match in self.matches
            ],
        }


class Sightings(NamedTuple):
    """Points of one building and the rows of an index that see them; one entry a pair of both.

    Attributes:
        building: Its name.
        point: (n,) int64, the point seen.
        row: (n,) int64, the image.
        unreadable: Files that were skipped.
    """

    building: str
    point: np.ndarray
    row: np.ndarray
    unreadable: tuple[UnreadableFile, ...]


def read_nonfixated_matches(path: Path | str) -> PointMatches:
    """Read the file of one point.

    Raises:
        UnreadableFileError: Not JSON, or a field is missing or has a wrong value; the message has
            file and field.
    """
    path = os.fspath(path)
    content = read_bytes(path)
    try:
        record = json.loads(content)
    except ValueError as error:
        raise UnreadableFileError(path, f"is not JSON ({error}): {_AGAIN}") from error
    named = _NAME.fullmatch(Path(path).name)
    point = int(named[1]) if named else _whole(record, "point_uuid", path)
    location = _field(record, "point_location", path)
    is_place = isinstance(location, list) and len(location) == 3
    if not is_place or not all(isinstance(v, int | float) and math.isfinite(v) for v in location):
        raise UnreadableFileError(
            path, f"has {location!r:.60} in field 'point_location'; expected 3 numbers: {_AGAIN}"
        )
    views = _field(record, "views", path)
    if not isinstance(views, list):
        raise UnreadableFileError(path, f"has {views!r:.60} in field 'views'; expected a list: {_AGAIN}")
    matches = tuple(
        Match(
            point=_whole(view, "point_uuid", path),
            view=_whole(view, "view_id", path),
            camera=str(_field(view, "camera_uuid", path)),
            x=_whole(view, "nonfixated_pixel_x", path),
            y=_whole(view, "nonfixated_pixel_y", path),
        )
        for view in views
    )
    x, y, z = (float(value) for value in location)
    return PointMatches(point=point, location=(x, y, z), matches=matches)


def _field(record: Any, name: str, path: str) -> Any:
    if not isinstance(record, Mapping) or name not in record:
        raise UnreadableFileError(path, f"lacks the field {name!r}: {_AGAIN}")
    return record[name]


def _whole(record: Any, name: str, path: str) -> int:
    value = _field(record, name, path)
    is_number = (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _GREATEST_WHOLE
    )
    if is_number or (isinstance(value, str) and value.isdecimal() and len(value) < len(str(_GREATEST_WHOLE))):
        return int(value)
    raise UnreadableFileError(path, f"has {value!r:.60} in field {name!r}; expected a whole number: {_AGAIN}")


def matches_files(index: DirectoryIndex, building: str) -> dict[int, str]:
    """Return point to file of a building's `nonfixated_matches`; empty if it has none."""
    folder = index.folders[building].get(NONFIXATED_MATCHES)
    if folder is None:
        return {}
    named = ((_NAME.fullmatch(name), name) for name in sorted(file_names(folder.path)))
    return {int(match[1]): f"{folder.path}/{name}" for match, name in named if match}


def read_sightings(
    index: DirectoryIndex, buildings: Sequence[str] | None = None, *, processes: int = 1
) -> Iterator[Sightings]:
    """Read from the `nonfixated_matches` files which images of the index see which points.

    Images that are not in the index are ignored. A file that cannot be read is skipped and listed, with
    `building/point` instead of an image id.

    Args:
        index: From `index_directory`.
        buildings: Some of its buildings; None takes all.
        processes: How many read, one building each.

    Yields:
        One building at a time, since each has some hundred thousand.
    """
    names = index.buildings if buildings is None else tuple(buildings)
    pieces = ((name, matches_files(index, name)) for name in names)
    found = map_in_order(_read_building, pieces, processes=min(processes, max(len(names), 1)))
    for name, (table, unreadable) in zip(names, found, strict=True):
        low, high = index.rows_of_building[name]
        codes = (index.point[low:high] << VIEW_BITS) | index.view[low:high]  # sorted, as the rows are
        wanted = (table[:, 1] << VIEW_BITS) | table[:, 2]
        place = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
        is_here = codes[place] == wanted
        yield Sightings(
            building=name, point=table[is_here, 0], row=low + place[is_here], unreadable=tuple(unreadable)
        )


def _read_building(piece: tuple[str, Mapping[int, str]]) -> tuple[np.ndarray, list[UnreadableFile]]:
    """Return (n, 3) int64: the point seen, and point and view of the image that sees it."""
    building, files = piece
    rows: list[tuple[int, int, int]] = []
    unreadable = []
    for point, path in sorted(files.items()):
        try:
            matches = read_nonfixated_matches(path).matches
        except UnreadableFileError as error:
            unreadable.append(
                UnreadableFile(image_id=f"{building}/{point}", path=error.path, reason=error.reason)
            )
            continue
        rows += [(point, match.point, match.view) for match in matches]
    return np.array(rows, dtype=np.int64).reshape(-1, 3), unreadable


def matches_of_point_infos(keys: Sequence[ImageKey], point_infos: Sequence[PointInfo]) -> list[PointMatches]:
    """Gather the `nonfixated_matches` of one building from the `point_info` of all its images.

    Args:
        keys: All images of the building.
        point_infos: Theirs, in the same order.

    Returns:
        One for each point, by id: the images that list it and those with it at their centre, with
        the pixel where their camera projects it.
    """
    locations = {key.point: info.point_location for key, info in zip(keys, point_infos, strict=True)}
    seen: dict[int, list[Match]] = {point: [] for point in sorted(locations)}
    for key, info in sorted(zip(keys, point_infos, strict=True), key=lambda pair: pair[0]):
        for point in {key.point, *info.nonfixated_points_in_view} & set(seen):
            x, y = project(info, locations[point])
            seen[point].append(Match(point=key.point, view=key.view, camera=info.camera_uuid, x=x, y=y))
    return [
        PointMatches(point=point, location=locations[point], matches=tuple(matches))
        for point, matches in seen.items()
    ]


def project(info: PointInfo, location: Vector3) -> tuple[int, int]:
    """Return the pixel (x to the right, y down) where a camera sees a point of the world.

    u = W/2 + f x/(-z), v = W/2 - f y/(-z), f = (W/2)/tan(angle/2), with (x, y, z) the point in the
    camera's frame, R^T (X - c), and R = Rz Ry Rx of `camera_rotation_final`. Rounded as in the real
    files, and clipped to the frame.
    """
    half = info.resolution / 2
    way = np.array(location) - np.array(info.camera_location)
    x, y, z = (rotation_from_euler(info.camera_rotation_final).T @ way).tolist()
    focal = half / math.tan(info.field_of_view_rads / 2)
    depth = max(-z, 1e-9)
    u, v = half + focal * x / depth, half - focal * y / depth
    greatest = info.resolution - 1
    return min(max(round(u), 0), greatest), min(max(round(v), 0), greatest)
