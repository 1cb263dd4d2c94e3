"""Fills the run of MLflow that kedro-mlflow opens and closes; nodes know nothing of it."""

import os
from pathlib import Path
from typing import Any

from kedro.framework.hooks import hook_impl
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline
from kedro.pipeline.node import Node
from pydantic import BaseModel

from taskonomy_kedro.config import parameters
from taskonomy_kedro.hooks.tracked_run import TrackedRun, input_versions
from taskonomy_kedro.tracking.run_metadata import STEPS, run_name, run_tags
from taskonomy_kedro.tracking.settings import settings_as_params


class TrackingHooks:
    """Logs typed settings, products, figures of merit, pages and the seconds of the steps."""

    def __init__(self) -> None:
        self._opened: TrackedRun | None = None

    @property
    def _run(self) -> TrackedRun | None:
        """The run, in the process that started it; None in others, which may be forks of it."""
        is_here = self._opened is not None and self._opened.process == os.getpid()
        return self._opened if is_here else None

    @hook_impl
    def before_pipeline_run(
        self, run_params: dict[str, Any], pipeline: Pipeline, catalog: DataCatalog
    ) -> None:
        """Name and tag the run; log each typed setting as a parameter of its own."""
        import mlflow

        run, self._opened = mlflow.active_run(), None
        if run is None:
            return
        for name in sorted(pipeline.inputs()):
            settings = catalog.load(name) if name.startswith("params:") else None
            if isinstance(settings, BaseModel):
                mlflow.log_params(settings_as_params(name.removeprefix("params:"), settings))
        self._describe(run, run_params, pipeline, catalog)
        is_only_missing = bool(run_params.get("only_missing_outputs"))
        self._opened = TrackedRun(
            run.info.run_id, run_params["run_id"], pipeline, catalog, is_only_missing=is_only_missing
        )

    @staticmethod
    def _describe(run: Any, run_params: dict[str, Any], pipeline: Pipeline, catalog: DataCatalog) -> None:
        """Name and tag a run; a name that the user chose stays."""
        import mlflow

        steps = [step for step in STEPS if any(step in node.tags for node in pipeline.nodes)]
        env, root = str(run_params.get("env") or "base"), Path(str(run_params["project_path"]))
        mlflow.set_tags({**run_tags(env, steps, parameters(), root), **input_versions(pipeline, catalog)})
        if _is_default_name(str(run.info.run_name), run_params):
            name = run_name(env, steps, parameters(), run_params.get("runtime_params"))
            mlflow.set_tag("mlflow.runName", name)

    @hook_impl(tryfirst=True)
    def before_dataset_loaded(self, node: Node) -> None:
        """Note that a node begins with its first input."""
        if self._run is not None:
            self._run.times.begin(node.name)

    @hook_impl(tryfirst=True)
    def before_node_run(self, node: Node, inputs: dict[str, Any]) -> None:
        """Hide typed settings from kedro-mlflow, which would log `program=ProgramSettings`.

        Hooks get a copy of the node's inputs: the node has its settings.
        """
        if self._run is not None:
            self._run.times.begin(node.name)
        for name in [name for name in inputs if isinstance(inputs[name], BaseModel)]:
            del inputs[name]

    @hook_impl(trylast=True)
    def after_dataset_saved(self, dataset_name: str, node: Node) -> None:
        """Log an output."""
        if self._run is not None:
            self._run.saved(dataset_name, node)

    @hook_impl(tryfirst=True)  # before kedro-mlflow ends the run
    def after_pipeline_run(self) -> None:
        """Log what the run took and found; end it as failed if a network is missing."""
        import mlflow

        if self._run is not None and not self._run.finish(is_complete=True):
            mlflow.end_run("FAILED")

    @hook_impl(tryfirst=True)
    def on_pipeline_error(self) -> None:
        """Log what was finished before the run broke."""
        if self._run is not None:
            self._run.finish(is_complete=False)


def _is_default_name(name: str, run_params: dict[str, Any]) -> bool:
    """Return whether kedro-mlflow named a run by its pipelines."""
    pipelines = [str(pipeline) for pipeline in run_params.get("pipeline_names") or ()]
    return name in {"__default__", str(run_params.get("pipeline_name")), *pipelines, "+".join(pipelines)}
