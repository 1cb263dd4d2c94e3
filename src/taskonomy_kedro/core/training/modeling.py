"""The steps of task modelling for one task: train, compare, score, encode."""

import logging
import resource
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import torch
from torch import Tensor, nn

from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.networks import make_discriminator, make_task_network
from taskonomy_kedro.core.networks.decoder import Decoder
from taskonomy_kedro.core.networks.initialising import initialise
from taskonomy_kedro.core.networks.readout import make_readout
from taskonomy_kedro.core.networks.task_network import TaskNetwork
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.average_guess import average_guess
from taskonomy_kedro.core.training.checkpoint import CheckpointFile
from taskonomy_kedro.core.training.device import Compute, choose_compute
from taskonomy_kedro.core.training.loop import DivergedError, Items, Outcome, Progress, Training
from taskonomy_kedro.core.training.losses import LossConstants
from taskonomy_kedro.core.training.opposing import Opponent
from taskonomy_kedro.core.training.products import (
    AverageGuess,
    FinishedWork,
    TrainedNetwork,
    dependencies,
    fingerprint_of,
)
from taskonomy_kedro.core.training.represented import RepresentedItems
from taskonomy_kedro.core.training.seeding import generator_for, seed_for
from taskonomy_kedro.core.training.settings import ModelingSettings, TrainingSettings
from taskonomy_kedro.core.training.task_batches import TaskItems, n_outputs
from taskonomy_kedro.core.training.weights import weights_hash

logger = logging.getLogger(__name__)

RANDOM = "random_projection"


class TaskModeling:
    """One task, with the data and settings that all its steps share."""

    def __init__(
        self, task: Task, statistics: LabelStatistics, settings: ModelingSettings, finished: FinishedWork
    ) -> None:
        """Gather.

        Args:
            task: The task.
            statistics: Constants of the training split.
            settings: Networks, schedules, seed.
            finished: What earlier runs have finished.
        """
        self.task, self.statistics, self.settings, self.finished = task, statistics, settings, finished
        self.compute: Compute = choose_compute(settings.compute)
        self.constants = LossConstants.of(task, statistics)

    def items(self, split: PreparedSplit, *, in_memory: bool = True) -> TaskItems:
        """Return the items of the task in a split, in memory where they fit."""
        items = TaskItems(
            self.task,
            split,
            self.statistics,
            seed=self.settings.seed,
            tile_size=self.settings.tile_size,
            training_pixels=self.settings.training_pixels,
        )
        return items.in_memory(int(self.settings.compute.memory_gb * 2**30)) if in_memory else items

    def wanted(self, splits: Mapping[str, PreparedSplit], **more: Any) -> dict[str, Any]:
        """Return what a product of this task depends on."""
        return dependencies(
            self.task,
            seed=self.settings.seed,
            network=self.settings.network,
            tile_size=self.settings.tile_size,
            training_pixels=self.settings.training_pixels,
            data={name: split.fingerprint for name, split in splits.items()},
            statistics=fingerprint_of(self.statistics.to_json()),
            **more,
        )

    def picture_size(self, split: PreparedSplit) -> int:
        """Return the pixels a side of what the task's encoder reads."""
        is_tiled = self.task.reads.transform == "tiles"
        return self.settings.tile_size or split.image_size if is_tiled else split.image_size

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

    def training(
        self,
        network: nn.Module,
        schedule: TrainingSettings,
        items: Mapping[str, Items],
        *,
        purpose: tuple[str, ...],
        opponent: Opponent | None = None,
        checkpoint: CheckpointFile | None = None,
        on_progress: Progress | None = None,
    ) -> Training:
        """Return a training of a network on this task; see `Training` for the arguments."""
        return Training(
            network=network,
            task=self.task,
            items=items["train"],
            validation=items["validation"],
            settings=schedule,
            constants=self.constants,
            compute=self.compute,
            seed=self.settings.seed,
            purpose=purpose,
            opponent=opponent,
            checkpoint=checkpoint,
            on_progress=on_progress,
        )

    def trained_network(self, split: PreparedSplit, trained: TrainedNetwork) -> TaskNetwork:
        """Build the task's network with trained weights, on the device, ready to be scored."""
        network = self.network(split)
        if not any(name.startswith("decoder.") for name in trained.weights):
            network.decoder = None  # as of released weights without a decoder
        network.load_state_dict(dict(trained.weights))
        return network.to(self.compute.device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]


