"""The training loop: networks, their items and a schedule in; best weights and curves out."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from taskonomy_kedro.core.seeding import seed_for
from taskonomy_kedro.core.training.batch_tensors import TaskBatch
from taskonomy_kedro.core.training.checkpoint import CheckpointFile
from taskonomy_kedro.core.training.device import Compute
from taskonomy_kedro.core.training.inference import Items
from taskonomy_kedro.core.training.prefetching import read_ahead
from taskonomy_kedro.core.training.settings import TrainingSettings
from taskonomy_kedro.core.training.state import NetworkState, Outcome

Progress = Callable[[int, int, int], None]
"""Called after each step with the steps done, all steps and the pictures seen."""

_STEPS_A_CHECK = {"cpu": 1, "cuda": 16}
"""Steps between two checks that losses are finite; reading a loss from a GPU waits for the GPU."""


class Learner(Protocol):
    """S networks of one form that learn from the same batches. A single network is a stack of one.

    Attributes:
        size: S.
    """

    size: int

    @property
    def items(self) -> Items:
        """What the networks learn from."""

    def parameter_groups(self, weight_decay: float) -> list[dict[str, Any]]:
        """Return the parameters as an optimiser takes them, with and without decay."""

    def weights(self) -> Mapping[str, Tensor]:
        """Return all tensors of a state, (S, …) each; writing to them changes the networks."""

    def losses(self, batch: TaskBatch, step: int) -> tuple[Tensor, Tensor]:
        """Return the loss of each network on a batch, (S,), and what it minimises, (S,)."""

    def after_step(self, batch: TaskBatch, step: int) -> None:
        """Do what follows a step of the optimiser."""

    def clip_gradients(self, greatest: float) -> None:
        """Limit the norm of the gradient of each parameter of each network."""

    def validation_losses(self) -> np.ndarray:
        """Return the loss of each network on each validation item, (S, n_items), NaN if unknown."""

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint holds besides the weights."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore what `state_dict` returned."""


def train(
    learner: Learner,
    schedule: TrainingSettings,
    *,
    compute: Compute,
    seed: int,
    purpose: Sequence[str],
    checkpoint: CheckpointFile | None = None,
    on_progress: Progress | None = None,
) -> list[Outcome]:
    """Train to the end of the schedule, or until no network gets better; leave each its best weights.

    Args:
        learner: The networks with their first weights.
        schedule: Steps, learning rates, validation, patience.
        compute: Where.
        seed: Seed of the run.
        purpose: What is trained, such as `("task_network", "normal")`: the order of items and dropout
            depend on it and on the seed alone.
        checkpoint: Where the state is saved every `schedule.checkpoint_every` steps, and found again.
        on_progress: Called after each step.

    Returns:
        One outcome for each network. A network whose loss is not finite fails; the others continue.
    """
    loop = _Loop(learner, schedule, compute, (seed, *purpose), checkpoint, on_progress)
    devices = [compute.device] if compute.device.type == "cuda" else []
    with compute.own_threads(), torch.random.fork_rng(devices):
        torch.manual_seed(seed_for(seed, *purpose, "dropout"))
        return loop.run()


