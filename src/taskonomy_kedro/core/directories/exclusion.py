"""Which buildings of a directory are left out, and why: sentences for who looks for them."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from taskonomy_kedro.core.directories.formats import POINT_INFO
from taskonomy_kedro.core.directories.splits import KNOWN_BAD_BUILDINGS, Split
from taskonomy_kedro.core.directories.walking import FoundFolders, LabelFolder
from taskonomy_kedro.core.tasks.naming import counted, nearest_name_hint

_SHOWN = 10  # buildings named in a message


def check_names(
    dataset_dir: Path,
    found: FoundFolders,
    split_file: Path | None,
    split_of: Mapping[str, Split],
    buildings: Collection[str] | None,
    leave_out: Collection[str],
    let_in: Collection[str],
) -> None:
    """Refuse names of buildings that match nothing.

    Args:
        dataset_dir: The directory.
        found: What is in it.
        split_file: Table of buildings; None without one.
        split_of: Split of each building of the table.
        buildings: To be taken alone; None takes all.
        leave_out: Not to be taken.
        let_in: Known to be bad, to be taken all the same.

    Raises:
        ValueError: With the name that matches nothing, and the nearest there is.
    """
    there = {*found.folders, *found.bare}
    if split_file and not there & set(split_of):
        raise ValueError(
            f"{split_file} names {counted(len(split_of), 'building')}, none of which is in {dataset_dir}; "
            f"there are {', '.join(sorted(there)[:5]) or 'no buildings'}: "
            "check dataset_dir and the split file"
        )
    for name in buildings or ():
        if name not in there:
            raise ValueError(
                f"there is no building {name!r} in {dataset_dir}{nearest_name_hint(name, there)}"
            )
    for name in leave_out:
        if name not in there:
            hint = nearest_name_hint(name, there)
            raise ValueError(f"data.directory.leave_out names {name!r}, which is not in {dataset_dir}{hint}")
    for name in let_in:
        if name not in KNOWN_BAD_BUILDINGS:
            hint = nearest_name_hint(name, KNOWN_BAD_BUILDINGS)
            raise ValueError(
                f"data.directory.let_in names {name!r}, which is not among the known bad buildings{hint}"
            )


def known_reasons(
    wanted: Sequence[str], leave_out: Collection[str], let_in: Collection[str]
) -> dict[str, str]:
    """Return why buildings are left out before anything is looked at: known to be bad, or asked for."""
    reasons = {name: why for name, why in KNOWN_BAD_BUILDINGS.items() if name not in let_in}
    reasons |= dict.fromkeys(leave_out, "left out as asked")
    return {name: reasons[name] for name in wanted if name in reasons}


def nothing_found(
    dataset_dir: Path, found: FoundFolders, left_out: Mapping[str, str], required: Collection[str]
) -> str:
    """Say that there is no building to take, and what to do."""
    if not left_out:
        return (
            f"{dataset_dir} holds no images in a known layout, such as rgb/taskonomy/hanson or hanson/rgb; "
            "check dataset_dir; images of your own go into rgb/PLACE"
        )
    shown = [f"{name}: {why}" for name, why in list(left_out.items())[:_SHOWN]]
    more = f"; and {len(left_out) - _SHOWN} more" if len(left_out) > _SHOWN else ""
    remedy = "finish their download, or name known bad ones in data.directory.let_in"
    lacks_facts = any(
        "rgb" in folders and POINT_INFO not in folders
        for name, folders in found.folders.items()
        if name in left_out
    )
    if POINT_INFO in required and lacks_facts:
        remedy += "; for images of your own set data.directory.requires_point_info=false"
    return f"all buildings wanted of {dataset_dir} are left out ({'; '.join(shown)}{more}): {remedy}"


def why_empty(bare: str | None, required: Collection[str], folders: Mapping[str, LabelFolder]) -> str:
    """Say that a building has no image, and what is in each of its folders that are required."""
    counts = [
        f"{domain}: {len(folders[domain].codes)} in {folders[domain].path}"
        if domain in folders
        else f"{domain}: no such folder"
        for domain in required
    ]
    where = f" in {bare}" if bare else ""
    return f"no image with {' and '.join(required)}{where} ({'; '.join(counts)})"
