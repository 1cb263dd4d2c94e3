"""Checks that a directory has what the settings request, before anything is read."""

import difflib
import logging
from collections.abc import Mapping

from taskonomy_kedro.core.directories import DirectoryIndex
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.preparation.settings import SPLITS, SplitName
from taskonomy_kedro.core.tasks import TASKS, Task
from taskonomy_kedro.core.tasks.naming import counted

logger = logging.getLogger(__name__)

_MASKS = ("mask_valid", "depth_zbuffer")
"""Labels that say where the geometry is known."""


def check_buildings(index: DirectoryIndex) -> None:
    """Refuse fewer buildings than splits, if no split file assigns buildings to splits.

    Raises:
        UserError: With the buildings found, and how to sort images into more of them.
    """
    count = len(index.buildings)
    if index.splits or count >= len(SPLITS):
        return
    raise UserError(
        f"{index.dataset_dir} has {counted(count, 'building')} ({', '.join(index.buildings)}), "
        f"and the splits {', '.join(SPLITS)} need one each, as none may share a place: sort the images and "
        f"labels into folders by the place they show, such as rgb/place1 to rgb/place{len(SPLITS)}"
    )


def check_splits(index: DirectoryIndex, split_of: Mapping[str, SplitName]) -> None:
    """Refuse a published split file that leaves a split without buildings.

    Args:
        index: The directory.
        split_of: The split of each building.

    Raises:
        UserError: With the number of buildings of each split, and how to get more.
    """
    have = {split: sum(found == split for found in split_of.values()) for split in SPLITS}
    if not index.splits or all(have.values()):
        return
    missing = [split for split, count in have.items() if not count]
    told = ", ".join(f"{split} {count}" for split, count in have.items())
    raise UserError(
        f"{index.dataset_dir} has no building for the split {' and '.join(map(repr, missing))} "
        f"(buildings by split: {told}): a building of `train` trains, one of `test` tests, and two of `val` "
        f"serve transfer and validation; bring more buildings, another data.directory.subset, or none"
    )


def check_own_labels(index: DirectoryIndex, tasks: Mapping[str, Task]) -> None:
    """Refuse a custom task if no image has a label for it.

    Raises:
        UserError: With the expected folder and file names, and the nearest folder.
    """
    counts = index.label_counts()
    for name, task in tasks.items():
        folder = task.domains[0]
        if counts[folder]:
            continue
        near = difflib.get_close_matches(folder, _folders(index), n=1)
        hint = f"; there is {near[0]!r}" if near else ""
        raise UserError(
            f"task {name!r}: not one image of {index.dataset_dir} has a label in a folder {folder!r}{hint}: "
            f"put it beside `rgb`, and name its files like the images, ending in "
            f"{' or '.join(index.formats[folder].extensions)}"
        )


def warn_of_missing_masks(index: DirectoryIndex, own: Mapping[str, Task]) -> None:
    """Warn of labels without any weight, as no image that has them has a mask.

    Args:
        index: The directory.
        own: The custom tasks.
    """
    has = dict(zip(index.columns, index.has_file.T, strict=True))
    has_mask = has[_MASKS[0]] | has[_MASKS[1]]
    folders = dict.fromkeys(
        task.domains[0] for task in [*TASKS.values(), *own.values()] if task.mask == "valid_depth"
    )
    unmasked = [name for name in folders if has[name].any() and not (has[name] & has_mask).any()]
    if unmasked:
        logger.warning(
            "%s: nothing is learned from %s, as no image of them has %s, which mark where the geometry is "
            "known: put one of these folders beside `rgb`",
            index.dataset_dir, ", ".join(unmasked), " or ".join(_MASKS),
        )  # fmt: skip


def _folders(index: DirectoryIndex) -> list[str]:
    """Return the folders that may hold labels: of the directory, and of its first building."""
    places = (index.dataset_dir, index.dataset_dir / index.buildings[0])
    return [path.name for place in places if place.is_dir() for path in place.iterdir() if path.is_dir()]
