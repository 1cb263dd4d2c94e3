"""Settings of the prepared data: where images come from, how many, how large."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from taskonomy_kedro.core.checks import Settings, check_choice, check_nested, check_whole, is_number
from taskonomy_kedro.core.labels.custom_tasks import CustomTasks

SplitName = Literal["train", "transfer", "validation", "test"]
SPLITS: tuple[SplitName, ...] = get_args(SplitName)
"""Task networks train on `train`, read-outs on `transfer`; both stop early on `validation`."""

_SMALLEST, _LARGEST = 32, 512


@dataclass(frozen=True, kw_only=True)
class RoomsSettings(Settings):
    """How many rooms are made.

    Attributes:
        train: Rooms of the split that task networks train on.
        transfer: Rooms of the split that read-outs train on.
        validation: Rooms of the split for early stopping.
        test: Rooms of the split that losses are measured on.
        views_per_room: Images of a room; one more may come out.
    """

    train: int = 320
    transfer: int = 32
    validation: int = 24
    test: int = 48
    views_per_room: int = 8

    def __post_init__(self) -> None:
        for split in SPLITS:
            check_whole(f"data.rooms.{split}", getattr(self, split), minimum=1)
        check_whole("data.rooms.views_per_room", self.views_per_room, minimum=2)


@dataclass(frozen=True, kw_only=True)
class DirectorySettings(Settings):
    """Which part of a real directory is taken.

    Attributes:
        dataset_dir: The directory, in any known layout; a relative one is relative to `project`.
        project: The project's folder.
        subset: Published subset, `tiny` to `fullplus`; its split file lies with the data. Empty: each
            building's split is drawn from its name.
        images_per_building: At most so many; all when empty.
        max_unreadable_share: Share of the images of a split that may be skipped as unreadable. It
            holds for what is read from now on; a finished split is not counted again.
        requires_point_info: Whether images without camera facts are left out.
        leave_out: Buildings not to take: a list, or names with spaces between them.
        let_in: Buildings known to be bad that are taken all the same; in the same forms.
    """

    dataset_dir: str | None = None
    project: str = ""
    subset: str | None = None
    images_per_building: int | None = None
    max_unreadable_share: float = 0.01
    requires_point_info: bool = True
    leave_out: Any = ()
    let_in: Any = ()

    def __post_init__(self) -> None:
        for name in ("leave_out", "let_in"):
            object.__setattr__(self, name, _names(f"data.directory.{name}", getattr(self, name)))
        if self.images_per_building is not None:
            check_whole("data.directory.images_per_building", self.images_per_building, minimum=1)
        share = self.max_unreadable_share
        if not is_number(share) or not 0 <= share <= 1:
            raise ValueError(f"data.directory.max_unreadable_share must lie in [0, 1], got {share!r}")

    @property
    def path(self) -> Path:
        """Where the directory is."""
        return Path(self.project) / Path(self.dataset_dir or "").expanduser()


@dataclass(frozen=True, kw_only=True)
class DataSettings(Settings):
    """Settings of the prepared data.

    Attributes:
        source: `rooms` made from the seed, or a real `directory`.
        image_size: Pixels a side, a multiple of 4 from 32 to 512.
        seed: Seed of rooms and of pairs.
        processes: Processes that make or read images; empty: one for each core. Results do not
            depend on it.
        tuples_per_image: Pairs and triplets sampled, as a multiple of the number of images.
        rooms: How many rooms.
        directory: Which directory.
        tasks: A user's own tasks by name, an entry each as `custom_task` reads it; only of a directory.
    """

    source: Literal["rooms", "directory"] = "rooms"
    image_size: int = 64
    seed: int = 0
    processes: int | None = None
    tuples_per_image: float = 2.0
    rooms: Any = field(default_factory=RoomsSettings)
    directory: Any = field(default_factory=DirectorySettings)
    tasks: Any = field(default_factory=CustomTasks)

    def __post_init__(self) -> None:
        check_choice("data.source", self.source, ("rooms", "directory"))
        check_whole("data.image_size", self.image_size, minimum=_SMALLEST)
        if self.image_size > _LARGEST or self.image_size % 4:
            raise ValueError(
                f"data.image_size must be at most {_LARGEST} and a multiple of 4, as colours are learned "
                f"at a quarter of the size, got {self.image_size}"
            )
        check_whole("data.seed", self.seed, minimum=0)
        if self.processes is not None:
            check_whole("data.processes", self.processes, minimum=1)
        if not is_number(self.tuples_per_image) or self.tuples_per_image <= 0:
            raise ValueError(f"data.tuples_per_image must be a number > 0, got {self.tuples_per_image!r}")
        object.__setattr__(self, "rooms", check_nested("data.rooms", RoomsSettings, self.rooms))
        object.__setattr__(
            self, "directory", check_nested("data.directory", DirectorySettings, self.directory)
        )
        object.__setattr__(self, "tasks", _own_tasks(self.tasks))
        if self.tasks and self.source == "rooms":
            raise ValueError(
                f"data.tasks names {', '.join(self.tasks)}, and rooms have no folders of labels: set "
                "data.source to directory (--env=taskonomy) or leave data.tasks empty"
            )
        if self.source == "directory" and not self.directory.dataset_dir:
            raise ValueError(
                "data.directory.dataset_dir is not set: give --params=data.directory.dataset_dir=DIR, "
                "the folder that holds the images and labels"
            )

    def n_tuples(self, n_images: int) -> int:
        """Return how many pairs or triplets are sampled for a split."""
        return max(2, math.ceil(self.tuples_per_image * n_images))


def _own_tasks(given: Any) -> CustomTasks:
    """Check the entries, and that each folder can be read beside those of the data set."""
    if given is None or isinstance(given, CustomTasks):
        return given or CustomTasks()
    if not isinstance(given, Mapping):
        raise ValueError(
            "data.tasks must be a table of tasks, such as {heat: {kind: regression_map, range: [0, 255]}}, "
            f"got {given!r}"
        )
    try:
        own = CustomTasks(given)
        if own:
            # Imported here: every command reads this file, and few have tasks of their own.
            from taskonomy_kedro.core.directories.custom_formats import custom_formats

            custom_formats(own.tasks.values())
    except ValueError as error:
        raise ValueError(f"data.tasks: {error}") from error
    return own


def _names(name: str, given: Any) -> tuple[str, ...]:
    """Return names as a tuple, which can be compared and hashed."""
    names = given.split() if isinstance(given, str) else given
    if names is None:
        return ()
    is_list = isinstance(names, Iterable) and not isinstance(names, Mapping)
    if not is_list or not all(isinstance(one, str) for one in names):
        raise ValueError(f"{name} must be a list of names, got {given!r}")
    return tuple(names)
