"""Images and labels made once, from rooms or a directory, and kept as arrays that are sliced by row."""

from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.settings import SPLITS, DataSettings, DirectorySettings, RoomsSettings, SplitName
from taskonomy_kedro.core.preparation.sources import ImageSource, open_source
from taskonomy_kedro.core.preparation.writing import Preparation, prepare

__all__ = [
    "SPLITS",
    "DataSettings",
    "DirectorySettings",
    "ImageSource",
    "Preparation",
    "PreparedSplit",
    "RoomsSettings",
    "SplitName",
    "open_source",
    "prepare",
]
