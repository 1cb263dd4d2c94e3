"""Names, tags, times and a description, so that a list of runs in MLflow can be read."""

import hashlib
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
from kedro.framework.hooks import hook_impl
from kedro.io import AbstractVersionedDataset, DataCatalog
from kedro.pipeline import Pipeline
from kedro.pipeline.node import Node

from taskonomy_kedro.config import parameters
from taskonomy_kedro.core.affinity.tables import origin_of
from taskonomy_kedro.core.preparation.settings import SPLITS
from taskonomy_kedro.tracking.run_facts import run_name, run_note, run_tags

STEPS = ("data_preparation", "task_modeling", "transfer_modeling", "normalization", "taxonomy")
_NAME, _NOTE = "mlflow.runName", "mlflow.note.content"


class RunFactsHooks:
    """Says in MLflow what a run is: its name, where its data come from, what it took, what it found."""

    def __init__(self) -> None:
        self._run_id: str | None = None
        self._tables: dict[str, pd.DataFrame] = {}
        self._origin: str | None = None
        self._seconds: dict[str, float] = {}
        self._step, self._since = "", 0.0

    @hook_impl
    def before_pipeline_run(self, run_params: dict[str, Any], pipeline: Pipeline) -> None:
        """Name and tag the run."""
        import mlflow

        run = mlflow.active_run()
        self._run_id = run.info.run_id if run is not None else None
        self._tables, self._origin, self._seconds, self._step = {}, None, {}, ""
        if self._run_id is None:
            return
        steps = [step for step in STEPS if any(step in node.tags for node in pipeline.nodes)]
        env, root = str(run_params.get("env") or "base"), Path(str(run_params["project_path"]))
        given = parameters()
        tags = {_NAME: run_name(env, steps, given), **run_tags(env, steps, given, root)}
        self._tag({name: value for name, value in tags.items() if value})

    @hook_impl
    def before_node_run(self, node: Node) -> None:
        """Let the time of the step begin; what the node before saved is in its own."""
        self._look(next((step for step in STEPS if step in node.tags), "other"))

    @hook_impl
    def after_dataset_loaded(self, dataset_name: str, data: Any) -> None:
        """Remember where the affinities come from."""
        if dataset_name == "affinities":
            self._origin = origin_of(data)

    @hook_impl
    def after_dataset_saved(self, dataset_name: str, data: Any) -> None:
        """Remember the tables that the description is written from."""
        if dataset_name in ("taxonomy_summary", "sanity_table"):
            self._tables[dataset_name] = data

    @hook_impl(tryfirst=True)  # before MLflow's run ends
    def after_pipeline_run(self, pipeline: Pipeline, catalog: DataCatalog) -> None:
        """Write what the run took and found."""
        self._look("")
        if self._run_id is None:
            return
        from mlflow import MlflowClient
        from mlflow.entities import Metric

        now = int(time.time() * 1000)
        metrics = [Metric(f"seconds/{step}", value, now, 0) for step, value in self._seconds.items()]
        MlflowClient().log_batch(self._run_id, metrics=metrics)
        note = run_note(self._tables.get("taxonomy_summary"), self._tables.get("sanity_table"), self._origin)
        tags = {_NOTE: note, "device": _device(), **_versions(pipeline, catalog), **_data(pipeline, catalog)}
        self._tag({name: value for name, value in tags.items() if value})

    def _look(self, step: str) -> None:
        now = time.monotonic()
        if self._step:
            self._seconds[self._step] = self._seconds.get(self._step, 0.0) + now - self._since
        self._step, self._since = step, now

    def _tag(self, tags: dict[str, str]) -> None:
        from mlflow import MlflowClient
        from mlflow.entities import RunTag

        MlflowClient().log_batch(str(self._run_id), tags=[RunTag(*tag) for tag in tags.items()])


def _device() -> str:
    """Return what networks were computed on; without torch there were none."""
    if "torch" not in sys.modules:
        return "cpu"
    from taskonomy_kedro.core.training.device import choose_compute
    from taskonomy_kedro.core.training.settings import ComputeSettings

    return choose_compute(ComputeSettings()).name


def _versions(pipeline: Pipeline, catalog: DataCatalog) -> dict[str, str]:
    """Return the version of each versioned dataset that the run was given; those it saved bear its own."""
    tags = {}
    for name in sorted(pipeline.inputs()):
        dataset = None if name.startswith(("params:", "parameters")) else catalog.get(name)
        if not isinstance(dataset, AbstractVersionedDataset) or not dataset.exists():
            continue
        if version := dataset.resolve_load_version():
            tags[f"version.{name}"] = str(version)
    return tags


def _data(pipeline: Pipeline, catalog: DataCatalog) -> dict[str, str]:
    """Return a fingerprint of the images and labels, where the run uses them."""
    names = [f"prepared.{split}" for split in SPLITS]
    used = [name for name in names if name in pipeline.datasets()]
    if not used:
        return {}
    contents = [catalog.load(name).fingerprint for name in used]
    return {"data_fingerprint": hashlib.sha256("".join(map(str, contents)).encode()).hexdigest()[:12]}
