"""Where images come from: rooms from a seed, or a real directory."""

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, Protocol

import numpy as np

from taskonomy_kedro.core.directories import (
    ALL_DOMAINS,
    DirectoryIndex,
    ImageKey,
    UnreadableFile,
    custom_formats,
    find_split_file,
    index_directory,
    read_many,
    read_sightings,
    stamp_files,
)
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.stored import StoredImage, split_image_id
from taskonomy_kedro.core.parallel import map_in_order
from taskonomy_kedro.core.preparation.directory_checks import (
    check_buildings,
    check_own_labels,
    check_splits,
    warn_of_missing_masks,
)
from taskonomy_kedro.core.preparation.settings import SPLITS, DataSettings, SplitName
from taskonomy_kedro.core.tasks.naming import counted
from taskonomy_kedro.rooms import RECIPE_VERSION, ROOM_KINDS, RoomSettings

logger = logging.getLogger(__name__)

_UNKNOWN = "?"
_ROOM_IMAGES = "taskonomy_kedro.core.preparation.room_images"


class ImageSource(Protocol):
    """Gives the images of each split, in a fixed order, and what they depend on."""

    unreadable: list[UnreadableFile]

    def describe(self, split: SplitName) -> dict[str, Any]:
        """Return everything the split's images depend on beside the code, as plain JSON."""

    def n_items(self, split: SplitName) -> int:
        """Return the number of rooms or images to be done."""

    def images(
        self, split: SplitName, skip: int = 0, skipped: Sequence[Mapping[str, str]] = ()
    ) -> Iterator[tuple[int, StoredImage]]:
        """Yield images with the number of their item, from 1, after the first `skip` items.

        Of those items `skipped` lists what was unreadable; it opens the list `unreadable`.
        """

    def sightings(self, image_ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Return which points the images see beyond what their camera facts tell.

        Args:
            image_ids: The images of a split, in the order of its rows.

        Returns:
            Building to (m, 2) int32: point seen, row that sees it.
        """


def open_source(settings: DataSettings) -> ImageSource:
    """Return the source that the settings name.

    Raises:
        ValueError, FileNotFoundError: The directory is not what it should be; the message names it.
    """
    return RoomSource(settings) if settings.source == "rooms" else _directory_source(settings)


def describe_source(settings: DataSettings, split: SplitName) -> dict[str, Any]:
    """Return what the images of a split depend on, as plain JSON.

    A directory is walked once a session, which asks once for each split. Where it is gone, what only
    its files tell is `?`.
    """
    if settings.source == "rooms":
        return RoomSource(settings).describe(split)
    if not settings.directory.path.is_dir():
        return {**_directory_settings(settings), "vector_lengths": _UNKNOWN, "files": _UNKNOWN}
    if split in _directory_source(settings).described:  # another session: walk it again
        _directory_source.cache_clear()
    source = _directory_source(settings)
    source.described.add(split)
    return source.describe(split)


@lru_cache(maxsize=1)
def _directory_source(settings: DataSettings) -> "DirectorySource":
    return DirectorySource(settings)


def _directory_settings(settings: DataSettings) -> dict[str, Any]:
    """Return the settings that decide a stored byte, or whether a file is taken.

    Of a user's own tasks that is how labels are stored; range, loss or mask may change.
    """
    directory = settings.directory
    return {
        "source": "directory",
        "dataset": directory.path.name,
        "image_size": settings.image_size,
        "seed": settings.seed,
        "directory": {
            "subset": directory.subset,
            "images_per_building": directory.images_per_building,
            "requires_point_info": directory.requires_point_info,
        },
        "custom_labels": {
            form.name: {"kind": form.kind, "bits": form.bits, "n_ids": form.n_ids}
            for form in custom_formats(settings.tasks.tasks.values())
        },
    }


def _processes(settings: DataSettings) -> int:
    import joblib  # here: every command imports this module

    return settings.processes or joblib.cpu_count()


class RoomSource:
    """Rooms from a seed. An item is a room; a split's rooms follow each other by index.

    Each split begins at a multiple of the number of kinds, so that one with as many rooms has them all.
    """

    def __init__(self, settings: DataSettings) -> None:
        self._settings = settings
        self.unreadable: list[UnreadableFile] = []

    def describe(self, split: SplitName) -> dict[str, Any]:
        """Return size, seed and which rooms: nothing else moves a byte."""
        settings = self._settings
        return {
            "source": "rooms",
            "rooms_version": RECIPE_VERSION,
            "image_size": settings.image_size,
            "seed": settings.seed,
            "rooms": self.n_items(split),
            "first_room": self._first(split),
            "views_per_room": settings.rooms.views_per_room,
        }

    def _first(self, split: SplitName) -> int:
        kinds = len(ROOM_KINDS)
        return sum(-(-self.n_items(other) // kinds) * kinds for other in SPLITS[: SPLITS.index(split)])

    def n_items(self, split: SplitName) -> int:
        """Return the number of rooms of the split."""
        return int(getattr(self._settings.rooms, split))

    def images(
        self, split: SplitName, skip: int = 0, skipped: Sequence[Mapping[str, str]] = ()
    ) -> Iterator[tuple[int, StoredImage]]:
        """Make the views of each room; none is ever skipped."""
        first = self._first(split)
        indexes = range(first + skip, first + self.n_items(split))
        work = partial(
            _room_images,
            seed=self._settings.seed,
            settings=RoomSettings(
                image_size=self._settings.image_size, views_per_room=self._settings.rooms.views_per_room
            ),
        )
        processes = min(_processes(self._settings), max(len(indexes), 1))
        made = map_in_order(work, indexes, processes=processes, needs=[_ROOM_IMAGES])
        for number, images in enumerate(made, start=skip + 1):
            for image in images:
                yield number, image

    def sightings(self, image_ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Return nothing: the camera facts tell all."""
        return {}


def _room_images(index: int, *, seed: int, settings: RoomSettings) -> list[StoredImage]:
    """Make a room's images; what labels them is imported where that is done, half a second saved here."""
    from taskonomy_kedro.core.preparation.room_images import make_room_images

    return make_room_images(index, seed=seed, settings=settings)


@dataclass
class DirectorySource:
    """A real directory. An item is an image."""

    settings: DataSettings
    unreadable: list[UnreadableFile] = field(default_factory=list)
    described: set[SplitName] = field(default_factory=set)

    def __post_init__(self) -> None:
        directory = self.settings.directory
        split_file = find_split_file(directory.path, directory.subset) if directory.subset else None
        own = custom_formats(self.settings.tasks.tasks.values())
        self._index: DirectoryIndex = index_directory(
            directory.path,
            domains=(*ALL_DOMAINS, *(form.name for form in own)),
            custom_formats=own,
            required=("rgb", "point_info") if directory.requires_point_info else ("rgb",),
            split_file=split_file,
            images_per_building=directory.images_per_building,
            leave_out=directory.leave_out,
            let_in=directory.let_in,
        )
        logger.info("%s", self._index.describe())
        if unasked := {k: v for k, v in self._index.excluded.items() if k not in directory.leave_out}:
            logger.warning(
                "%s of %s %s excluded: %s; to confirm this, list the names in data.directory.leave_out",
                counted(len(unasked), "building"),
                directory.path,
                "is" if len(unasked) == 1 else "are",
                "; ".join(f"{name}: {why}" for name, why in unasked.items()),
            )
        check_buildings(self._index)
        check_own_labels(self._index, self.settings.tasks.tasks)
        warn_of_missing_masks(self._index, self.settings.tasks.tasks)
        self._split_of = split_buildings(self._index.buildings, self._index.splits)
        check_splits(self._index, self._split_of)

    def describe(self, split: SplitName) -> dict[str, Any]:
        """Return the settings, and of each file of the split its size and time of change."""
        buildings = [name for name in self._index.buildings if self._split_of[name] == split]
        return {
            **_directory_settings(self.settings),
            **self._index.data_format.recipe_facts(),
            "vector_lengths": dict(self._index.vector_lengths),
            "files": stamp_files(self._index, buildings),
        }

    def _keys(self, split: SplitName) -> list[ImageKey]:
        return [key for key in self._index.keys(None) if self._split_of[key.building] == split]

    def n_items(self, split: SplitName) -> int:
        """Return the number of images of the split."""
        return len(self._keys(split))

    def images(
        self, split: SplitName, skip: int = 0, skipped: Sequence[Mapping[str, str]] = ()
    ) -> Iterator[tuple[int, StoredImage]]:
        """Read the images, past those that cannot be read; they are listed in `unreadable`."""
        keys = self._keys(split)
        if not keys:
            raise UserError(
                f"{self.settings.directory.path} has no image of a building in the split {split!r}; "
                f"choose another data.directory.subset or bring more buildings"
            )
        number_of = {key.image_id: number for number, key in enumerate(keys, start=1)}
        reading = read_many(
            self._index,
            keys[skip:],
            size=self.settings.image_size,
            processes=_processes(self.settings),
            max_unreadable_share=self.settings.directory.max_unreadable_share,
            n_before=skip,
            skipped_before=[UnreadableFile(**row) for row in skipped],
        )
        self.unreadable = reading.unreadable  # grows while images are read
        for image in reading:
            yield number_of[image.image_id], image

    def sightings(self, image_ids: Sequence[str]) -> dict[str, np.ndarray]:
        """Read the `nonfixated_matches` of the buildings that have some; bad files go to `unreadable`."""
        row_of = {image_id: row for row, image_id in enumerate(image_ids)}
        buildings = sorted({split_image_id(image_id)[0] for image_id in image_ids})
        seen: dict[str, np.ndarray] = {}
        for found in read_sightings(self._index, buildings, processes=_processes(self.settings)):
            self.unreadable += found.unreadable
            low, high = self._index.rows_of_building[found.building]
            ids = [self._index.key(row).image_id for row in range(low, high)]
            rows = np.array([row_of.get(image_id, -1) for image_id in ids], dtype=np.int32)[found.row - low]
            pairs = np.stack([found.point.astype(np.int32), rows], axis=1)
            seen[found.building] = pairs[rows >= 0]  # the images that could not be read see nothing
        return seen


def split_buildings(buildings: Sequence[str], published: Mapping[str, str]) -> dict[str, SplitName]:
    """Return the split of each building.

    Args:
        buildings: Names of the buildings that are there.
        published: Split of each in the published file, `train`, `val` or `test`; empty without a file.

    Returns:
        With a file: its validation buildings serve the transfers, as in the paper, and every fifth of
        them early stopping. Without one, a twelfth of the buildings serve early stopping, a sixth the
        test, a quarter transfers, rounded and one at least; the rest, about half, train. Who goes
        where is drawn from the names.
    """
    drawn = sorted(buildings, key=lambda name: hashlib.sha256(name.encode()).digest())
    if published:
        held_out = [name for name in drawn if published.get(name) == "val"]
        split_of: dict[str, SplitName] = {
            name: "train" if published.get(name) == "train" else "test" for name in drawn
        }
        return split_of | _shared_out(held_out, {"validation": 1 / 5, "transfer": 4 / 5})
    return _shared_out(drawn, {"validation": 1 / 12, "test": 1 / 6, "transfer": 1 / 4, "train": 1 / 2})


def _shared_out(names: Sequence[str], shares: Mapping[SplitName, float]) -> dict[str, SplitName]:
    """Give each split its share of the names, one at least; the last takes what is left."""
    left = list(names)
    split_of: dict[str, SplitName] = {}
    for number, (split, share) in enumerate(shares.items(), start=1):
        count = len(left) if number == len(shares) else max(1, round(share * len(names)))
        split_of |= dict.fromkeys(left[:count], split)
        left = left[count:]
    return split_of
