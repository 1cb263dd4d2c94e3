"""Names, tags and a description, so that a list of runs in MLflow can be read."""

import hashlib
import logging
import sys
from pathlib import Path
from typing import Any

from kedro.framework.hooks import hook_impl
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline

from taskonomy_kedro.config import parameters
from taskonomy_kedro.core.affinity.affinity_tables import origin_of
from taskonomy_kedro.core.preparation.settings import SPLITS
from taskonomy_kedro.datasets.recipe_file import RecipeFileMixin
from taskonomy_kedro.hooks.step_metrics import STEPS
from taskonomy_kedro.tracking.run_metadata import label_tags, run_name, run_note, run_tags

logger = logging.getLogger(__name__)

_TOLD = ("taxonomy_summary", "sanity_table")
_NAME, _NOTE = "mlflow.runName", "mlflow.note.content"


class RunMetadataHooks:
    """Says in MLflow what a run is: its name, where its data come from, what it found."""

    def __init__(self) -> None:
        self._run_id: str | None = None

    @hook_impl
    def before_pipeline_run(
        self, run_params: dict[str, Any], pipeline: Pipeline, catalog: DataCatalog
    ) -> None:
        """Name and tag the run; a name that somebody chose stays."""
        import mlflow

        run = mlflow.active_run()
        self._run_id = run.info.run_id if run is not None else None
        if run is None:
            return
        steps = [step for step in STEPS if any(step in node.tags for node in pipeline.nodes)]
        env, root = str(run_params.get("env") or "base"), Path(str(run_params["project_path"]))
        tags = {**run_tags(env, steps, parameters(), root), **_versions(pipeline, catalog)}
        if _is_usual(str(run.info.run_name), run_params):
            tags[_NAME] = run_name(env, steps, parameters(), run_params.get("runtime_params"))
        self._tag(tags)

    @hook_impl(tryfirst=True)  # before MLflow's run ends
    def after_pipeline_run(self, pipeline: Pipeline, catalog: DataCatalog) -> None:
        """Write what the run found."""
        if self._run_id is None:
            return
        made = {name: catalog.load(name) for name in _TOLD if name in pipeline.all_outputs()}
        origin = origin_of(catalog.load("affinities")) if "taxonomy_summary" in made else None
        note = run_note(made.get("taxonomy_summary"), made.get("sanity_table"), origin)
        labels = label_tags(made["taxonomy_summary"]) if "taxonomy_summary" in made else {}
        self._tag({_NOTE: note, "device": _device(), **labels, **_data(pipeline, catalog)})

    @hook_impl(tryfirst=True)
    def on_pipeline_error(self, pipeline: Pipeline, catalog: DataCatalog) -> None:
        """Write what is known of a run that broke: the device, and the data if they were there by then."""
        if self._run_id is None:
            return
        tags = {"device": _device()}
        try:
            tags |= _data(pipeline, catalog)
        except Exception as error:  # the data may be what it broke on; that is told already
            logger.debug("no fingerprint of the data: %s", error)
        self._tag(tags)

    def _tag(self, tags: dict[str, str]) -> None:
        from mlflow import MlflowClient
        from mlflow.entities import RunTag

        known = [RunTag(name, value) for name, value in tags.items() if value]
        MlflowClient().log_batch(str(self._run_id), tags=known)


def _is_usual(name: str, run_params: dict[str, Any]) -> bool:
    """Tell the name that kedro-mlflow gives a run, of its pipelines, from one that somebody chose."""
    pipelines = [str(pipeline) for pipeline in run_params.get("pipeline_names") or ()]
    return name in {"__default__", str(run_params.get("pipeline_name")), *pipelines, "+".join(pipelines)}


def _device() -> str:
    """Return what networks were computed on; empty where there were none, as torch was not needed."""
    if "torch" not in sys.modules:
        return ""
    from taskonomy_kedro.core.training.device import choose_compute
    from taskonomy_kedro.core.training.settings import ComputeSettings

    compute = (parameters().get("task_modeling") or {}).get("compute") or {}
    return choose_compute(ComputeSettings(**compute)).name


def _versions(pipeline: Pipeline, catalog: DataCatalog) -> dict[str, str]:
    """Return the version of each versioned dataset that the run was given; those it saved bear its own."""
    tags: dict[str, str] = {}
    for name in sorted(pipeline.inputs()):
        dataset: Any = None if name.startswith(("params:", "parameters")) else catalog.get(name)
        if not isinstance(dataset, RecipeFileMixin) or not dataset.has_version():
            continue
        if version := dataset.resolve_load_version():
            tags[f"version.{name}"] = str(version)
    return tags


def _data(pipeline: Pipeline, catalog: DataCatalog) -> dict[str, str]:
    """Return a fingerprint of the images and labels, where the run uses them."""
    names = [f"prepared.{split}" for split in SPLITS]
    used = [name for name in names if name in pipeline.datasets()]
    if not used or not all(catalog.exists(name) for name in used):
        return {}
    contents = [catalog.load(name).fingerprint for name in used]
    return {"data_fingerprint": hashlib.sha256("".join(map(str, contents)).encode()).hexdigest()[:12]}
