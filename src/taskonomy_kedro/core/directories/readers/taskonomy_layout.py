"""The layouts of Taskonomy: file names carry point and view, such as `point_3_view_1_domain_rgb.png`."""

from collections.abc import Collection, Mapping
from pathlib import Path

from taskonomy_kedro.core.directories.data_format import DataFormat
from taskonomy_kedro.core.directories.label_folders import LabelFolder, list_point_files


def list_building(
    paths: Mapping[str, str], extensions: Mapping[str, Collection[str]]
) -> dict[str, LabelFolder]:
    """Return the files of one building, by point and view in their names."""
    present = [domain for domain in extensions if domain in paths]
    return {domain: list_point_files(paths[domain], extensions[domain]) for domain in present}


def _recognises(_dataset_dir: Path, _required: Collection[str]) -> bool:
    return True


TASKONOMY_LAYOUT = DataFormat(
    name="taskonomy_layout",
    recipe_version=1,
    recognises=_recognises,
    list_building=list_building,
)
