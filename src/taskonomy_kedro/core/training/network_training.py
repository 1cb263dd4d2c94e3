"""The steps of task modelling for one task: train, compare, score, encode."""

import logging
import resource
import sys
from dataclasses import asdict, replace
from typing import Any

import torch
from torch import Tensor, nn

from taskonomy_kedro.core.networks.decoder import Decoder
from taskonomy_kedro.core.networks.discriminator import make_discriminator
from taskonomy_kedro.core.networks.initialisation import initialise
from taskonomy_kedro.core.networks.readout import make_readout
from taskonomy_kedro.core.networks.task_network import TaskNetwork
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.training.device import Compute
from taskonomy_kedro.core.training.discriminator_training import Discriminator
from taskonomy_kedro.core.training.encoded_items import EncodedItems
from taskonomy_kedro.core.training.loop import Progress
from taskonomy_kedro.core.training.losses import average_guess
from taskonomy_kedro.core.training.products import AverageGuess, TrainedNetwork, fingerprint_of
from taskonomy_kedro.core.training.seeding import generator_for, seed_for
from taskonomy_kedro.core.training.state import Outcome
from taskonomy_kedro.core.training.task_context import TaskContext
from taskonomy_kedro.core.training.task_dataset import n_outputs
from taskonomy_kedro.core.training.weights_hash import weights_hash

logger = logging.getLogger(__name__)

RANDOM = "random_projection"


def guess_average(modeling: TaskContext, train: PreparedSplit) -> AverageGuess:
    """Find the best constant output of a task on the training split.

    Raises:
        ValueError: The encoder cannot halve the images often enough; said here, before anything is made.
    """
    task = modeling.task
    modeling.check_image_size(train)
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
    modeling: TaskContext,
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
    modeling.check_image_size(train)
    record = modeling.finished.record_of("networks", task.name, wanted)
    if record is not None:
        return TrainedNetwork(task=task.name, wanted=wanted, outcome=record["outcome"], is_kept=True)
    network = modeling.network(train)
    if guess is None:
        weights = _on_cpu(network)
        facts = {"content": weights_hash(weights)}
        return TrainedNetwork(task=task.name, wanted=wanted, weights=weights, outcome=facts)
    _start(modeling, network, guess)
    is_adversarial = schedule.is_adversarial and task.is_adversarial
    checkpoint = modeling.finished.checkpoint(task.name, wanted)
    outcome = modeling.train(
        network,
        schedule,
        {name: modeling.items(split) for name, split in splits.items()},
        purpose=("task_network", task.name),
        discriminator=_discriminator(modeling, train) if is_adversarial else None,
        checkpoint=checkpoint,
        on_progress=on_progress,
    )
    return _finished(modeling, outcome, network, TrainedNetwork(task=task.name, wanted=wanted))


def train_random_readout(
    modeling: TaskContext,
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
            name: EncodedItems(
                modeling.items(split), encoder, modeling.compute, weights=random_network.content
            )
            for name, split in splits.items()
        }
    readout = random_readout(modeling, train)
    _start(modeling, readout, guess)
    outcome = modeling.train(
        readout, schedule, items, purpose=("random_readout", task.name), on_progress=on_progress
    )
    return _finished(modeling, outcome, readout, TrainedNetwork(task=task.name, wanted=wanted))


def _start(modeling: TaskContext, network: nn.Module, guess: AverageGuess) -> None:
    """Let a small network begin at the average guess; the paper's begin as the paper's did."""
    decoder = network.decoder
    if modeling.settings.network.encoder == "small" and isinstance(decoder, Decoder):
        decoder.start_at(torch.from_numpy(guess.output[0]))


def _finished(
    modeling: TaskContext, outcome: Outcome, network: nn.Module, product: TrainedNetwork
) -> TrainedNetwork:
    """Return the product with the weights, or with the reason why there are none."""
    if outcome.failure:
        logger.error("the network of %s is left out: %s", modeling.task.name, outcome.failure)
        return product.without(outcome.failure)
    weights = _on_cpu(network)
    facts = {"content": weights_hash(weights), **facts_of(outcome, modeling.compute)}
    return replace(product, weights=weights, outcome=facts)


def _discriminator(modeling: TaskContext, split: PreparedSplit) -> Discriminator:
    settings, task = modeling.settings, modeling.task
    map_channels = 2 if task.label.kind == "color_bins" else n_outputs(task, split)
    module = make_discriminator(task.reads.n_channels, map_channels, image_size=split.image_size)
    initialise(module, generator_for(settings.seed, "discriminator", task.name, "weights"))
    seed = seed_for(settings.seed, "discriminator", task.name, "noise")
    return Discriminator(task, module, modeling.compute.device, seed=seed)


def random_encoder(
    modeling: TaskContext, split: PreparedSplit, random_network: TrainedNetwork
) -> TaskNetwork:
    """Build the untrained encoder that the readouts of the sanity table stand on."""
    projection = TaskContext(split.tasks[RANDOM], modeling.statistics, modeling.settings, modeling.finished)
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
