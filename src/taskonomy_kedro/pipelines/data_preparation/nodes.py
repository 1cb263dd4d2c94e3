"""Nodes of the data preparation."""

from typing import Any

import pandas as pd

from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.settings import DataSettings, SplitName
from taskonomy_kedro.core.preparation.split_build import SplitBuild, prepare

# What needs scikit-image or Matplotlib is imported where it is used: every command reads this file.


def prepare_split(settings: DataSettings, *, split: SplitName) -> SplitBuild:
    """Open the source of one split; its dataset makes the images that are not there yet."""
    return prepare(split, settings)


def measure_labels(train: PreparedSplit) -> dict[str, Any]:
    """Measure the constants of the training split."""
    from taskonomy_kedro.core.preparation.measuring import measure_statistics

    return measure_statistics(train).to_json()


def summarise_splits(*splits: PreparedSplit) -> pd.DataFrame:
    """Write class and depth statistics of every split as one table."""
    from taskonomy_kedro.core.preparation.example_rows import summarise

    rows = [row for split in splits for row in summarise(split)]
    return pd.DataFrame(rows, columns=["split", "domain", "item", "measure", "value", "unit", "n_images"])


def list_unreadable(*splits: PreparedSplit) -> pd.DataFrame:
    """List the files that could not be read, and why."""
    rows = [row for split in splits for row in split.unreadable]
    return pd.DataFrame(rows, columns=["image_id", "path", "reason"])


def draw_contact_sheet(test: PreparedSplit, label_statistics: dict[str, Any]) -> Any:
    """Draw a dozen test images with all their labels."""
    from taskonomy_kedro.core.figures.contact_sheet import draw_contact_sheet as draw
    from taskonomy_kedro.core.labels.statistics import LabelStatistics
    from taskonomy_kedro.core.preparation.example_rows import sheet_examples

    statistics = LabelStatistics.from_json(label_statistics)
    seed = int(test.record["wanted"]["seed"])
    return draw(sheet_examples(test), test.tasks, statistics, seed=seed)


def export_images(*splits: PreparedSplit) -> Any:
    """Bring all prepared images together as an `Export`; its dataset writes it in the downloader's layout."""
    from taskonomy_kedro.core.preparation.directory_export import Export

    return Export(splits)
