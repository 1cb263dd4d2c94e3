"""The facts of one image: its camera and the point at its centre."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.tasks import nearest_name_hint

Vector3 = tuple[float, float, float]
Range = tuple[float, float]

_VECTORS = (
    "camera_location",
    "camera_rotation_final",
    "camera_rotation_original",
    "camera_rotation_from_original_to_final",
    "point_location",
    "point_normal",
)
_NUMBERS = (
    "field_of_view_rads",
    "camera_distance",
    "obliqueness_angle",
    "point_pitch",
)
_BY_AXIS = {  # optional fields: how many numbers each of x, y and z has
    "bounding_box_ranges": 2,
    "vanishing_points_gaussian_sphere": 3,
    "vanishing_points_image": 2,
}
_FARTHEST = 1e6  # metres; the squares of greater numbers do not fit into 32 bits
_GREATEST_WHOLE = 10**9  # ids in file names have nine digits at most


@dataclass(frozen=True, kw_only=True)
class PointInfo:
    """The fields of a `point_info` file, under their own names.

    Attributes:
        point_uuid: Id of the point at the image centre, P of the file name.
        view_id: V of the file name, counted within the point.
        camera_uuid: Id of the camera location; shared by views of other points from there.
        room: Id of the room.
        camera_location: Metres in the world, z up.
        camera_rotation_final: Static-xyz Euler angles, radians: R = Rz Ry Rx takes camera to world;
            camera x right, y up, looking along -z.
        camera_rotation_original: The scanner's rotation before it turned to the point.
        camera_rotation_from_original_to_final: The rotation between the two.
        field_of_view_rads: Full horizontal angle, equal to the vertical one.
        resolution: Pixels a side of the image that the pixel fields refer to.
        point_location: Metres in the world.
        point_normal: Unit vector in the world.
        camera_distance: From camera to point, metres.
        obliqueness_angle: Between the point's normal and the direction to the camera, radians.
        point_pitch: Pitch of the direction to the point, radians, positive upwards.
        bounding_box_ranges: Of the room, metres, WITH x AND y SWAPPED against `camera_location`:
            (x, y, z), each (low, high); None if the file has none.
        vanishing_points_gaussian_sphere: World axes (x, y, z) in the camera frame, turned about z
            by quarters so that y is nearest to the camera's right; None if the file has none.
        vanishing_points_image: Their positions in the image, pixels; no label uses them.
        nonfixated_points_in_view: Ids of other visible points.
    """

    point_uuid: str
    view_id: int
    camera_uuid: str
    room: str
    camera_location: Vector3
    camera_rotation_final: Vector3
    camera_rotation_original: Vector3
    camera_rotation_from_original_to_final: Vector3
    field_of_view_rads: float
    resolution: int
    point_location: Vector3
    point_normal: Vector3
    camera_distance: float
    obliqueness_angle: float
    point_pitch: float
    bounding_box_ranges: tuple[Range, Range, Range] | None = None
    vanishing_points_gaussian_sphere: tuple[Vector3, Vector3, Vector3] | None = None
    vanishing_points_image: tuple[Range, Range, Range] | None = None
    nonfixated_points_in_view: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the content of the file: lists, numbers and strings only."""
        # `asdict` would copy every number: half a millisecond for each image
        record: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        for name in _BY_AXIS:
            by_axis = record.pop(name)
            if by_axis is not None:
                record[name] = {axis: list(values) for axis, values in zip("xyz", by_axis, strict=True)}
        return {key: list(value) if isinstance(value, tuple) else value for key, value in record.items()}

    @classmethod
    def from_json(cls, record: Mapping[str, Any], *, path: str) -> "PointInfo":
        """Read the content of a file; other fields are ignored.

        Args:
            record: The parsed file.
            path: Its name, for messages.

        Raises:
            UserError: A field is missing or has a wrong value; the message has file, field, what was
                expected and what came.
        """
        if not isinstance(record, Mapping):
            raise UserError(f"{path}: expected an object with the fields of point_info, got {record!r:.80}")
        values: dict[str, Any] = {name: _vector(record, name, 3, path) for name in _VECTORS}
        values |= {name: _number(_field(record, name, path), name, path) for name in _NUMBERS}
        if not 0 < values["field_of_view_rads"] < math.pi:
            raise _wrong(path, "field_of_view_rads", "between 0 and pi", values["field_of_view_rads"])
        for name in ("view_id", "resolution"):
            values[name] = _whole(_field(record, name, path), name, path)
        if values["resolution"] < 1:
            raise _wrong(path, "resolution", "at least 1", values["resolution"])
        for name in ("point_uuid", "camera_uuid", "room"):
            values[name] = str(_field(record, name, path))
        for name, length in _BY_AXIS.items():
            values[name] = _by_axis(record, name, length, path)
        listed = _field(record, "nonfixated_points_in_view", path)
        if not isinstance(listed, list | tuple):
            raise _wrong(path, "nonfixated_points_in_view", "a list of point ids", listed)
        values["nonfixated_points_in_view"] = tuple(
            _whole(point, "nonfixated_points_in_view", path) for point in listed
        )
        return cls(**values)


def _wrong(path: str, name: str, wanted: str, got: object) -> UserError:
    return UserError(f"{path}: field {name!r} must be {wanted}, got {got!r:.80}")


def _field(record: Mapping[str, Any], name: str, path: str) -> Any:
    if name not in record:
        known = [field.name for field in fields(PointInfo)]
        unknown = [key for key in record if key not in known]
        hint = nearest_name_hint(name, unknown) if unknown else ""
        raise UserError(f"{path}: field {name!r} is missing{hint if 'did you mean' in hint else ''}")
    return record[name]


def _number(value: Any, name: str, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(path, name, "a finite number", value)
    return float(value)


def _whole(value: Any, name: str, path: str) -> int:
    is_text = isinstance(value, str) and value.isdigit()
    is_number = isinstance(value, int | float) and math.isfinite(value) and value == int(value)
    if isinstance(value, bool) or not (is_text or is_number):
        raise _wrong(path, name, "a whole number", value)
    if abs(int(value)) >= _GREATEST_WHOLE:
        raise _wrong(path, name, "a whole number of at most nine digits", value)
    return int(value)


def _numbers(value: Any, name: str, length: int, path: str) -> tuple[float, ...]:
    if not isinstance(value, list | tuple) or len(value) != length:
        raise _wrong(path, name, f"{length} numbers", value)
    return tuple(_number(one, name, path) for one in value)


def _vector(record: Mapping[str, Any], name: str, length: int, path: str) -> tuple[float, ...]:
    numbers = _numbers(_field(record, name, path), name, length, path)
    if max(map(abs, numbers)) > _FARTHEST:
        raise _wrong(path, name, f"numbers up to {_FARTHEST:g}", list(numbers))
    return numbers


def _by_axis(
    record: Mapping[str, Any], name: str, length: int, path: str
) -> tuple[tuple[float, ...], ...] | None:
    by_axis = record.get(name)
    if by_axis is None:
        return None
    if not isinstance(by_axis, Mapping) or not {"x", "y", "z"} <= set(by_axis):
        raise _wrong(path, name, "an object with x, y and z", by_axis)
    return tuple(_numbers(by_axis[axis], f"{name}.{axis}", length, path) for axis in "xyz")
