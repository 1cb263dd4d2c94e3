"""Two tiny rooms, prepared once for all tests of training."""

import numpy as np
import pytest
import torch

from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.preparation.measuring import measure_statistics
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.settings import DataSettings
from taskonomy_kedro.core.preparation.split_build import build_split
from taskonomy_kedro.core.training.task_dataset import TaskDataset


@pytest.fixture(scope="session", autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def split(tmp_path_factory) -> PreparedSplit:
    folder = tmp_path_factory.mktemp("training") / "train"
    rooms = {"train": 2, "views_per_room": 14}
    build_split("train", DataSettings(image_size=32, processes=1, rooms=rooms), folder)
    return PreparedSplit.open(folder)


@pytest.fixture(scope="session")
def statistics(split) -> LabelStatistics:
    return measure_statistics(split)


@pytest.fixture(scope="session")
def items_of(split, statistics):
    def make(task, **changes) -> TaskDataset:
        return TaskDataset(task, split, statistics, **{"seed": 0, "tile_size": 16, **changes})

    return make


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)
