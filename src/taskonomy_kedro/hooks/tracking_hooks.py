"""What a run as a whole is remembered by in MLflow."""

from pathlib import Path
from typing import Any

from kedro.framework.hooks import hook_impl
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline
from pydantic import BaseModel

from taskonomy_kedro.core.affinity.affinity_tables import origin_of
from taskonomy_kedro.datasets import HtmlDataset, PictureDataset
from taskonomy_kedro.tracking import settings_as_params, summary_metrics


class TrackingHooks:
    """Logs typed settings, the taxonomies' figures of merit and the pictures to the run of MLflow."""

    def __init__(self) -> None:
        self._catalog: DataCatalog | None = None

    @hook_impl
    def after_catalog_created(self, catalog: DataCatalog) -> None:
        """Keep the catalog, to find where a figure was saved."""
        self._catalog = catalog

    @hook_impl
    def before_pipeline_run(self, pipeline: Pipeline, catalog: DataCatalog) -> None:
        """Log each field of the settings as a parameter of its own."""
        import mlflow

        if mlflow.active_run() is None:
            return
        for name in sorted(pipeline.inputs()):
            settings = catalog.load(name) if name.startswith("params:") else None
            if isinstance(settings, BaseModel):
                mlflow.log_params(settings_as_params(name.removeprefix("params:"), settings))

    @hook_impl(tryfirst=True)
    def before_node_run(self, inputs: dict[str, Any]) -> None:
        """Take typed settings from what kedro-mlflow sees, which would log `program=ProgramSettings`.

        Hooks are given a copy of the node's inputs: the node keeps its settings.
        """
        for name in [name for name in inputs if name.startswith("params:")]:
            if isinstance(inputs[name], BaseModel):
                del inputs[name]

    @hook_impl
    def after_dataset_loaded(self, dataset_name: str, data: Any) -> None:
        """Log where the affinities come from, the first thing that tells two runs apart."""
        import mlflow

        if dataset_name == "affinities" and mlflow.active_run() is not None:
            mlflow.log_param("affinities", origin_of(data) or "own run")

    @hook_impl
    def after_dataset_saved(self, dataset_name: str, data: Any) -> None:
        """Log the summary as metrics over budgets; pages, with all figures, and pictures as artifacts."""
        import mlflow

        run = mlflow.active_run()
        if run is None or self._catalog is None:
            return
        if dataset_name == "taxonomy_summary":
            mlflow.MlflowClient().log_batch(run.info.run_id, metrics=summary_metrics(data))
        dataset = self._catalog.get(dataset_name)
        if isinstance(dataset, HtmlDataset | PictureDataset) and dataset.has_version():
            path = str(dataset._get_load_path())
            if Path(path).is_file():
                mlflow.log_artifact(path)
