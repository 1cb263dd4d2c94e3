"""The steps of task modelling for one task: train, compare, score, encode."""

import logging
import resource
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.networks import make_discriminator, make_task_network
from taskonomy_kedro.core.networks.initialising import initialise
from taskonomy_kedro.core.networks.readout import make_readout
from taskonomy_kedro.core.networks.task_network import TaskNetwork
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.average_guess import average_guess
from taskonomy_kedro.core.training.device import Compute, choose_compute
from taskonomy_kedro.core.training.loop import DivergedError, Outcome, Training, item_losses
from taskonomy_kedro.core.training.losses import LossConstants, image_losses, loss_terms
from taskonomy_kedro.core.training.opposing import Opponent
from taskonomy_kedro.core.training.products import (
    Baselines,
    FinishedWork,
    TaskLosses,
    TrainedNetwork,
    dependencies,
    fingerprint_of,
)
from taskonomy_kedro.core.training.represented import RepresentedItems
from taskonomy_kedro.core.training.seeding import generator_for, seed_for
from taskonomy_kedro.core.training.settings import ModelingSettings
from taskonomy_kedro.core.training.starting import start_at_typical
from taskonomy_kedro.core.training.task_batches import TaskItems, n_outputs
from taskonomy_kedro.core.training.weights import weights_hash

logger = logging.getLogger(__name__)

RANDOM = "random_projection"
Progress = Callable[[int, int], None]


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

    def items(self, split: PreparedSplit) -> TaskItems:
        """Return the items of the task in a split, in memory where they fit."""
        items = TaskItems(
            self.task, split, self.statistics, seed=self.settings.seed, tile_size=self.settings.tile_size
        )
        return items.in_memory(int(self.settings.compute.memory_gb * 2**30))

    def wanted(self, splits: Mapping[str, PreparedSplit], **more: Any) -> dict[str, Any]:
        """Return what a product of this task depends on."""
        return dependencies(
            self.task,
            seed=self.settings.seed,
            network=self.settings.network,
            tile_size=self.settings.tile_size,
            data={name: split.fingerprint for name, split in splits.items()},
            statistics=fingerprint_of(self.statistics.to_json()),
            **more,
        )

    def network(self, split: PreparedSplit) -> TaskNetwork:
        """Build the task's network with its first weights."""
        task, settings = self.task, self.settings
        return make_task_network(
            settings.network,
            task,
            n_outputs=None if task.decoder == "none" else n_outputs(task, split),
            image_size=split.image_size,
            generator=generator_for(settings.seed, "task_network", task.name, "weights"),
        )

    def trained_network(self, split: PreparedSplit, trained: TrainedNetwork) -> TaskNetwork:
        """Build the task's network with trained weights, on the device, ready to be scored."""
        network = self.network(split)
        network.load_state_dict(dict(trained.weights))
        return network.to(self.compute.device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]


def train_task_network(
    modeling: TaskModeling,
    train: PreparedSplit,
    validation: PreparedSplit,
    on_progress: Progress | None = None,
) -> TrainedNetwork:
    """Train the network of one task, unless the same is finished already.

    Returns:
        The best weights; or, if a loss was not finite, why there are none.
    """
    task, settings = modeling.task, modeling.settings
    schedule = settings.training_of(task.name)
    wanted = modeling.wanted({"train": train, "validation": validation}, training=schedule)
    record = modeling.finished.record_of("networks", task.name, wanted)
    if record is not None:
        return TrainedNetwork(task=task.name, wanted=wanted, outcome=record["outcome"], is_kept=True)
    network = modeling.network(train)
    if task.name == RANDOM:
        weights = _on_cpu(network)
        return TrainedNetwork(
            task=task.name, wanted=wanted, weights=weights, outcome={"content": weights_hash(weights)}
        )
    items = modeling.items(train)
    start_at_typical(network, task, items)
    purpose = ("task_network", task.name)
    checkpoint = modeling.finished.checkpoint(f"network_{task.name}", wanted)
    training = Training(
        network=network,
        task=task,
        items=items,
        validation=modeling.items(validation),
        settings=schedule,
        constants=modeling.constants,
        compute=modeling.compute,
        seed=settings.seed,
        purpose=purpose,
        opponent=_opponent(modeling, train) if schedule.is_adversarial and task.is_adversarial else None,
        checkpoint=checkpoint if schedule.checkpoint_every else None,
        on_progress=on_progress,
    )
    product = TrainedNetwork(task=task.name, wanted=wanted)
    try:
        outcome = training.run()
    except DivergedError as error:
        logger.error("the network of %s is left out: %s", task.name, error)
        return product.without(str(error))
    weights = _on_cpu(network)
    facts = {"content": weights_hash(weights), **facts_of(outcome, modeling.compute)}
    return TrainedNetwork(task=task.name, wanted=wanted, weights=weights, outcome=facts)


def _opponent(modeling: TaskModeling, split: PreparedSplit) -> Opponent:
    settings, task = modeling.settings, modeling.task
    map_channels = 2 if task.label.kind == "color_bins" else n_outputs(task, split)
    discriminator = make_discriminator(task.reads.n_channels, map_channels, image_size=split.image_size)
    initialise(discriminator, generator_for(settings.seed, "discriminator", task.name, "weights"))
    seed = seed_for(settings.seed, "discriminator", task.name, "noise")
    return Opponent(task, discriminator, modeling.compute.device, seed=seed)


