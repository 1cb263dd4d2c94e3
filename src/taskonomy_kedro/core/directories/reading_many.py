"""Read many images with several processes, in order, skipping files that cannot be read."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from taskonomy_kedro.core.directories.files import ImageFiles, ImageKey, UnreadableFile, UnreadableFileError
from taskonomy_kedro.core.directories.index import DirectoryIndex
from taskonomy_kedro.core.directories.reading import ReadingPlan, read_files
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.stored import StoredImage
from taskonomy_kedro.core.parallel import map_in_order

_IMAGES_PER_CALL = 8  # enough to hide the cost of a call, few enough to keep memory small
_SHOWN = 10

Progress = Callable[[int, int], None]


class ManyImages:
    """Images being read; iterate over it once.

    Attributes:
        unreadable: The images skipped so far, each with its first bad file; complete when the
            iteration has ended.
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

    An image with a file that cannot be read is skipped and listed. To resume, pass the keys that are
    still missing, and what came before.

    Args:
        index: From `index_directory`.
        keys: Which images, all of `index.keys()` or some.
        size: Pixels a side.
        processes: How many read and decode; 1 stays in this one. If a script requests more, put its
            own work below `if __name__ == "__main__":`, since each process imports the script again.
        on_progress: Called after every image with the number done and the number of all; both count
            skipped images and those before an interruption.
        max_unreadable_share: Upper limit, of these images and those before.
        n_before: Images done before an interruption, including skipped ones.
        skipped_before: The skipped ones among them; the list `unreadable` starts with these.

    Returns:
        An iterable of images with the list `unreadable`. Iterating raises `UserError` if too many files
        are unreadable (the message has the first ten), RuntimeError if a process died.

    Raises:
        UserError: A number out of range.
        KeyError: A key that is not in the index.
    """
    if processes < 1:
        raise UserError(f"processes must be at least 1, got {processes}")
    if not 0 <= max_unreadable_share <= 1:
        raise UserError(f"max_unreadable_share must be between 0 and 1, got {max_unreadable_share}")
    plan = ReadingPlan.of(index, size)
    for key in keys:
        index.row(key)
    results = _in_order(index, keys, plan, processes)
    unreadable = list(skipped_before)
    n_images = n_before + len(keys)
    images = _readable(results, unreadable, n_before, n_images, on_progress, max_unreadable_share)
    return ManyImages(images, unreadable)


def _readable(
    results: Iterator[StoredImage | UnreadableFile],
    unreadable: list[UnreadableFile],
    n_before: int,
    n_images: int,
    on_progress: Progress | None,
    max_unreadable_share: float,
) -> Iterator[StoredImage]:
    """Yield the images, list the rest, and stop once too many are unreadable."""
    allowed = math.floor(max_unreadable_share * n_images + 1e-9)
    for done, image in enumerate(results, start=n_before + 1):
        if isinstance(image, UnreadableFile):
            unreadable.append(image)
            if len(unreadable) >= max(allowed + 1, _SHOWN):
                raise UserError(_too_many(unreadable, done, n_images, max_unreadable_share))
        else:
            yield image
        if on_progress is not None:
            on_progress(done, n_images)
    if len(unreadable) > allowed:
        raise UserError(_too_many(unreadable, n_images, n_images, max_unreadable_share))


def _too_many(rows: Sequence[UnreadableFile], done: int, n_images: int, share: float) -> str:
    listed = "\n".join(f"  {row.path}: {row.reason}" for row in rows[:_SHOWN])
    return (
        f"{len(rows)} of the first {done} images (of {n_images}) cannot be read, more than the allowed "
        f"share of {share:g}: raise data.directory.max_unreadable_share to resume, or fix these files or "
        "list their buildings in data.directory.leave_out, which restarts the split. "
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
    return [_read_or_list(one, plan) for one in files]


def _read_or_list(files: ImageFiles, plan: ReadingPlan) -> StoredImage | UnreadableFile:
    try:
        return read_files(files, plan)
    except UnreadableFileError as error:
        return UnreadableFile(image_id=files.key.image_id, path=error.path, reason=error.reason)
