"""What a data format is: how images and labels of a data set lie on disk, and how a file is decoded."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from taskonomy_kedro.core.directories.decoding import decode_file
from taskonomy_kedro.core.directories.label_folders import LabelFolder
from taskonomy_kedro.core.directories.walking import FoundFolders, find_label_folders
from taskonomy_kedro.core.labels.domains import Domain

ListBuilding = Callable[[Mapping[str, str], Mapping[str, Collection[str]]], dict[str, LabelFolder]]


@dataclass(frozen=True, kw_only=True)
class DataFormat:
    """One way in which data sets lie on disk. Each is one module of `readers`, with one entry there.

    The domains of a format are those whose folders it finds, under the names of `STORED_DOMAINS`.

    Attributes:
        name: Reported in records and messages.
        recipe_version: Part of the recipe of every split read from the format. Raise it whenever the
            same files give other arrays; otherwise splits prepared before are reused.
        recognises: Return whether a directory has this format, from its path and the domains that
            each image must have.
        list_building: Return the files of one building by domain, from the folder and the file
            extensions of each domain. Files of different domains belong to one image if they have
            the same code, see `LabelFolder`.
        find_folders: Return the folders of each building, from the directory and a table of folder
            name to domain.
        decode: Return the array of a file in stored form, at the size of the file; None if the file
            stands for a missing label. Takes content, domain and path; raises `UnreadableFileError`.
    """

    name: str
    recipe_version: int
    recognises: Callable[[Path, Collection[str]], bool]
    list_building: ListBuilding
    find_folders: Callable[[Path, Mapping[str, str]], FoundFolders] = find_label_folders
    decode: Callable[[bytes, Domain, str], np.ndarray | None] = decode_file

    def recipe_facts(self) -> dict[str, Any]:
        """Return what the recipe of a split records of its format."""
        return {"format": self.name, "format_version": self.recipe_version}
