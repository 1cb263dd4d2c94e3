"""Writes one split: images as they come, what is made from all of them at the end, the record last."""

import json
import logging
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from taskonomy_kedro.core.labels.stored import Domain, StoredImage, stored_domains
from taskonomy_kedro.core.preparation.arrays import GrowingArray, bytes_of
from taskonomy_kedro.core.preparation.disk import (
    put_back,
    replace_folder,
    save_array,
    sync_folder,
    unfinished_of,
    writing,
)
from taskonomy_kedro.core.preparation.lines import IMAGES, read_lines
from taskonomy_kedro.core.preparation.record import (
    DONE,
    RECORD,
    code_version,
    content_files,
    content_hash,
    differences,
    file_sizes,
    note_tasks,
    read_record,
    told,
    write_json,
)
from taskonomy_kedro.core.preparation.settings import DataSettings, SplitName
from taskonomy_kedro.core.preparation.tuples import ImageFacts, write_camera_labels

if TYPE_CHECKING:
    from taskonomy_kedro.core.directories import UnreadableFile
    from taskonomy_kedro.core.preparation.image_sources import ImageSource

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]

_COMMIT_IMAGES = 256  # images between two points from which a stopped preparation can go on


@dataclass(frozen=True, kw_only=True)
class SplitBuild:
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
        """Return what the split depends on, as JSON gives it back."""
        wanted = {
            "split": self.split,
            "code": code_version(),
            "tuples_per_image": self.settings.tuples_per_image,
            **self.source.describe(self.split),
        }
        plain: dict[str, Any] = json.loads(json.dumps(wanted))
        return plain

    def write(self, folder: Path, on_progress: Progress | None = None) -> int:
        """Make the split in a folder, unless it is there with the same record.

        What was there stays until the new one is whole. A preparation that was stopped goes on where
        it last committed, if nothing has changed since. The entries of own tasks are noted anew where
        they differ in nothing that is stored.

        Args:
            folder: Where the arrays go.
            on_progress: Called with items done and items in all.

        Returns:
            Images that were made now; those that were there already do not count.

        Raises:
            ValueError: The source has no images for the split, or too many cannot be read.
            OSError: The disk is full or cannot be written; the message names the file.
        """
        if put_back(folder):
            logger.warning("%s: a run was stopped while it put the split in its place; put back", self.split)
        wanted = self.wanted()
        found = read_record(folder)
        if found is not None:
            changed = _changes(folder, found, wanted)
            if not changed:
                logger.info("%s: unchanged, %d images kept", self.split, found["n_images"])
                if changed := note_tasks(folder, self.settings.tasks.to_json()):
                    logger.info("%s: own tasks are noted anew, because %s", self.split, told(changed))
                return 0
            logger.info("%s: made anew, because %s", self.split, told(changed))
        unfinished = unfinished_of(folder)
        made, n_made = read_record(unfinished), 0
        if made is None or _changes(unfinished, made, wanted):
            n_made = self._make(unfinished, wanted, on_progress)
        (unfinished / DONE).unlink(missing_ok=True)
        note_tasks(unfinished, self.settings.tasks.to_json())
        replace_folder(folder)
        return n_made

    def _make(self, unfinished: Path, wanted: dict[str, Any], on_progress: Progress | None) -> int:
        """Make the split, or what is left of it, in a folder of its own; return how many images that were."""
        total = self.source.n_items(self.split)
        writer, n_made = _SplitWriter(unfinished, wanted, stored_domains(self.settings.tasks.tasks)), 0
        try:
            for item, image in self.source.images(self.split, skip=writer.items, skipped=writer.unreadable):
                writer.add(item, image, self.source.unreadable)
                n_made += 1
                if on_progress is not None:
                    on_progress(item, total)
            writer.finish(total, self.settings, self.source)
        finally:
            writer.close()
        return n_made


def prepare(split: SplitName, settings: DataSettings) -> SplitBuild:
    """Open the source of a split; nothing is made until `write`."""
    from taskonomy_kedro.core.preparation.image_sources import open_source

    return SplitBuild(split=split, settings=settings, source=open_source(settings, split))


