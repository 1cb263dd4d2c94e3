"""From images to taxonomies on a few small rooms, with the project's own catalog and hooks."""

import subprocess
import sys
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import pytest
from tests.tiny_project import MODELING, PROJECT, TinyProject

from taskonomy_kedro.pipelines.transfer_modeling import check_transfers, create_pipeline, targets_of

TASKS = "normal reshading room_layout"
SCHEDULE = {"steps": 4, "batch_size": 8, "validate_every": 2, "warmup_steps": 0}
TRANSFERS = {"training": SCHEDULE, "decoder": {"decoder_width": 4, "hidden": 8}, "training_cells": 4}


ROOMS = {"train": 2, "transfer": 1, "validation": 1, "test": 1, "views_per_room": 14}


class Joined(TinyProject):
    def transfer(
        self,
        pipeline="transfer_modeling",
        *,
        runner=None,
        goes_on=False,
        rooms=ROOMS,
        of_all=None,
        **settings,
    ) -> None:
        self.run(
            pipeline,
            runner,
            only_missing_outputs=goes_on,
            data={"image_size": 32, "processes": 1, "rooms": rooms},
            task_modeling={**MODELING, "tasks": TASKS},
            transfer_modeling={**TRANSFERS, **settings},
            **(of_all or {}),
        )

    def newest(self, name: str) -> Path:
        return max((self.root / "data").rglob(f"{name}/*/{name}"))

    def records(self) -> dict[str, int]:
        folder = self.root / "data/07_model_output/readouts"
        return {
            path.parent.relative_to(folder).as_posix(): path.stat().st_mtime_ns
            for path in folder.rglob("record.json")
        }


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = Joined(tmp_path_factory.mktemp("joined"))
    project.transfer("__default__")
    return project


def test_five_pipelines_lead_from_images_to_taxonomies(project):
    transfers = pd.read_parquet(project.newest("transfers.parquet"))
    n_second = 1  # two other sources, one pair
    assert len(transfers) == 3 * (1 + 1 + 4 + n_second)
    assert set(transfers["kind"]) == {"full_supervision", "scratch", "transfer", "random"}
    assert (transfers["failure"] == "").all()
    trained = transfers[transfers["kind"] != "full_supervision"]
    assert np.isfinite(trained[["best_validation_loss", "mean_test_loss", "steps"]]).all(axis=None)
    affinities = pd.read_parquet(project.newest("affinities.parquet"))
    np.testing.assert_allclose(affinities.groupby("target")["affinity"].sum(), 1)
    win_rates = pd.read_parquet(project.newest("win_rates.parquet"))
    assert win_rates["gain"].notna().all()
    summary = pd.read_parquet(project.newest("taxonomy_summary.parquet"))
    assert (summary["status"] == "optimal").any()


def test_each_target_has_a_run_of_its_own(project):
    client = mlflow.MlflowClient(project.store)
    (experiment,) = [e for e in client.search_experiments() if e.name == "tiny"]
    runs = {run.info.run_name: run for run in client.search_runs([experiment.experiment_id])}
    run = runs["transfers normal"]
    assert run.info.status == "FINISHED"
    assert {"test/order_1_loss", "test/order_2_loss", "test/scratch_loss", "effort/order_1_seconds"} <= set(
        run.data.metrics
    )
    assert run.data.tags["best_of_order_2"] == "reshading + room_layout"
    assert run.data.tags["task"] == "normal"
    took = sum(run.data.metrics[f"effort/{part}_seconds"] for part in ("order_1", "order_2", "scratch"))
    assert run.info.end_time - run.info.start_time >= 1000 * took
    scores = pd.read_parquet(project.newest("affinities.parquet"))
    transfers = scores[(scores["target"] == "normal") & (scores["kind"] == "transfer")]
    best = transfers.sort_values("affinity").iloc[-1]
    assert run.data.tags["best_transfer"] == " + ".join(best["sources"])
    win_rates = pd.read_parquet(project.newest("win_rates.parquet"))
    joined = win_rates["sources"].map("+".join)
    is_best = (win_rates["target"] == "normal") & (joined == "+".join(best["sources"]))
    for measure in ("gain", "quality"):
        expected = win_rates.loc[is_best & (win_rates["kind"] == "transfer"), measure].item()
        assert run.data.metrics[f"test/best_transfer_{measure}"] == expected


def test_settings_are_logged_field_by_field_and_not_as_a_name(project):
    client = mlflow.MlflowClient(project.store)
    (experiment,) = [e for e in client.search_experiments() if e.name == "tiny"]
    runs = client.search_runs([experiment.experiment_id], order_by=["start_time ASC"])
    (whole,) = [run for run in runs if "mlflow.parentRunId" not in run.data.tags][:1]
    assert whole.data.params["transfer_modeling.training.steps"] == "4"
    assert [name for name in whole.data.params if "." not in name] == ["affinities"]
    assert not [value for value in whole.data.params.values() if value.endswith("Settings")]


