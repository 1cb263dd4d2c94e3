"""The task modelling, followed by its hooks: child runs, lines, what is missing."""

import itertools
import json

import pytest
from tests.tiny_project import SCHEDULE

from taskonomy_kedro.core.training.settings import TrainingSettings
from taskonomy_kedro.hooks.network_hooks import Place, _failures, _notes
from taskonomy_kedro.reporting.network_report import summary_lines


def test_a_child_run_a_task_with_the_same_names_in_every_run(told):
    _, runs, _ = told
    assert len(runs.parents) == 3
    for parent in runs.parents:
        children = runs.below(parent)
        assert set(children) == {"normal", "edge_texture", "random_projection"}
        for name, child in children.items():
            assert child.data.tags["task"] == name
        assert children["normal"].data.tags["family"] == "3d"
    assert [[runs.below(parent)[name].data.tags["network"] for name in ("normal", "edge_texture")] for parent in runs.parents] == [
        ["trained", "failed"], ["kept", "trained"], ["kept", "kept"]
    ]  # fmt: skip


def test_a_child_has_what_its_network_was_made_with_and_came_to(told):
    project, runs, _ = told
    record = json.loads((project.root / "data/06_models/networks/normal/record.json").read_text())
    losses = json.loads((project.root / "data/06_models/losses/normal/record.json").read_text())["outcome"]
    outcome = record["outcome"]
    for parent in runs.parents:  # trained or kept
        child = runs.below(parent)["normal"]
        params, metrics = child.data.params, child.data.metrics
        assert params["training.steps"] == "4"
        defaults = TrainingSettings().learning_rates
        assert params["training.learning_rates"] == ", ".join(f"{step}={rate}" for step, rate in defaults)
        assert params["network.width"] == "8"
        assert params["device"] == outcome["device"]
        assert params["precision"] == outcome["precision"]
        assert metrics["effort/seconds"] == outcome["seconds"]
        assert metrics["effort/images_per_second"] == outcome["images_per_second"]
        assert metrics["effort/peak_memory_gib"] == outcome["peak_memory_bytes"] / 2**30
        assert metrics["test/loss"] == losses["loss"]
        for name in (
            "average_guess_loss",
            "random_readout_loss",
            "beats_average_guess",
            "beats_random_readout",
        ):
            assert metrics[f"test/{name}"] == losses[name]
        assert metrics["effort/random_readout_seconds"] > 0
        for name, part in (
            ("train_loss", "train"),
            ("validation_loss", "validation"),
            ("learning_rate",) * 2,
        ):
            history = runs.client.get_metric_history(child.info.run_id, f"curve/{name}")
            assert [(m.step, m.value) for m in history] == [(p["step"], p[part]) for p in outcome["curve"]]
        assert runs.artifacts(child, "figures") == ["figures/examples.png"]


def test_a_child_lasts_as_long_as_its_training_and_says_how_it_ended(told):
    _, runs, _ = told
    first, second, _ = (runs.below(parent) for parent in runs.parents)
    assert [first[name].info.status for name in sorted(first)] == ["FAILED", "FINISHED", "FINISHED"]
    assert {run.info.status for run in second.values()} == {"FINISHED"}
    mended = second["edge_texture"]
    assert mended.info.end_time - mended.info.start_time >= 1000 * mended.data.metrics["effort/seconds"]
    for children in (first, second):  # one after the other, in one process
        lasting = sorted((run.info.start_time, run.info.end_time) for run in children.values())
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(lasting))


def test_the_machine_is_looked_at_while_a_network_is_trained(told):
    _, runs, _ = told
    first, second, _ = (runs.below(parent) for parent in runs.parents)
    assert first["normal"].data.metrics["system/gpu_0_utilization_percentage"] == 87
    assert first["normal"].data.metrics["system/gpu_0_memory_usage_percentage"] == 75
    assert "system/cpu_utilization_percentage" in second["edge_texture"].data.metrics
    assert "system/gpu_0_utilization_percentage" not in second["edge_texture"].data.metrics


