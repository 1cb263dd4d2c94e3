"""Nodes of the transfer modelling."""

import logging
from typing import Any

import pandas as pd

from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.training.products import AverageGuess, FinishedWork, Representations, TaskLosses
from taskonomy_kedro.core.training.settings import ModelingSettings
from taskonomy_kedro.core.transferring.gathering import gather_losses, tabulate_transfers
from taskonomy_kedro.core.transferring.products import TransferLosses
from taskonomy_kedro.core.transferring.settings import TransferSettings
from taskonomy_kedro.core.transfers import ImageLosses
from taskonomy_kedro.progress import ProgressTeller

logger = logging.getLogger(__name__)

# What needs torch is imported where it is used: every command reads this file.


def _modeling(
    target: str,
    split: PreparedSplit,
    statistics: dict[str, Any],
    networks: ModelingSettings,
    settings: TransferSettings,
    finished: FinishedWork,
) -> Any:
    from taskonomy_kedro.core.transferring.one_target import TransferModeling

    task = split.tasks[target]
    return TransferModeling(task, LabelStatistics.from_json(statistics), networks, settings, finished)


def gather_sources(
    transfer: PreparedSplit,
    validation: PreparedSplit,
    test: PreparedSplit,
    label_statistics: dict[str, Any],
    *products: Representations,
    sources: tuple[str, ...],
    targets: tuple[str, ...],
) -> Any:
    """Put the representations of all sources together, and look whether each target has labels."""
    from taskonomy_kedro.core.transferring.sources import check_labels
    from taskonomy_kedro.core.transferring.sources import gather_sources as gather

    splits = {"transfer": transfer, "validation": validation, "test": test}
    check_labels(targets, splits, LabelStatistics.from_json(label_statistics))
    found = gather(sources, products, splits)
    for source, reason in found.left_out.items():
        logger.warning("%s is no source, as it has no representations: %s", source, reason)
    return found


def guess_average(
    networks: ModelingSettings,
    settings: TransferSettings,
    transfer: PreparedSplit,
    label_statistics: dict[str, Any],
    finished: FinishedWork,
    sources: Any,
    *,
    target: str,
) -> AverageGuess:
    """Find the best constant output of a target, where its readouts begin."""
    from taskonomy_kedro.core.transferring.modeling import guess_for_transfers

    del sources  # nothing begins before all that is read has been looked at
    return guess_for_transfers(
        _modeling(target, transfer, label_statistics, networks, settings, finished), transfer
    )


def train_scratch(
    networks: ModelingSettings,
    settings: TransferSettings,
    transfer: PreparedSplit,
    validation: PreparedSplit,
    test: PreparedSplit,
    label_statistics: dict[str, Any],
    finished: FinishedWork,
    guess: AverageGuess,
    *,
    target: str,
) -> TransferLosses:
    """Train a target's own architecture from nothing, and score it."""
    from taskonomy_kedro.core.transferring.modeling import train_scratch as train

    modeling = _modeling(target, transfer, label_statistics, networks, settings, finished)
    splits = {"transfer": transfer, "validation": validation, "test": test}
    with ProgressTeller(f"scratch network {target}", "steps") as on_progress:
        return train(modeling, splits, guess, on_progress)


def train_readouts(
    networks: ModelingSettings,
    settings: TransferSettings,
    transfer: PreparedSplit,
    validation: PreparedSplit,
    test: PreparedSplit,
    label_statistics: dict[str, Any],
    finished: FinishedWork,
    guess: AverageGuess,
    sources: Any,
    first: TransferLosses | None = None,
    *,
    target: str,
    order: int,
) -> TransferLosses:
    """Train all readouts of one target and order, and score them."""
    from taskonomy_kedro.core.transferring.modeling import train_first_order, train_higher_order

    modeling = _modeling(target, transfer, label_statistics, networks, settings, finished)
    splits = {"transfer": transfer, "validation": validation, "test": test}
    with ProgressTeller(f"readouts of order {order} of {target}", "steps") as on_progress:
        if first is None:
            return train_first_order(modeling, splits, sources, guess, on_progress)
        return train_higher_order(modeling, splits, sources, guess, first, order, on_progress)


def gather_target(
    test: PreparedSplit, full: TaskLosses, *products: TransferLosses, target: str
) -> tuple[ImageLosses, pd.DataFrame]:
    """Put all candidates of a target together: `image_losses.{target}`, and its rows of `transfers`."""
    task = test.tasks[target]
    losses = gather_losses(task, full, products, test.fingerprint)
    return losses, tabulate_transfers(task, full, products)


def gather_transfers(*tables: pd.DataFrame) -> pd.DataFrame:
    """Put the tables of the targets below one another."""
    return pd.concat(tables, ignore_index=True)
