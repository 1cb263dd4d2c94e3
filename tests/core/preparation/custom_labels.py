"""A small directory of rooms with folders of custom labels."""

from pathlib import Path

import numpy as np
from tests.directory_trees import write

from taskonomy_kedro.core.directories import ImageKey, export_image
from taskonomy_kedro.core.labels.custom_tasks import task_dictionary
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.labels.targets import Target, target_of
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.room_images import make_room_images
from taskonomy_kedro.core.preparation.settings import SPLITS, DataSettings
from taskonomy_kedro.core.preparation.split_build import build_split
from taskonomy_kedro.rooms import RoomSettings

SIZE = 32
ENTRIES = {
    "heat": {"kind": "regression_map", "range": [0, 200], "mask": "valid_depth", "loss": "l2"},
    "humidity": {"kind": "regression_map", "range": [1000, 5000], "mask": "none"},  # 16 bits
    "flow": {"kind": "regression_map", "channels": 2, "range": [0, 255], "family": "3d"},
    "material": {"folder": "wall_material", "kind": "class_map", "classes": 5},
    "tile": {"kind": "class_map", "classes": 300, "mask": "label_present"},  # 16 bits
    "weather": {"kind": "vector", "length": 3, "loss": "norm"},
    "place": {"kind": "class", "classes": 4, "family": "semantic"},
}
# The image that lacks every label, counted within each room.
UNLABELLED = 1


def label_of(name: str, image_id: str) -> np.ndarray:
    """What the file of a label holds, drawn from the image's id."""
    rng = np.random.default_rng([*image_id.encode(), len(name)])
    if name == "heat":
        return rng.integers(0, 256, (SIZE, SIZE)).astype(np.uint8)
    if name == "humidity":
        return rng.integers(0, 6001, (SIZE, SIZE)).astype(np.uint16)
    if name == "flow":
        return rng.integers(0, 256, (SIZE, SIZE, 3)).astype(np.uint8)
    if name == "material":
        return rng.choice(6, (SIZE, SIZE), p=[0.3, 0.4, 0.1, 0.1, 0.1, 0.0]).astype(np.uint8)
    if name == "tile":
        return rng.integers(0, 300, (SIZE, SIZE)).astype(np.uint16)
    if name == "weather":
        return rng.normal([5.0, -2.0, 0.0], [2.0, 0.1, 1.0]).astype(np.float32)
    return np.array(rng.integers(0, 4))


def write_rooms_with_labels(root: Path, n_rooms: int = 4) -> None:
    """Export rooms, then write custom labels for all images but one of each room."""
    for index in range(n_rooms):
        settings = RoomSettings(image_size=SIZE, views_per_room=5)
        for number, image in enumerate(make_room_images(index, seed=0, settings=settings)):
            export_image(image, root)
            if number == UNLABELLED:
                continue
            key = ImageKey(image.building, image.point, image.view)
            for name, entry in ENTRIES.items():
                folder = entry.get("folder", name)
                extension = ".png" if entry["kind"].endswith("map") else ".npy"
                file = f"point_{key.point}_view_{key.view}_domain_{folder}{extension}"
                write(root / folder / "taskonomy" / key.building / file, label_of(name, key.image_id))


def settings(root: Path, tasks=ENTRIES, **directory) -> DataSettings:
    """Return the settings of a directory with custom tasks."""
    return DataSettings(
        source="directory",
        image_size=SIZE,
        processes=1,
        directory={"dataset_dir": str(root), **directory},
        tasks=tasks,
    )


def prepared(root: Path, folder: Path, tasks=ENTRIES, **directory) -> dict[str, PreparedSplit]:
    """Prepare every split of a directory with custom tasks."""
    splits = {}
    for split in SPLITS:
        build_split(split, settings(root, tasks, **directory), folder / split)
        splits[split] = PreparedSplit.open(folder / split)
    return splits


def target(
    split: PreparedSplit, name: str, statistics: LabelStatistics | None = None, tasks=ENTRIES
) -> Target:
    """Return the targets of a custom task for all images of a split."""
    task = task_dictionary(tasks)[name]
    rows = np.arange(len(split))
    stored = split.batch(rows, task.needed_domains)
    return target_of(task, stored, statistics, split.has(task.domains[0]))
