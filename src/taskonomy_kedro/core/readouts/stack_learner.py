"""A stack of readouts as the training loop takes it: the same batches for all, a loss for each."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.readouts.cells import (
    ComparedPixels,
    compared_in_test,
    draw_fixed_pixels,
    draw_pixels,
    repeated,
    target_at,
)
from taskonomy_kedro.core.readouts.stack import ReadoutStack, dropping_seed
from taskonomy_kedro.core.readouts.stack_scoring import StackItems, score_stack
from taskonomy_kedro.core.seeding import generator_for
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.batch_tensors import TaskBatch
from taskonomy_kedro.core.training.device import Compute
from taskonomy_kedro.core.training.loop import decay_groups
from taskonomy_kedro.core.training.losses import LossConstants, loss_terms

PURPOSE = "readout"


class StackLearner:
    """Readouts of one target and one order, each of which learns what it would learn alone."""

    def __init__(
        self,
        stack: ReadoutStack,
        task: Task,
        items: StackItems,
        validation: StackItems,
        *,
        constants: LossConstants,
        compute: Compute,
        seed: int,
        cell: int,
        cells: int | None = None,
        pixels: int | None = None,
    ) -> None:
        """Draw the pixels that validation compares.

        Args:
            stack: Readouts with their first weights.
            task: The target.
            items: What the readouts learn from.
            validation: What they are validated on.
            constants: Of the loss.
            compute: Where.
            seed: Dropout and drawn pixels depend on it and the target alone, never on the sources.
            cell: Pixels a side that a cell of the representation covers.
            cells: Cells of each image whose pixels a step compares; None: all.
            pixels: Pixels of these, if the label is a map of classes or regions; None: all.
        """
        self.size, self._stack, self._task, self._seed = stack.size, stack, task, seed
        self.items, self._validation = items, validation
        self._constants, self._compute = constants.to(compute.device), compute
        self._cell, self._cells = cell, cells
        self._draws = stack.can_choose_pixels and (cells is not None or pixels is not None)
        self._pixels = pixels if kind_of(task).is_segmentation else None
        self._drawing = self._stream("pixels")
        self._validation_pixels = self._fixed_pixels() if self._draws else None

    def parameter_groups(self, weight_decay: float) -> list[dict[str, Any]]:
        """Return the parameters of all readouts, with and without decay."""
        return decay_groups(self._stack.parameters, weight_decay, least_axes=3)

    def weights(self) -> dict[str, Tensor]:
        """Return all tensors of the readouts' states, (S, …)."""
        return self._stack.weights()

    def losses(self, batch: TaskBatch, step: int) -> tuple[Tensor, Tensor]:
        """Return the loss of each readout on a batch, (S,), twice: it is what the readout minimises."""
        compared = self._compared(batch)
        with self._compute.autocast():
            output = self._stack.outputs(
                batch.pictures,
                compared,
                is_training=True,
                dropping=dropping_seed(self._seed, self._task.name, step),
            )
        target = batch.target
        if compared is not None:
            target = target_at(target, compared, self._cell)
        terms = loss_terms(self._task, output.flatten(0, 1), repeated(target, self.size), self._constants)
        sums, counts = (part.view(self.size, -1).sum(dim=1) for part in (terms.sums, terms.counts))
        losses = sums / counts.clamp_min(1.0)
        return losses, losses

    def after_step(self, batch: TaskBatch, step: int) -> None:
        """Do nothing."""

    def clip_gradients(self, greatest: float) -> None:
        """Limit the gradient of each parameter of each readout by its own norm."""
        for parameter in self._stack.parameters.values():
            if parameter.grad is not None:
                norms = parameter.grad.flatten(1).norm(dim=1)
                scale = (greatest / (norms + 1e-6)).clamp_max(1.0)
                parameter.grad.mul_(scale.view(-1, *[1] * (parameter.ndim - 1)))

    def validation_losses(self) -> np.ndarray:
        """Return the loss of each readout on each validation item, (S, n_items)."""
        return self.item_losses(self._validation, self._validation_pixels)

    def item_losses(self, items: StackItems, pixels: ComparedPixels | None = None) -> np.ndarray:
        """Return the loss of each readout on each item, (S, n_items); at all pixels if not given."""
        return score_stack(
            self._stack,
            self._task,
            items,
            constants=self._constants,
            compute=self._compute,
            cell=self._cell,
            pixels=pixels,
        )

    def state_dict(self) -> dict[str, Any]:
        """Return the state of the stream that pixels are drawn from."""
        return {"drawing": self._drawing.get_state()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore that stream."""
        self._drawing.set_state(state["drawing"].cpu())

    def _stream(self, name: str) -> torch.Generator:
        return generator_for(self._seed, PURPOSE, self._task.name, name)

    def _compared(self, batch: TaskBatch) -> ComparedPixels | None:
        """Return the pixels that a step compares, on the device; None for outputs that are no maps."""
        if not self._stack.can_choose_pixels:
            return None
        if not self._draws:
            return compared_in_test(batch.target, self._cell)
        return draw_pixels(
            len(batch.pictures),
            batch.pictures.shape[-1] * batch.pictures.shape[-2],
            self._cell,
            cells=self._cells,
            pixels=self._pixels,
            generator=self._drawing,
        ).to(self._compute.device)

    def _fixed_pixels(self) -> ComparedPixels:
        """Return the pixels that each validation compares."""
        height, width = self._validation.read(self._validation.items.image_rows[:1]).shape[-2:]
        return draw_fixed_pixels(
            len(self._validation),
            height * width,
            self._cell,
            cells=self._cells,
            pixels=self._pixels,
            generator=self._stream("validation_pixels"),
        )