class _Loop:
    def __init__(
        self,
        learner: Learner,
        schedule: TrainingSettings,
        compute: Compute,
        stream: tuple[Any, ...],
        checkpoint: CheckpointFile | None,
        on_progress: Progress | None,
    ) -> None:
        self._learner, self._schedule, self._compute, self._stream = learner, schedule, compute, stream
        self._checkpoint = checkpoint if schedule.checkpoint_every else None
        self._on_progress = on_progress or (lambda done, total, pictures: None)
        self._optimiser = torch.optim.Adam(
            learner.parameter_groups(schedule.weight_decay), lr=schedule.learning_rate(0), fused=True
        )
        self._best = {name: value.detach().clone() for name, value in learner.weights().items()}
        self._networks = [NetworkState() for _ in range(learner.size)]
        self._unchecked: list[tuple[int, int, Tensor]] = []  # step, pictures, losses (2, S) on the device
        self._done, self._pictures, self._seconds = 0, 0, 0.0

    def run(self) -> list[Outcome]:
        self._resume()
        start, steps, schedule = time.monotonic() - self._seconds, self._schedule.steps, self._schedule
        for batch in read_ahead(self._batch_of, range(self._done, steps), self._compute.device):
            self._step(batch)
            self._seconds = time.monotonic() - start
            if self._done % schedule.validate_every == 0 or self._done == steps:
                self._validate()
            if self._is_over():
                break
            every = schedule.checkpoint_every
            if self._checkpoint and every and self._done % every == 0 and self._done < steps:
                self._save(self._checkpoint)
            self._on_progress(self._done, steps, self._pictures)
        self._load(self._best)
        self._seconds = time.monotonic() - start
        return [network.outcome(self._seconds / self._learner.size) for network in self._networks]

    def _batch_of(self, step: int) -> TaskBatch:
        """Return the items of a step: all items in one order, then all items in another."""
        items = self._learner.items
        n_items = len(items)
        size = min(self._schedule.batch_size, n_items)
        rows, first = [], step * size
        for epoch in range(first // n_items, (first + size - 1) // n_items + 1):
            order = self._order(epoch, n_items)
            rows.append(order[max(first - epoch * n_items, 0) : first + size - epoch * n_items])
        return items.batch(np.concatenate(rows), draw=1 + first // n_items)

    def _order(self, epoch: int, n_items: int) -> np.ndarray:
        return np.random.default_rng(seed_for(*self._stream, "order", str(epoch))).permutation(n_items)

    def _step(self, batch: TaskBatch) -> None:
        for group in self._optimiser.param_groups:
            group["lr"] = self._schedule.learning_rate(self._done)
        losses, objective = self._learner.losses(batch, self._done)
        n_pictures = batch.pictures.shape[0] * batch.pictures.shape[1]
        self._unchecked.append((self._done, n_pictures, torch.stack([losses.detach(), objective.detach()])))
        if len(self._unchecked) == _STEPS_A_CHECK[self._compute.device.type]:
            self._check_losses()
            if self._is_over():
                return
        self._optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(objective.sum())
        if self._schedule.gradient_clip is not None:
            self._learner.clip_gradients(self._schedule.gradient_clip)
        self._optimiser.step()
        self._learner.after_step(batch, self._done)
        self._done += 1
        self._pictures += n_pictures

    def _check_losses(self) -> None:
        """Count the steps since the last check; stop the networks whose loss was not finite in one."""
        if not self._unchecked:
            return
        values = torch.stack([losses for _, _, losses in self._unchecked]).tolist()
        for (step, n_pictures, _), (losses, objective) in zip(self._unchecked, values, strict=True):
            for network, loss, minimised in zip(self._networks, losses, objective, strict=True):
                if not network.is_over:
                    network.add_step(step, loss, minimised, n_pictures)
        self._unchecked.clear()

    def _is_over(self) -> bool:
        return all(network.is_over for network in self._networks)

    def _validate(self) -> None:
        """Score the validation split, and remember the weights of the networks that are better than ever."""
        self._check_losses()
        if self._is_over():
            return
        rate, patience = self._schedule.learning_rate(self._done - 1), self._schedule.patience
        better = []
        for number, losses in enumerate(self._learner.validation_losses()):
            if self._networks[number].is_over:
                continue
            known = losses[~np.isnan(losses)]
            mean = float(known.mean()) if len(known) else float("nan")
            if self._networks[number].add_validation(self._done, mean, rate, patience):
                better.append(number)
        for name, value in self._learner.weights().items():
            self._best[name][better] = value.detach()[better]

    def _save(self, checkpoint: CheckpointFile) -> None:
        self._check_losses()
        content: dict[str, Any] = {
            "step": self._done,
            "pictures": self._pictures,
            "seconds": self._seconds,
            "networks": [network.to_plain() for network in self._networks],
            "best": self._best,
            "weights": {name: value.detach() for name, value in self._learner.weights().items()},
            "optimiser": self._optimiser.state_dict(),
            "learner": self._learner.state_dict(),
            "random": torch.get_rng_state(),
        }
        if self._compute.device.type == "cuda":
            content["cuda_random"] = torch.cuda.get_rng_state(self._compute.device)
        checkpoint.write(content)

    def _resume(self) -> None:
        content = self._checkpoint.read(self._compute.device) if self._checkpoint else None
        if content is None:
            return
        self._done, self._pictures, self._seconds = (
            content[name] for name in ("step", "pictures", "seconds")
        )
        self._networks = [NetworkState.from_plain(plain) for plain in content["networks"]]
        self._best = content["best"]
        self._load(content["weights"])
        self._optimiser.load_state_dict(content["optimiser"])
        self._learner.load_state_dict(content["learner"])
        torch.set_rng_state(content["random"].cpu())
        if "cuda_random" in content and self._compute.device.type == "cuda":
            torch.cuda.set_rng_state(content["cuda_random"].cpu(), self._compute.device)

    @torch.no_grad()
    def _load(self, weights: Mapping[str, Tensor]) -> None:
        for name, value in self._learner.weights().items():
            value.copy_(weights[name])


def decay_groups(
    parameters: Mapping[str, Tensor], weight_decay: float, *, least_axes: int
) -> list[dict[str, Any]]:
    """Put weights under decay; biases, positional biases and normalisation not.

    Args:
        parameters: By name.
        weight_decay: Of the weights.
        least_axes: Axes that the weights of a linear layer have; those of a normalisation have fewer.
    """
    is_decayed = {name: name.endswith("weight") and p.ndim >= least_axes for name, p in parameters.items()}
    return [
        {"params": [p for name, p in parameters.items() if is_decayed[name] == yes], "weight_decay": decay}
        for yes, decay in ((True, weight_decay), (False, 0.0))
    ]
