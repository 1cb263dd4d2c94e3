"""A network, items and an opponent so small that a training takes a blink."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from taskonomy_kedro.core.networks.encoder import PositionalBias
from taskonomy_kedro.core.networks.initialisation import initialise
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.batch_tensors import TargetTensors, TaskBatch
from taskonomy_kedro.core.training.device import Compute
from taskonomy_kedro.core.training.discriminator_training import Opponent
from taskonomy_kedro.core.training.loop import Training
from taskonomy_kedro.core.training.losses import LossConstants
from taskonomy_kedro.core.training.seeding import generator_for
from taskonomy_kedro.core.training.settings import TrainingSettings

COMPUTE = Compute(device=torch.device("cpu"), autocast_dtype=None, threads=1)
TASK = TASKS["normal"]
SIZE = 8


class ToyNetwork(nn.Module):
    """Normals from pictures, with everything a checkpoint has to bring back: statistics, dropout."""

    def __init__(self, dropout: float = 0.2) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.places = PositionalBias(4, SIZE)
        self.normalise = nn.BatchNorm2d(4)
        self.last = nn.Conv2d(4, 3, 1)
        self.dropout = dropout

    def forward(self, pictures: Tensor) -> Tensor:
        features = torch.relu(self.normalise(self.places(self.first(pictures[:, 0]))))
        return self.last(nn.functional.dropout(features, self.dropout, self.training))


class ToyItems:
    """Pictures and their negatives; remembers which rows and draws were asked for."""

    def __init__(self, n: int, seed: int = 0, poisoned: Callable[[list[int]], bool] | None = None) -> None:
        generator = torch.Generator().manual_seed(seed)
        self.pictures = torch.rand((n, 1, 3, SIZE, SIZE), generator=generator) * 2 - 1
        self.asked: list[tuple[list[int], int]] = []
        self.poisoned = poisoned or (lambda rows: False)

    def __len__(self) -> int:
        return len(self.pictures)

    def batch(self, rows: np.ndarray, draw: int = 0) -> TaskBatch:
        self.asked.append((rows.tolist(), draw))
        pictures = self.pictures[torch.from_numpy(rows)]
        values = -pictures[:, 0] * (float("nan") if self.poisoned(rows.tolist()) else 1.0)
        weights = torch.ones(len(rows), 1, SIZE, SIZE)
        return TaskBatch(
            pictures=pictures, target=TargetTensors(values=values, weights=weights), item_ids=[""] * len(rows)
        )


def schedule(**changes: Any) -> TrainingSettings:
    usual: Mapping[str, Any] = {
        "steps": 12,
        "batch_size": 4,
        "warmup_steps": 0,
        "validate_every": 3,
        "learning_rates": [[0, 0.01]],
    }
    return TrainingSettings(**{**usual, **changes})


def toy_network(dropout: float = 0.2) -> ToyNetwork:
    network = ToyNetwork(dropout)
    initialise(network, generator_for(0, "toy"))
    return network


def toy_opponent() -> Opponent:
    discriminator = nn.Conv2d(6, 1, 3)
    initialise(discriminator, generator_for(0, "toy", "discriminator"))
    return Opponent(TASK, discriminator, COMPUTE.device, seed=3)


def training(network: nn.Module, settings: TrainingSettings, **changes: Any) -> Training:
    usual = {
        "task": TASK,
        "items": ToyItems(10),
        "validation": ToyItems(6, seed=1),
        "constants": LossConstants(),
        "compute": COMPUTE,
        "seed": 0,
        "purpose": ("toy", "normal"),
    }
    return Training(network=network, settings=settings, **{**usual, **changes})
