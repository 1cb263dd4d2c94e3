"""One stored thing a file: load, save, describe."""

from typing import TYPE_CHECKING, Any

from taskonomy_kedro.datasets.figure_dataset import FigureDataset
from taskonomy_kedro.datasets.gathered_dataset import GatheredDataset
from taskonomy_kedro.datasets.html_dataset import HtmlDataset
from taskonomy_kedro.datasets.image_losses_dataset import ImageLossesDataset
from taskonomy_kedro.datasets.json_product_dataset import JSONProductDataset
from taskonomy_kedro.datasets.model_datasets import (
    AverageGuessDataset,
    ExamplesDataset,
    RepresentationsDataset,
    TaskLossesDataset,
    TrainedNetworkDataset,
    TransferLossesDataset,
)
from taskonomy_kedro.datasets.passed_dataset import PassedDataset
from taskonomy_kedro.datasets.prepared_split_dataset import PreparedSplitDataset
from taskonomy_kedro.datasets.published_table_dataset import PublishedTableDataset
from taskonomy_kedro.datasets.table_dataset import TableDataset
from taskonomy_kedro.datasets.taskonomy_directory_dataset import TaskonomyDirectoryDataset

if TYPE_CHECKING:
    from taskonomy_kedro.datasets.picture_dataset import PictureDataset

__all__ = [
    "AverageGuessDataset",
    "ExamplesDataset",
    "FigureDataset",
    "GatheredDataset",
    "HtmlDataset",
    "ImageLossesDataset",
    "JSONProductDataset",
    "PassedDataset",
    "PictureDataset",
    "PreparedSplitDataset",
    "PublishedTableDataset",
    "RepresentationsDataset",
    "TableDataset",
    "TaskLossesDataset",
    "TaskonomyDirectoryDataset",
    "TrainedNetworkDataset",
    "TransferLossesDataset",
]


def __getattr__(name: str) -> Any:
    """Import what draws only where a catalog entry asks for it: every command reads this package."""
    if name != "PictureDataset":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from taskonomy_kedro.datasets.picture_dataset import PictureDataset

    return PictureDataset