def _changes(folder: Path, record: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """Say what of a finished split is not as wanted, a phrase each."""
    changed = differences(wanted, record.get("wanted", {}))
    return changed + differences(record.get("files", {}), file_sizes(folder), "size of ")


class _SplitWriter:
    """The growing arrays of one split in a folder of its own."""

    def __init__(self, folder: Path, wanted: dict[str, Any], domains: Mapping[str, Domain]) -> None:
        self._folder, self._split, self._domains = folder, wanted["split"], domains
        self._lines: BinaryIO | None = None
        self._arrays: dict[str, GrowingArray] = {}
        done = self._read_done()
        if done is not None and (reason := self._why_not(done, wanted)):
            if done["images"]:  # else nothing is lost
                message = "%s: an unfinished preparation of %d images is thrown away, because %s"
                logger.warning(message, self._split, done["images"], reason)
            done = None
        if done is None:
            done = {
                "wanted": wanted,
                "items": 0,
                "images": 0,
                "shapes": {},
                "line_bytes": 0,
                "unreadable": [],
            }
            with writing(folder):
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
            write_json(folder / DONE, done)
        elif done["images"]:
            logger.info("%s: going on after %d images", self._split, done["images"])
        (folder / RECORD).unlink(missing_ok=True)  # of a finished one that was damaged since
        self._done = done
        self.items: int = done["items"]
        self.unreadable: list[dict[str, str]] = done["unreadable"]
        self._item = self.items
        self._n_images: int = done["images"]
        try:
            if done["shapes"]:
                self._open_arrays({name: tuple(shape) for name, shape in done["shapes"].items()})
            with writing(folder / IMAGES):
                self._lines = (folder / IMAGES).open("r+b" if done["images"] else "w+b")
                self._lines.truncate(done["line_bytes"])
                self._lines.seek(0, os.SEEK_END)
        except OSError:
            self.close()
            raise

    def _read_done(self) -> dict[str, Any] | None:
        try:
            done = json.loads((self._folder / DONE).read_text())
        except (OSError, ValueError):
            return None
        return done if isinstance(done, dict) else None

    def _why_not(self, done: dict[str, Any], wanted: dict[str, Any]) -> str:
        """Say why an unfinished split cannot be gone on with; empty if it can."""
        if changed := differences(wanted, done.get("wanted", {})):
            return told(changed)
        lengths = {IMAGES: done["line_bytes"]} if done["images"] else {}
        for name, shape in done["shapes"].items():
            lengths[f"{name}.npy"] = bytes_of(tuple(shape), self._domains[name].dtype, done["images"])
        for name, length in lengths.items():
            path = self._folder / name
            found = path.stat().st_size if path.exists() else 0
            if found < length:
                return f"{path} has {found} of the {length} bytes that were written"
        return ""

    def _open_arrays(self, shapes: dict[str, tuple[int, ...]]) -> None:
        for name, shape in shapes.items():
            path, dtype = self._folder / f"{name}.npy", self._domains[name].dtype
            self._arrays[name] = GrowingArray(path, shape=shape, dtype=dtype, rows=self._done["images"])

    def add(self, item: int, image: StoredImage, unreadable: "Sequence[UnreadableFile]") -> None:
        """Append one image; commit where an item has ended and enough images have come."""
        if item != self._item and self._n_images - self._done["images"] >= _COMMIT_IMAGES:
            self._commit(item - 1, unreadable)
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
        assert self._lines is not None
        with writing(self._folder / IMAGES):
            self._lines.write(json.dumps(line).encode() + b"\n")
        self._n_images += 1

    def _commit(self, items: int, unreadable: "Sequence[UnreadableFile]") -> None:
        """Bring everything to the disk, then say that it is there.

        Args:
            items: Items that have ended, the skipped ones among them.
            unreadable: All that were skipped.
        """
        assert self._lines is not None
        for array in self._arrays.values():
            array.commit()
        with writing(self._folder / IMAGES):
            self._lines.flush()
            os.fsync(self._lines.fileno())
        sync_folder(self._folder)
        self._done = {
            "wanted": self._done["wanted"],
            "items": items,
            "images": self._n_images,
            "shapes": {name: list(array.shape) for name, array in self._arrays.items()},
            "line_bytes": self._lines.tell(),
            "unreadable": _rows(unreadable),
        }
        write_json(self._folder / DONE, self._done)

    def close(self) -> None:
        """Close the files; what was committed can be gone on with."""
        for array in self._arrays.values():
            array.abandon()
        if self._lines is not None:
            with suppress(OSError):  # a full disk again, when the rest is flushed
                self._lines.close()

    def finish(self, items: int, settings: DataSettings, source: "ImageSource") -> None:
        """Write what needs all images, then the record.

        Raises:
            ValueError: There is no image.
        """
        if not self._n_images:
            raise ValueError(f"the split {self._split!r} has no readable image")
        self._commit(items, source.unreadable)
        self.close()
        names = sorted(self._arrays)
        path = self._folder / IMAGES
        facts = ImageFacts.of(read_lines(path), self._n_images, names, path=str(path))
        save_array(self._folder / "present.npy", facts.is_present)
        write_json(self._folder / "images.json", {"image_ids": facts.image_ids, "domains": names})
        sightings = source.sightings(facts.image_ids)
        write_json(self._folder / "unreadable.json", _rows(source.unreadable))
        write_camera_labels(self._folder, facts, settings, sightings)
        sync_folder(self._folder)
        record = {
            "wanted": self._done["wanted"],
            "content": content_hash(content_files(self._folder)),
            "files": file_sizes(self._folder),
            "n_images": self._n_images,
            "n_unreadable": len(source.unreadable),
        }
        write_json(self._folder / RECORD, record)


def _rows(unreadable: "Sequence[UnreadableFile]") -> list[dict[str, str]]:
    return [{"image_id": row.image_id, "path": str(row.path), "reason": row.reason} for row in unreadable]
