"""Writes one split: images as they come, what is made from all of them at the end, the record last."""

import json
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from taskonomy_kedro.core.labels.stored import StoredImage, stored_domains
from taskonomy_kedro.core.preparation.arrays import GrowingArray
from taskonomy_kedro.core.preparation.record import (
    RECORD,
    code_version,
    content_hash,
    differences,
    file_sizes,
    read_record,
    write_json,
)
from taskonomy_kedro.core.preparation.settings import DataSettings, SplitName
from taskonomy_kedro.core.preparation.tuples import read_lines, write_camera_labels
from taskonomy_kedro.core.tasks import task_dictionary

if TYPE_CHECKING:
    from taskonomy_kedro.core.directories import UnreadableFile
    from taskonomy_kedro.core.preparation.sources import ImageSource

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]

_DONE = "done.json"
_IMAGES = "images.jsonl"
_COMMIT_IMAGES = 256  # images between two points from which a stopped preparation can go on


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """A split that is still to be made, or is there already.

    Attributes:
        split: Which.
        settings: The settings of all splits.
        source: Where its images come from.
    """

    split: SplitName
    settings: DataSettings
    source: "ImageSource"

    def wanted(self) -> dict[str, Any]:
        """Return what the split depends on."""
        return {
            "split": self.split,
            "code": code_version(),
            "tuples_per_image": self.settings.tuples_per_image,
            **self.source.describe(self.split),
        }

    def write(self, folder: Path, on_progress: Progress | None = None) -> None:
        """Make the split in a folder, unless it is there with the same record.

        What was there stays until the new one is whole. A preparation that was stopped goes on where
        it last committed, if nothing has changed since.

        Args:
            folder: Where the arrays go.
            on_progress: Called with items done and items in all.

        Raises:
            ValueError: The source has no images for the split, or too many cannot be read.
            OSError: The disk is full or cannot be written.
        """
        wanted = self.wanted()
        found = read_record(folder)
        if found is not None:
            changed = differences(wanted, found.get("wanted", {}))
            changed += differences(found.get("files", {}), file_sizes(folder), "size of ")
            if not changed:
                logger.info("%s: unchanged, %d images kept", self.split, found["n_images"])
                return
            logger.info("%s: made anew, because %s", self.split, "; ".join(changed))
        unfinished = folder.with_name(f".{folder.name}.unfinished")
        writer = _SplitWriter(unfinished, wanted)
        total = self.source.n_items(self.split)
        try:
            for item, image in self.source.images(self.split, skip=writer.items):
                writer.add(item, image, self.source.unreadable)
                if on_progress is not None:
                    on_progress(item, total)
        finally:
            writer.close()
        writer.finish(self.settings, self.source.unreadable)
        _replace(unfinished, folder)


def prepare(split: SplitName, settings: DataSettings) -> Preparation:
    """Open the source of a split; nothing is made until `write`."""
    from taskonomy_kedro.core.preparation.sources import open_source

    return Preparation(split=split, settings=settings, source=open_source(settings))


