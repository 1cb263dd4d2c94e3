"""Nodes of the task modelling."""

import io
from pathlib import Path
from typing import Any

import pandas as pd

from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.sources.settings import SourcesSettings
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.products import (
    AverageGuess,
    Examples,
    Product,
    Representations,
    TaskLosses,
    TrainedNetwork,
)
from taskonomy_kedro.core.training.settings import ModelingSettings
from taskonomy_kedro.pipelines.task_modeling import network_recipes
from taskonomy_kedro.pipelines.task_modeling.network_recipes import LIBRARIES
from taskonomy_kedro.recipes import recipe
from taskonomy_kedro.reporting.progress import report_progress

# What needs torch or Matplotlib is imported where it is used: every command reads this file.

SANITY_COLUMNS = (
    "n_items",
    "loss",
    "average_guess_loss",
    "random_readout_loss",
    "beats_average_guess",
    "beats_random_readout",
)


def _context(task: Task, statistics: dict[str, Any], settings: ModelingSettings) -> Any:
    from taskonomy_kedro.core.training.task_context import TaskContext

    return TaskContext(task, LabelStatistics.from_json(statistics), settings)


@recipe(reads=network_recipes.items, libraries=LIBRARIES, is_reused=True)
def guess_average(
    settings: ModelingSettings,
    train: PreparedSplit,
    label_statistics: dict[str, Any],
    *,
    task: Task,
) -> AverageGuess:
    """Find the best constant output of one task."""
    from taskonomy_kedro.core.training.network_training import guess_average as guess

    return guess(_context(task, label_statistics, settings), train)


@recipe(reads=network_recipes.network, libraries=LIBRARIES, is_reused=True)
def train_network(
    settings: ModelingSettings,
    sources: SourcesSettings,
    train: PreparedSplit,
    validation: PreparedSplit,
    label_statistics: dict[str, Any],
    guess: AverageGuess | None = None,
    *,
    task: Task,
    scratch: Path | None = None,
) -> TrainedNetwork:
    """Train the network of one task, or load the released one."""
    from taskonomy_kedro.core.training.checkpoint import CheckpointFile
    from taskonomy_kedro.core.training.network_training import train_task_network
    from taskonomy_kedro.core.training.pretrained import pretrained_task_network

    context = _context(task, label_statistics, settings)
    if (path := sources.released_path) is not None:
        return pretrained_task_network(context, path, train, validation)
    checkpoint = None if scratch is None else CheckpointFile(scratch / "checkpoint.pt")
    with report_progress(f"network {task.name}", "steps") as on_progress:
        return train_task_network(context, train, validation, guess, on_progress, checkpoint)


@recipe(reads=network_recipes.random_readout, libraries=LIBRARIES, is_reused=True)
def train_random_readout(
    settings: ModelingSettings,
    train: PreparedSplit,
    validation: PreparedSplit,
    label_statistics: dict[str, Any],
    guess: AverageGuess,
    random_network: TrainedNetwork,
    *,
    task: Task,
    scratch: Path | None = None,
) -> TrainedNetwork:
    """Train a readout of the random network for one task."""
    from taskonomy_kedro.core.training.checkpoint import CheckpointFile
    from taskonomy_kedro.core.training.network_training import train_random_readout as train_readout

    context = _context(task, label_statistics, settings)
    checkpoint = None if scratch is None else CheckpointFile(scratch / "checkpoint.pt")
    with report_progress(f"random readout {task.name}", "steps") as on_progress:
        return train_readout(context, train, validation, guess, random_network, on_progress, checkpoint)


@recipe(reads=network_recipes.scoring, libraries=LIBRARIES, is_reused=True)
def evaluate_network(
    settings: ModelingSettings,
    test: PreparedSplit,
    label_statistics: dict[str, Any],
    network: TrainedNetwork,
    guess: AverageGuess,
    readout: TrainedNetwork,
    random_network: TrainedNetwork,
    *,
    task: Task,
) -> TaskLosses:
    """Score the network, its average guess and the random readout on every test item."""
    from taskonomy_kedro.core.training.network_scoring import score_network

    context = _context(task, label_statistics, settings)
    return score_network(context, test, network, guess, readout, random_network)