def make_baselines(
    modeling: TaskModeling,
    train: PreparedSplit,
    validation: PreparedSplit,
    random_network: TrainedNetwork,
    encoder: TaskNetwork,
    on_progress: Progress | None = None,
) -> Baselines:
    """Find the best constant output of a task, and train a read-out of the random network.

    Args:
        modeling: The task.
        train: What both are found on.
        validation: Which weights of the read-out are best.
        random_network: The random projection's product, for the record.
        encoder: The same, built.
        on_progress: Called with steps done and all steps.
    """
    task, settings = modeling.task, modeling.settings
    schedule = settings.readout
    wanted = modeling.wanted(
        {"train": train, "validation": validation}, training=schedule, random=random_network.content
    )
    record = modeling.finished.record_of("baselines", task.name, wanted)
    if record is not None:
        return Baselines(task=task.name, wanted=wanted, outcome=record["outcome"], is_kept=True)
    items = modeling.items(train)
    generator = generator_for(settings.seed, "average_guess", task.name)
    with modeling.compute.own_threads():
        average = average_guess(
            task, items, modeling.constants, n_outputs=n_outputs(task, train), generator=generator
        )
        represented = {
            name: RepresentedItems(modeling.items(split), encoder, modeling.compute)
            for name, split in (("train", train), ("validation", validation))
        }
    readout = random_readout(modeling, train)
    start_at_typical(readout, task, items)
    training = Training(
        network=readout,
        task=task,
        items=represented["train"],
        validation=represented["validation"],
        settings=schedule,
        constants=modeling.constants,
        compute=modeling.compute,
        seed=settings.seed,
        purpose=("random_readout", task.name),
        on_progress=on_progress,
    )
    try:
        outcome = training.run()
    except DivergedError as error:
        logger.error("the read-out of the random network for %s is left out: %s", task.name, error)
        return Baselines(task=task.name, wanted=wanted, failure=str(error))
    weights = {**_on_cpu(readout), "average_guess": average.detach().cpu()}
    facts = {"content": weights_hash(weights), **facts_of(outcome, modeling.compute)}
    return Baselines(task=task.name, wanted=wanted, weights=weights, outcome=facts)


def random_readout(modeling: TaskModeling, split: PreparedSplit) -> nn.Module:
    """Build the read-out of the random network for a task, with first weights."""
    return make_readout(
        modeling.settings.network,
        modeling.task,
        n_sources=1,
        n_outputs=n_outputs(modeling.task, split),
        image_size=split.image_size,
        generator=generator_for(modeling.settings.seed, "random_readout", modeling.task.name, "weights"),
    )


def score_network(
    modeling: TaskModeling,
    test: PreparedSplit,
    trained: TrainedNetwork,
    baselines: Baselines,
    random_network: TaskNetwork,
) -> TaskLosses:
    """Score a network, its average guess and the read-out of the random network on every test item."""
    task = modeling.task
    wanted = modeling.wanted({"test": test}, weights=trained.content, baselines=baselines.content)
    failure = trained.failure or baselines.failure
    if failure:
        return TaskLosses(task=task.name, wanted=wanted, failure=failure)
    record = modeling.finished.record_of("losses", task.name, wanted)
    if record is not None:
        return TaskLosses(task=task.name, wanted=wanted, outcome=record["outcome"], is_kept=True)
    items = modeling.items(test)
    with modeling.compute.own_threads():
        values = np.stack(
            [
                item_losses(
                    modeling.trained_network(test, trained),
                    task,
                    items,
                    constants=modeling.constants,
                    compute=modeling.compute,
                ),
                average_losses(modeling, items, baselines.weights["average_guess"]),
                item_losses(
                    built_readout(modeling, test, baselines),
                    task,
                    RepresentedItems(items, random_network, modeling.compute),
                    constants=modeling.constants,
                    compute=modeling.compute,
                ),
            ]
        )
    content = fingerprint_of((values.tobytes(), items.item_ids))
    outcome = {"content": content, **sanity(values)}
    return TaskLosses(
        task=task.name, wanted=wanted, outcome=outcome, item_ids=tuple(items.item_ids), values=values
    )


def built_readout(modeling: TaskModeling, split: PreparedSplit, baselines: Baselines) -> nn.Module:
    """Build the trained read-out of the random network, on the device."""
    readout = random_readout(modeling, split)
    weights = {name: value for name, value in baselines.weights.items() if name != "average_guess"}
    readout.load_state_dict(weights)
    return readout.to(modeling.compute.device).eval()


def average_losses(modeling: TaskModeling, items: TaskItems, average: Tensor) -> np.ndarray:
    """Score the best constant output on every item, (n_items,) float32."""
    found = []
    for start in range(0, len(items), 128):
        rows = np.arange(start, min(start + 128, len(items)))
        output = average.expand(len(rows), *average.shape[1:])
        found.append(image_losses(loss_terms(modeling.task, output, items.targets(rows), modeling.constants)))
    return torch.cat(found).numpy()


def sanity(values: np.ndarray) -> dict[str, float]:
    """Return mean losses, and how often the network wins; a tie counts half.

    Args:
        values: (3, n_items): network, average guess, read-out of the random network.
    """
    is_known = np.isfinite(values).all(axis=0)
    network, average, random = values[:, is_known].astype(np.float64)
    return {
        "n_items": int(is_known.sum()),
        "loss": float(network.mean()),
        "average_guess_loss": float(average.mean()),
        "random_readout_loss": float(random.mean()),
        "beats_average_guess": float(((network < average) + 0.5 * (network == average)).mean()),
        "beats_random_readout": float(((network < random) + 0.5 * (network == random)).mean()),
    }


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
