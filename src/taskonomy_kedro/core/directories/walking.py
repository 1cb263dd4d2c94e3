"""Find the label folders of every building below a directory, whatever the order of its levels.

Known orders (StanfordVL/taskonomy 2018; the sample building; the official downloader; ports of the code):
`{building}/{folder}`, `{folder}` of a single building, `{folder}/taskonomy/{building}`,
`{folder}/{building}`, and each of the latter with a level `train`, `val` or `test` in between.
"""

import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from taskonomy_kedro.core.directories.splits import SPLITS

_COMPONENT = "taskonomy"  # the downloader keeps other collections beside it
_NAME = re.compile(r"(point_)?(\d{1,9})(_view_|_)(\d{1,7})((?:\D.*)?\.\w+)")
VIEW_BITS = 24


@dataclass(frozen=True, kw_only=True, eq=False)
class FoundFolders:
    """Label folders below a directory.

    Attributes:
        folders: For each building, domain to folder.
        layouts: The orders of levels met, such as `domain/taskonomy/building`.
        bare: Folders that stand where a building may stand and hold no label folder.
    """

    folders: dict[str, dict[str, str]] = field(default_factory=dict)
    layouts: set[str] = field(default_factory=set)
    bare: dict[str, str] = field(default_factory=dict)

    def add(self, building: str, domain: str, path: str, layout: str) -> None:
        """Note one folder; refuse a second of the same building and domain."""
        domains = self.folders.setdefault(building, {})
        if domains.setdefault(domain, path) != path:
            raise ValueError(
                f"{domains[domain]} and {path} both hold {domain} of building {building!r}; "
                "move one of them out of the directory"
            )
        self.layouts.add(layout)


def find_label_folders(dataset_dir: Path, domain_of: Mapping[str, str]) -> FoundFolders:
    """Find all label folders.

    Args:
        dataset_dir: The directory, or the folder of a single building.
        domain_of: Folder name to domain, for the folders that are wanted.

    Raises:
        FileNotFoundError: No such directory.
        ValueError: Two folders hold the same domain of the same building.
    """
    if not dataset_dir.is_dir():
        raise FileNotFoundError(
            f"there is no directory {dataset_dir}; set dataset_dir to where the data lies"
        )
    found = FoundFolders()
    _look_at_top(os.fspath(dataset_dir), dataset_dir.resolve().name, domain_of, found)
    return found


def _look_at_top(path: str, name: str, domain_of: Mapping[str, str], found: FoundFolders) -> None:
    for entry in _folders(path):
        if entry.name in domain_of:
            _look_below_domain(entry.path, name, domain_of[entry.name], "domain", found)
        elif entry.name in SPLITS:
            _look_at_top(entry.path, name, domain_of, found)
        else:
            _look_below_building(entry, domain_of, found)


def _look_below_building(entry: os.DirEntry[str], domain_of: Mapping[str, str], found: FoundFolders) -> None:
    is_building = False
    for inner in _folders(entry.path):
        if inner.name in domain_of:
            is_building = True
            found.add(entry.name, domain_of[inner.name], inner.path, "building/domain")
    if not is_building:
        found.bare[entry.name] = entry.path


def _look_below_domain(path: str, name: str, domain: str, layout: str, found: FoundFolders) -> None:
    """Take the folders inside for levels and buildings, and files inside for a single building's."""
    inner = {entry.name: entry for entry in _folders(path)}
    if _COMPONENT in inner:
        inner = {_COMPONENT: inner[_COMPONENT]}
    for entry in inner.values():
        if entry.name == _COMPONENT or entry.name in SPLITS:
            level = _COMPONENT if entry.name == _COMPONENT else "split"
            _look_below_domain(entry.path, name, domain, f"{layout}/{level}", found)
        else:
            found.add(entry.name, domain, entry.path, f"{layout}/building")
    if not inner:
        found.add(name, domain, path, layout)


