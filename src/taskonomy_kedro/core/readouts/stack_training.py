"""The training of a stack: the same batches for all, each with its own loss, curve and best weights."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from taskonomy_kedro.core.readouts.cells import (
    ComparedPixels,
    compared_in_test,
    draw_fixed_pixels,
    draw_pixels,
    on_device,
    repeated,
    target_at,
)
from taskonomy_kedro.core.readouts.stack import ReadoutStack, dropping_seed
from taskonomy_kedro.core.readouts.stack_scoring import StackItems, score_stack
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.batch_tensors import TargetTensors
from taskonomy_kedro.core.training.device import Compute
from taskonomy_kedro.core.training.losses import LossConstants, loss_terms
from taskonomy_kedro.core.training.seeding import generator_for, seed_for
from taskonomy_kedro.core.training.settings import TrainingSettings

PURPOSE = "readout"


@dataclass(frozen=True, kw_only=True)
class ReadoutOutcome:
    """What came of one readout.

    Attributes:
        curve: Steps done and mean validation loss, at each look.
        best_step: Steps after which the weights that were kept had been reached.
        best_validation: Their mean validation loss.
        steps: Steps done in all.
        pictures: Pictures seen in them, as often as they were seen.
        failure: At which step its loss was not finite; empty where it never was.
    """

    curve: tuple[tuple[int, float], ...]
    best_step: int
    best_validation: float
    steps: int
    pictures: int
    failure: str = ""


class StackTraining:
    """Trains a stack; `run` does it, and leaves each readout with its best weights."""

    def __init__(
        self,
        *,
        stack: ReadoutStack,
        task: Task,
        items: StackItems,
        validation: StackItems,
        schedule: TrainingSettings,
        constants: LossConstants,
        compute: Compute,
        seed: int,
        cell: int,
        cells: int | None = None,
        pixels: int | None = None,
        on_progress: Callable[[int, int, int], None] | None = None,
    ) -> None:
        """Set up.

        Args:
            stack: Readouts with their first weights.
            task: The target.
            items: What they learn from.
            validation: What tells which weights were best, and when to stop.
            schedule: Of the training.
            constants: Of the loss.
            compute: Where.
            seed: Order of items, dropout and draws depend on it and the target alone, never on the sources.
            cell: Pixels a side that a cell of the representation stands for.
            cells: Cells of each image whose pixels a step compares; None: all.
            pixels: Pixels of these, where a pixel has many numbers; None: all.
            on_progress: Called with steps done, all steps and pictures seen.
        """
        self._stack, self._task, self._schedule, self._seed = stack, task, schedule, seed
        self._items, self._validation = items, validation
        self._constants, self._compute = constants.to(compute.device), compute
        self._cell, self._cells, self._pixels = cell, cells, pixels
        self._validation_pixels = self._fixed_pixels()
        self._on_progress = on_progress or (lambda done, total, pictures: None)
        self._optimiser = torch.optim.Adam(
            _decayed(stack, schedule.weight_decay), lr=schedule.learning_rate(0), fused=True
        )
        self._best = {name: value.detach().clone() for name, value in stack.weights().items()}
        self._best_validation = np.full(stack.size, np.inf)
        self._best_step = np.zeros(stack.size, dtype=int)
        self._waited = np.zeros(stack.size, dtype=int)
        self._steps = np.zeros(stack.size, dtype=int)
        self._pictures = np.zeros(stack.size, dtype=int)
        self._is_over = np.zeros(stack.size, dtype=bool)
        self._failures: dict[int, str] = {}
        self._curves: list[list[tuple[int, float]]] = [[] for _ in range(stack.size)]
        self.seconds = 0.0

    def run(self) -> list[ReadoutOutcome]:
        """Train until the schedule ends or each readout has stopped getting better.

        Returns:
            An outcome for each readout; one whose loss was not finite says so, and the others go on.
        """
        start, schedule, pictures = time.monotonic(), self._schedule, 0
        drawing = self._drawing("pixels")
        with self._compute.own_threads():
            for step in range(schedule.steps):
                pictures += self._step(step, drawing)
                done = step + 1
                if done % schedule.validate_every == 0 or done == schedule.steps:
                    self._look(done)
                if self._is_over.all():
                    break
                self._on_progress(done, schedule.steps, pictures)
        with torch.no_grad():
            for name, value in self._stack.weights().items():
                value.copy_(self._best[name])
        self.seconds = time.monotonic() - start
        return [self._outcome(number) for number in range(self._stack.size)]

    def _rows(self, step: int) -> tuple[np.ndarray, int]:
        """Return the items of a step, in the order of `training.loop`, and the epoch of the first."""
        n_items = len(self._items.items)
        size = min(self._schedule.batch_size, n_items)
        rows, first = [], step * size
        for epoch in range(first // n_items, (first + size - 1) // n_items + 1):
            seed = seed_for(self._seed, PURPOSE, self._task.name, "order", str(epoch))
            order = np.random.default_rng(seed).permutation(n_items)
            rows.append(order[max(first - epoch * n_items, 0) : first + size - epoch * n_items])
        return np.concatenate(rows), first // n_items

    def _step(self, step: int, drawing: torch.Generator) -> int:
        rate = self._schedule.learning_rate(step)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        rows, epoch = self._rows(step)
        codes, target = self._items.batch(rows, draw=1 + epoch)
        compared = self._drawn(codes, target, drawing)
        losses = self._losses(
            codes, target, compared, dropping=dropping_seed(self._seed, self._task.name, step)
        )
        values = losses.detach().cpu().numpy()
        for number in np.flatnonzero(~np.isfinite(values) & ~self._is_over):
            self._fail(int(number), f"the training loss was {values[number]} at step {step}")
        pictures = len(rows) * codes.shape[1]
        self._steps[~self._is_over] += 1
        self._pictures[~self._is_over] += pictures
        self._optimiser.zero_grad(set_to_none=True)
        losses.sum().backward()
        if self._schedule.gradient_clip is not None:
            _clip_each(self._stack, self._schedule.gradient_clip)
        self._optimiser.step()
        return pictures

    def _drawing(self, what: str) -> torch.Generator:
        return generator_for(self._seed, PURPOSE, self._task.name, what)

    @property
    def _drawn_pixels(self) -> int | None:
        return self._pixels if self._task.label.kind in ("class_map", "region_map") else None

    def _drawn(self, codes: Tensor, target: TargetTensors, drawing: torch.Generator) -> ComparedPixels | None:
        """Return the pixels that a step compares."""
        if not self._stack.can_choose_pixels:
            return None
        if self._cells is None and self._pixels is None:
            return compared_in_test(target, self._cell)
        return draw_pixels(
            len(codes),
            codes.shape[-1] * codes.shape[-2],
            self._cell,
            cells=self._cells,
            pixels=self._drawn_pixels,
            generator=drawing,
        )

    def _fixed_pixels(self) -> ComparedPixels | None:
        """Return the pixels that every look at the validation split compares; None: those of the test."""
        if not self._stack.can_choose_pixels or (self._cells is None and self._pixels is None):
            return None
        height, width = self._validation.read(self._validation.items.image_rows[:1]).shape[-2:]
        return draw_fixed_pixels(
            len(self._validation.items),
            height * width,
            self._cell,
            cells=self._cells,
            pixels=self._drawn_pixels,
            generator=self._drawing("validation_pixels"),
        )

    def _losses(
        self, codes: Tensor, target: TargetTensors, compared: ComparedPixels | None, *, dropping: int
    ) -> Tensor:
        """Return the loss of each readout on a batch, (S,)."""
        device = self._compute.device
        with self._compute.autocast():
            output = self._stack.outputs(
                codes.to(device), on_device(compared, device), is_training=True, dropping=dropping
            )
        if compared is not None:
            target = target_at(self._task, target, compared, self._cell)
        terms = loss_terms(
            self._task,
            output.flatten(0, 1),
            repeated(target.to(device), self._stack.size),
            self._constants,
        )
        sums, counts = (part.view(self._stack.size, -1).sum(dim=1) for part in (terms.sums, terms.counts))
        return sums / counts.clamp_min(1.0)

    def _look(self, step: int) -> None:
        """Score the validation split, and keep the weights of those that are the best so far."""
        losses = score_stack(
            self._stack,
            self._task,
            self._validation,
            constants=self._constants,
            compute=self._compute,
            cell=self._cell,
            pixels=self._validation_pixels,
        )
        better = np.zeros(self._stack.size, dtype=bool)
        for number in np.flatnonzero(~self._is_over):
            known = losses[number][~np.isnan(losses[number])]
            mean = float(known.mean()) if len(known) else math.nan
            if not math.isfinite(mean):
                self._fail(int(number), f"the validation loss was {mean} after step {step}")
                continue
            self._curves[number].append((step, mean))
            self._waited[number] += 1
            if mean < self._best_validation[number]:
                better[number] = True
                self._best_validation[number], self._best_step[number] = mean, step
                self._waited[number] = 0
            patience = self._schedule.patience
            self._is_over[number] = patience is not None and self._waited[number] >= patience
        chosen = torch.from_numpy(np.flatnonzero(better)).to(self._compute.device)
        for name, value in self._stack.weights().items():
            self._best[name][chosen] = value.detach()[chosen]

    def _fail(self, number: int, reason: str) -> None:
        self._failures[number] = reason
        self._is_over[number] = True

    def _outcome(self, number: int) -> ReadoutOutcome:
        return ReadoutOutcome(
            curve=tuple(self._curves[number]),
            best_step=int(self._best_step[number]),
            best_validation=float(self._best_validation[number]),
            steps=int(self._steps[number]),
            pictures=int(self._pictures[number]),
            failure=self._failures.get(number, ""),
        )


def _decayed(stack: ReadoutStack, weight_decay: float) -> list[dict[str, object]]:
    """Put weights under decay; biases, maps of places and normalisations not, as `training.loop` does."""
    is_weight = {name: name.endswith("weight") and p.ndim > 2 for name, p in stack.parameters.items()}
    return [
        {
            "params": [p for name, p in stack.parameters.items() if is_weight[name] == yes],
            "weight_decay": decay,
        }
        for yes, decay in ((True, weight_decay), (False, 0.0))
    ]


def _clip_each(stack: ReadoutStack, greatest: float) -> None:
    """Cut the gradient of each parameter of each readout by its own norm."""
    for parameter in stack.parameters.values():
        if parameter.grad is not None:
            norms = parameter.grad.flatten(1).norm(dim=1)
            scale = (greatest / (norms + 1e-6)).clamp_max(1.0)
            parameter.grad.mul_(scale.view(-1, *[1] * (parameter.ndim - 1)))
