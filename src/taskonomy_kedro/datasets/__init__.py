"""One stored thing a file: load, save, describe."""

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
from taskonomy_kedro.datasets.picture_dataset import PictureDataset
from taskonomy_kedro.datasets.prepared_split_dataset import PreparedSplitDataset
from taskonomy_kedro.datasets.published_table_dataset import PublishedTableDataset
from taskonomy_kedro.datasets.table_dataset import OptionalTableDataset, TableDataset
from taskonomy_kedro.datasets.taskonomy_directory_dataset import TaskonomyDirectoryDataset

__all__ = [
    "AverageGuessDataset",
    "ExamplesDataset",
    "FigureDataset",
    "GatheredDataset",
    "HtmlDataset",
    "ImageLossesDataset",
    "JSONProductDataset",
    "OptionalTableDataset",
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