def guess_average(modeling: TaskModeling, train: PreparedSplit) -> AverageGuess:
    """Find the best constant output of a task on the training split."""
    task = modeling.task
    wanted = modeling.wanted({"train": train})
    record = modeling.finished.record_of("average_guesses", task.name, wanted)
    if record is not None:
        return AverageGuess(task=task.name, wanted=wanted, outcome=record["outcome"], is_kept=True)
    generator = generator_for(modeling.settings.seed, "average_guess", task.name)
    items = modeling.items(train, in_memory=False)
    with modeling.compute.own_threads():
        output = average_guess(
            task, items, modeling.constants, n_outputs=n_outputs(task, train), generator=generator
        )
    values = output.detach().cpu().numpy()
    content = fingerprint_of((values.shape, values.tobytes()))
    return AverageGuess(task=task.name, wanted=wanted, outcome={"content": content}, output=values)


def train_task_network(
    modeling: TaskModeling,
    train: PreparedSplit,
    validation: PreparedSplit,
    guess: AverageGuess | None,
    on_progress: Progress | None = None,
) -> TrainedNetwork:
    """Train the network of one task, unless the same is finished already.

    Args:
        modeling: The task.
        train: What it learns from.
        validation: Which weights are best, and when to stop.
        guess: Where its output starts; None for the random projection, which is not trained.
        on_progress: Called with steps done, all steps and pictures seen.

    Returns:
        The best weights; or, if a loss was not finite, why there are none.
    """
    task, schedule = modeling.task, modeling.settings.training_of(modeling.task.name)
    splits = {"train": train, "validation": validation}
    wanted = modeling.wanted(splits, training=schedule, guess=None if guess is None else guess.content)
    record = modeling.finished.record_of("networks", task.name, wanted)
    if record is not None:
        return TrainedNetwork(task=task.name, wanted=wanted, outcome=record["outcome"], is_kept=True)
    network = modeling.network(train)
    if guess is None:
        weights = _on_cpu(network)
        facts = {"content": weights_hash(weights)}
        return TrainedNetwork(task=task.name, wanted=wanted, weights=weights, outcome=facts)
    _start(network, guess)
    has_opponent = schedule.is_adversarial and task.is_adversarial
    checkpoint = modeling.finished.checkpoint(f"network_{task.name}", wanted)
    training = modeling.training(
        network,
        schedule,
        {name: modeling.items(split) for name, split in splits.items()},
        purpose=("task_network", task.name),
        opponent=_opponent(modeling, train) if has_opponent else None,
        checkpoint=checkpoint if schedule.checkpoint_every else None,
        on_progress=on_progress,
    )
    return _finished(modeling, training, network, TrainedNetwork(task=task.name, wanted=wanted))


