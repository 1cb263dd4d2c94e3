"""Small hand-made examples of labels, for tests of what is drawn and summarised."""

import math

import numpy as np

from taskonomy_kedro.core.labels.drawing import LabelExample
from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.labels.stored import STORED_DOMAINS
from taskonomy_kedro.core.tasks import TASKS

SIDE = 32


def camera(location=(0.0, 0.0, 1.5), yaw=0.0, **changes) -> PointInfo:
    """A level camera with a right angle of view; without yaw it looks along world +y.

    The room around it reaches from x = -2 to 2, y = -1 to 3 and z = 0 to 3.
    """
    values = {
        "point_uuid": "0",
        "view_id": 0,
        "camera_uuid": "c",
        "room": "office_0",
        "camera_location": location,
        "camera_rotation_final": (math.pi / 2, 0.0, yaw),
        "camera_rotation_original": (math.pi / 2, 0.0, 0.0),
        "camera_rotation_from_original_to_final": (0.0, 0.0, yaw),
        "field_of_view_rads": math.pi / 2,
        "resolution": SIDE,
        "point_location": (0.0, 3.0, 1.5),
        "point_normal": (0.0, -1.0, 0.0),
        "camera_distance": 3.0,
        "obliqueness_angle": 0.0,
        "point_pitch": 0.0,
        "bounding_box_ranges": ((-1.0, 3.0), (-2.0, 2.0), (0.0, 3.0)),
    }
    return PointInfo(**{**values, **changes})


def arrays(seed=0, side=SIDE) -> dict[str, np.ndarray]:
    """Every stored domain of one image: noise of the right types, a smooth picture."""
    rng = np.random.default_rng(seed)
    out = {}
    for name, domain in STORED_DOMAINS.items():
        shape = domain.shape(side, {"class_object": 16, "class_scene": 8}.get(name, 0))
        if domain.kind == "vector":
            values = rng.random(shape, dtype=np.float32)
            out[name] = values / values.sum()
        elif domain.kind == "ids":
            out[name] = rng.integers(1, 6, shape).astype(domain.dtype).repeat(4, 0).repeat(4, 1)[:side, :side]
        else:
            out[name] = rng.integers(0, 200, shape).astype(domain.dtype)
    out["mask_valid"] = np.full((side, side), 255, dtype=np.uint8)
    ramp = np.linspace(40, 220, side)
    out["rgb"] = np.rint(
        np.stack([ramp[:, None] + 0 * ramp, ramp + 0 * ramp[:, None], np.full((side, side), 90.0 + seed)], -1)
    ).astype(np.uint8)
    return out


def examples_by_task(seed=0, **changes) -> dict[str, LabelExample]:
    """One example for each of the 26 tasks, of images `room_0000<seed>/0/<k>`."""
    infos = [camera(), camera((1.0, 0.0, 1.5), math.atan2(1.0, 3.0), camera_distance=10**0.5), camera()]
    out = {}
    for name, task in TASKS.items():
        count = 1 if task.reads.transform == "tiles" else task.reads.n_inputs
        out[name] = LabelExample(
            image_ids=tuple(f"room_{seed:05d}/0/{k}" for k in range(count)),
            stored=tuple({**arrays(seed + k), **changes} for k in range(count)),
            point_infos=tuple(infos[:count]),
            is_match=True if name == "point_matching" else None,
        )
    return out
