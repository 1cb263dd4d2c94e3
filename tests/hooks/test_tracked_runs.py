"""What MLflow shows of runs of the task modelling."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.tiny_project import SCHEDULE


def record(project, kind: str) -> dict:
    (path,) = (project.root / f"data/06_models/{kind}/normal").glob("*/record.json")
    return json.loads(path.read_text())


def test_each_network_has_a_child_run_in_every_run(tracked):
    _, runs, _ = tracked
    assert len(runs.parents) == 3
    below = [runs.below(parent) for parent in runs.parents]
    for children in below:
        assert set(children) == {"normal", "edge_texture", "random_projection"}
        assert children["normal"].data.tags["task"] == "normal"
        assert children["normal"].data.tags["family"] == "3d"
        assert runs.artifacts(children["normal"], "figures") == ["figures/examples.png"]
    assert [[children[name].data.tags["network"] for name in ("normal", "edge_texture")] for children in below] == [
        ["trained", "failed"], ["reused", "trained"], ["reused", "reused"]
    ]  # fmt: skip
    creators = {children["normal"].data.tags["created_by"] for children in below}
    assert creators == {runs.parents[0].data.tags["run_id"]}


def test_a_child_run_has_the_settings_curve_and_losses_of_the_record(tracked):
    project, runs, _ = tracked
    outcome, losses = record(project, "networks")["outcome"], record(project, "losses")["outcome"]
    for parent in runs.parents:  # trained or reused
        child = runs.below(parent)["normal"]
        params, metrics = child.data.params, child.data.metrics
        assert (params["training.steps"], params["network.width"]) == ("4", "8")
        assert params["device"] == outcome["device"]
        assert metrics["effort/seconds"] == outcome["seconds"]
        assert metrics["effort/peak_memory_gib"] == outcome["peak_memory_bytes"] / 2**30
        assert metrics["effort/random_readout_seconds"] > 0
        for name in ("loss", "average_guess_loss", "beats_average_guess", "beats_random_readout"):
            assert metrics[f"test/{name}"] == losses[name]
        history = runs.client.get_metric_history(child.info.run_id, "curve/validation_loss")
        assert [(m.step, m.value) for m in history] == [
            (p["step"], p["validation"]) for p in outcome["curve"]
        ]


def test_a_diverged_network_is_named_and_everything_else_is_finished(tracked):
    _, runs, refusal = tracked
    assert refusal.startswith("a network is missing: edge_texture (the ")
    assert "normal" not in refusal
    below = [runs.below(parent) for parent in runs.parents]
    assert [parent.info.status for parent in runs.parents] == ["FAILED", "FINISHED", "FINISHED"]
    assert [children["edge_texture"].info.status for children in below] == ["FAILED", "FINISHED", "FINISHED"]
    assert runs.parents[0].data.tags["failed_networks"] == "edge_texture"
    assert "failed_networks" not in runs.parents[1].data.tags
    assert "at step" in below[0]["edge_texture"].data.tags["failure"]
    assert "test/loss" not in below[0]["edge_texture"].data.metrics


def test_the_parent_run_has_name_tags_means_table_and_seconds(tracked):
    _, runs, _ = tracked
    for parent in runs.parents:
        assert parent.info.run_name == "base, task_modeling, small, seed 0"
        tags, metrics = parent.data.tags, parent.data.metrics
        assert (tags["encoder"], tags["env"], len(tags["data_fingerprint"])) == ("small", "base", 12)
        assert tags["device"] == runs.below(parent)["normal"].data.params["device"]
        assert parent.data.params["task_modeling.training.steps"] == "4"
        assert metrics["seconds/task_modeling"] > 0
        children = [
            run.data.metrics for run in runs.below(parent).values() if "test/loss" in run.data.metrics
        ]
        mean = sum(child["test/beats_average_guess"] for child in children) / len(children)
        assert metrics["mean_beats_average_guess"] == pytest.approx(mean)
    assert "system/cpu_utilization_percentage" in runs.parents[0].data.metrics
    assert "sanity_table.json" in runs.artifacts(runs.parents[1])
    assert "on average over 2 tasks" in runs.parents[1].data.tags["mlflow.note.content"]


def test_images_per_second_are_of_what_a_run_trained_itself(tracked):
    _, runs, _ = tracked
    first, second, third = (parent.data.metrics for parent in runs.parents)
    name = "images_per_second/task_modeling"
    assert name not in third
    assert first[name] > 0
    assert first[name] != second[name]
    assert (
        first["seconds/task_modeling"] > runs.below(runs.parents[0])["normal"].data.metrics["effort/seconds"]
    )
    assert first["gpu_utilization_percentage/task_modeling"] == 87
    assert first["gpu_peak_memory_gib/task_modeling"] == 3e9 / 2**30
    assert not [metric for metric in second if metric.startswith("gpu_")]
    (prepared,) = [run for run in runs.all if "data_preparation" in run.info.run_name]
    assert prepared.data.metrics["images_per_second/data_preparation"] > 0


def test_a_run_that_breaks_has_what_was_finished_before(tracked, monkeypatch):
    project, runs, _ = tracked

    def break_down(*arguments, **others):
        raise RuntimeError("suddenly")

    monkeypatch.setattr("taskonomy_kedro.core.training.network_scoring.score_network", break_down)
    with pytest.raises(RuntimeError, match="suddenly"):
        project.train(tasks="normal", readout={**SCHEDULE, "steps": 3})
    broken = runs.again().parents[-1]
    assert broken.info.status == "FAILED"
    assert len(broken.data.tags["data_fingerprint"]) == 12
    assert broken.data.tags["device"]
    assert broken.data.metrics["seconds/task_modeling"] > 0
    assert broken.data.metrics["images_per_second/task_modeling"] > 0  # of the readout, before it broke


def test_without_a_run_of_mlflow_nothing_is_tracked(tracked):
    project, runs, _ = tracked
    before, n_runs = project.tracking.read_text(), len(runs.again().all)
    project.tracking.write_text(
        before.replace("tracking:\n", "tracking:\n  disable_tracking: {pipelines: [task_modeling]}\n")
    )
    try:
        project.train(tasks="normal", readout={**SCHEDULE, "steps": 2})
    finally:
        project.tracking.write_text(before)
    assert len(runs.again().all) == n_runs


def test_a_trained_network_is_a_model_that_predicts_in_a_process_without_the_project(tracked, tmp_path):
    project, runs, _ = tracked
    below = [runs.below(parent) for parent in runs.parents]
    logged = [sum(len(run.outputs.model_outputs) for run in children.values()) for children in below]
    assert logged == [1, 1, 0]  # each trained network once
    (model,) = below[0]["normal"].outputs.model_outputs
    code = (
        "import sys, mlflow, numpy as np\n"
        "sys.modules['kedro'] = sys.modules['taskonomy_kedro'] = None\n"
        f"mlflow.set_tracking_uri({project.store!r})\n"
        f"model = mlflow.pyfunc.load_model('models:/{model.model_id}')\n"
        "example = model.input_example\n"
        "assert example.shape == (2, 32, 32, 3) and example.dtype == np.uint8, (example.shape, example.dtype)\n"
        "for pictures in (example[:1], np.repeat(example, 3, axis=0)):\n"
        "    output = model.predict(pictures)\n"
        "    assert output.shape == (len(pictures), 3, 32, 32) and output.dtype == np.float32\n"
        "assert np.ptp(output) > 0 and np.abs(output).max() <= 1\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_a_reused_network_leads_to_the_model_of_the_run_that_trained_it(tracked):
    project, runs, _ = tracked
    below = [runs.below(parent) for parent in runs.parents]
    (model,) = below[0]["normal"].outputs.model_outputs
    assert {children["normal"].data.tags["model"] for children in below} == {f"models:/{model.model_id}"}
    whole = [runs.client.get_run(children["normal"].info.run_id) for children in below]
    inputs = [[found.model_id for found in run.inputs.model_inputs] for run in whole]
    assert inputs == [[], [model.model_id], [model.model_id]]
    assert "model" not in below[0]["edge_texture"].data.tags
    assert "model" not in below[1]["random_projection"].data.tags
    folder = Path(runs.client.get_logged_model(model.model_id).artifact_location.removeprefix("file:"))
    folder.rename(folder.with_name("away"))
    try:
        project.train(tasks="normal")  # the files of the model are gone
    finally:
        folder.with_name("away").rename(folder)
    child = (now := runs.again()).below(now.parents[-1])["normal"]
    (again,) = child.outputs.model_outputs
    assert child.data.tags["model"] == f"models:/{again.model_id}" != f"models:/{model.model_id}"
