"""Losses of a network and its baselines on test items."""

import numpy as np
import torch
from torch import nn

from taskonomy_kedro.core.hashing import array_hash
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.training.encoded_items import EncodedItems
from taskonomy_kedro.core.training.inference import item_losses
from taskonomy_kedro.core.training.losses import image_losses, loss_terms
from taskonomy_kedro.core.training.network_training import random_encoder, random_readout
from taskonomy_kedro.core.training.products import AverageGuess, TaskLosses, TrainedNetwork
from taskonomy_kedro.core.training.task_context import TaskContext
from taskonomy_kedro.core.training.task_dataset import TaskDataset


def score_network(
    modeling: TaskContext,
    test: PreparedSplit,
    trained: TrainedNetwork,
    guess: AverageGuess,
    readout: TrainedNetwork,
    random_network: TrainedNetwork,
) -> TaskLosses:
    """Score a network, its average guess and the readout of the random network on every test item."""
    task = modeling.task
    losses = TaskLosses(task=task.name)
    if failure := trained.failure or readout.failure:
        return losses.without(failure)
    if lack := modeling.without_decoder(trained):
        return losses.without(lack, is_expected=True)
    items = modeling.items(test)
    encoder = random_encoder(modeling, test, random_network)
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
                average_losses(modeling, items, guess),
                item_losses(
                    built_readout(modeling, test, readout),
                    task,
                    EncodedItems(items, encoder, modeling.compute, weights=random_network.content),
                    constants=modeling.constants,
                    compute=modeling.compute,
                ),
            ]
        )
    outcome = {"content": array_hash(values, items.item_ids), **sanity(values)}
    return TaskLosses(task=task.name, outcome=outcome, item_ids=tuple(items.item_ids), values=values)


def built_readout(modeling: TaskContext, split: PreparedSplit, trained: TrainedNetwork) -> nn.Module:
    """Build the trained readout of the random network, on the device."""
    readout = random_readout(modeling, split)
    readout.load_state_dict(dict(trained.weights))
    return readout.to(modeling.compute.device).eval()


def average_losses(modeling: TaskContext, items: TaskDataset, guess: AverageGuess) -> np.ndarray:
    """Score the best constant output on every item, (n_items,) float32."""
    average, found = torch.from_numpy(guess.output), []
    for start in range(0, len(items), 128):
        rows = np.arange(start, min(start + 128, len(items)))
        output = average.expand(len(rows), *average.shape[1:])
        found.append(image_losses(loss_terms(modeling.task, output, items.targets(rows), modeling.constants)))
    return torch.cat(found).numpy()


def sanity(values: np.ndarray) -> dict[str, float]:
    """Return mean losses, and how often the network wins; a tie counts half.

    Args:
        values: (3, n_items): network, average guess, readout of the random network.
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