def train_random_readout(
    modeling: TaskModeling,
    train: PreparedSplit,
    validation: PreparedSplit,
    guess: AverageGuess,
    random_network: TrainedNetwork,
    on_progress: Progress | None = None,
) -> TrainedNetwork:
    """Train a readout of the random network's representations for one task.

    Args:
        modeling: The task.
        train: What it learns from.
        validation: Which weights are best, and when to stop.
        guess: Where its output starts.
        random_network: The random projection.
        on_progress: Called with steps done, all steps and pictures seen.
    """
    task, schedule = modeling.task, modeling.settings.readout
    splits = {"train": train, "validation": validation}
    wanted = modeling.wanted(splits, training=schedule, guess=guess.content, random=random_network.content)
    record = modeling.finished.record_of("random_readouts", task.name, wanted)
    if record is not None:
        return TrainedNetwork(task=task.name, wanted=wanted, outcome=record["outcome"], is_kept=True)
    encoder = random_encoder(modeling, train, random_network)
    with modeling.compute.own_threads():
        items = {
            name: RepresentedItems(modeling.items(split), encoder, modeling.compute)
            for name, split in splits.items()
        }
    readout = random_readout(modeling, train)
    _start(readout, guess)
    training = modeling.training(
        readout, schedule, items, purpose=("random_readout", task.name), on_progress=on_progress
    )
    return _finished(modeling, training, readout, TrainedNetwork(task=task.name, wanted=wanted))


def _start(network: nn.Module, guess: AverageGuess) -> None:
    decoder = network.decoder
    if isinstance(decoder, Decoder):
        decoder.start_at(torch.from_numpy(guess.output[0]))


def _finished(
    modeling: TaskModeling, training: Training, network: nn.Module, product: TrainedNetwork
) -> TrainedNetwork:
    """Run a training; return the product with its weights, or with the reason why there are none."""
    try:
        outcome = training.run()
    except DivergedError as error:
        logger.error("the network of %s is left out: %s", modeling.task.name, error)
        return product.without(str(error))
    weights = _on_cpu(network)
    facts = {"content": weights_hash(weights), **facts_of(outcome, modeling.compute)}
    return replace(product, weights=weights, outcome=facts)


def _opponent(modeling: TaskModeling, split: PreparedSplit) -> Opponent:
    settings, task = modeling.settings, modeling.task
    map_channels = 2 if task.label.kind == "color_bins" else n_outputs(task, split)
    discriminator = make_discriminator(task.reads.n_channels, map_channels, image_size=split.image_size)
    initialise(discriminator, generator_for(settings.seed, "discriminator", task.name, "weights"))
    seed = seed_for(settings.seed, "discriminator", task.name, "noise")
    return Opponent(task, discriminator, modeling.compute.device, seed=seed)


def random_encoder(
    modeling: TaskModeling, split: PreparedSplit, random_network: TrainedNetwork
) -> TaskNetwork:
    """Build the untrained encoder that the readouts of the sanity table stand on."""
    projection = TaskModeling(split.tasks[RANDOM], modeling.statistics, modeling.settings, modeling.finished)
    return projection.trained_network(split, random_network)


def random_readout(modeling: TaskModeling, split: PreparedSplit) -> nn.Module:
    """Build the readout of the random network for a task, with first weights."""
    return make_readout(
        modeling.settings.network,
        modeling.task,
        n_sources=1,
        n_outputs=n_outputs(modeling.task, split),
        image_size=modeling.picture_size(split),
        generator=generator_for(modeling.settings.seed, "random_readout", modeling.task.name, "weights"),
    )


def facts_of(outcome: Outcome, compute: Compute) -> dict[str, Any]:
    """Return what a training is remembered by, as plain JSON."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    facts = {
        "curve": [asdict(point) for point in outcome.curve],
        "best_step": outcome.best_step,
        "best_validation": outcome.best_validation,
        "steps": outcome.steps,
        "seconds": outcome.seconds,
        "images_per_second": outcome.images_per_second,
        "device": compute.name,
        "precision": str(compute.autocast_dtype or torch.float32).removeprefix("torch."),
        "peak_memory_bytes": peak,
    }
    if compute.device.type == "cuda":
        facts["peak_gpu_memory_bytes"] = torch.cuda.max_memory_allocated(compute.device)
    return facts


def _on_cpu(network: nn.Module) -> dict[str, Tensor]:
    return {name: value.detach().cpu().contiguous() for name, value in network.state_dict().items()}
