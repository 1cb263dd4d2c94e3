"""The steps of task modelling for one task: train, compare, score, encode."""

import logging
import resource
import sys
from dataclasses import asdict, replace
from typing import Any

import torch
from torch import Tensor, nn

from taskonomy_kedro.core.hashing import array_hash, weights_hash
from taskonomy_kedro.core.networks.building import start_at_guess
from taskonomy_kedro.core.networks.discriminator import make_discriminator
from taskonomy_kedro.core.networks.initialisation import initialise
from taskonomy_kedro.core.networks.readout import make_readout
from taskonomy_kedro.core.networks.task_network import TaskNetwork
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.seeding import generator_for, seed_for
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.adversarial import map_channels
from taskonomy_kedro.core.training.checkpoint import CheckpointFile
from taskonomy_kedro.core.training.device import Compute
from taskonomy_kedro.core.training.discriminator_training import Discriminator
from taskonomy_kedro.core.training.encoded_items import EncodedItems
from taskonomy_kedro.core.training.loop import Progress
from taskonomy_kedro.core.training.losses import average_guess
from taskonomy_kedro.core.training.products import AverageGuess, TrainedNetwork
from taskonomy_kedro.core.training.state import Outcome
from taskonomy_kedro.core.training.task_context import TaskContext
from taskonomy_kedro.core.training.task_dataset import n_outputs

logger = logging.getLogger(__name__)

RANDOM = "random_projection"


def guess_average(modeling: TaskContext, train: PreparedSplit) -> AverageGuess:
    """Find the best constant output of a task on the training split.

    Raises:
        ValueError: The encoder cannot halve the images often enough.
    """
    modeling.check_image_size(train)
    return best_guess(modeling, train, "average_guess")


def best_guess(modeling: TaskContext, split: PreparedSplit, purpose: str) -> AverageGuess:
    """Find the best constant output of a task on a split, drawing from a stream of its own."""
    task = modeling.task
    with modeling.compute.own_threads():
        output = average_guess(
            task,
            modeling.items(split, in_memory=False),
            modeling.constants,
            n_outputs=n_outputs(task, split),
            generator=generator_for(modeling.settings.seed, purpose, task.name),
        )
    values = output.detach().cpu().numpy()
    return AverageGuess(task=task.name, outcome={"content": array_hash(values)}, output=values)


def train_task_network(
    modeling: TaskContext,
    train: PreparedSplit,
    validation: PreparedSplit,
    guess: AverageGuess | None,
    on_progress: Progress | None = None,
    checkpoint: CheckpointFile | None = None,
) -> TrainedNetwork:
    """Train the network of one task.

    Args:
        modeling: The task.
        train: What it learns from.
        validation: Which weights are best, and when to stop.
        guess: Where its output starts; None for the random projection, which is not trained.
        on_progress: Called with steps done, all steps and pictures seen.
        checkpoint: Where the training keeps its state, if the schedule asks for that.

    Returns:
        The best weights; or, if a loss was not finite, why there are none.
    """
    task, schedule = modeling.task, modeling.settings.training_of(modeling.task.name)
    modeling.check_image_size(train)
    network = modeling.network(train)
    if guess is None:
        weights = _on_cpu(network)
        return TrainedNetwork(task=task.name, weights=weights, outcome={"content": weights_hash(weights)})
    _start(modeling, network, guess)
    is_adversarial = schedule.is_adversarial and task.is_adversarial
    outcome = modeling.train(
        network,
        schedule,
        {"train": modeling.items(train), "validation": modeling.items(validation)},
        purpose=("task_network", task.name),
        discriminator=_discriminator(modeling, train) if is_adversarial else None,
        checkpoint=checkpoint,
        on_progress=on_progress,
    )
    return _finished(modeling, outcome, network, TrainedNetwork(task=task.name))


def train_random_readout(
    modeling: TaskContext,
    train: PreparedSplit,
    validation: PreparedSplit,
    guess: AverageGuess,
    random_network: TrainedNetwork,
    on_progress: Progress | None = None,
    checkpoint: CheckpointFile | None = None,
) -> TrainedNetwork:
    """Train a readout of the random network's representations for one task.

    Args:
        modeling: The task.
        train: What it learns from.
        validation: Which weights are best, and when to stop.
        guess: Where its output starts.
        random_network: The random projection.
        on_progress: Called with steps done, all steps and pictures seen.
        checkpoint: Where the training keeps its state, if the schedule asks for that.
    """
    task, schedule = modeling.task, modeling.settings.readout
    encoder = random_encoder(modeling, train, random_network)
    with modeling.compute.own_threads():
        items = {
            name: EncodedItems(
                modeling.items(split), encoder, modeling.compute, weights=random_network.content
            )
            for name, split in {"train": train, "validation": validation}.items()
        }
    readout = random_readout(modeling, train)
    _start(modeling, readout, guess)
    outcome = modeling.train(
        readout,
        schedule,
        items,
        purpose=("random_readout", task.name),
        checkpoint=checkpoint,
        on_progress=on_progress,
    )
    return _finished(modeling, outcome, readout, TrainedNetwork(task=task.name))


def _start(modeling: TaskContext, network: nn.Module, guess: AverageGuess) -> None:
    """Start a small network at the average guess; the paper's start as in the paper."""
    start_at_guess(modeling.settings.network, network, torch.from_numpy(guess.output[0]))


def _finished(
    modeling: TaskContext, outcome: Outcome, network: nn.Module, product: TrainedNetwork
) -> TrainedNetwork:
    """Return the product with the weights, or with the reason why there are none."""
    if outcome.failure:
        logger.error("the network of %s failed: %s", modeling.task.name, outcome.failure)
        return product.without(outcome.failure)
    weights = _on_cpu(network)
    facts = {"content": weights_hash(weights), **facts_of(outcome, modeling.compute)}
    return replace(product, weights=weights, outcome=facts)


def _discriminator(modeling: TaskContext, split: PreparedSplit) -> Discriminator:
    settings, task = modeling.settings, modeling.task
    channels = map_channels(task, n_outputs(task, split))
    module = make_discriminator(task.reads.n_channels, channels, image_size=split.image_size)
    initialise(module, generator_for(settings.seed, "discriminator", task.name, "weights"))
    seed = seed_for(settings.seed, "discriminator", task.name, "noise")
    return Discriminator(task, module, modeling.compute.device, seed=seed)


def random_encoder(
    modeling: TaskContext, split: PreparedSplit, random_network: TrainedNetwork
) -> TaskNetwork:
    """Build the untrained encoder that the readouts of the sanity table stand on."""
    projection = TaskContext(TASKS[RANDOM], modeling.statistics, modeling.settings)
    return projection.trained_network(split, random_network)


def random_readout(modeling: TaskContext, split: PreparedSplit) -> nn.Module:
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
    """Return the facts of a training, as plain JSON."""
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
