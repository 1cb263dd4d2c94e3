"""Nodes of the task modelling."""

import io
from itertools import chain
from typing import Any

import pandas as pd

from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.training.products import (
    AverageGuess,
    Examples,
    FinishedWork,
    Product,
    Representations,
    TaskLosses,
    TrainedNetwork,
)
from taskonomy_kedro.core.training.settings import ModelingSettings
from taskonomy_kedro.reporting.progress import ProgressTeller

# What needs torch or Matplotlib is imported where it is used: every command reads this file.

SANITY_COLUMNS = (
    "n_items",
    "loss",
    "average_guess_loss",
    "random_readout_loss",
    "beats_average_guess",
    "beats_random_readout",
)


def _modeling(
    task: str,
    split: PreparedSplit,
    statistics: dict[str, Any],
    settings: ModelingSettings,
    finished: FinishedWork,
) -> Any:
    from taskonomy_kedro.core.training.task_context import TaskContext

    return TaskContext(split.task(task), LabelStatistics.from_json(statistics), settings, finished)


def guess_average(
    settings: ModelingSettings,
    train: PreparedSplit,
    label_statistics: dict[str, Any],
    finished: FinishedWork,
    *,
    task: str,
) -> AverageGuess:
    """Find the best constant output of one task."""
    from taskonomy_kedro.core.training.network_training import guess_average as guess

    return guess(_modeling(task, train, label_statistics, settings, finished), train)


def train_network(
    settings: ModelingSettings,
    train: PreparedSplit,
    validation: PreparedSplit,
    label_statistics: dict[str, Any],
    finished: FinishedWork,
    guess: AverageGuess | None = None,
    *,
    task: str,
) -> TrainedNetwork:
    """Train the network of one task, or take the released one."""
    from taskonomy_kedro.core.training.network_training import train_task_network
    from taskonomy_kedro.core.training.pretrained import pretrained_task_network

    modeling = _modeling(task, train, label_statistics, settings, finished)
    if settings.sources == "released":
        return pretrained_task_network(modeling, train, validation)
    with ProgressTeller(f"network {task}", "steps") as on_progress:
        return train_task_network(modeling, train, validation, guess, on_progress)


def train_random_readout(
    settings: ModelingSettings,
    train: PreparedSplit,
    validation: PreparedSplit,
    label_statistics: dict[str, Any],
    finished: FinishedWork,
    guess: AverageGuess,
    random_network: TrainedNetwork,
    *,
    task: str,
) -> TrainedNetwork:
    """Train a readout of the random network for one task."""
    from taskonomy_kedro.core.training.network_training import train_random_readout as train_readout

    modeling = _modeling(task, train, label_statistics, settings, finished)
    with ProgressTeller(f"random readout {task}", "steps") as on_progress:
        return train_readout(modeling, train, validation, guess, random_network, on_progress)


def evaluate_network(
    settings: ModelingSettings,
    test: PreparedSplit,
    label_statistics: dict[str, Any],
    finished: FinishedWork,
    network: TrainedNetwork,
    guess: AverageGuess,
    readout: TrainedNetwork,
    random_network: TrainedNetwork,
    *,
    task: str,
) -> TaskLosses:
    """Score the network, its average guess and the random readout on every test item."""
    from taskonomy_kedro.core.training.network_scoring import score_network

    modeling = _modeling(task, test, label_statistics, settings, finished)
    return score_network(modeling, test, network, guess, readout, random_network)


def encode_images(
    settings: ModelingSettings,
    transfer: PreparedSplit,
    validation: PreparedSplit,
    test: PreparedSplit,
    finished: FinishedWork,
    network: TrainedNetwork,
    *,
    task: str,
) -> Representations:
    """Represent every image that readouts are trained, stopped or measured on."""
    from taskonomy_kedro.core.training.encoding import represent_images

    splits = {"transfer": transfer, "validation": validation, "test": test}
    return represent_images(transfer.task(task), settings, splits, network, finished)


def encode_images_by_imagenet(
    settings: ModelingSettings,
    transfer: PreparedSplit,
    validation: PreparedSplit,
    test: PreparedSplit,
    finished: FinishedWork,
) -> Representations:
    """Represent the same images by a network trained on ImageNet."""
    from taskonomy_kedro.core.training.pretrained import represent_by_imagenet

    splits = {"transfer": transfer, "validation": validation, "test": test}
    return represent_by_imagenet(settings, splits, finished)


def draw_examples(
    settings: ModelingSettings,
    test: PreparedSplit,
    label_statistics: dict[str, Any],
    finished: FinishedWork,
    network: TrainedNetwork,
    guess: AverageGuess,
    losses: TaskLosses,
    *,
    task: str,
) -> Examples:
    """Draw what the network makes of a few test images."""
    from taskonomy_kedro.core.figures.task_examples import draw_task_examples
    from taskonomy_kedro.core.training.example_predictions import predict_examples

    modeling = _modeling(task, test, label_statistics, settings, finished)
    wanted = modeling.wanted({"test": test}, losses=losses.content)
    if losses.failure:
        return Examples(task=task, wanted=wanted).without(losses.failure, is_expected=losses.is_expected)
    record = finished.record_of("examples", task, wanted)
    if record is not None:
        return Examples(task=task, wanted=wanted, outcome=record["outcome"], is_kept=True)
    found = predict_examples(modeling, test, network, guess, losses)
    figure = draw_task_examples(
        modeling.task,
        found.examples,
        found.predictions,
        found.average,
        modeling.statistics,
        found.losses,
        seed=settings.seed,
    )
    content = io.BytesIO()
    figure.savefig(content, format="png", pil_kwargs={"compress_level": 1})
    return Examples(task=task, wanted=wanted, png=content.getvalue())


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


def name_products(*products: Representations | TaskLosses) -> tuple[list[str], list[str]]:
    """Name what a family has: the sources of its representations, and the tasks of its losses."""
    return (
        [product.task for product in products if isinstance(product, Representations)],
        [product.task for product in products if isinstance(product, TaskLosses)],
    )


def join_names(*families: tuple[list[str], list[str]]) -> tuple[list[str], list[str]]:
    """Name what all families have: the contents of `representations` and `task_losses`."""
    represented, with_losses = zip(*families, strict=True)
    return list(chain(*represented)), list(chain(*with_losses))
