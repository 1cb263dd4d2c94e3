"""One stored thing a file: load, save, describe."""

from taskonomy_kedro.datasets.figure_dataset import FigureDataset
from taskonomy_kedro.datasets.image_losses_dataset import ImageLossesDataset
from taskonomy_kedro.datasets.model_datasets import (
    AverageGuessDataset,
    ExamplesDataset,
    FinishedWorkDataset,
    RepresentationsDataset,
    TaskLossesDataset,
    TrainedNetworkDataset,
)
from taskonomy_kedro.datasets.prepared_split_dataset import PreparedSplitDataset
from taskonomy_kedro.datasets.published_table_dataset import PublishedTableDataset
from taskonomy_kedro.datasets.table_dataset import TableDataset
from taskonomy_kedro.datasets.taskonomy_directory_dataset import TaskonomyDirectoryDataset
from taskonomy_kedro.datasets.whole_datasets import PictureDataset, WholeJSONDataset

__all__ = [
    "AverageGuessDataset",
    "ExamplesDataset",
    "FigureDataset",
    "FinishedWorkDataset",
    "ImageLossesDataset",
    "PictureDataset",
    "PreparedSplitDataset",
    "PublishedTableDataset",
    "RepresentationsDataset",
    "TableDataset",
    "TaskLossesDataset",
    "TaskonomyDirectoryDataset",
    "TrainedNetworkDataset",
    "WholeJSONDataset",
]
