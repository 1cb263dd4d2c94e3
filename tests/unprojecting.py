"""From a depth image back to places in the room: the reverse of `Camera.project`."""

import numpy as np

from taskonomy_kedro.rooms import Camera


def unproject(camera: Camera, depth_z: np.ndarray) -> np.ndarray:
    """Return the world point behind every pixel centre of a z-depth image, (H, W, 3)."""
    height, width = depth_z.shape
    f = camera.focal_length(width)
    x = (np.arange(width) + 0.5 - width / 2) / f
    y = (height / 2 - np.arange(height) - 0.5) / f
    direction = np.stack(np.broadcast_arrays(x[None, :], y[:, None], -np.ones((1, 1))), axis=-1)
    local = direction * np.asarray(depth_z, dtype=np.float64)[..., None]
    return camera.location + local @ camera.rotation.T
