"""Which buildings of a directory are excluded, and why; messages for names that match nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from taskonomy_kedro.core.directories.formats import POINT_INFO
from taskonomy_kedro.core.directories.label_folders import LabelFolder
from taskonomy_kedro.core.directories.splits import KNOWN_BAD_BUILDINGS, Split
from taskonomy_kedro.core.directories.walking import FoundFolders
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.tasks.naming import counted, nearest_name_hint

_SHOWN = 10  # buildings listed in a message


def check_names(
    dataset_dir: Path,
    found: FoundFolders,
    split_file: Path | None,
    split_of: Mapping[str, Split],
    buildings: Collection[str] | None,
    leave_out: Collection[str],
    let_in: Collection[str],
) -> None:
    """Check that all names of buildings match something.

    Args:
        dataset_dir: The directory.
        found: What is in it.
        split_file: Table of buildings; None without one.
        split_of: Split of each building of the table.
        buildings: The only ones to take; None takes all.
        leave_out: Those to exclude.
        let_in: Known bad ones not to exclude.

    Raises:
        UserError: A name matches nothing; the message has the nearest one.
    """
    there = {*found.folders, *found.bare}
    if split_file and not there & set(split_of):
        raise UserError(
            f"{split_file} lists {counted(len(split_of), 'building')}, none of which is in {dataset_dir}; "
            f"there are {', '.join(sorted(there)[:5]) or 'no buildings'}: "
            "check dataset_dir and the split file"
        )
    _check_known(buildings or (), there, f"there is no building {{}} in {dataset_dir}")
    _check_known(leave_out, there, f"data.directory.leave_out has {{}}, which is not in {dataset_dir}")
    _check_known(
        let_in, KNOWN_BAD_BUILDINGS, "data.directory.let_in has {}, which is not a known bad building"
    )


def _check_known(names: Iterable[str], known: Collection[str], message: str) -> None:
    for name in names:
        if name not in known:
            raise UserError(message.format(repr(name)) + nearest_name_hint(name, known))


def known_reasons(
    requested: Sequence[str], leave_out: Collection[str], let_in: Collection[str]
) -> dict[str, str]:
    """Return why buildings are excluded without being read: known to be bad, or as requested."""
    reasons = {name: why for name, why in KNOWN_BAD_BUILDINGS.items() if name not in let_in}
    reasons |= dict.fromkeys(leave_out, "excluded by data.directory.leave_out")
    return {name: reasons[name] for name in requested if name in reasons}


def nothing_found(
    dataset_dir: Path, found: FoundFolders, excluded: Mapping[str, str], required: Collection[str]
) -> str:
    """Return the message that no building is left, and what to do."""
    if not excluded:
        return (
            f"{dataset_dir} holds no images in a known layout, such as rgb/taskonomy/hanson or hanson/rgb; "
            "check dataset_dir; put images of your own into rgb/PLACE"
        )
    shown = [f"{name}: {why}" for name, why in list(excluded.items())[:_SHOWN]]
    more = f"; and {len(excluded) - _SHOWN} more" if len(excluded) > _SHOWN else ""
    remedy = "finish their download, or list known bad ones in data.directory.let_in"
    lacks_facts = any(
        "rgb" in folders and POINT_INFO not in folders
        for name, folders in found.folders.items()
        if name in excluded
    )
    if POINT_INFO in required and lacks_facts:
        remedy += "; for images of your own set data.directory.requires_point_info=false"
    return f"all requested buildings of {dataset_dir} are excluded ({'; '.join(shown)}{more}): {remedy}"


def why_empty(bare: str | None, required: Collection[str], folders: Mapping[str, LabelFolder]) -> str:
    """Return the message that a building has no image, and what each required folder has."""
    counts = [
        f"{domain}: {len(folders[domain].codes)} in {folders[domain].path}"
        if domain in folders
        else f"{domain}: no such folder"
        for domain in required
    ]
    where = f" in {bare}" if bare else ""
    return f"no image with {' and '.join(required)}{where} ({'; '.join(counts)})"