def test_only_missing_outputs_runs_what_parameters_ask_for_and_is_not_there(project):
    before, table = project.records(), project.newest("affinities.parquet")
    project.transfer("__default__", goes_on=True)
    assert project.records() == before
    assert project.newest("affinities.parquet") == table
    project.transfer("__default__", goes_on=True, higher_orders={"weight_decay": 0.1})
    after = project.records()
    assert {name: after[name] for name in before} == before
    assert {name.split("/")[1] for name in after if name not in before} == {"order_2"}
    assert project.newest("affinities.parquet") != table
    project.transfer("__default__", goes_on=True)  # changed back
    assert project.records() == after
    pd.testing.assert_frame_equal(
        pd.read_parquet(project.newest("affinities.parquet")), pd.read_parquet(table)
    )


ELSEWHERE = """
import sys
from pathlib import Path
from kedro.runner import ParallelRunner
from tests.pipelines.test_transfer_modeling import Joined
if __name__ == "__main__":
    project = Joined(Path(sys.argv[1]))
    project.transfer(runner=ParallelRunner(2), targets="normal reshading", higher_orders={"weight_decay": 0.2})
"""


@pytest.mark.slow  # half a minute on a busy machine: every process loads torch
def test_in_other_processes_each_target_has_one_run_too(project):
    # in a process of its own: a fork of this one, where torch has been at work, may wait for its threads for ever
    subprocess.run([sys.executable, "-c", ELSEWHERE, str(project.root)], cwd=PROJECT, check=True)
    client = mlflow.MlflowClient(project.store)
    (experiment,) = [e for e in client.search_experiments() if e.name == "tiny"]
    newest, *_ = client.search_runs(
        [experiment.experiment_id], "tags.steps = 'transfer_modeling'", order_by=["start_time DESC"]
    )
    below = f"tags.mlflow.parentRunId = '{newest.info.run_id}'"
    children = client.search_runs([experiment.experiment_id], below)
    assert {run.info.run_name for run in children} == {"transfers normal", "transfers reshading"}
    assert len(children) == 2
    for run in [newest, *children]:
        assert run.info.status == "FINISHED"
    for run in children:
        assert {"effort/order_1_seconds", "effort/order_2_seconds"} <= set(run.data.metrics)


def test_a_target_whose_readouts_all_diverge_is_left_out_by_name_and_the_rest_stands(project, capsys):
    project.transfer("__default__", overrides={"normal": {"learning_rates": [[0, 1e30]]}})
    affinities = pd.read_parquet(project.newest("affinities.parquet"))
    assert set(affinities["target"]) == {"reshading", "room_layout"}
    taxonomies = pd.read_parquet(project.newest("taxonomies.parquet"))
    assert set(taxonomies["target"]) == {"reshading", "room_layout"}
    told = capsys.readouterr().out
    assert "omitted from the tournaments: reshading->normal (the training loss was nan" in told.replace(
        "normal->normal (the training loss was nan at step 1); ", ""
    )
    assert "omitted from affinities and taxonomies: normal (a tournament needs two candidates" in told
    client = mlflow.MlflowClient(project.store)
    (experiment,) = [e for e in client.search_experiments() if e.name == "tiny"]
    tagged = client.search_runs([experiment.experiment_id], "tags.left_out_targets = 'normal'")
    assert len(tagged) == 1


def test_the_parameters_decide_on_nodes():
    given = {"task_modeling": {"tasks": TASKS}, "transfer_modeling": {"max_order": 3, "targets": ["normal"]}}
    pipeline = create_pipeline(given)
    assert targets_of(given) == ("normal",)
    assert pipeline.outputs() == {"image_losses", "transfers"}
    assert "image_losses.normal" in pipeline.all_outputs()
    names = {node.name.rsplit(".", 1)[-1] for node in pipeline.nodes}
    assert {"train_order_1", "train_order_2", "train_order_3", "train_scratch"} <= names
    with pytest.raises(ValueError, match="max_order must be at most 3, the number of sources"):
        check_transfers({**given, "transfer_modeling": {"max_order": 4}})
    single = {"task_modeling": {"tasks": "normal"}, "transfer_modeling": {"max_order": 2}}
    assert "train_order_2" not in {node.name.rsplit(".", 1)[-1] for node in create_pipeline(single).nodes}
    with pytest.raises(ValueError, match="overrides: unknown task 'norml'; did you mean 'normal'"):
        create_pipeline({"transfer_modeling": {"overrides": {"norml": {"steps": 3}}}})