def _folders(path: str) -> Iterator[os.DirEntry[str]]:
    """Yield the visible folders inside, by name; the file system tells them apart without a look at each."""
    with os.scandir(path) as entries:
        inner = [entry for entry in entries if entry.name[0] not in "._" and entry.is_dir()]
    yield from sorted(inner, key=lambda entry: entry.name)


@dataclass(frozen=True, kw_only=True, eq=False)
class LabelFolder:
    """The files of one domain of one building.

    Most names follow one pattern, so only the pattern and the exceptions are kept: a tree of four
    million images has eighty million files.

    Attributes:
        path: The folder.
        pattern: Before the point id, between the ids, after the view id.
        codes: (n,) int64, sorted; point and view of each file, as `code_of` packs them.
        exceptions: Code to name, where the name does not follow the pattern.
    """

    path: str
    pattern: tuple[str, str, str]
    codes: np.ndarray
    exceptions: dict[int, str]

    def file_of(self, point: int, view: int) -> str:
        """Return the path of an image's file, which is not looked for."""
        before, between, after = self.pattern
        name = self.exceptions.get(code_of(point, view)) or f"{before}{point}{between}{view}{after}"
        return f"{self.path}/{name}"

    def without_codes(self) -> "LabelFolder":
        """Return the same folder, able to name files and no more."""
        return LabelFolder(
            path=self.path,
            pattern=self.pattern,
            codes=np.empty(0, dtype=np.int64),
            exceptions=self.exceptions,
        )


def code_of(point: int, view: int) -> int:
    """Pack point and view into one number that sorts by point, then view."""
    return (point << VIEW_BITS) | view


def points_and_views(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Unpack what `code_of` packed: points (n,) int64 and views (n,) int64."""
    return codes >> VIEW_BITS, codes & ((1 << VIEW_BITS) - 1)


def list_label_folder(
    path: str, extensions: Collection[str], codes_of_stems: Mapping[str, int] | None = None
) -> LabelFolder:
    """List a folder once and read point and view off the names.

    Args:
        path: The folder.
        extensions: Files with others are passed over.
        codes_of_stems: For images with names of their own: name without extension to code.

    Raises:
        ValueError: Two files belong to the same image.
    """
    pattern: tuple[str, str, str] | None = None
    names: dict[int, str] = {}
    exceptions: dict[int, str] = {}
    for name in file_names(path):
        if not name.lower().endswith(tuple(extensions)):
            continue
        parts: tuple[str, str, str] | None = None
        match = _NAME.fullmatch(name)
        if codes_of_stems is not None:
            code = codes_of_stems.get(name.rpartition(".")[0], -1)
            if code < 0:
                continue
        elif match is None or (match[1] is None and not name.endswith(".npy")):
            continue
        else:
            before, point, between, view, after = match.groups(default="")
            code = code_of(int(point), int(view))
            parts = (before, between, after)
            if f"{int(point)}" != point or f"{int(view)}" != view:
                parts = None  # padded with zeros
        if code in names:
            pair = " and ".join(sorted((names[code], name)))
            raise ValueError(f"{pair} in {path} belong to the same image; remove one")
        names[code] = name
        pattern = pattern or parts
        if parts is None or parts != pattern:
            exceptions[code] = name
    return LabelFolder(
        path=path,
        pattern=pattern or ("point_", "_view_", ""),
        codes=np.sort(np.fromiter(names, dtype=np.int64, count=len(names))),
        exceptions=exceptions,
    )


def number_own_names(path: str, extensions: Collection[str]) -> dict[str, int]:
    """Number images whose names are not the data set's, by name: each is view 0 of a point of its own.

    Returns:
        Name without extension to code.
    """
    ends = tuple(extensions)
    names = [name for name in file_names(path) if name.lower().endswith(ends) and name[0] not in "._"]
    stems = sorted({name.rpartition(".")[0] for name in names})
    return {stem: code_of(number, 0) for number, stem in enumerate(stems)}


def file_names(path: str) -> list[str]:
    """Return what a folder holds; a Path for each of millions would be slow."""
    return os.listdir(path)  # noqa: PTH208
