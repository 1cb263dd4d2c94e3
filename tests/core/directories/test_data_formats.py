"""Every data format is registered, and what it reads is pinned under its recipe version."""

import hashlib
import pkgutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from tests.directory_trees import stored_arrays, write, write_tree

from taskonomy_kedro.core.directories import DATA_FORMATS, DataFormat, index_directory, read_image, readers
from taskonomy_kedro.core.preparation.image_sources import describe_source
from taskonomy_kedro.core.preparation.settings import DataSettings


def taskonomy_layout(root: Path) -> None:
    images = [(f"building{number}", 0, view) for number in range(4) for view in range(2)]
    write_tree(root, images, size=48)


def photo_folders(root: Path) -> None:
    for number in range(4):
        for name in ("attic", "beach"):
            arrays = stored_arrays(48, number)
            write(root / f"rgb/place{number}/{name}.png", arrays["rgb"])
            write(root / f"depth_zbuffer/place{number}/{name}.png", arrays["depth_zbuffer"])


EXAMPLES: dict[tuple[str, int], tuple[Callable[[Path], None], str]] = {
    ("taskonomy_layout", 1): (taskonomy_layout, "fad92f213f02f460"),
    ("photo_folders", 1): (photo_folders, "68aa276f1f11702d"),
}
"""Format and recipe version: an example data set, and the hash of what is read from it.

If a hash changes, raise the `recipe_version` of the format, so that prepared splits are rebuilt. A new
format gets an example of its own.
"""


def settings(root: Path, data_format: DataFormat) -> DataSettings:
    directory = {"dataset_dir": str(root), "requires_point_info": data_format.name == "taskonomy_layout"}
    return DataSettings(source="directory", image_size=32, processes=1, directory=directory)


def test_every_module_of_readers_is_a_registered_format() -> None:
    modules = [
        import_module(f"{readers.__name__}.{found.name}") for found in pkgutil.iter_modules(readers.__path__)
    ]
    for module in modules:
        formats = [value for value in vars(module).values() if isinstance(value, DataFormat)]
        assert len(formats) == 1, f"{module.__name__} must hold one DataFormat"
        assert formats[0] in DATA_FORMATS, f"{formats[0].name} is missing in DATA_FORMATS"
    assert len(DATA_FORMATS) == len(modules)


@pytest.mark.parametrize("data_format", DATA_FORMATS, ids=lambda form: form.name)
def test_what_a_format_reads_is_pinned_under_its_recipe_version(
    data_format: DataFormat, tmp_path: Path
) -> None:
    version = (data_format.name, data_format.recipe_version)
    assert version in EXAMPLES, f"add an example and its hash for {version}"
    make, expected = EXAMPLES[version]
    make(tmp_path)
    required = ("rgb", "point_info") if data_format.name == "taskonomy_layout" else ("rgb",)
    index = index_directory(tmp_path, required=required)
    assert index.data_format is data_format
    digest = hashlib.sha256()
    for key in index.keys():  # noqa: SIM118
        image = read_image(index, key, size=32)
        for name in sorted(image.present):
            digest.update(name.encode() + np.ascontiguousarray(image.domains[name]).tobytes())
    assert digest.hexdigest()[:16] == expected, "other arrays: raise the format's recipe_version"


@pytest.mark.parametrize("data_format", DATA_FORMATS, ids=lambda form: form.name)
def test_the_recipe_of_a_split_has_the_format_and_its_version(
    data_format: DataFormat, tmp_path: Path
) -> None:
    make, _ = EXAMPLES[data_format.name, data_format.recipe_version]
    make(tmp_path)
    facts = describe_source(settings(tmp_path, data_format), "train")
    assert facts | data_format.recipe_facts() == facts
    assert facts["format_version"] == data_format.recipe_version
