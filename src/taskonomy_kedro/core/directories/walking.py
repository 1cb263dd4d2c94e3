"""Find the label folders of every building below a directory, in any known order of its levels.

Known orders (StanfordVL/taskonomy 2018; the sample building; the official downloader; ports of the code):
`{building}/{folder}`, `{folder}` of a single building, `{folder}/taskonomy/{building}`,
`{folder}/{building}`, and each of the latter with a level `train`, `val` or `test` in between.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from taskonomy_kedro.core.directories.splits import SPLITS
from taskonomy_kedro.core.errors import UserError

_COMPONENT = "taskonomy"  # the downloader stores other collections beside it


@dataclass(frozen=True, kw_only=True, eq=False)
class FoundFolders:
    """Label folders below a directory.

    Attributes:
        folders: For each building, domain to folder.
        layouts: The orders of levels found, such as `domain/taskonomy/building`.
        bare: Folders where a building is expected, without a label folder inside.
    """

    folders: dict[str, dict[str, str]] = field(default_factory=dict)
    layouts: set[str] = field(default_factory=set)
    bare: dict[str, str] = field(default_factory=dict)

    def add(self, building: str, domain: str, path: str, layout: str) -> None:
        """Add one folder.

        Raises:
            UserError: There is another folder of the same building and domain.
        """
        domains = self.folders.setdefault(building, {})
        if domains.setdefault(domain, path) != path:
            raise UserError(
                f"{domains[domain]} and {path} both hold {domain} of building {building!r}; "
                "move one of them out of the directory"
            )
        self.layouts.add(layout)


def find_label_folders(dataset_dir: Path, domain_of: Mapping[str, str]) -> FoundFolders:
    """Find all label folders.

    Args:
        dataset_dir: The directory, or the folder of a single building.
        domain_of: Folder name to domain, for the folders to find.

    Raises:
        UserError: Two folders hold the same domain of the same building.
    """
    found = FoundFolders()
    _walk_top(os.fspath(dataset_dir), dataset_dir.resolve().name, domain_of, found)
    return found


def _walk_top(path: str, name: str, domain_of: Mapping[str, str], found: FoundFolders) -> None:
    for entry in _folders(path):
        if entry.name in domain_of:
            _walk_domain(entry.path, name, domain_of[entry.name], "domain", found)
        elif entry.name in SPLITS:
            _walk_top(entry.path, name, domain_of, found)
        else:
            _walk_building(entry, domain_of, found)


def _walk_building(entry: os.DirEntry[str], domain_of: Mapping[str, str], found: FoundFolders) -> None:
    is_building = False
    for inner in _folders(entry.path):
        if inner.name in domain_of:
            is_building = True
            found.add(entry.name, domain_of[inner.name], inner.path, "building/domain")
    if not is_building:
        found.bare[entry.name] = entry.path


def _walk_domain(path: str, name: str, domain: str, layout: str, found: FoundFolders) -> None:
    """Take folders inside for levels and buildings; without any, the files are those of one building."""
    inner = {entry.name: entry for entry in _folders(path)}
    if _COMPONENT in inner:
        inner = {_COMPONENT: inner[_COMPONENT]}
    for entry in inner.values():
        if entry.name == _COMPONENT or entry.name in SPLITS:
            level = _COMPONENT if entry.name == _COMPONENT else "split"
            _walk_domain(entry.path, name, domain, f"{layout}/{level}", found)
        else:
            found.add(entry.name, domain, entry.path, f"{layout}/building")
    if not inner:
        found.add(name, domain, path, layout)


def _folders(path: str) -> Iterator[os.DirEntry[str]]:
    """Yield the visible folders inside, by name; `scandir` needs no extra call for each entry."""
    with os.scandir(path) as entries:
        inner = [entry for entry in entries if entry.name[0] not in "._" and entry.is_dir()]
    yield from sorted(inner, key=lambda entry: entry.name)
