"""Relative camera poses as tensors: `labels.cameras.composed_pose`, with gradients that stay finite."""

import torch
from torch import Tensor

_GIMBAL = 1e-6  # cosine of the second angle below which the first and third turn about the same axis


def rotation_from_euler(angles: Tensor) -> Tensor:
    """Return the rotations Rz Ry Rx, (..., 3, 3), of static-xyz angles (..., 3) in radians."""
    (sa, sb, sc), (ca, cb, cc) = angles.sin().unbind(-1), angles.cos().unbind(-1)
    rows = (
        torch.stack([cb * cc, sa * sb * cc - ca * sc, ca * sb * cc + sa * sc], dim=-1),
        torch.stack([cb * sc, sa * sb * sc + ca * cc, ca * sb * sc - sa * cc], dim=-1),
        torch.stack([-sb, sa * cb, ca * cb], dim=-1),
    )
    return torch.stack(rows, dim=-2)


def euler_from_rotation(rotation: Tensor) -> Tensor:
    """Return static-xyz angles (..., 3) in radians: first and third in [-pi, pi], second in half.

    Where the first and third turn about the same axis, the third is taken as none, and gradients of the
    angles that are not determined are 0.
    """
    r = rotation
    square = r[..., 0, 0] ** 2 + r[..., 1, 0] ** 2
    is_gimbal = square < _GIMBAL**2
    across = torch.where(is_gimbal, _GIMBAL**2, square).sqrt()
    first = torch.atan2(
        torch.where(is_gimbal, -r[..., 1, 2], r[..., 2, 1]),
        torch.where(is_gimbal, r[..., 1, 1], r[..., 2, 2]),
    )
    second = torch.atan2(-r[..., 2, 0], torch.where(is_gimbal, 0.0, across))
    third = torch.atan2(torch.where(is_gimbal, 0.0, r[..., 1, 0]), torch.where(is_gimbal, 1.0, r[..., 0, 0]))
    return torch.stack([first, second, third], dim=-1)


def composed_pose(pose_12: Tensor, pose_23: Tensor) -> Tensor:
    """Return the pose 1 to 3 of poses 1 to 2 and 2 to 3: R = R23 R12, t = R23 t12 + t23.

    Args:
        pose_12: (..., 6) three angles in radians, three lengths in metres.
        pose_23: As the first.

    Returns:
        (..., 6) of the same kind.
    """
    r12, r23 = rotation_from_euler(pose_12[..., :3]), rotation_from_euler(pose_23[..., :3])
    shift = (r23 @ pose_12[..., 3:, None]).squeeze(-1) + pose_23[..., 3:]
    return torch.cat([euler_from_rotation(r23 @ r12), shift], dim=-1)
