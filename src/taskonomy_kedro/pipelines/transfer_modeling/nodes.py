"""Nodes of the transfer modelling."""

import logging
from typing import Any

import pandas as pd

from taskonomy_kedro.core.candidates import ImageLosses
from taskonomy_kedro.core.gathered import Gathered
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.readouts.gathering import gather_losses, tabulate_transfers
from taskonomy_kedro.core.readouts.settings import TransferSettings
from taskonomy_kedro.core.readouts.transfer_losses import TransferLosses
from taskonomy_kedro.core.training.products import AverageGuess, FinishedWork, Representations, TaskLosses
from taskonomy_kedro.core.training.settings import ModelingSettings
from taskonomy_kedro.reporting.progress import ProgressTeller

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
    from taskonomy_kedro.core.readouts.target_context import TargetContext

    task = split.tasks[target]
    return TargetContext(task, LabelStatistics.from_json(statistics), networks, settings, finished)


def _sources(
    representations: Gathered[Representations], names: tuple[str, ...], splits: dict[str, PreparedSplit]
) -> Any:
    """Put the representations of all sources together, once for all readouts of this process."""
    from taskonomy_kedro.core.readouts.sources import gather_sources as gather

    of_what = (names, *(split.fingerprint for split in splits.values()))
    return representations.once(
        of_what, lambda: gather(names, [representations.of(name) for name in names], splits)
    )


def gather_sources(
    transfer: PreparedSplit,
    validation: PreparedSplit,
    test: PreparedSplit,
    label_statistics: dict[str, Any],
    representations: Gathered[Representations],
    *,
    sources: tuple[str, ...],
    targets: tuple[str, ...],
) -> dict[str, Any]:
    """Look, before any training, whether all sources have representations and all targets labels.

    Returns:
        What the readouts read: the hash of each source's representations, and which are left out, and why.
    """
    from taskonomy_kedro.core.readouts.sources import check_labels

    splits = {"transfer": transfer, "validation": validation, "test": test}
    check_labels(targets, splits, LabelStatistics.from_json(label_statistics))
    found = _sources(representations, sources, splits)
    for source, reason in found.left_out.items():
        logger.warning("%s is no source, as it has no representations: %s", source, reason)
    return {"sources": dict(found.content), "left_out": dict(found.left_out)}


def guess_average(
    networks: ModelingSettings,
    settings: TransferSettings,
    transfer: PreparedSplit,
    label_statistics: dict[str, Any],
    finished: FinishedWork,
    looked_at: dict[str, Any],
    *,
    target: str,
) -> AverageGuess:
    """Find the best constant output of a target, where its readouts begin."""
    from taskonomy_kedro.core.readouts.readout_training import guess_for_transfers

    del looked_at  # nothing begins before all that is read has been looked at
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
    from taskonomy_kedro.core.readouts.readout_training import train_scratch as train

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
    looked_at: dict[str, Any],
    representations: Gathered[Representations],
    first: TransferLosses | None = None,
    *,
    target: str,
    order: int,
    sources: tuple[str, ...],
) -> TransferLosses:
    """Train all readouts of one target and order, and score them."""
    from taskonomy_kedro.core.readouts.readout_training import train_first_order, train_higher_order

    del looked_at  # nothing begins before all that is read has been looked at

    modeling = _modeling(target, transfer, label_statistics, networks, settings, finished)
    splits = {"transfer": transfer, "validation": validation, "test": test}
    found = _sources(representations, sources, splits)
    with ProgressTeller(f"readouts of order {order} of {target}", "steps") as on_progress:
        if first is None:
            return train_first_order(modeling, splits, found, guess, on_progress)
        return train_higher_order(modeling, splits, found, guess, first, order, on_progress)


def gather_target(
    test: PreparedSplit, task_losses: Gathered[TaskLosses], *products: TransferLosses, target: str
) -> tuple[pd.DataFrame, ImageLosses]:
    """Put all candidates of a target together: its rows of `transfers`, and `image_losses.{target}`."""
    task, full = test.tasks[target], task_losses.of(target)
    losses = gather_losses(task, full, products, test.fingerprint)
    return tabulate_transfers(task, full, products), losses


def join_tables(*tables: pd.DataFrame) -> pd.DataFrame:
    """Put the tables of a family's targets below one another."""
    return pd.concat(tables, ignore_index=True)


def order_tables(*families: pd.DataFrame, targets: tuple[str, ...]) -> pd.DataFrame:
    """Put the tables of the families into `transfers`, target by target in the dictionary's order."""
    places = {target: place for place, target in enumerate(targets)}
    table = join_tables(*families)
    ordered = table.sort_values("target", key=lambda names: names.map(places), kind="stable")
    return ordered.reset_index(drop=True)


def name_losses(*losses: ImageLosses, targets: tuple[str, ...]) -> list[str]:
    """Name the targets of a family once all their losses are there."""
    del losses  # each is stored by itself
    return list(targets)


def join_names(*families: list[str]) -> list[str]:
    """Name the targets of all families: what `image_losses` holds."""
    return [name for names in families for name in names]
