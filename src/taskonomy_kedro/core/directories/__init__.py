"""Directories of images and labels: index them, read them into stored form, and write them."""

from taskonomy_kedro.core.directories.custom_formats import custom_formats
from taskonomy_kedro.core.directories.data_format import DataFormat
from taskonomy_kedro.core.directories.files import ImageKey, UnreadableFile, UnreadableFileError
from taskonomy_kedro.core.directories.formats import ALL_DOMAINS
from taskonomy_kedro.core.directories.image_writing import (
    export_image,
    export_matches,
    exported_paths,
    matches_path,
)
from taskonomy_kedro.core.directories.index import DirectoryIndex
from taskonomy_kedro.core.directories.indexing import index_directory
from taskonomy_kedro.core.directories.matches import (
    Match,
    PointMatches,
    Sightings,
    matches_of_point_infos,
    read_nonfixated_matches,
    read_sightings,
)
from taskonomy_kedro.core.directories.readers import DATA_FORMATS
from taskonomy_kedro.core.directories.reading import read_image
from taskonomy_kedro.core.directories.reading_many import ManyImages, read_many
from taskonomy_kedro.core.directories.splits import (
    KNOWN_BAD_BUILDINGS,
    SUBSETS,
    Split,
    find_split_file,
    read_splits,
)
from taskonomy_kedro.core.directories.stamps import stamp_files

__all__ = [
    "ALL_DOMAINS",
    "DATA_FORMATS",
    "KNOWN_BAD_BUILDINGS",
    "SUBSETS",
    "DataFormat",
    "DirectoryIndex",
    "ImageKey",
    "ManyImages",
    "Match",
    "PointMatches",
    "Sightings",
    "Split",
    "UnreadableFile",
    "UnreadableFileError",
    "custom_formats",
    "export_image",
    "export_matches",
    "exported_paths",
    "find_split_file",
    "index_directory",
    "matches_of_point_infos",
    "matches_path",
    "read_image",
    "read_many",
    "read_nonfixated_matches",
    "read_sightings",
    "read_splits",
    "stamp_files",
]
