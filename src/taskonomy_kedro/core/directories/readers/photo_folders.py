"""Folders of photographs with any file names: `rgb/PLACE/IMG_0001.jpg`, labels named like their images."""

from collections.abc import Collection, Mapping
from pathlib import Path

from taskonomy_kedro.core.directories.data_format import DataFormat
from taskonomy_kedro.core.directories.label_folders import LabelFolder, add_name, code_of, names_with
from taskonomy_kedro.core.directories.readers import taskonomy_layout


def _recognises(_dataset_dir: Path, required: Collection[str]) -> bool:
    return set(required) == {"rgb"}


def _list_building(
    paths: Mapping[str, str], extensions: Mapping[str, Collection[str]]
) -> dict[str, LabelFolder]:
    """Number the images of a building by name: each is view 0 of a point of its own.

    A building with names as in Taskonomy is read as such.
    """
    listed = taskonomy_layout.list_building(paths, extensions)
    if "rgb" not in paths or len(listed["rgb"].codes):
        return listed
    images = (name for name in names_with(extensions["rgb"], paths["rgb"]) if name[0] not in "._")
    stems = sorted({_stem(name) for name in images})
    code_of_stem = {stem: code_of(number, 0) for number, stem in enumerate(stems)}
    folders = {}
    for domain in listed:
        names: dict[int, str] = {}
        for name in names_with(extensions[domain], paths[domain]):
            if _stem(name) in code_of_stem:
                add_name(names, code_of_stem[_stem(name)], name, paths[domain])
        folders[domain] = LabelFolder.of_names(paths[domain], names)
    return folders


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


PHOTO_FOLDERS = DataFormat(
    name="photo_folders", recipe_version=1, recognises=_recognises, list_building=_list_building
)
