"""A single network as the training loop takes it."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.batch_tensors import TaskBatch
from taskonomy_kedro.core.training.device import Compute
from taskonomy_kedro.core.training.discriminator_training import Discriminator
from taskonomy_kedro.core.training.inference import Items, forward, item_losses
from taskonomy_kedro.core.training.loop import decay_groups
from taskonomy_kedro.core.training.losses import LossConstants, batch_loss, loss_terms


class NetworkLearner:
    """A stack of one: a network with its task, its items and, if it has one, its discriminator."""

    size = 1

    def __init__(
        self,
        network: nn.Module,
        task: Task,
        items: Items,
        validation: Items,
        *,
        constants: LossConstants,
        compute: Compute,
        discriminator: Discriminator | None = None,
        adversarial_from: int = 0,
    ) -> None:
        """Move the network to the device.

        Args:
            network: With its first weights; changed in place.
            task: Whose loss is minimised.
            items: What the network learns from.
            validation: What it is validated on.
            constants: Of the loss.
            compute: Where.
            discriminator: Adds its term to the loss.
            adversarial_from: Step from which that term counts.
        """
        self._network = network.to(compute.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._task, self.items, self._validation = task, items, validation
        self._constants, self._compute = constants.to(compute.device), compute
        self._discriminator, self._adversarial_from = discriminator, adversarial_from
        self._output: Tensor | None = None  # of this step, if the discriminator is trained on it

    def parameter_groups(self, weight_decay: float) -> list[dict[str, Any]]:
        """Return the parameters that are trained, with and without decay."""
        trained = {name: p for name, p in self._network.named_parameters() if p.requires_grad}
        return decay_groups(trained, weight_decay, least_axes=2)

    def weights(self) -> dict[str, Tensor]:
        """Return views (1, …) of the tensors of the network's state."""
        return {name: value[None] for name, value in self._network.state_dict().items()}

    def losses(self, batch: TaskBatch, step: int) -> tuple[Tensor, Tensor]:
        """Return the loss on a batch, (1,), and the loss with the discriminator's term, (1,)."""
        self._network.train()
        with self._compute.autocast():
            output = forward(self._network, batch)
        loss = batch_loss(loss_terms(self._task, output, batch.target, self._constants))
        if self._discriminator is None or step < self._adversarial_from:
            return loss[None], loss[None]
        self._output = output.detach()
        with self._compute.autocast():
            whole = self._discriminator.generator_loss(loss, batch, output, step=step)
        return loss[None], whole[None]

    def after_step(self, batch: TaskBatch, step: int) -> None:
        """Train the discriminator on the outputs of this step."""
        if self._discriminator is not None and self._output is not None:
            self._discriminator.step(batch, self._output, step=step)
            self._output = None

    def clip_gradients(self, greatest: float) -> None:
        """Limit the gradient of each parameter by its own norm, as the released configurations do."""
        for parameter in self._network.parameters():
            if parameter.grad is not None:
                nn.utils.clip_grad_norm_([parameter], greatest)

    def validation_losses(self) -> np.ndarray:
        """Return the loss on each validation item, (1, n_items)."""
        return item_losses(
            self._network, self._task, self._validation, constants=self._constants, compute=self._compute
        )[None]

    def state_dict(self) -> dict[str, Any]:
        """Return the state of the discriminator; empty without one."""
        return {} if self._discriminator is None else self._discriminator.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore the discriminator."""
        if self._discriminator is not None:
            self._discriminator.load_state_dict(state)
