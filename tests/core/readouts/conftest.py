"""Small splits, three drawn encoders' representations and the steps of transfer modelling on them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.small_models import COMPUTE, NETWORK, modeling_settings, prepare_splits

from taskonomy_kedro.core.preparation.measuring import measure_statistics
from taskonomy_kedro.core.readouts.readout_training import (
    guess_for_transfers,
    train_first_order,
    train_higher_order,
    train_scratch,
)
from taskonomy_kedro.core.readouts.settings import TransferSettings
from taskonomy_kedro.core.readouts.sources import Sources, gather_sources
from taskonomy_kedro.core.readouts.target_context import TargetContext
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.products import AverageGuess, Representations
from taskonomy_kedro.datasets import TransferLossesDataset

USED = ("transfer", "validation", "test")
NAMES = ("normal", "reshading", "room_layout", "random_projection")
TRAINING = {"steps": 6, "batch_size": 4, "validate_every": 2, "learning_rates": [[0, 0.01]]}
# what a training step of the task networks does: every pixel, decoders as theirs, no longer schedules
WHOLE = {"training_cells": None, "training_pixels": None, "decoder": {}, "segmentation_factor": 1.0}


class Transfers:
    """The steps of transfer modelling on small splits."""

    def __init__(self, splits: dict[str, Any], folder: Path) -> None:
        self.splits, self.folder = {name: splits[name] for name in USED}, folder
        self.statistics = measure_statistics(splits["train"])
        self.guesses: dict[str, AverageGuess] = {}

    def product(self, name: str, failure: str = "") -> Representations:
        """Return representations drawn for a source of that name, of what they show a little."""
        arrays = {}
        for split, prepared in self.splits.items():
            rng = np.random.default_rng(sum(name.encode()))
            mixing = rng.normal(size=(3, 8))
            rgb = np.asarray(prepared.arrays["rgb"], dtype=np.float32) / 255
            small = rgb.reshape(len(rgb), 4, 8, 4, 8, 3).mean(axis=(2, 4))
            arrays[split] = np.maximum(small @ mixing, 0).transpose(0, 3, 1, 2).astype(np.float16)
        return Representations(task=name, outcome={"content": name}, arrays=arrays, failure=failure)

    def sources(self, names=NAMES) -> Sources:
        return gather_sources(names, [self.product(name) for name in names], self.splits)

    def modeling(self, target: str, *, dropout: float = 0.3, **changes: Any) -> TargetContext:
        settings = TransferSettings(**{**WHOLE, "training": TRAINING, **changes})
        networks = modeling_settings(network={**NETWORK, "dropout": dropout}, compute=COMPUTE)
        return TargetContext(TASKS[target], self.statistics, networks, settings)

    def guess(self, target: str) -> AverageGuess:
        if target not in self.guesses:
            self.guesses[target] = guess_for_transfers(self.modeling(target), self.splits["transfer"])
        return self.guesses[target]

    def first(self, target: str, names=NAMES, **changes: Any) -> Any:
        modeling = self.modeling(target, **changes)
        return train_first_order(
            modeling, self.splits, self.sources(names), self.guess(target), not_combined=["random_projection"]
        )

    def higher(self, target: str, first: Any, order: int, names=NAMES, **changes: Any) -> Any:
        modeling = self.modeling(target, **changes)
        return train_higher_order(
            modeling, self.splits, self.sources(names), self.guess(target), first, order
        )

    def scratch(self, target: str, **changes: Any) -> Any:
        return train_scratch(self.modeling(target, **changes), self.splits, self.guess(target))

    def keep(self, product: Any) -> Any:
        dataset = TransferLossesDataset(filepath=str(self.folder / "readouts" / product.task))
        dataset.save(product)
        return dataset.load()


@pytest.fixture(scope="session")
def transfer_splits(tmp_path_factory):
    return prepare_splits(tmp_path_factory.mktemp("transfer_splits"))


@pytest.fixture
def transfers(transfer_splits, tmp_path) -> Transfers:
    return Transfers(transfer_splits, tmp_path)
