"""The data formats that can be read. To add one, write a module with a `DataFormat` and enter it here."""

from collections.abc import Collection
from pathlib import Path

from taskonomy_kedro.core.directories.data_format import DataFormat
from taskonomy_kedro.core.directories.readers.photo_folders import PHOTO_FOLDERS
from taskonomy_kedro.core.directories.readers.taskonomy_layout import TASKONOMY_LAYOUT

DATA_FORMATS: tuple[DataFormat, ...] = (PHOTO_FOLDERS, TASKONOMY_LAYOUT)
"""Asked in this order; the last one takes every directory."""


def data_format_of(dataset_dir: Path, required: Collection[str]) -> DataFormat:
    """Return the first format that recognises a directory.

    Args:
        dataset_dir: The directory.
        required: The domains that each image must have.
    """
    return next(form for form in DATA_FORMATS if form.recognises(dataset_dir, required))
