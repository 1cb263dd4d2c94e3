"""A network and a stack of readouts so small that a training takes milliseconds."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from taskonomy_kedro.core.networks.encoder import PositionalBias
from taskonomy_kedro.core.networks.initialisation import initialise
from taskonomy_kedro.core.networks.readout import make_readout
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.readouts.stack import ReadoutStack
from taskonomy_kedro.core.readouts.stack_learner import StackLearner
from taskonomy_kedro.core.readouts.stack_scoring import StackItems
from taskonomy_kedro.core.seeding import generator_for
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.batch_tensors import TargetTensors, TaskBatch
from taskonomy_kedro.core.training.device import Compute
from taskonomy_kedro.core.training.discriminator_training import Discriminator
from taskonomy_kedro.core.training.loop import Learner, train
from taskonomy_kedro.core.training.losses import LossConstants
from taskonomy_kedro.core.training.network_learner import NetworkLearner
from taskonomy_kedro.core.training.settings import TrainingSettings
from taskonomy_kedro.core.training.state import Outcome

COMPUTE = Compute(device=torch.device("cpu"), autocast_dtype=None, threads=1)
TASK = TASKS["normal"]
SIZE = 8
Poisoned = Callable[[list[int]], bool]


class ToyNetwork(nn.Module):
    """Normals from pictures, with all that a checkpoint must restore: statistics, dropout."""

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
    """Pictures and their negatives; remembers which rows and draws were asked for.

    Also stands in for the `TaskDataset` of a stack's items.
    """

    def __init__(self, n: int, seed: int = 0, poisoned: Poisoned | None = None) -> None:
        generator = torch.Generator().manual_seed(seed)
        self.pictures = torch.rand((n, 1, 3, SIZE, SIZE), generator=generator) * 2 - 1
        self.asked: list[tuple[list[int], int]] = []
        self.poisoned = poisoned or (lambda rows: False)
        self.image_rows, self.item_ids = np.arange(n)[:, None], [""] * n

    def __len__(self) -> int:
        return len(self.pictures)

    def targets(self, rows: np.ndarray, draw: int = 0) -> TargetTensors:
        self.asked.append((rows.tolist(), draw))
        values = -self.pictures[torch.from_numpy(rows), 0]
        values = values * (float("nan") if self.poisoned(rows.tolist()) else 1.0)
        return TargetTensors(values=values, weights=torch.ones(len(rows), 1, SIZE, SIZE))

    def batch(self, rows: np.ndarray, draw: int = 0) -> TaskBatch:
        pictures = self.pictures[torch.from_numpy(rows)]
        return TaskBatch(pictures=pictures, target=self.targets(rows, draw), item_ids=[""] * len(rows))

    def codes(self, rows: np.ndarray) -> Tensor:
        """Return what three sources see of the pictures, (n, 1, 3·8, 2, 2)."""
        mixing = torch.rand((24, 3), generator=torch.Generator().manual_seed(9))
        small = self.pictures[torch.from_numpy(rows[:, 0])].unfold(3, 4, 4).unfold(4, 4, 4).mean(dim=(5, 6))
        return torch.einsum("ckyx,dk->cdyx", small[:, 0], mixing)[:, None].relu()


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


def toy_discriminator() -> Discriminator:
    module = nn.Conv2d(6, 1, 3)
    initialise(module, generator_for(0, "toy", "discriminator"))
    return Discriminator(TASK, module, COMPUTE.device, seed=3)


def network_learner(
    *,
    network: nn.Module | None = None,
    items: ToyItems | None = None,
    validation: ToyItems | None = None,
    discriminator: Discriminator | None = None,
    adversarial_from: int = 0,
    seed: int = 0,
) -> NetworkLearner:
    return NetworkLearner(
        network or toy_network(),
        TASK,
        items or ToyItems(10),
        validation or ToyItems(6, seed=1),
        constants=LossConstants(),
        compute=COMPUTE,
        discriminator=discriminator,
        adversarial_from=adversarial_from,
    )


def stack_learner(
    *, items: ToyItems | None = None, validation: ToyItems | None = None, seed: int = 0
) -> StackLearner:
    """Return three readouts of which each reads another source; two of four pixel cells are compared."""
    settings = NetworkSettings(stride=4, decoder_width=8, hidden=8, dropout=0.2)
    readouts = [
        make_readout(
            settings, TASK, n_sources=1, image_size=SIZE, generator=generator_for(0, "toy", str(number))
        )
        for number in range(3)
    ]
    parts = [
        StackItems(items=given, read=given.codes)  # type: ignore[arg-type]
        for given in (items or ToyItems(10), validation or ToyItems(6, seed=1))
    ]
    return StackLearner(
        ReadoutStack(readouts, COMPUTE.device),
        TASK,
        *parts,
        constants=LossConstants(),
        compute=COMPUTE,
        seed=seed,
        cell=4,
        cells=2,
    )


LEARNERS = SimpleNamespace(network=network_learner, stack=stack_learner)


def train_toy(learner: Learner, settings: TrainingSettings | None = None, **changes: Any) -> list[Outcome]:
    usual = {"compute": COMPUTE, "seed": 0, "purpose": ("toy", "normal")}
    return train(learner, settings or schedule(), **{**usual, **changes})
