"""Stacks of readouts of one target: built, trained, scored; split where memory does not suffice."""

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import torch

from taskonomy_kedro.core.candidates import Candidate
from taskonomy_kedro.core.networks.decoder import Decoder
from taskonomy_kedro.core.networks.readout import Readout, make_readout
from taskonomy_kedro.core.readouts.beam import SourceSet
from taskonomy_kedro.core.readouts.sources import Sources
from taskonomy_kedro.core.readouts.stack import ReadoutStack
from taskonomy_kedro.core.readouts.stack_scoring import StackItems, score_stack
from taskonomy_kedro.core.readouts.stack_training import PURPOSE, ReadoutOutcome, StackTraining
from taskonomy_kedro.core.readouts.target_context import TargetContext
from taskonomy_kedro.core.training.products import AverageGuess
from taskonomy_kedro.core.training.seeding import generator_for
from taskonomy_kedro.core.training.task_dataset import TaskDataset

logger = logging.getLogger(__name__)

Progress = Callable[[int, int, int], None]


def candidate_of(sources: Sequence[str], target: str) -> Candidate:
    """Return the candidate that reads some sources."""
    return Candidate.from_transfer_id(f"{'+'.join(sorted(sources))}->{target}")


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadoutResult:
    """What is remembered of one readout.

    Attributes:
        facts: Its sources, validation loss, steps, and why it is left out, if it is.
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
    ) -> None:
        self._modeling, self._sources, self.items = modeling, sources, items
        self._start = torch.from_numpy(guess.output[0])
        self._image_size = round(
            next(iter(sources.arrays["transfer"].values())).shape[-1] * modeling.network.cell
        )

    def do(self, sets: Sequence[SourceSet], on_progress: Progress | None) -> list[ReadoutResult]:
        """Train readouts of some source sets; in two halves where memory does not suffice."""
        try:
            return self._do(sets, on_progress)
        except (MemoryError, RuntimeError) as error:
            if not is_memory_error(error) or len(sets) < 2:
                raise
        logger.info("memory does not suffice for %d readouts together: in two halves", len(sets))
        middle = len(sets) // 2
        return [*self.do(sets[:middle], on_progress), *self.do(sets[middle:], on_progress)]

    def _do(self, sets: Sequence[SourceSet], on_progress: Progress | None) -> list[ReadoutResult]:
        modeling, inner = self._modeling, self._modeling.modeling
        task, settings = modeling.task, modeling.settings
        stack = ReadoutStack([self._readout(members) for members in sets], inner.compute.device)
        split_items = {
            name: StackItems(items=items, read=partial(self._sources.batch, name, sets=sets))
            for name, items in self.items.items()
        }
        training = StackTraining(
            stack=stack,
            task=task,
            items=split_items["transfer"],
            validation=split_items["validation"],
            schedule=settings.schedule(task, len(sets[0])),
            seed=settings.seed,
            cells=settings.training_cells,
            pixels=settings.training_pixels,
            on_progress=on_progress,
            constants=inner.constants,
            compute=inner.compute,
            cell=modeling.network.cell,
        )
        outcomes = training.run()
        values = score_stack(
            stack,
            task,
            split_items["test"],
            constants=inner.constants,
            compute=inner.compute,
            cell=modeling.network.cell,
        )
        seconds = training.seconds / len(sets)
        return [
            ReadoutResult(facts=_facts(members, task.name, outcome, row, seconds), values=row)
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
        # the small decoders begin at the best constant; the paper's as the paper's did
        if modeling.network.encoder == "small" and isinstance(readout.decoder, Decoder):
            readout.decoder.start_at(self._start)
        return readout

    def _n_outputs(self) -> int | None:
        label = self._modeling.task.label
        known = label.n_outputs if label.n_outputs is not None else label.size
        return known if known is not None else int(self._start.shape[0])


def _facts(
    members: SourceSet, target: str, outcome: ReadoutOutcome, losses: np.ndarray, seconds: float
) -> dict[str, Any]:
    facts = {
        "transfer_id": candidate_of(members, target).transfer_id,
        "sources": list(members),
        **asdict(outcome),
        "seconds": seconds,
        "mean_test_loss": float(np.nanmean(losses)) if np.isfinite(losses).any() else None,
    }
    if not math.isfinite(outcome.best_validation):
        facts["best_validation"] = None  # JSON knows no infinity
    if np.isinf(losses).any() and not outcome.failure:
        facts["failure"] = "a test loss was infinite"
    return facts


def is_memory_error(error: BaseException) -> bool:
    """Return whether an error says that memory has run out, in the words of either device."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return any(words in str(error) for words in ("not enough memory", "can't allocate memory"))
