"""Nodes of the transfer modelling."""

import logging
from pathlib import Path
from typing import Any

import pandas as pd

from taskonomy_kedro.core.candidates import ImageLosses
from taskonomy_kedro.core.gathered import Gathered
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.readouts.gathering import gather_losses, tabulate_transfers
from taskonomy_kedro.core.readouts.settings import TransferSettings
from taskonomy_kedro.core.readouts.transfer_losses import TransferLosses
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.products import AverageGuess, Representations, TaskLosses
from taskonomy_kedro.core.training.settings import ModelingSettings
from taskonomy_kedro.pipelines.transfer_modeling import readout_recipes
from taskonomy_kedro.pipelines.transfer_modeling.readout_recipes import LIBRARIES
from taskonomy_kedro.recipes import recipe
from taskonomy_kedro.reporting.progress import report_progress

logger = logging.getLogger(__name__)

# What needs torch is imported where it is used: every command reads this file.


def _context(
    target: Task, statistics: dict[str, Any], networks: ModelingSettings, settings: TransferSettings
) -> Any:
    from taskonomy_kedro.core.readouts.target_context import TargetContext

    return TargetContext(target, LabelStatistics.from_json(statistics), networks, settings)


def _checkpoint(scratch: Path | None) -> Any:
    from taskonomy_kedro.core.training.checkpoint import CheckpointFile

    return None if scratch is None else CheckpointFile(scratch / "checkpoint.pt")


def _sources(
    representations: Gathered[Representations], names: tuple[str, ...], splits: dict[str, PreparedSplit]
) -> Any:
    """Put the representations of all sources together, once for all readouts of this process."""
    from taskonomy_kedro.core.readouts.sources import gather_sources as gather

    of_what = (names, *(split.fingerprint for split in splits.values()))
    return representations.once(
        of_what, lambda: gather(names, [representations.of(name) for name in names], splits)
    )


@recipe(picks={"representations": "sources"}, is_reused=True)
def gather_sources(
    transfer: PreparedSplit,
    validation: PreparedSplit,
    test: PreparedSplit,
    label_statistics: dict[str, Any],
    representations: Gathered[Representations],
    *,
    sources: tuple[str, ...],
    targets: tuple[Task, ...],
) -> dict[str, Any]:
    """Check, before any training, that all sources have representations and all targets labels.

    Returns:
        The hash of the representations of each source, and why sources are omitted.
    """
    from taskonomy_kedro.core.readouts.sources import check_labels

    splits = {"transfer": transfer, "validation": validation, "test": test}
    check_labels(targets, splits, LabelStatistics.from_json(label_statistics))
    found = _sources(representations, sources, splits)
    for source, reason in found.left_out.items():
        logger.warning("%s is no source: it has no representations (%s)", source, reason)
    return {"sources": dict(found.content), "left_out": dict(found.left_out)}


@recipe(reads=readout_recipes.items, libraries=LIBRARIES, ignores=("checked",), is_reused=True)
def guess_average(
    networks: ModelingSettings,
    settings: TransferSettings,
    transfer: PreparedSplit,
    label_statistics: dict[str, Any],
    checked: dict[str, Any],
    *,
    target: Task,
) -> AverageGuess:
    """Find the best constant output of a target, where its readouts begin."""
    from taskonomy_kedro.core.readouts.readout_training import guess_for_transfers

    del checked  # nothing is trained before all inputs are checked
    return guess_for_transfers(_context(target, label_statistics, networks, settings), transfer)


@recipe(reads=readout_recipes.scratch, libraries=LIBRARIES, is_reused=True)
def train_scratch(
    networks: ModelingSettings,
    settings: TransferSettings,
    transfer: PreparedSplit,
    validation: PreparedSplit,
    test: PreparedSplit,
    label_statistics: dict[str, Any],
    guess: AverageGuess,
    *,
    target: Task,
    scratch: Path | None = None,
) -> TransferLosses:
    """Train a target's own architecture from nothing, and score it."""
    from taskonomy_kedro.core.readouts.readout_training import train_scratch as train

    context = _context(target, label_statistics, networks, settings)
    splits = {"transfer": transfer, "validation": validation, "test": test}
    with report_progress(f"scratch network {target.name}", "steps") as on_progress:
        return train(context, splits, guess, on_progress, _checkpoint(scratch))


@recipe(
    reads=readout_recipes.readouts,
    libraries=LIBRARIES,
    picks={"representations": "sources"},
    ignores=("checked",),
    is_reused=True,
)
def train_readouts(
    networks: ModelingSettings,
    settings: TransferSettings,
    transfer: PreparedSplit,
    validation: PreparedSplit,
    test: PreparedSplit,
    label_statistics: dict[str, Any],
    guess: AverageGuess,
    checked: dict[str, Any],
    representations: Gathered[Representations],
    first: TransferLosses | None = None,
    *,
    target: Task,
    order: int,
    sources: tuple[str, ...],
    not_combined: tuple[str, ...],
    scratch: Path | None = None,
) -> TransferLosses:
    """Train all readouts of one target and order, and score them."""
    from taskonomy_kedro.core.readouts.readout_training import train_first_order, train_higher_order

    del checked  # nothing is trained before all inputs are checked

    context = _context(target, label_statistics, networks, settings)
    splits = {"transfer": transfer, "validation": validation, "test": test}
    found, checkpoint = _sources(representations, sources, splits), _checkpoint(scratch)
    with report_progress(f"readouts of order {order} of {target.name}", "steps") as on_progress:
        if first is None:
            return train_first_order(
                context, splits, found, guess, on_progress, checkpoint, not_combined=not_combined
            )
        return train_higher_order(context, splits, found, guess, first, order, on_progress, checkpoint)


@recipe(picks={"task_losses": "target"})
def gather_target(
    task_losses: Gathered[TaskLosses], *products: TransferLosses, target: Task
) -> tuple[pd.DataFrame, ImageLosses]:
    """Put all candidates of a target together: its rows of `transfers`, and `image_losses.{target}`."""
    full = task_losses.of(target.name)
    return tabulate_transfers(target, full, products), gather_losses(target, full, products)


def join_tables(*tables: pd.DataFrame) -> pd.DataFrame:
    """Put the tables of a family's targets below one another."""
    return pd.concat(tables, ignore_index=True)


def order_tables(*families: pd.DataFrame, targets: tuple[str, ...]) -> pd.DataFrame:
    """Put the tables of the families into `transfers`, target by target in the dictionary's order."""
    places = {target: place for place, target in enumerate(targets)}
    table = join_tables(*families)
    ordered = table.sort_values("target", key=lambda names: names.map(places), kind="stable")
    return ordered.reset_index(drop=True)
