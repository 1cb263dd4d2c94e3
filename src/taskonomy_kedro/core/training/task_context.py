"""One task with the data and settings that its steps share."""

from collections.abc import Mapping

import torch
from torch import nn

from taskonomy_kedro.core.labels.input_transforms import transform_of
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.networks.task_network import TaskNetwork, make_task_network
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.seeding import generator_for
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.checkpoint import CheckpointFile
from taskonomy_kedro.core.training.device import Compute, choose_compute
from taskonomy_kedro.core.training.discriminator_training import Discriminator
from taskonomy_kedro.core.training.inference import Items
from taskonomy_kedro.core.training.loop import Progress, train
from taskonomy_kedro.core.training.losses import constants_of
from taskonomy_kedro.core.training.network_learner import NetworkLearner
from taskonomy_kedro.core.training.products import TrainedNetwork
from taskonomy_kedro.core.training.settings import ModelingSettings, TrainingSettings
from taskonomy_kedro.core.training.state import Outcome
from taskonomy_kedro.core.training.task_dataset import TaskDataset, n_outputs


class TaskContext:
    """One task, with the data and settings that all its steps share."""

    def __init__(self, task: Task, statistics: LabelStatistics, settings: ModelingSettings) -> None:
        """Bring together.

        Args:
            task: The task.
            statistics: Constants of the training split.
            settings: Networks, schedules, seed.
        """
        self.task, self.statistics, self.settings = task, statistics, settings
        self.compute: Compute = choose_compute(settings.compute)
        self.constants = constants_of(task, statistics)

    def items(self, split: PreparedSplit, *, in_memory: bool = True) -> TaskDataset:
        """Return the items of the task in a split, in memory where they fit."""
        items = TaskDataset(
            self.task,
            split,
            self.statistics,
            seed=self.settings.seed,
            tile_size=self.settings.tile_size,
            training_pixels=self.settings.training_pixels,
        )
        return items.in_memory(int(self.settings.compute.memory_gb * 2**30)) if in_memory else items

    def without_decoder(self, trained: TrainedNetwork) -> str:
        """Say that a network has no decoder, like most released ones; empty where it has one."""
        if any(name.startswith("decoder.") for name in trained.weights):
            return ""
        return f"no decoder was released for {self.task.name}: only its representations can be computed"

    def picture_size(self, split: PreparedSplit) -> int:
        """Return the pixels a side of what the task's encoder reads."""
        return transform_of(self.task).picture_size(split.image_size, self.settings.tile_size)

    def check_image_size(self, split: PreparedSplit) -> None:
        """Refuse images that the encoder cannot halve often enough.

        Raises:
            ValueError: The message says which sizes would do.
        """
        self.settings.network.check_image_size(self.picture_size(split), "data.image_size")

    def network(self, split: PreparedSplit) -> TaskNetwork:
        """Build the task's network with its first weights."""
        task, settings = self.task, self.settings
        return make_task_network(
            settings.network,
            task,
            n_outputs=None if task.decoder == "none" else n_outputs(task, split),
            image_size=self.picture_size(split),
            generator=generator_for(settings.seed, "task_network", task.name, "weights"),
        )

    def train(
        self,
        network: nn.Module,
        schedule: TrainingSettings,
        items: Mapping[str, Items],
        *,
        purpose: tuple[str, ...],
        discriminator: Discriminator | None = None,
        checkpoint: CheckpointFile | None = None,
        on_progress: Progress | None = None,
    ) -> Outcome:
        """Train a network on this task.

        Args:
            network: With its first weights; left with its best.
            schedule: Of the training.
            items: What it learns from, `train`, and is validated on, `validation`.
            purpose: What the network is, for the seeds of its streams.
            discriminator: Adds its term to the loss.
            checkpoint: Where the state is saved.
            on_progress: Called after each step.
        """
        learner = NetworkLearner(
            network,
            self.task,
            items["train"],
            items["validation"],
            constants=self.constants,
            compute=self.compute,
            discriminator=discriminator,
            adversarial_from=schedule.adversarial_from,
        )
        (outcome,) = train(
            learner,
            schedule,
            compute=self.compute,
            seed=self.settings.seed,
            purpose=purpose,
            checkpoint=checkpoint,
            on_progress=on_progress,
        )
        return outcome

    def trained_network(self, split: PreparedSplit, trained: TrainedNetwork) -> TaskNetwork:
        """Build the task's network with trained weights, on the device, ready to be scored."""
        network = self.network(split)
        if not any(name.startswith("decoder.") for name in trained.weights):
            network.decoder = None  # as of released weights without a decoder
        network.load_state_dict(dict(trained.weights))
        return network.to(self.compute.device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
