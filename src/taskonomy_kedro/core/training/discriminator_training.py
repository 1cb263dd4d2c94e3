"""The discriminator that a network is trained against, with its own optimiser."""

from typing import Any

import torch
from torch import Tensor, nn

from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.adversarial import (
    discriminator_loss,
    generator_loss,
    instance_noise,
    judged_output,
    judged_target,
    pixel_share,
)
from taskonomy_kedro.core.training.batch_tensors import TaskBatch

_LEARNING_RATE = 1e-5


class Discriminator:
    """Adds its term to the loss of a network, and is trained after each step.

    Source: Zamir et al. 2018, released configurations; see docs/method.md, "Adversarial term".
    """

    def __init__(self, task: Task, discriminator: nn.Module, device: torch.device, *, seed: int) -> None:
        """Set up.

        Args:
            task: Whose output is judged.
            discriminator: Module with its first weights; (n, c, H, W) to logits (n, 1, h, w).
            device: Where it runs.
            seed: Of the noise on its inputs.
        """
        self._task = task
        self._discriminator = discriminator.to(device).train()
        self._optimiser = torch.optim.SGD(discriminator.parameters(), lr=_LEARNING_RATE)
        self._generator = torch.Generator(device).manual_seed(seed)

    def generator_loss(self, pixel_loss: Tensor, batch: TaskBatch, output: Tensor, *, step: int) -> Tensor:
        """Return the weighted sum of the pixel loss and the discriminator's term, ()."""
        share = pixel_share(self._task)
        self._discriminator.requires_grad_(False)
        fake = self._seen(batch, output, step)
        loss = share * pixel_loss + (1 - share) * generator_loss(self._discriminator, fake)
        self._discriminator.requires_grad_(True)
        return loss

    def step(self, batch: TaskBatch, output: Tensor, *, step: int) -> None:
        """Train the discriminator on a batch of targets and outputs."""
        sigma = instance_noise(self._task, step)
        real = judged_target(self._task, batch.pictures, batch.target, sigma=sigma, generator=self._generator)
        loss = discriminator_loss(self._discriminator, real, self._seen(batch, output, step))
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self._optimiser.step()

    def _seen(self, batch: TaskBatch, output: Tensor, step: int) -> Tensor:
        sigma = instance_noise(self._task, step)
        return judged_output(self._task, batch.pictures, output, sigma=sigma, generator=self._generator)

    def state_dict(self) -> dict[str, Any]:
        """Return weights, optimiser and random state."""
        return {
            "discriminator": self._discriminator.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "random": self._generator.get_state(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore what `state_dict` returned."""
        self._discriminator.load_state_dict(state["discriminator"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._generator.set_state(state["random"].cpu())
