"""The one training loop: a network, its items and a schedule in; its best weights and its curve out."""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.batch_tensors import TaskBatch
from taskonomy_kedro.core.training.checkpoint import CheckpointFile
from taskonomy_kedro.core.training.device import Compute
from taskonomy_kedro.core.training.discriminator_training import Opponent
from taskonomy_kedro.core.training.inference import Items, forward, item_losses
from taskonomy_kedro.core.training.losses import LossConstants, batch_loss, loss_terms
from taskonomy_kedro.core.training.prefetching import read_ahead
from taskonomy_kedro.core.training.seeding import seed_for
from taskonomy_kedro.core.training.settings import TrainingSettings
from taskonomy_kedro.core.training.state import CurvePoint, Outcome, TrainingState

Progress = Callable[[int, int, int], None]


class DivergedError(ArithmeticError):
    """A loss was not finite."""


class Training:
    """One network's training; `run` does it."""

    def __init__(
        self,
        *,
        network: nn.Module,
        task: Task,
        items: Items,
        validation: Items,
        settings: TrainingSettings,
        constants: LossConstants,
        compute: Compute,
        seed: int,
        purpose: tuple[str, ...],
        opponent: Opponent | None = None,
        checkpoint: CheckpointFile | None = None,
        on_progress: Progress | None = None,
    ) -> None:
        """Set up.

        Args:
            network: With its first weights; changed in place, and left with its best ones.
            task: Whose loss is minimised.
            items: What it learns from.
            validation: What tells when to stop and which weights were best.
            settings: The schedule.
            constants: Of the loss.
            compute: Where.
            seed: Seed of the run.
            purpose: What the network is, such as `("task_network", "normal")`; order of items and
                dropout depend on it and the seed alone.
            opponent: A discriminator with its own optimiser, if the task gets one.
            checkpoint: Where the state is kept every `settings.checkpoint_every` steps.
            on_progress: Called with steps done, all steps and pictures seen.
        """
        self._network = network.to(compute.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._task, self._items, self._validation = task, items, validation
        self._settings, self._compute = settings, compute
        self._constants = constants.to(compute.device)
        self._seed, self._purpose = seed, purpose
        self._opponent, self._checkpoint = opponent, checkpoint
        self._on_progress = on_progress or (lambda done, total, pictures: None)
        self._batch_size = min(settings.batch_size, len(items))
        self._optimiser = torch.optim.Adam(
            _decayed(network, settings.weight_decay), lr=settings.learning_rate(0), fused=True
        )
        self._parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
        self._state = TrainingState()

    def run(self) -> Outcome:
        """Train to the end of the schedule, or until validation has stopped getting better.

        Raises:
            DivergedError: A training or validation loss was not finite; the message says at which step.
        """
        devices = [self._compute.device] if self._compute.device.type == "cuda" else []
        with self._compute.own_threads(), torch.random.fork_rng(devices):
            torch.manual_seed(seed_for(self._seed, *self._purpose, "dropout"))
            self._resume()
            steps = self._settings.steps
            start, done_before = time.monotonic(), self._state.seconds
            batches = read_ahead(self._batch_of, range(self._state.step, steps), self._compute.device)
            for batch in batches:
                self._step(batch)
                self._state.seconds = done_before + time.monotonic() - start
                if self._state.step % self._settings.validate_every == 0 or self._state.step == steps:
                    self._look()
                    if self._is_over():
                        break
                every = self._settings.checkpoint_every
                if every and self._state.step % every == 0 and self._state.step < steps:
                    self._keep()
                self._on_progress(self._state.step, steps, self._state.pictures)
            self._state.seconds = done_before + time.monotonic() - start
        self._network.load_state_dict(self._state.best_weights)
        return self._outcome()

    def _batch_of(self, step: int) -> TaskBatch:
        """Return the items of a step: all items once in an order of its own, then again in another."""
        size, n_items = self._batch_size, len(self._items)
        rows, first = [], step * size
        for epoch in range(first // n_items, (first + size - 1) // n_items + 1):
            order = self._order(epoch)
            rows.append(order[max(first - epoch * n_items, 0) : first + size - epoch * n_items])
        return self._items.batch(np.concatenate(rows), draw=1 + first // n_items)

    def _order(self, epoch: int) -> np.ndarray:
        rng = np.random.default_rng(seed_for(self._seed, *self._purpose, "order", str(epoch)))
        return rng.permutation(len(self._items))

    def _step(self, batch: TaskBatch) -> None:
        state, settings = self._state, self._settings
        self._network.train()
        rate = settings.learning_rate(state.step)
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        with self._compute.autocast():
            output = forward(self._network, batch)
        loss = batch_loss(loss_terms(self._task, output, batch.target, self._constants))
        total = loss
        opponent = self._opponent
        if opponent is not None and state.step >= settings.adversarial_from:
            with self._compute.autocast():
                total = opponent.generator_loss(loss, batch, output, step=state.step)
        value, whole = float(loss.detach()), float(total.detach()) if total is not loss else 0.0
        if not math.isfinite(value):
            raise DivergedError(f"the training loss was {value} at step {state.step}")
        if not math.isfinite(whole):
            raise DivergedError(
                f"the training loss with the discriminator's was {whole} at step {state.step}"
            )
        self._optimiser.zero_grad(set_to_none=True)
        total.backward()
        if settings.gradient_clip is not None:
            _clip_each(self._parameters, settings.gradient_clip)
        self._optimiser.step()
        if opponent is not None and state.step >= settings.adversarial_from:
            opponent.step(batch, output.detach(), step=state.step)
        state.step += 1
        state.train_sum += value
        state.train_count += 1
        state.pictures += batch.pictures.shape[0] * batch.pictures.shape[1]

    def _look(self) -> None:
        """Score the validation split, and keep the weights if they are the best so far."""
        state = self._state
        losses = item_losses(
            self._network, self._task, self._validation, constants=self._constants, compute=self._compute
        )
        is_known = ~np.isnan(losses)
        validation = float(losses[is_known].mean()) if is_known.any() else math.nan
        if not math.isfinite(validation):
            raise DivergedError(f"the validation loss was {validation} after step {state.step}")
        state.curve.append(
            CurvePoint(
                step=state.step,
                train=state.train_sum / max(state.train_count, 1),
                validation=validation,
                learning_rate=self._settings.learning_rate(state.step - 1),
            )
        )
        state.train_sum, state.train_count = 0.0, 0
        state.looks_without_gain += 1
        if validation < state.best_validation:
            state.best_validation, state.best_step, state.looks_without_gain = validation, state.step, 0
            state.best_weights = {
                name: value.detach().clone() for name, value in self._network.state_dict().items()
            }

    def _is_over(self) -> bool:
        patience = self._settings.patience
        return patience is not None and self._state.looks_without_gain >= patience

    def _keep(self) -> None:
        if self._checkpoint is None:
            return
        content: dict[str, Any] = {
            "state": self._state.to_plain(),
            "network": self._network.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "random": torch.get_rng_state(),
            "opponent": None if self._opponent is None else self._opponent.state_dict(),
        }
        if self._compute.device.type == "cuda":
            content["cuda_random"] = torch.cuda.get_rng_state(self._compute.device)
        self._checkpoint.write(content)

    def _resume(self) -> None:
        content = None if self._checkpoint is None else self._checkpoint.read(self._compute.device)
        if content is None:
            return
        self._state = TrainingState.from_plain(content["state"])
        self._network.load_state_dict(content["network"])
        self._optimiser.load_state_dict(content["optimiser"])
        torch.set_rng_state(content["random"].cpu())
        if "cuda_random" in content and self._compute.device.type == "cuda":
            torch.cuda.set_rng_state(content["cuda_random"].cpu(), self._compute.device)
        if self._opponent is not None and content["opponent"] is not None:
            self._opponent.load_state_dict(content["opponent"])

    def _outcome(self) -> Outcome:
        state = self._state
        return Outcome(
            curve=tuple(state.curve),
            best_step=state.best_step,
            best_validation=state.best_validation,
            steps=state.step,
            seconds=state.seconds,
            images_per_second=state.pictures / max(state.seconds, 1e-9),
        )


def _decayed(network: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Put weights under decay; biases, maps of places among them, and normalisations not."""
    named = [(name, p) for name, p in network.named_parameters() if p.requires_grad]
    is_weight = [name.endswith("weight") and p.ndim > 1 for name, p in named]
    return [
        {
            "params": [p for (_, p), yes in zip(named, is_weight, strict=True) if yes],
            "weight_decay": weight_decay,
        },
        {"params": [p for (_, p), yes in zip(named, is_weight, strict=True) if not yes], "weight_decay": 0.0},
    ]


def _clip_each(parameters: list[nn.Parameter], greatest: float) -> None:
    """Cut the gradient of each parameter by its own norm, as the released configurations do."""
    for parameter in parameters:
        if parameter.grad is not None:
            torch.nn.utils.clip_grad_norm_([parameter], greatest)
