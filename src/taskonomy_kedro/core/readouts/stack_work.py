"""Builds, trains and scores stacks of readouts of one target; splits a stack that memory cannot hold."""

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch

from taskonomy_kedro.core.candidates import Candidate
from taskonomy_kedro.core.networks.building import start_at_guess
from taskonomy_kedro.core.networks.readout import Readout, make_readout
from taskonomy_kedro.core.readouts.beam import SourceSet
from taskonomy_kedro.core.readouts.sources import Sources
from taskonomy_kedro.core.readouts.stack import ReadoutStack
from taskonomy_kedro.core.readouts.stack_learner import PURPOSE, StackLearner
from taskonomy_kedro.core.readouts.stack_scoring import StackItems
from taskonomy_kedro.core.readouts.target_context import TargetContext
from taskonomy_kedro.core.seeding import generator_for
from taskonomy_kedro.core.training.checkpoint import CheckpointFile
from taskonomy_kedro.core.training.loop import Progress, train
from taskonomy_kedro.core.training.products import AverageGuess
from taskonomy_kedro.core.training.state import Outcome
from taskonomy_kedro.core.training.task_dataset import TaskDataset

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadoutResult:
    """Facts and losses of one readout.

    Attributes:
        facts: Its sources, validation loss, steps, and why it failed, if it did.
        values: (n_items,) float32, its loss on each test item.
    """

    facts: dict[str, Any]
    values: np.ndarray


class StackWork:
    """Trains and scores stacks of readouts of one target."""

    def __init__(
        self,
        modeling: TargetContext,
        sources: Sources,
        items: Mapping[str, TaskDataset],
        guess: AverageGuess,
        *,
        checkpoint: CheckpointFile | None = None,
        on_progress: Progress | None = None,
    ) -> None:
        self._modeling, self._sources, self.items = modeling, sources, items
        self._checkpoint, self._on_progress = checkpoint, on_progress
        self._start = torch.from_numpy(guess.output[0])
        self._image_size = round(
            next(iter(sources.arrays["transfer"].values())).shape[-1] * modeling.network.cell
        )

    def do(self, sets: Sequence[SourceSet]) -> list[ReadoutResult]:
        """Train readouts of some source sets; in two halves if memory does not suffice."""
        try:
            return self._do(sets)
        except (MemoryError, RuntimeError) as error:
            if not is_memory_error(error) or len(sets) < 2:
                raise
        logger.info("memory does not suffice for %d readouts together: training two halves", len(sets))
        middle = len(sets) // 2
        return [*self.do(sets[:middle]), *self.do(sets[middle:])]

    def _do(self, sets: Sequence[SourceSet]) -> list[ReadoutResult]:
        modeling, inner = self._modeling, self._modeling.modeling
        task, settings = modeling.task, modeling.settings
        stack = ReadoutStack([self._readout(members) for members in sets], inner.compute.device)
        split_items = {
            name: StackItems(items=items, read=partial(self._sources.batch, name, sets=sets))
            for name, items in self.items.items()
        }
        learner = StackLearner(
            stack,
            task,
            split_items["transfer"],
            split_items["validation"],
            seed=settings.seed,
            cells=settings.training_cells,
            pixels=settings.training_pixels,
            constants=inner.constants,
            compute=inner.compute,
            cell=modeling.network.cell,
        )
        outcomes = train(
            learner,
            settings.schedule(task, len(sets[0])),
            compute=inner.compute,
            seed=settings.seed,
            purpose=(PURPOSE, task.name),
            checkpoint=self._checkpoint and self._checkpoint.part(*map("+".join, sets)),
            on_progress=self._on_progress,
        )
        values = learner.item_losses(split_items["test"])
        return [
            ReadoutResult(facts=_facts(members, task.name, outcome, row), values=row)
            for members, outcome, row in zip(sets, outcomes, values, strict=True)
        ]

    def _readout(self, members: SourceSet) -> Readout:
        modeling = self._modeling
        readout = make_readout(
            modeling.network,
            modeling.task,
            n_sources=len(members),
            n_outputs=self._n_outputs(),
            image_size=self._image_size,
            generator=generator_for(
                modeling.settings.seed, PURPOSE, "+".join(members), modeling.task.name, "weights"
            ),
        )
        start_at_guess(modeling.network, readout, self._start)
        return readout

    def _n_outputs(self) -> int | None:
        known = self._modeling.task.label.known_outputs
        return int(self._start.shape[0]) if known is None else known


def _facts(members: SourceSet, target: str, outcome: Outcome, losses: np.ndarray) -> dict[str, Any]:
    failure = outcome.failure
    if np.isinf(losses).any() and not failure:
        failure = "a test loss was infinite"
    is_known = math.isfinite(outcome.best_validation)  # JSON has no infinity
    return {
        "transfer_id": Candidate.of_sources(members, target).transfer_id,
        "sources": list(members),
        "curve": [(point.step, point.validation) for point in outcome.curve],
        "best_step": outcome.best_step,
        "best_validation": outcome.best_validation if is_known else None,
        "steps": outcome.steps,
        "pictures": outcome.pictures,
        "failure": failure,
        "seconds": outcome.seconds,
        "mean_test_loss": float(np.nanmean(losses)) if np.isfinite(losses).any() else None,
    }


def is_memory_error(error: BaseException) -> bool:
    """Return whether an error says that memory has run out, in the words of either device."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return any(words in str(error) for words in ("not enough memory", "can't allocate memory"))