class _SplitWriter:
    """The growing arrays of one split in a folder of its own."""

    def __init__(self, folder: Path, wanted: dict[str, Any]) -> None:
        self._folder = folder
        self._domains = stored_domains(task_dictionary(wanted.get("tasks")))
        done = self._read_done(wanted)
        if done is None:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            done = {
                "wanted": wanted,
                "items": 0,
                "images": 0,
                "shapes": {},
                "line_bytes": 0,
                "unreadable": [],
            }
            write_json(folder / _DONE, done)
        elif done["images"]:
            logger.info("%s: going on after %d images", wanted["split"], done["images"])
        self._done = done
        self.items: int = done["items"]
        self._item = self.items
        self._arrays: dict[str, GrowingArray] = {}
        if done["shapes"]:
            self._open_arrays({name: tuple(shape) for name, shape in done["shapes"].items()})
        self._lines = (folder / _IMAGES).open("r+b" if done["images"] else "w+b")
        self._lines.truncate(done["line_bytes"])
        self._lines.seek(0, 2)
        self._n_images: int = done["images"]
        self._unreadable: list[dict[str, str]] = list(done["unreadable"])

    def _read_done(self, wanted: dict[str, Any]) -> dict[str, Any] | None:
        try:
            done = json.loads((self._folder / _DONE).read_text())
        except (OSError, ValueError):
            return None
        return done if done.get("wanted") == json.loads(json.dumps(wanted)) else None

    def _open_arrays(self, shapes: dict[str, tuple[int, ...]]) -> None:
        rows = self._done["images"]
        self._arrays = {
            name: GrowingArray(
                self._folder / f"{name}.npy", shape=shape, dtype=self._domains[name].dtype, rows=rows
            )
            for name, shape in shapes.items()
        }

    def add(self, item: int, image: StoredImage, unreadable: "list[UnreadableFile]") -> None:
        """Append one image; commit where an item has ended and enough images have come."""
        if item != self._item and self._n_images - self._done["images"] >= _COMMIT_IMAGES:
            self._commit(unreadable)
        self._item = item
        if not self._arrays:
            self._open_arrays({name: image.domains[name].shape for name in self._domains})
        for name, array in self._arrays.items():
            array.append(image.domains[name])
        line = {
            "image_id": image.image_id,
            "present": sorted(image.present & set(self._arrays)),
            "point_info": None if image.point_info is None else image.point_info.to_json(),
        }
        self._lines.write(json.dumps(line).encode() + b"\n")
        self._n_images += 1

    def _commit(self, unreadable: "list[UnreadableFile]") -> None:
        for array in self._arrays.values():
            array.commit()
        self._lines.flush()
        self.items = self._item
        self._done = {
            "wanted": self._done["wanted"],
            "items": self.items,
            "images": self._n_images,
            "shapes": {name: list(array.shape) for name, array in self._arrays.items()},
            "line_bytes": self._lines.tell(),
            "unreadable": [*self._unreadable, *_rows(unreadable)],
        }
        write_json(self._folder / _DONE, self._done)

    def close(self) -> None:
        """Close the files; what was committed can be gone on with."""
        for array in self._arrays.values():
            array.close()
        self._lines.close()

    def finish(self, settings: DataSettings, unreadable: "list[UnreadableFile]") -> None:
        """Write what needs all images, then the record."""
        split = self._done["wanted"]["split"]
        if not self._n_images:
            raise ValueError(f"the split {split!r} has no readable image")
        names = sorted(self._arrays)
        lines = read_lines(self._folder / _IMAGES)
        ids = [line["image_id"] for line in lines]
        is_present = np.array([[name in line["present"] for name in names] for line in lines])
        np.save(self._folder / "present.npy", is_present)
        write_json(self._folder / "images.json", {"image_ids": ids, "domains": names})
        skipped = [*self._unreadable, *_rows(unreadable)]
        write_json(self._folder / "unreadable.json", skipped)
        write_camera_labels(self._folder, ids, settings)
        (self._folder / _DONE).unlink()
        files = sorted(path for path in self._folder.iterdir() if path.name != RECORD)
        record = {
            "wanted": self._done["wanted"],
            "content": content_hash(files),
            "files": file_sizes(self._folder),
            "n_images": self._n_images,
            "n_unreadable": len(skipped),
        }
        write_json(self._folder / RECORD, record)


def _replace(unfinished: Path, folder: Path) -> None:
    """Put the new folder in the place of the old one."""
    outdated = folder.with_name(f".{folder.name}.outdated")
    shutil.rmtree(outdated, ignore_errors=True)
    if folder.exists():
        folder.rename(outdated)
    unfinished.rename(folder)
    shutil.rmtree(outdated, ignore_errors=True)


def _rows(unreadable: "list[UnreadableFile]") -> list[dict[str, str]]:
    return [{"image_id": row.image_id, "path": str(row.path), "reason": row.reason} for row in unreadable]
