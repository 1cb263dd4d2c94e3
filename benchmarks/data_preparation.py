"""Time the data preparation: rooms with every label, and random batches of the prepared split.

Usage: python benchmarks/data_preparation.py [--views 4000] [--size 64] [--growth]
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from taskonomy_kedro.core.labels.view_labels import label_view
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.settings import DataSettings, RoomsSettings
from taskonomy_kedro.core.preparation.split_build import build_split
from taskonomy_kedro.rooms import RoomSettings, make_room, make_views, render


def prepare_views(n_views: int, size: int, folder: Path) -> PreparedSplit:
    rooms = RoomsSettings(train=max(1, round(n_views / 40)), views_per_room=40)
    start = time.perf_counter()
    build_split("train", DataSettings(image_size=size, rooms=rooms), folder)
    seconds = time.perf_counter() - start
    split = PreparedSplit.open(folder)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    disk = sum(path.stat().st_size for path in folder.iterdir()) / 1024**2
    rate = len(split) / seconds
    print(f"{len(split)} views at {size}x{size}, every label: {seconds:.1f} s, {rate:.0f} a second")
    print(f"  memory of this process {own:.2f} GB, its workers apart; {disk:.0f} MB on disk")
    return split


def slice_batches(split: PreparedSplit, folder: Path, n_batches: int = 300) -> None:
    """Time random batches of 32 with all labels, from .npy and, if installed, from Zarr."""
    rng = np.random.default_rng(0)
    batches = [rng.integers(0, len(split), 32) for _ in range(n_batches)]
    for _ in range(2):  # the first round warms the cache
        start = time.perf_counter()
        for rows in batches:
            split.batch(rows)
        npy = 32 * n_batches / (time.perf_counter() - start)
    print(f"random batches of 32 with all labels: {npy:,.0f} images a second (goal 3,000)")
    try:
        import zarr
    except ImportError:
        print("  zarr is not installed: no comparison")
        return
    group = zarr.open_group(folder / "zarr", mode="w")
    stored = {
        name: group.create_array(name, data=np.asarray(array), chunks=(16, *array.shape[1:]))
        for name, array in split.arrays.items()
    }
    start = time.perf_counter()
    for rows in batches[:10]:
        for array in stored.values():
            array.oindex[rows]
    slow = 320 / (time.perf_counter() - start)
    print(
        f"  the same from Zarr {zarr.__version__}, chunks of 16 images: {slow:,.0f}; ratio {npy / slow:.0f}"
    )


def show_growth() -> None:
    """Time one view by image size, and by the number of objects in the room."""
    for size in (64, 128, 256, 512):
        n_views = max(1, 2000 // size)
        room = make_room(seed=0, index=1)
        views = make_views(
            room, seed=0, settings=RoomSettings(image_size=size, views_per_room=max(n_views, 2))
        )
        rendering = [render(room, view.camera, size=size) for view in views[:1]]
        start = time.process_time()
        rendering = [render(room, view.camera, size=size) for view in views]
        middle = time.process_time()
        for view, one in zip(views, rendering, strict=True):
            label_view(room, view, one)
        seen = (middle - start) / len(views), (time.process_time() - middle) / len(views)
        print(
            f"{size}x{size}: {1000 * seen[0]:.1f} ms to render, {1000 * seen[1]:.1f} ms for all labels (CPU)"
        )
    for index in range(6):
        room = make_room(seed=0, index=index)
        views = make_views(room, seed=0, settings=RoomSettings(views_per_room=12))
        render(room, views[0].camera, size=64)
        start = time.process_time()
        for view in views:
            render(room, view.camera, size=64)
        each = 1000 * (time.process_time() - start) / len(views)
        parts = f"{len(room.objects)} objects, {len(room.primitives)} primitives"
        print(f"{room.kind}, {parts}: {each:.1f} ms a view")


def show_growth_in_views(n_views: int = 320) -> None:
    """Time the same number of views, every label, in many rooms with few views and in few with many."""
    for views_per_room in (8, 20, 40):
        rooms = RoomsSettings(train=n_views // views_per_room, views_per_room=views_per_room)
        with tempfile.TemporaryDirectory() as folder:
            start = time.process_time()
            build_split("train", DataSettings(processes=1, rooms=rooms), Path(folder) / "train")
            seconds = time.process_time() - start
            n_made = len(PreparedSplit.open(Path(folder) / "train"))
        each = f"{1000 * seconds / n_made:.1f} ms a view, {seconds / rooms.train:.2f} s a room"
        print(f"{rooms.train} rooms of {views_per_room} views: {each} (CPU, every label)")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--views", type=int, default=4000)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--growth", action="store_true", help="also by image size, objects, views of a room")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        split = prepare_views(arguments.views, arguments.size, Path(folder) / "train")
        slice_batches(split, Path(folder))
    if arguments.growth:
        show_growth()
        show_growth_in_views()


if __name__ == "__main__":
    main()
