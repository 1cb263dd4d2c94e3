"""One target with the data and settings that its steps share."""

from collections.abc import Mapping

from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.readouts.settings import TransferSettings
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.settings import ModelingSettings
from taskonomy_kedro.core.training.task_context import TaskContext
from taskonomy_kedro.core.training.task_dataset import TaskDataset

Splits = Mapping[str, PreparedSplit]


class TargetContext:
    """One target with the data and settings that its steps share."""

    def __init__(
        self,
        task: Task,
        statistics: LabelStatistics,
        networks: ModelingSettings,
        settings: TransferSettings,
    ) -> None:
        """Bring together.

        Args:
            task: The target.
            statistics: Constants of the training split.
            networks: Settings of the task networks.
            settings: Of the transfers.
        """
        self.task, self.settings = task, settings
        # losses, items and where to compute are those of the task networks; the seed is the transfers' own
        self.modeling = TaskContext(task, statistics, networks.updated({"seed": settings.seed}))
        self.network = settings.readout_network(networks.network)

    def items(self, splits: Splits, name: str) -> TaskDataset:
        """Return the target's items of a split, labels in memory where they fit."""
        return self.modeling.items(splits[name])
