"""Nodes of the data preparation."""

from pathlib import Path
from typing import Any

import pandas as pd

from taskonomy_kedro.core.labels.custom_tasks import task_dictionary
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.settings import DataSettings, SplitName
from taskonomy_kedro.core.preparation.split_build import build_split, describe_split
from taskonomy_kedro.recipes import recipe
from taskonomy_kedro.reporting.progress import report_progress

# What needs scikit-image or Matplotlib is imported where it is used: every command reads this file.

_LIBRARIES = ("numpy", "pillow", "scikit-image", "scipy")


def _split(settings: DataSettings, *, split: SplitName) -> dict[str, Any]:
    return describe_split(split, settings)


def _custom_tasks(settings: DataSettings) -> dict[str, Any]:
    return {"custom_tasks": settings.tasks.to_json()}


def _custom_labels(settings: DataSettings) -> dict[str, Any]:
    """Return what the constants of custom tasks depend on: how a label is learned moves none of them."""
    tasks = settings.tasks.tasks.values()
    return {"custom_labels": {task.name: [task.label, task.mask, task.domains] for task in tasks}}


@recipe(reads=_split, libraries=_LIBRARIES, is_reused=True)
def prepare_split(settings: DataSettings, *, split: SplitName, scratch: Path | None = None) -> PreparedSplit:
    """Build the images and labels of one split in a folder; a build that was stopped resumes."""
    assert scratch is not None, "a split is built in the scratch folder of its dataset"
    with report_progress(f"split {split}") as on_progress:
        return build_split(split, settings, scratch, on_progress)


@recipe(reads=_custom_labels, libraries=_LIBRARIES, is_reused=True)
def measure_labels(settings: DataSettings, train: PreparedSplit) -> dict[str, Any]:
    """Measure the constants of the training split."""
    from taskonomy_kedro.core.preparation.measuring import measure_statistics

    return measure_statistics(train, settings.tasks.tasks.values()).to_json()


@recipe(reads=_custom_tasks, is_reused=True)
def summarise_splits(settings: DataSettings, *splits: PreparedSplit) -> pd.DataFrame:
    """Write class and depth statistics of every split as one table."""
    from taskonomy_kedro.core.preparation.example_rows import summarise

    tasks = task_dictionary(settings.tasks)
    rows = [row for split in splits for row in summarise(split, tasks)]
    return pd.DataFrame(rows, columns=["split", "domain", "item", "measure", "value", "unit", "n_images"])


@recipe(is_reused=True)
def list_unreadable(*splits: PreparedSplit) -> pd.DataFrame:
    """List the files that could not be read, and why."""
    rows = [row for split in splits for row in split.unreadable]
    return pd.DataFrame(rows, columns=["image_id", "path", "reason"])


@recipe(reads=_custom_tasks, is_reused=True)
def draw_contact_sheet(settings: DataSettings, test: PreparedSplit, label_statistics: dict[str, Any]) -> Any:
    """Draw a dozen test images with all their labels."""
    from taskonomy_kedro.core.figures.contact_sheet import draw_contact_sheet as draw
    from taskonomy_kedro.core.labels.statistics import LabelStatistics
    from taskonomy_kedro.core.preparation.example_rows import sheet_examples

    statistics, tasks = LabelStatistics.from_json(label_statistics), task_dictionary(settings.tasks)
    return draw(sheet_examples(test, tasks), tasks, statistics, seed=settings.seed)


def export_images(*splits: PreparedSplit) -> Any:
    """Bring all prepared images together as an `Export`; its dataset writes it in the downloader's layout."""
    from taskonomy_kedro.core.preparation.directory_export import Export

    return Export(splits)