@recipe(reads=network_recipes.encoder, libraries=LIBRARIES, is_reused=True)
def encode_images(
    settings: ModelingSettings,
    transfer: PreparedSplit,
    validation: PreparedSplit,
    test: PreparedSplit,
    network: TrainedNetwork,
    *,
    task: Task,
    scratch: Path | None = None,
) -> Representations:
    """Represent every image that readouts are trained, stopped or measured on."""
    from taskonomy_kedro.core.training.encoding import represent_images

    assert scratch is not None, "arrays are written to the scratch folder of their dataset"
    splits = {"transfer": transfer, "validation": validation, "test": test}
    return represent_images(task, settings, splits, network, scratch)


@recipe(reads=network_recipes.frozen_encoder, libraries=LIBRARIES, is_reused=True)
def encode_images_by_source(
    settings: ModelingSettings,
    sources: SourcesSettings,
    transfer: PreparedSplit,
    validation: PreparedSplit,
    test: PreparedSplit,
    *,
    source: str,
    scratch: Path | None = None,
) -> Representations:
    """Represent the same images by a frozen encoder."""
    from taskonomy_kedro.core.training.pretrained import represent_by_source

    assert scratch is not None, "arrays are written to the scratch folder of their dataset"
    splits = {"transfer": transfer, "validation": validation, "test": test}
    return represent_by_source(source, sources, settings, splits, scratch)


@recipe(reads=network_recipes.scoring, libraries=LIBRARIES, is_reused=True)
def draw_examples(
    settings: ModelingSettings,
    test: PreparedSplit,
    label_statistics: dict[str, Any],
    network: TrainedNetwork,
    guess: AverageGuess,
    losses: TaskLosses,
    *,
    task: Task,
) -> Examples:
    """Draw what the network makes of a few test images."""
    from taskonomy_kedro.core.figures.task_examples import draw_task_examples
    from taskonomy_kedro.core.training.example_predictions import predict_examples

    context = _context(task, label_statistics, settings)
    if losses.failure:
        return Examples(task=task.name).without(losses.failure, is_expected=losses.is_expected)
    found = predict_examples(context, test, network, guess, losses)
    figure = draw_task_examples(
        task,
        found.examples,
        found.predictions,
        found.average,
        context.statistics,
        found.losses,
        seed=settings.seed,
    )
    content = io.BytesIO()
    figure.savefig(content, format="png", pil_kwargs={"compress_level": 1})
    return Examples(task=task.name, png=content.getvalue())


def tabulate_family(*products: Product) -> pd.DataFrame:
    """Gather how often the networks of a family beat the average guess and the random network.

    Args:
        *products: Losses, representations and pictures of the tasks of a family.

    Returns:
        One row a task that has losses, with the number of images that its encoder has represented.
    """
    represented = {
        product.task: sum(len(array) for array in product.arrays.values())
        for product in products
        if isinstance(product, Representations)
    }
    drawn = {product.task for product in products if isinstance(product, Examples) and product.png}
    rows = [
        {
            "task": product.task,
            **{column: product.outcome.get(column) for column in SANITY_COLUMNS},
            "n_represented": represented.get(product.task, 0),
            "has_picture": product.task in drawn,
            "failure": product.failure,
        }
        for product in products
        if isinstance(product, TaskLosses)
    ]
    columns = ["task", *SANITY_COLUMNS, "n_represented", "has_picture", "failure"]
    return pd.DataFrame(rows, columns=columns)


def tabulate_sanity(*families: pd.DataFrame) -> pd.DataFrame:
    """Put the tables of the families below one another."""
    return pd.concat(families, ignore_index=True)
