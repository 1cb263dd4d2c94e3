import math

import numpy as np
import pytest
import torch

from taskonomy_kedro import rooms
from taskonomy_kedro.core.labels import camera_labels
from taskonomy_kedro.core.training.pose_composition import (
    composed_pose,
    euler_from_rotation,
    rotation_from_euler,
)


def poses(rng, n=50):
    return rng.uniform(-1, 1, (n, 6)) * [math.pi, 1.5, math.pi, 3, 3, 3]


def test_composing_is_what_the_labels_do(rng):
    one, two = poses(rng), poses(rng)
    wanted = [camera_labels.composed_pose(a, b) for a, b in zip(one, two, strict=True)]
    got = composed_pose(torch.from_numpy(one), torch.from_numpy(two))
    np.testing.assert_allclose(got, wanted, atol=2e-6)  # the labels are float32


def test_angles_survive_the_way_through_a_rotation(rng):
    angles = torch.from_numpy(poses(rng)[:, :3])
    np.testing.assert_allclose(euler_from_rotation(rotation_from_euler(angles)), angles, atol=1e-9)


@pytest.mark.parametrize("second", [math.pi / 2, -math.pi / 2, 0.0])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gradients_are_finite_where_the_first_and_third_angle_are_one(second, dtype):
    pose = torch.tensor([[0.3, second, 0.0, 1.0, 2.0, 3.0]], dtype=dtype, requires_grad=True)
    still = torch.zeros(1, 6, dtype=dtype, requires_grad=True)
    composed = composed_pose(pose, still)
    assert composed[0, 1].item() == pytest.approx(second, abs=1e-3)
    composed.sum().backward()
    assert pose.grad.isfinite().all()
    assert still.grad.isfinite().all()


def test_a_gimbal_is_taken_apart_as_the_labels_do():
    exact = np.array([[0.0, 0.5, 0.8], [0.0, 0.8, -0.5], [-1.0, 0.0, 0.0]])
    exact[:2, 1:] /= math.hypot(0.5, 0.8)
    rotation = torch.from_numpy(exact).requires_grad_()
    got = euler_from_rotation(rotation[None])[0]
    np.testing.assert_allclose(got.detach(), rooms.euler_from_rotation(exact), atol=1e-12)
    got.sum().backward()
    assert rotation.grad.isfinite().all()


def test_gradients_of_composing(rng):
    one, two = (torch.from_numpy(poses(rng, 3)).requires_grad_() for _ in range(2))
    assert torch.autograd.gradcheck(composed_pose, (one, two))
