"""What earlier runs have finished is found on disk and elsewhere."""

import json

import fsspec
import pytest
import torch
from kedro.io import DatasetError

from taskonomy_kedro.core.training.products import FinishedWork, TrainedNetwork
from taskonomy_kedro.datasets import FinishedWorkDataset, TrainedNetworkDataset

FACTS = {"task": "normal", "wanted": {"seed": 0, "data": {"test": "abc"}}, "outcome": {"content": "0123"}}
WEIGHTS = {"encoder.a": torch.arange(6.0).reshape(2, 3)}


def test_finished_work_finds_records_here(tmp_path):
    TrainedNetworkDataset(filepath=str(tmp_path / "networks/normal")).save(
        TrainedNetwork(**FACTS, weights=WEIGHTS)
    )
    dataset = FinishedWorkDataset(filepath=str(tmp_path))
    assert dataset.exists()
    finished = dataset.load()
    assert finished.record_of("networks", "normal", FACTS["wanted"])["outcome"] == FACTS["outcome"]
    assert finished.record_of("networks", "curvature", FACTS["wanted"]) is None
    assert finished.scratch("representations", "normal") == tmp_path / "representations/.normal.unfinished"
    with pytest.raises(DatasetError, match="is only read"):
        dataset.save(FinishedWork(tmp_path))


def test_finished_work_finds_records_elsewhere_and_keeps_its_own_state_here(tmp_path):
    address = f"memory:/{tmp_path}/far"
    TrainedNetworkDataset(filepath=f"{address}/networks/normal").save(
        TrainedNetwork(**FACTS, weights=WEIGHTS)
    )
    with pytest.raises(DatasetError, match="is not on this machine.*set cache_dir"):
        FinishedWorkDataset(filepath=address)
    finished = FinishedWorkDataset(filepath=address, cache_dir="cache", project=str(tmp_path)).load()
    assert finished.record_of("networks", "normal", FACTS["wanted"])["outcome"] == FACTS["outcome"]
    assert finished.record_of("networks", "normal", {"seed": 1}) is None
    assert finished.record_of("networks", "curvature", FACTS["wanted"]) is None
    assert (tmp_path / "cache/memory") in finished.checkpoint("normal", {}).path.parents
    memory = fsspec.filesystem("memory")
    path = f"{tmp_path}/far/networks/normal/record.json"
    memory.pipe_file(path, json.dumps([1]).encode())
    assert finished.record_of("networks", "normal", FACTS["wanted"]) is None


@pytest.mark.parametrize("scheme", ["", "memory:/"])
def test_a_product_whose_files_are_not_what_was_written_is_not_finished(tmp_path, scheme, caplog):
    address = f"{scheme}{tmp_path}/far"
    network = TrainedNetworkDataset(filepath=f"{address}/networks/normal")
    network.save(TrainedNetwork(**FACTS, weights=WEIGHTS))
    finished = FinishedWorkDataset(filepath=address, cache_dir="cache", project=str(tmp_path)).load()
    assert finished.record_of("networks", "normal", FACTS["wanted"]) is not None
    fs, path = fsspec.url_to_fs(f"{address}/networks/normal/weights.pt")
    fs.pipe_file(path, b"half")
    caplog.set_level("INFO")
    assert finished.record_of("networks", "normal", FACTS["wanted"]) is None
    assert "networks of normal are made anew: weights.pt is damaged: " in caplog.text
    with pytest.raises(DatasetError, match=r"networks/normal cannot be read .*: remove this folder and run"):
        network.load()
    fs.rm(path)
    assert finished.record_of("networks", "normal", FACTS["wanted"]) is None
    assert "weights.pt is gone" in caplog.text