def test_a_diverged_network_is_named_and_all_else_is_done(told):
    _, runs, refusal = told
    assert refusal.startswith("a network is missing: edge_texture (the ")
    assert "normal" not in refusal
    first, second, third = runs.parents
    assert first.info.status == "FAILED"
    assert first.data.tags["failed_networks"] == "edge_texture"
    assert [run.info.status for run in (second, third)] == ["FINISHED"] * 2
    assert "failed_networks" not in second.data.tags
    assert "at step" in runs.below(first)["edge_texture"].data.tags["failure"]
    assert "test/loss" not in runs.below(first)["edge_texture"].data.metrics
    assert first.data.metrics["mean_beats_average_guess"] == runs.below(first)["normal"].data.metrics["test/beats_average_guess"]  # fmt: skip


def test_the_parent_has_the_means_and_the_table(told):
    _, runs, _ = told
    parent = runs.parents[1]
    children = [runs.below(parent)[name].data.metrics for name in ("normal", "edge_texture")]
    for name in ("beats_average_guess", "beats_random_readout"):
        mean = sum(metrics[f"test/{name}"] for metrics in children) / 2
        assert parent.data.metrics[f"mean_{name}"] == pytest.approx(mean)
    seconds = [metrics["effort/seconds"] for metrics in children]
    images = sum(m["effort/images_per_second"] * s for m, s in zip(children, seconds, strict=True))
    assert parent.data.metrics["images_per_second"] == pytest.approx(images / sum(seconds))
    assert parent.data.params["task_modeling.training.steps"] == "4"
    assert "sanity_table.json" in runs.artifacts(parent)


def test_the_end_of_a_run_says_how_good_the_networks_are(told, capsys, caplog, monkeypatch):
    project, _, _ = told
    monkeypatch.chdir(project.root)
    caplog.set_level("INFO", "taskonomy_kedro")
    project.train(tasks="normal")
    said = capsys.readouterr().out
    assert "networks beat the average guess on " in said
    assert "of 1 task\n" in said
    lines = [record.getMessage() for record in caplog.records]
    assert any(
        line.startswith("network normal: validation loss ") and line.endswith("as before") for line in lines
    )
    assert any(line.startswith("network normal: test loss ") for line in lines)


def test_without_a_run_of_mlflow_nothing_happens(told):
    project, runs, _ = told
    before, n_runs = project.tracking.read_text(), len(runs.again().all)
    project.tracking.write_text(
        before.replace("tracking:\n", "tracking:\n  disable_tracking: {pipelines: [task_modeling]}\n")
    )
    try:
        project.train(tasks="normal", readout={**SCHEDULE, "steps": 2})
    finally:
        project.tracking.write_text(before)
    assert len(runs.again().all) == n_runs


def test_a_missing_network_is_told_once_and_losses_alone_tell_it_too():
    def record(part: str, task: str, failure: str) -> tuple[Place, dict[str, str]]:
        return Place("3d", task, part), {"failure": failure}

    nan = "the training loss was nan at step 1"
    records = [
        record("losses", "normal", nan), record("network", "normal", ""), record("random_readout", "normal", nan),
        record("losses", "reshading", nan), record("network", "reshading", nan),
        record("losses", "curvature", nan),
    ]  # fmt: skip
    assert _failures(records) == {"reshading": nan, "random readout of normal": nan, "curvature": nan}


def test_what_was_not_to_be_had_is_a_note_and_no_failure():
    lack = "no decoder was released for jigsaw: only its representations can be had"
    place = Place("2d", "jigsaw", "losses")
    records = [(place, {"failure": lack, "is_expected": True})]
    assert _failures(records) == {}
    assert _notes(records) == [lack]
    assert summary_lines({}, _notes(records)) == [f"note: {lack}"]
