"""One stored thing a file: load, save, describe."""

from taskonomy_kedro.datasets.figure_dataset import FigureDataset
from taskonomy_kedro.datasets.image_losses_dataset import ImageLossesDataset
from taskonomy_kedro.datasets.published_table_dataset import PublishedTableDataset
from taskonomy_kedro.datasets.table_dataset import TableDataset

__all__ = ["FigureDataset", "ImageLossesDataset", "PublishedTableDataset", "TableDataset"]
