"""Tracking and last words of a run; nodes know nothing of either."""

import logging
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

from kedro.framework.hooks import hook_impl
from kedro.io import AbstractVersionedDataset, DataCatalog
from kedro.pipeline import Pipeline

from taskonomy_kedro.core.affinity.tables import origin_of
from taskonomy_kedro.datasets import FigureDataset
from taskonomy_kedro.tracking import settings_as_params, summary_metrics

logger = logging.getLogger(__name__)


def picture_place(dataset: Any) -> str | None:
    """Return where the PNG of a dataset is: that of a figure, or any file saved as `.png`; else None."""
    if not isinstance(dataset, AbstractVersionedDataset) or not dataset.exists():
        return None
    if isinstance(dataset, FigureDataset):
        return str(dataset.png_path())
    path = dataset._get_load_path()
    return str(path) if path.suffix == ".png" else None


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
        """Log each field of each settings dataclass as a parameter of its own."""
        import mlflow

        if mlflow.active_run() is None:
            return
        for name in sorted(pipeline.inputs()):
            settings = catalog.load(name) if name.startswith("params:") else None
            if is_dataclass(settings) and not isinstance(settings, type):
                mlflow.log_params(settings_as_params(name.removeprefix("params:"), settings))

    @hook_impl
    def after_dataset_loaded(self, dataset_name: str, data: Any) -> None:
        """Log where the affinities come from, the first thing that tells two runs apart."""
        import mlflow

        if dataset_name == "affinities" and mlflow.active_run() is not None:
            mlflow.log_param("affinities", origin_of(data) or "own run")

    @hook_impl
    def after_dataset_saved(self, dataset_name: str, data: Any) -> None:
        """Log the summary as metrics over budgets, and figures as artifacts."""
        import mlflow

        run = mlflow.active_run()
        if run is None or self._catalog is None:
            return
        if dataset_name == "taxonomy_summary":
            mlflow.MlflowClient().log_batch(run.info.run_id, metrics=summary_metrics(data))
        dataset = self._catalog.get(dataset_name)
        picture = picture_place(dataset)
        if picture is not None and Path(picture).is_file():
            mlflow.log_artifact(picture, artifact_path="figures")


class FigurePlaces:
    """Says at the end of a run where its pictures are."""

    @hook_impl
    def after_pipeline_run(self, pipeline: Pipeline, catalog: DataCatalog) -> None:
        """Print the place of each figure, the taxonomy last."""
        places = {
            name: picture
            for name in pipeline.outputs()
            if (picture := picture_place(catalog.get(name))) is not None
        }
        for name in sorted(places, key=lambda name: (name == "taxonomy_graph", name)):
            place = Path(places[name])
            shown = place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place
            print(f"{name.replace('_', ' ')}: {shown}")
