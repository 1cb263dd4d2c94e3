"""Read many images with several processes, in order, past files that cannot be read."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from taskonomy_kedro.core.directories.files import ImageFiles, ImageKey, UnreadableFile, UnreadableFileError
from taskonomy_kedro.core.directories.index import DirectoryIndex
from taskonomy_kedro.core.directories.reading import ReadingPlan, read_files
from taskonomy_kedro.core.labels.stored import StoredImage
from taskonomy_kedro.core.parallel import map_in_order

_IMAGES_PER_CALL = 8  # enough to hide the cost of a call, few enough to keep memory small
_SHOWN = 10

Progress = Callable[[int, int], None]


class ManyImages:
    """Images being read; iterate over it once.

    Attributes:
        unreadable: What has been skipped so far: one row an image, its first bad file. Complete
            when the iteration has ended.
    """

    def __init__(self, images: Iterator[StoredImage], unreadable: list[UnreadableFile]) -> None:
        self._images = images
        self.unreadable = unreadable

    def __iter__(self) -> Iterator[StoredImage]:
        return self._images


def read_many(
    index: DirectoryIndex,
    keys: Sequence[ImageKey],
    *,
    size: int,
    processes: int = 1,
    on_progress: Progress | None = None,
    max_unreadable_share: float = 0.01,
    n_before: int = 0,
    skipped_before: Sequence[UnreadableFile] = (),
) -> ManyImages:
    """Read images in the order of the keys, each file once.

    An image with a file that cannot be read is skipped and listed. To go on after a stop, pass the
    keys that are still missing, and what came before.

    Args:
        index: From `index_directory`.
        keys: Which images, all of `index.keys()` or some.
        size: Pixels a side.
        processes: How many read and decode; 1 stays in this one. A script that asks for more keeps
            its own work below `if __name__ == "__main__":`, since each process imports it anew.
        on_progress: Called after every image with the number done and the number of all, both with
            skipped ones and those before a stop.
        max_unreadable_share: Of the images asked for and of those before; more is an error.
        n_before: Images done before a stop, skipped ones included.
        skipped_before: The skipped ones among them; they open the list `unreadable`.

    Returns:
        An iterable of images with the list `unreadable` beside it. Iterating raises ValueError when
        too many files are unreadable (it names the first ten), RuntimeError when a process died.

    Raises:
        ValueError: A number out of range.
        KeyError: A key that the index does not have.
    """
    if processes < 1:
        raise ValueError(f"processes must be at least 1, got {processes}")
    if not 0 <= max_unreadable_share <= 1:
        raise ValueError(f"max_unreadable_share must be between 0 and 1, got {max_unreadable_share}")
    plan = ReadingPlan.of(index, size)
    for key in keys:
        index.row(key)
    found = _in_order(index, keys, plan, processes)
    unreadable = list(skipped_before)
    n_images = n_before + len(keys)
    kept = _kept(found, unreadable, n_before, n_images, on_progress, max_unreadable_share)
    return ManyImages(kept, unreadable)


def _kept(
    found: Iterator[StoredImage | UnreadableFile],
    unreadable: list[UnreadableFile],
    n_before: int,
    n_images: int,
    on_progress: Progress | None,
    max_unreadable_share: float,
) -> Iterator[StoredImage]:
    """Pass on the images, list the rest, and stop once enough is known to be wrong."""
    allowed = math.floor(max_unreadable_share * n_images + 1e-9)
    for done, image in enumerate(found, start=n_before + 1):
        if isinstance(image, UnreadableFile):
            unreadable.append(image)
            if len(unreadable) >= max(allowed + 1, _SHOWN):
                raise ValueError(_too_many(unreadable, done, n_images, max_unreadable_share))
        else:
            yield image
        if on_progress is not None:
            on_progress(done, n_images)
    if len(unreadable) > allowed:
        raise ValueError(_too_many(unreadable, n_images, n_images, max_unreadable_share))


def _too_many(rows: Sequence[UnreadableFile], done: int, n_images: int, share: float) -> str:
    listed = "\n".join(f"  {row.path}: {row.reason}" for row in rows[:_SHOWN])
    return (
        f"{len(rows)} of the first {done} images (of {n_images}) cannot be read, more than the share of "
        f"{share:g} that is let pass: raise data.directory.max_unreadable_share, which goes on, or "
        "mend these files or name their buildings in data.directory.leave_out, which starts the split anew. "
        f"The first {min(len(rows), _SHOWN)}:\n{listed}"
    )


def _in_order(
    index: DirectoryIndex, keys: Sequence[ImageKey], plan: ReadingPlan, processes: int
) -> Iterator[StoredImage | UnreadableFile]:
    per_call = 1 if processes == 1 else _IMAGES_PER_CALL
    calls = (
        [index.files(key) for key in keys[start : start + per_call]]
        for start in range(0, len(keys), per_call)
    )
    for found in map_in_order(partial(_read_several, plan=plan), calls, processes=processes):
        yield from found


def _read_several(files: Sequence[ImageFiles], plan: ReadingPlan) -> list[StoredImage | UnreadableFile]:
    return [_read_or_say(one, plan) for one in files]


def _read_or_say(files: ImageFiles, plan: ReadingPlan) -> StoredImage | UnreadableFile:
    try:
        return read_files(files, plan)
    except UnreadableFileError as error:
        return UnreadableFile(image_id=files.key.image_id, path=error.path, reason=error.reason)
