"""Pinhole cameras in the data set's convention: x right, y up, looking along -z; world z up."""

import math
from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.rooms.euler_angles import euler_from_rotation
from taskonomy_kedro.rooms.primitives import Vector
from taskonomy_kedro.rooms.solids import rotate


@dataclass(frozen=True, kw_only=True, eq=False)
class Camera:
    """A pinhole camera with square pixels and equal horizontal and vertical angle.

    Attributes:
        location: (3,) float64, metres in the world.
        rotation: (3, 3) float64; its columns are the camera's x, y and z axes in the world.
        field_of_view_rads: Full angle of view.

    Example:
        The point a camera looks at lies at the image centre, at its distance:

        >>> camera = Camera.looking_at((0.0, 0.0, 1.5), (3.0, 4.0, 1.5), field_of_view_rads=1.0)
        >>> places, depth = camera.project(np.array([[3.0, 4.0, 1.5]]), size=64)
        >>> places.round(6).tolist(), depth.round(6).tolist()
        ([[32.0, 32.0]], [5.0])
    """

    location: np.ndarray
    rotation: np.ndarray
    field_of_view_rads: float

    @classmethod
    def looking_at(cls, location: Vector, point: Vector, field_of_view_rads: float) -> "Camera":
        """Build a camera without roll that has the point at its image centre.

        Raises:
            ValueError: The point is straight above or below the camera, or at the camera.
        """
        forward = [point[i] - location[i] for i in range(3)]
        across = math.sqrt(forward[0] ** 2 + forward[1] ** 2)
        if across < 1e-6:
            raise ValueError(
                "a camera without roll needs a point that is not straight above or below it, "
                f"got location {location} and point {point}"
            )
        length = math.sqrt(across**2 + forward[2] ** 2)
        fx, fy, fz = (c / length for c in forward)
        right = (forward[1] / across, -forward[0] / across, 0.0)
        up = (right[1] * fz - right[2] * fy, right[2] * fx - right[0] * fz, right[0] * fy - right[1] * fx)
        rotation = np.array([right, up, (-fx, -fy, -fz)], dtype=np.float64).T
        return cls(
            location=np.array(location, dtype=np.float64),
            rotation=np.ascontiguousarray(rotation),
            field_of_view_rads=field_of_view_rads,
        )

    def focal_length(self, size: int) -> float:
        """Return the focal length in pixels, for an image of `size` pixels a side."""
        return size / 2 / math.tan(self.field_of_view_rads / 2)

    def euler(self) -> Vector:
        """Return the static-xyz Euler angles of the rotation, R = Rz Ry Rx, in radians."""
        a, b, c = euler_from_rotation(self.rotation).tolist()
        return (a, b, c)

    def to_camera(self, points: np.ndarray) -> np.ndarray:
        """Return world points (n, 3) in camera coordinates, (n, 3) metres."""
        return rotate(np.asarray(points, dtype=np.float64) - self.location, self.rotation)

    def project(self, points: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Project world points (n, 3) into an image of size x size pixels.

        Returns:
            Pixel coordinates (n, 2): u to the right, v down, (0, 0) the outer corner of the first
            pixel, whose centre is (0.5, 0.5); and depth along the optical axis (n,), metres,
            negative behind the camera, where pixels have no meaning.
        """
        local = self.to_camera(points)
        depth = -local[:, 2]
        safe = np.where(np.abs(depth) < 1e-9, 1e-9, depth)
        f = self.focal_length(size)
        places = np.stack([size / 2 + f * local[:, 0] / safe, size / 2 - f * local[:, 1] / safe], axis=1)
        return places, depth
