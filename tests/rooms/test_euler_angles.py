import math

import numpy as np
from scipy.spatial.transform import Rotation

from taskonomy_kedro.rooms import euler_from_rotation, rotation_from_euler

ANGLES = np.random.default_rng(0).uniform(-1.5, 1.5, (20, 3))


def test_the_convention_is_that_of_static_xyz_angles_in_scipy():
    rotations = Rotation.from_euler("xyz", ANGLES)
    np.testing.assert_allclose(rotation_from_euler(ANGLES), rotations.as_matrix(), atol=1e-14)
    np.testing.assert_allclose(euler_from_rotation(rotations.as_matrix()), ANGLES, atol=1e-14)


def test_angles_and_rotation_are_inverse_also_if_two_axes_coincide():
    for angles in [*ANGLES, (0.3, math.pi / 2, 0.2), (0.3, -math.pi / 2, 0.2)]:
        rotation = rotation_from_euler(angles).round(12)  # with zeros if two axes coincide
        np.testing.assert_allclose(rotation_from_euler(euler_from_rotation(rotation)), rotation, atol=1e-9)
