"""The steps of transfer modelling for one target: guess, train each order, train from scratch, gather."""

import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from taskonomy_kedro.core.candidates import Candidate
from taskonomy_kedro.core.hashing import array_hash
from taskonomy_kedro.core.networks.building import start_at_guess
from taskonomy_kedro.core.networks.task_network import TaskNetwork
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.readouts.beam import SourceSet, first_order, higher_order, rank_sources
from taskonomy_kedro.core.readouts.scratch import scratch_network
from taskonomy_kedro.core.readouts.sources import Sources
from taskonomy_kedro.core.readouts.stack_work import ReadoutResult, StackWork
from taskonomy_kedro.core.readouts.target_context import Splits, TargetContext
from taskonomy_kedro.core.readouts.transfer_losses import TransferLosses
from taskonomy_kedro.core.training.checkpoint import CheckpointFile
from taskonomy_kedro.core.training.inference import item_losses
from taskonomy_kedro.core.training.loop import Progress
from taskonomy_kedro.core.training.network_training import best_guess
from taskonomy_kedro.core.training.products import AverageGuess
from taskonomy_kedro.core.training.task_dataset import TaskDataset

logger = logging.getLogger(__name__)


def guess_for_transfers(modeling: TargetContext, transfer: PreparedSplit) -> AverageGuess:
    """Find the best constant output of a target on the transfer split, where readouts begin.

    Raises:
        ValueError: The split has no label of the target.
    """
    return best_guess(modeling.modeling, transfer, "transfer_guess")


def train_first_order(
    modeling: TargetContext,
    splits: Splits,
    sources: Sources,
    guess: AverageGuess,
    on_progress: Progress | None = None,
    checkpoint: CheckpointFile | None = None,
    *,
    not_combined: Collection[str] = (),
) -> TransferLosses:
    """Train a readout of each source and rank the sources by their validation losses.

    Args:
        modeling: The target.
        splits: By name.
        sources: Their representations.
        guess: Where readouts begin.
        on_progress: Called with steps done, all steps and pictures seen.
        checkpoint: State of an interrupted training.
        not_combined: Sources that are excluded from the ranking, as no higher order reads them.
    """
    sets = first_order(sources.names)
    trained = _train_order(modeling, splits, sources, guess, 1, sets, on_progress, checkpoint)
    facts = [fact for fact in trained.outcome["facts"] if not fact["failure"]]
    validation = {fact["sources"][0]: fact["best_validation"] for fact in facts}
    ranking = rank_sources(validation, modeling.task.name, not_combined)
    return replace(trained, outcome={**trained.outcome, "ranking": ranking})


def train_higher_order(
    modeling: TargetContext,
    splits: Splits,
    sources: Sources,
    guess: AverageGuess,
    first: TransferLosses,
    order: int,
    on_progress: Progress | None = None,
    checkpoint: CheckpointFile | None = None,
) -> TransferLosses:
    """Train the readouts of an order ≥ 2 that the first order's ranking leads to."""
    settings = modeling.settings
    ranking = first.outcome["ranking"]
    sets = higher_order(ranking, order, settings.beam_widths, limit=settings.max_per_order)
    if not sets:
        logger.warning(
            "%s has no transfers of order %d: only %d sources are ranked",
            modeling.task.name,
            order,
            len(ranking),
        )
    return _train_order(modeling, splits, sources, guess, order, sets, on_progress, checkpoint)


def _train_order(
    modeling: TargetContext,
    splits: Splits,
    sources: Sources,
    guess: AverageGuess,
    order: int,
    sets: Sequence[SourceSet],
    on_progress: Progress | None,
    checkpoint: CheckpointFile | None,
) -> TransferLosses:
    task, settings = modeling.task, modeling.settings
    name = f"{task.name}/order_{order}"
    start = time.monotonic()
    inner = modeling.modeling
    sources.hold(int(inner.settings.compute.memory_gb * 2**30))
    items = {split: modeling.items(splits, split) for split in splits}
    work = StackWork(modeling, sources, items, guess, checkpoint=checkpoint, on_progress=on_progress)
    with inner.compute.own_threads():
        results = [result for group in _groups(sets, settings.stack_size) for result in work.do(group)]
    return _gathered(modeling, name, results, tuple(work.items["test"].item_ids), start)


