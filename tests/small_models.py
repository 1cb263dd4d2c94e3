"""Networks so small that all steps of a task take a second, and a folder of their products."""

from pathlib import Path
from typing import Any

from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.preparation.measuring import measure_statistics
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.settings import SPLITS
from taskonomy_kedro.core.preparation.split_build import build_split
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.products import Product
from taskonomy_kedro.core.training.settings import ModelingSettings
from taskonomy_kedro.core.training.task_context import TaskContext
from taskonomy_kedro.datasets import (
    AverageGuessDataset,
    RepresentationsDataset,
    TaskLossesDataset,
    TrainedNetworkDataset,
)
from tests.small_rooms import settings as data_settings

Splits = dict[str, PreparedSplit]
KINDS = {
    "networks": TrainedNetworkDataset,
    "average_guesses": AverageGuessDataset,
    "random_readouts": TrainedNetworkDataset,
    "losses": TaskLossesDataset,
    "representations": RepresentationsDataset,
}
NETWORK = {"width": 4, "units": 1, "stride": 8, "decoder_width": 4, "hidden": 8, "dropout": 0.3}
SCHEDULE = {
    "steps": 4, "batch_size": 4, "warmup_steps": 0, "validate_every": 2, "learning_rates": [[0, 0.003]],
}  # fmt: skip
COMPUTE = {"device": "cpu", "precision": "float32", "threads": 1}


def prepare_splits(folder: Path) -> Splits:
    """Prepare four rooms of 14 views at 32 pixels."""
    data = data_settings(rooms={**dict.fromkeys(SPLITS, 1), "views_per_room": 14}, tuples_per_image=1000.0)
    for name in SPLITS:
        build_split(name, data, folder / name)
    return {name: PreparedSplit.open(folder / name) for name in SPLITS}


PARAMETERS: dict[str, Any] = {
    "network": NETWORK, "training": SCHEDULE, "readout": SCHEDULE, "compute": COMPUTE, "tile_size": 16,
}  # fmt: skip


def modeling_settings(**changes: Any) -> ModelingSettings:
    return ModelingSettings(**{**PARAMETERS, **changes})


class Workshop:
    """Computes the products of tasks and stores them in a folder, as the catalog does."""

    def __init__(self, splits: Splits, folder: Path) -> None:
        self.splits, self.folder = splits, folder
        self.statistics = measure_statistics(splits["train"])

    def modeling(self, task: str, statistics: LabelStatistics | None = None, **changes: Any) -> TaskContext:
        settings = modeling_settings(**changes)
        return TaskContext(TASKS[task], statistics or self.statistics, settings)

    def keep(self, kind: str, product: Any) -> Any:
        """Save a product and load it again."""
        dataset = KINDS[kind](filepath=str(self.folder / kind / product.task))
        dataset.save(product)
        return dataset.load()

    def guess(self, task: str, **changes: Any) -> Any:
        from taskonomy_kedro.core.training.network_training import guess_average

        return self.keep(
            "average_guesses", guess_average(self.modeling(task, **changes), self.splits["train"])
        )

    def train(self, task: str, **changes: Any) -> Product:
        """Return what training gives, not saved yet."""
        from taskonomy_kedro.core.training.network_training import train_task_network

        guess = None if task == "random_projection" else self.guess(task, **changes)
        modeling = self.modeling(task, **changes)
        return train_task_network(modeling, self.splits["train"], self.splits["validation"], guess)

    def network(self, task: str, **changes: Any) -> Any:
        return self.keep("networks", self.train(task, **changes))

    def readout(self, task: str, **changes: Any) -> Any:
        from taskonomy_kedro.core.training.network_training import train_random_readout

        readout = train_random_readout(
            self.modeling(task, **changes),
            self.splits["train"],
            self.splits["validation"],
            self.guess(task, **changes),
            self.network("random_projection", **changes),
        )
        return self.keep("random_readouts", readout)

    def losses(self, task: str, **changes: Any) -> Any:
        """Return what scoring gives, not saved yet."""
        from taskonomy_kedro.core.training.network_scoring import score_network

        return score_network(
            self.modeling(task, **changes),
            self.splits["test"],
            self.network(task, **changes),
            self.guess(task, **changes),
            self.readout(task, **changes),
            self.network("random_projection", **changes),
        )

    def representations(
        self, task: str, network: Any = None, splits: Splits | None = None, **changes: Any
    ) -> Any:
        """Return what encoding gives, not saved yet."""
        from taskonomy_kedro.core.training.encoding import represent_images

        return represent_images(
            TASKS[task],
            modeling_settings(**changes),
            splits or {name: self.splits[name] for name in ("transfer", "validation", "test")},
            network or self.network(task, **changes),
            self.folder / "arrays" / task,
        )
