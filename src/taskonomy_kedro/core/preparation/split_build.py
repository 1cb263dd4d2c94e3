"""Builds one split: images as they come, what needs all of them at the end, its facts last."""

import json
import logging
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from taskonomy_kedro.core.disk import read_json, save_array, sync_folder, write_json, writing
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.hashing import files_hash
from taskonomy_kedro.core.labels.stored import Domain, StoredImage, stored_domains
from taskonomy_kedro.core.preparation.arrays import GrowingArray, bytes_of
from taskonomy_kedro.core.preparation.lines import IMAGES, read_lines
from taskonomy_kedro.core.preparation.prepared import DONE, FACTS, PreparedSplit, content_files
from taskonomy_kedro.core.preparation.settings import DataSettings, SplitName
from taskonomy_kedro.core.preparation.tuples import ImageFacts, write_camera_labels

if TYPE_CHECKING:
    from taskonomy_kedro.core.directories import UnreadableFile
    from taskonomy_kedro.core.preparation.image_sources import ImageSource

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]

_COMMIT_IMAGES = 256  # images between two points from which a stopped build can resume


def describe_split(split: SplitName, settings: DataSettings) -> dict[str, Any]:
    """Return everything that a split depends on beside the code, as plain JSON.

    A value is `?` where it cannot be determined because the directory is gone.
    """
    from taskonomy_kedro.core.preparation.image_sources import describe_source

    described = describe_source(settings, split)
    return {"split": split, "tuples_per_image": settings.tuples_per_image, **described}


def build_split(
    split: SplitName,
    settings: DataSettings,
    folder: Path,
    on_progress: Progress | None = None,
    source: "ImageSource | None" = None,
) -> PreparedSplit:
    """Build a split in a folder; a build that was stopped there resumes where it last committed.

    Args:
        split: Which.
        settings: Of all splits.
        folder: Where the arrays go; what is in it is of the same split and settings.
        on_progress: Called with items done and items in all.
        source: Of the images; None: the one that the settings name.

    Raises:
        UserError: The source has no images for the split, or too many cannot be read.
        OSError: The disk is full or cannot be written; the message names the file.
    """
    from taskonomy_kedro.core.preparation.image_sources import open_source

    if read_json(folder / FACTS) is not None:
        return PreparedSplit.open(folder)
    source = source or open_source(settings)
    total = source.n_items(split)
    writer = _SplitWriter(folder, split, stored_domains(settings.tasks.tasks))
    try:
        for item, image in source.images(split, skip=writer.items, skipped=writer.unreadable):
            writer.add(item, image, source.unreadable)
            if on_progress is not None:
                on_progress(item, total)
        writer.finish(total, settings, source)
    finally:
        writer.close()
    return PreparedSplit.open(folder)


class _SplitWriter:
    """The growing arrays of one split."""

    def __init__(self, folder: Path, split: SplitName, domains: Mapping[str, Domain]) -> None:
        self._folder, self._split, self._domains = folder, split, domains
        self._lines: BinaryIO | None = None
        self._arrays: dict[str, GrowingArray] = {}
        done = read_json(folder / DONE)
        if done is not None and (damage := self._damage(done)):
            logger.warning(
                "%s: an unfinished split of %d images is discarded: %s", split, done["images"], damage
            )
            done = None
        if done is None:
            done = {"items": 0, "images": 0, "shapes": {}, "line_bytes": 0, "unreadable": []}
            with writing(folder):
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
            write_json(folder / DONE, done)
        elif done["images"]:
            logger.info("%s: resuming after %d images", self._split, done["images"])
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

    def _damage(self, done: dict[str, Any]) -> str:
        """Say why an unfinished split cannot be resumed; empty if it can."""
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
        """Sync everything to the disk, then note that it is there.

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
            "items": items,
            "images": self._n_images,
            "shapes": {name: list(array.shape) for name, array in self._arrays.items()},
            "line_bytes": self._lines.tell(),
            "unreadable": _rows(unreadable),
        }
        write_json(self._folder / DONE, self._done)

    def close(self) -> None:
        """Close the files; a build can resume from what was committed."""
        for array in self._arrays.values():
            array.abandon()
        if self._lines is not None:
            with suppress(OSError):  # a full disk again, when the rest is flushed
                self._lines.close()

    def finish(self, items: int, settings: DataSettings, source: "ImageSource") -> None:
        """Write what needs all images, then the facts.

        Raises:
            UserError: There is no image.
        """
        if not self._n_images:
            raise UserError(f"the split {self._split!r} has no readable image")
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
        about = {
            "split": self._split,
            "seed": settings.seed,
            "content": files_hash(content_files(self._folder)),
            "n_images": self._n_images,
            "n_unreadable": len(source.unreadable),
        }
        write_json(self._folder / FACTS, about)
        (self._folder / DONE).unlink()


def _rows(unreadable: "Sequence[UnreadableFile]") -> list[dict[str, str]]:
    return [{"image_id": row.image_id, "path": str(row.path), "reason": row.reason} for row in unreadable]
