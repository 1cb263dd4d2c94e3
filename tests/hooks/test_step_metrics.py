"""What a run of MLflow says of itself and of its steps, also of a run that breaks."""

import pytest
from tests.tiny_project import SCHEDULE


def test_images_a_second_are_of_what_a_run_trained_itself(told):
    _, runs, _ = told
    first, second, third = (parent.data.metrics for parent in runs.parents)
    name = "images_per_second/task_modeling"
    assert name not in third
    networks = runs.below(runs.parents[0])
    assert first[name] > 0
    assert first["seconds/task_modeling"] > networks["normal"].data.metrics["effort/seconds"]
    assert first[name] != second[name]
    assert first["gpu_utilization_percentage/task_modeling"] == 87
    assert first["gpu_peak_memory_gib/task_modeling"] == 3e9 / 2**30
    assert not [metric for metric in second if metric.startswith("gpu_")]
    (prepared,) = [run for run in runs.all if "data_preparation" in run.info.run_name]
    assert prepared.data.metrics["images_per_second/data_preparation"] > 0


def test_a_run_that_breaks_tells_what_is_known_by_then(told, monkeypatch):
    project, runs, _ = told

    def break_down(*arguments, **others):
        raise RuntimeError("of a sudden")

    monkeypatch.setattr("taskonomy_kedro.core.training.network_scoring.score_network", break_down)
    with pytest.raises(RuntimeError, match="of a sudden"):
        project.train(tasks="normal", readout={**SCHEDULE, "steps": 3})
    broken = runs.again().parents[-1]
    assert broken.info.status == "FAILED"
    assert len(broken.data.tags["data_fingerprint"]) == 12
    assert broken.data.tags["device"]
    assert broken.data.metrics["seconds/task_modeling"] > 0
    assert broken.data.metrics["images_per_second/task_modeling"] > 0  # of the readout, before it broke


def test_a_run_has_a_name_tags_and_the_seconds_of_its_steps(told):
    _, runs, _ = told
    for parent in runs.parents:
        assert parent.info.run_name == "base, task_modeling, small, seed 0"
        tags = parent.data.tags
        assert tags["encoder"] == "small"
        assert tags["env"] == "base"
        assert len(tags["data_fingerprint"]) == 12
        assert tags["device"] == runs.below(parent)["normal"].data.params["device"]
        assert parent.data.metrics["seconds/task_modeling"] > 0
    notes = [parent.data.tags.get("mlflow.note.content", "") for parent in runs.parents]
    assert "the mean of 2 tasks" in notes[1]
