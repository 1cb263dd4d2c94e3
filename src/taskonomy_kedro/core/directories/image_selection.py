"""Select some images of a building: many points, and several views of each."""

import zlib

import numpy as np

_VIEWS_TOGETHER = 3  # enough for a triplet


def choose_images(building: str, points: np.ndarray, n_images: int) -> np.ndarray:
    """Select images spread over the points of a building.

    Points are ordered by a hash of their names. Those with at least two views come first, with up to
    three views each; then points with one view; then further views. If one place is left over, it
    goes to a further view of a selected point, if there is one.

    Args:
        building: Its name; with the point id it determines the order.
        points: (n,) point of each image, sorted.
        n_images: Upper limit, at least 1.

    Returns:
        Sorted rows of the selected images, (m,) int64.
    """
    if len(points) <= n_images:
        return np.arange(len(points))
    _, starts, counts = np.unique(points, return_index=True, return_counts=True)
    names = [f"{building}/{point}".encode() for point in points[starts]]
    order = sorted(range(len(starts)), key=lambda k: (zlib.crc32(names[k]), k))
    chosen: list[int] = []
    further: list[int] = []
    untouched: list[int] = []
    several = [k for k in order if counts[k] > 1]
    for k in several:
        rows = range(starts[k], starts[k] + counts[k])
        left = n_images - len(chosen)
        would_strand_one = left == _VIEWS_TOGETHER + 1 and k != several[-1]
        together = 2 if would_strand_one else min(_VIEWS_TOGETHER, left)
        if together < 2:
            untouched.extend(rows)
            continue
        chosen.extend(rows[:together])
        further.extend(rows[together:])
    alone = [int(starts[k]) for k in order if counts[k] == 1]
    left = n_images - len(chosen)
    rest = further + alone + untouched if left == 1 else alone + further
    return np.sort(np.array(chosen + rest[:left], dtype=np.int64))
