"""Settings of the prepared data: where images come from, how many, how large."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self, get_args

from pydantic import Field, field_serializer, field_validator, model_validator

from taskonomy_kedro.core.base_settings import Settings, Words
from taskonomy_kedro.core.labels.custom_tasks import CustomTasks

SplitName = Literal["train", "transfer", "validation", "test"]
SPLITS: tuple[SplitName, ...] = get_args(SplitName)
"""Task networks train on `train`, readouts on `transfer`; both stop early on `validation`."""


class RoomsSettings(Settings):
    """How many rooms there are."""

    train: int = Field(320, ge=1, description="Rooms of the split that task networks train on.")
    transfer: int = Field(32, ge=1, description="Rooms of the split that readouts train on.")
    validation: int = Field(24, ge=1, description="Rooms of the split for early stopping.")
    test: int = Field(48, ge=1, description="Rooms of the split that losses are measured on.")
    views_per_room: int = Field(8, ge=2, description="Images of a room; one more may come out.")


class DirectorySettings(Settings):
    """Which part of a real directory is read."""

    dataset_dir: str | None = Field(
        None, description="The directory, in any known layout; a relative one is relative to `project`."
    )
    project: str = Field("", description="The project's folder.")
    subset: str | None = Field(
        None,
        description="Published subset, `tiny` to `fullplus`; its split file lies with the data. Empty: each "
        "building's split is drawn from its name.",
    )
    images_per_building: int | None = Field(None, ge=1, description="At most so many; empty: all.")
    max_unreadable_share: float = Field(
        0.01,
        ge=0,
        le=1,
        description="Share of the images of a split that may be skipped as unreadable. It holds for what is "
        "read from now on; a finished split is not counted again.",
    )
    requires_point_info: bool = Field(True, description="Whether images without camera facts are skipped.")
    leave_out: Words = Field(
        (), description="Buildings to exclude: a list, or names with spaces between them."
    )
    let_in: Words = Field((), description="Buildings known to be bad to include; in the same forms.")

    @property
    def path(self) -> Path:
        """Where the directory is."""
        return Path(self.project) / Path(self.dataset_dir or "").expanduser()


class DataSettings(Settings):
    """Settings of the prepared data."""

    root = "data"

    source: Literal["rooms", "directory"] = Field(
        "rooms", description="`rooms` built from the seed, or a real `directory`."
    )
    image_size: int = Field(
        64,
        ge=32,
        le=512,
        multiple_of=4,
        description="Pixels a side, from 32 to 512; a multiple of 4, as colours are learned at a "
        "quarter of it.",
    )
    seed: int = Field(0, ge=0, description="Seed of rooms and of pairs.")
    processes: int | None = Field(
        None,
        ge=1,
        description="Processes that render or read images; empty: one for each core. Results do not "
        "depend on it.",
    )
    tuples_per_image: float = Field(
        2.0, gt=0, description="Pairs and triplets sampled, as a multiple of the number of images."
    )
    rooms: RoomsSettings = Field(RoomsSettings(), description="How many rooms.")
    directory: DirectorySettings = Field(DirectorySettings(), description="Which directory.")
    tasks: CustomTasks = Field(
        CustomTasks(),
        description="Custom tasks by name, an entry each as `custom_task` reads it; only of a directory.",
    )

    @field_validator("tasks", mode="before")
    @classmethod
    def _read_tasks(cls, given: Any) -> CustomTasks:
        return given if isinstance(given, CustomTasks) else _custom_tasks(given)

    @field_serializer("tasks")
    def _plain_tasks(self, tasks: CustomTasks) -> dict[str, dict[str, Any]]:
        return tasks.to_json()

    @model_validator(mode="after")
    def _check_source(self) -> Self:
        if self.tasks and self.source == "rooms":
            raise ValueError(
                f"data.tasks names {', '.join(self.tasks)}, and rooms have no folders of labels: set "
                "data.source to directory (--env=taskonomy) or keep data.tasks empty"
            )
        if self.source == "directory" and not self.directory.dataset_dir:
            raise ValueError(
                "data.directory.dataset_dir is not set: give --params=data.directory.dataset_dir=DIR, "
                "the folder that holds the images and labels"
            )
        return self

    def n_tuples(self, n_images: int) -> int:
        """Return how many pairs or triplets are sampled for a split."""
        return max(2, math.ceil(self.tuples_per_image * n_images))


def _custom_tasks(given: Any) -> CustomTasks:
    """Check the entries, and that each folder can be read beside those of the data set."""
    if not isinstance(given, Mapping | None):
        raise ValueError("must be a table of tasks, such as {heat: {kind: regression_map, range: [0, 255]}}")
    try:
        tasks = CustomTasks(given)
        if tasks:
            # Imported here: every command reads this file, and few have custom tasks.
            from taskonomy_kedro.core.directories.custom_formats import custom_formats

            custom_formats(tasks.tasks.values())
    except ValueError as error:
        raise ValueError(f"data.tasks: {error}") from error
    return tasks