def _gathered(
    modeling: TargetContext,
    name: str,
    results: Sequence[ReadoutResult],
    item_ids: tuple[str, ...],
    start: float,
) -> TransferLosses:
    """Put the losses of all readouts that did not diverge together; log those that did."""
    facts = [result.facts for result in results]
    kept = [result for result in results if not result.facts["failure"]]
    for fact in facts:
        if fact["failure"]:
            logger.error("the readout %s failed: %s", fact["transfer_id"], fact["failure"])
    values = (
        np.stack([result.values for result in kept]) if kept else np.zeros((0, len(item_ids)), np.float32)
    )
    outcome: dict[str, Any] = {
        "content": array_hash(values, [result.facts["transfer_id"] for result in kept]),
        "facts": facts,
        "seconds": time.monotonic() - start,
        "device": modeling.modeling.compute.name,
    }
    return TransferLosses(
        task=name,
        outcome=outcome,
        transfer_ids=tuple(result.facts["transfer_id"] for result in kept),
        item_ids=item_ids,
        values=values,
    )


def _groups(sets: Sequence[SourceSet], size: int | None) -> list[Sequence[SourceSet]]:
    size = size or max(1, len(sets))
    return [sets[start : start + size] for start in range(0, len(sets), size)]


def train_scratch(
    modeling: TargetContext,
    splits: Splits,
    guess: AverageGuess,
    on_progress: Progress | None = None,
    checkpoint: CheckpointFile | None = None,
) -> TransferLosses:
    """Train the target's own architecture from nothing on the transfer split: the yardstick of gain."""
    task, settings, inner = modeling.task, modeling.settings, modeling.modeling
    name = f"{task.name}/scratch"
    schedule = settings.schedule(task, 0)
    candidate = Candidate(target=task.name, sources=(), kind="scratch")
    network = scratch_network(inner, splits["transfer"], settings.scratch)
    start_at_guess(inner.settings.network, network, torch.from_numpy(guess.output[0]))
    items = {split: modeling.items(splits, split) for split in splits}
    outcome = inner.train(
        network,
        schedule,
        {"train": items["transfer"], "validation": items["validation"]},
        purpose=("scratch_network", task.name),
        checkpoint=checkpoint,
        on_progress=on_progress,
    )
    facts: dict[str, Any] = {"transfer_id": candidate.transfer_id, "sources": [], "failure": ""}
    if outcome.failure:
        logger.error("the scratch network of %s failed: %s", task.name, outcome.failure)
        facts["failure"] = outcome.failure
        return TransferLosses(
            task=name,
            outcome={"facts": [facts], "content": "", "seconds": 0.0},
            failure=outcome.failure,
        )
    facts |= {
        "curve": [(point.step, point.validation) for point in outcome.curve],
        "best_step": outcome.best_step,
        "best_validation": outcome.best_validation,
        "steps": outcome.steps,
        "seconds": outcome.seconds,
    }
    return _scored_scratch(modeling, name, network, items["test"], facts)


def _scored_scratch(
    modeling: TargetContext,
    name: str,
    network: TaskNetwork,
    test: TaskDataset,
    facts: dict[str, Any],
) -> TransferLosses:
    """Score a trained scratch network on the test items."""
    inner = modeling.modeling
    with inner.compute.own_threads():
        losses = item_losses(network, modeling.task, test, constants=inner.constants, compute=inner.compute)
    facts["mean_test_loss"] = float(np.nanmean(losses))
    return TransferLosses(
        task=name,
        outcome={
            "content": array_hash(losses),
            "facts": [facts],
            "seconds": facts["seconds"],
            "device": inner.compute.name,
        },
        transfer_ids=(facts["transfer_id"],),
        item_ids=tuple(test.item_ids),
        values=losses[None],
    )
