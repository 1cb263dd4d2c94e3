"""Rooms so few and small that a preparation takes a second, and a source that is stopped."""

from collections.abc import Iterator
from pathlib import Path

from taskonomy_kedro.core.labels.stored import StoredImage
from taskonomy_kedro.core.preparation.settings import DataSettings

ROOMS = {"train": 2, "transfer": 1, "validation": 1, "test": 1, "views_per_room": 14}


def settings(**changes) -> DataSettings:
    return DataSettings(**{"image_size": 32, "processes": 1, "rooms": ROOMS, **changes})


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


class Stopping:
    """A source that breaks off after some images, as a killed process would."""

    def __init__(self, source, after: int) -> None:
        self.source, self.after, self.asked = source, after, []

    def __getattr__(self, name):
        return getattr(self.source, name)

    def images(self, split, skip=0, skipped=()) -> Iterator[tuple[int, StoredImage]]:
        self.asked.append(skip)
        for number, item in enumerate(self.source.images(split, skip, skipped)):
            if number == self.after:
                raise KeyboardInterrupt
            yield item
