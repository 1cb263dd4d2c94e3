"""Datasets in memory, in one process and between several."""

import pytest
from kedro.io import DatasetError
from kedro.runner.parallel_runner import ParallelRunnerManager

from taskonomy_kedro.datasets import PassedDataset


def test_it_passes_on_the_same_object_until_released():
    dataset, passed = PassedDataset(metadata={"kedro-viz": {"layer": "networks"}}), ["something"]
    assert dataset._EPHEMERAL  # for Kedro
    assert dataset.metadata["kedro-viz"]["layer"] == "networks"
    assert not dataset.exists()
    dataset.save(passed)
    assert dataset.load() is passed
    assert dataset.exists()
    dataset.release()
    with pytest.raises(DatasetError, match="has not been saved yet"):
        dataset.load()


def test_with_a_manager_it_reaches_other_processes():
    with ParallelRunnerManager() as manager:
        dataset = PassedDataset()
        dataset.set_manager(manager)
        dataset.save({"normal": 1})
        dataset.release()  # a process that is done must not take it from the others
        assert dataset.load() == {"normal": 1}
