"""The key of one image, its files, and files that cannot be read."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.stored import image_id_of


class ImageKey(NamedTuple):
    """Building, point and view of one image; view is only unique within the point."""

    building: str
    point: int
    view: int

    @property
    def image_id(self) -> str:
        """The key as text, `{building}/{point}/{view}`."""
        return image_id_of(self.building, self.point, self.view)


@dataclass(frozen=True, kw_only=True)
class ImageFiles:
    """The paths of the files of one image.

    Attributes:
        key: The image.
        paths: Domain, or `point_info`, to path, for domains with a file.
    """

    key: ImageKey
    paths: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class UnreadableFile:
    """One row of the table of unreadable files: the image skipped, the file, and why."""

    image_id: str
    path: str
    reason: str


class UnreadableFileError(UserError):
    """A file of the data set that cannot be used; the message has its path and the reason."""

    def __init__(self, path: str | Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = os.fspath(path)
        self.reason = reason

    def __reduce__(self) -> tuple[type["UnreadableFileError"], tuple[str, str]]:
        """Make the error picklable, for worker processes."""
        return type(self), (self.path, self.reason)


def read_bytes(path: str) -> bytes:
    """Read a whole file.

    Raises:
        UnreadableFileError: It does not exist, access is denied, or the disk fails.
    """
    try:
        return Path(path).read_bytes()
    except OSError as error:
        reason = f"cannot be opened ({error.strerror or error}): make it readable, or download it again"
        raise UnreadableFileError(path, reason) from error
