"""A child run and a line in the log for the network of each task; what is missing, at the end."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kedro.framework.hooks import hook_impl
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline
from kedro.pipeline.node import Node

from taskonomy_kedro.config import parameters
from taskonomy_kedro.core.labels.custom_tasks import task_dictionary
from taskonomy_kedro.core.training.products import Product, TrainedNetwork
from taskonomy_kedro.datasets import ExamplesDataset
from taskonomy_kedro.datasets.model_datasets import ModelDataset
from taskonomy_kedro.errors import MissingNetworksError
from taskonomy_kedro.recipes.reuse import REUSED
from taskonomy_kedro.reporting.network_report import failure_sentence, line_of, summary_lines
from taskonomy_kedro.tracking import ChildRuns, Tracks, network_tracks, parent_tracks
from taskonomy_kedro.tracking.child_runs import is_in_one_process

logger = logging.getLogger(__name__)


class Place(NamedTuple):
    """Where a product of the task modelling stands: `task_modeling.3d.normal.network`."""

    family: str
    task: str
    part: str

    @classmethod
    def of(cls, name: str) -> "Place | None":
        """Take the name of a dataset apart; None where it is another pipeline's."""
        parts = name.split(".")
        return cls(*parts[1:]) if len(parts) == 4 and parts[0] == "task_modeling" else None


class NetworkHooks:
    """Follows the task modelling; other pipelines pass it by."""

    def __init__(self) -> None:
        self._catalog: DataCatalog | None = None
        self._runs: ChildRuns | None = None

    @hook_impl
    def before_pipeline_run(
        self, run_params: dict[str, Any], pipeline: Pipeline, catalog: DataCatalog
    ) -> None:
        """Prepare child runs, if this run trains or scores networks and is tracked."""
        import mlflow

        places = [place for name in sorted(pipeline.all_outputs()) if (place := Place.of(name))]
        run = mlflow.active_run()
        self._catalog = catalog
        trained = [place.task for place in places if place.part == "network"]
        self._runs = ChildRuns(run.info.run_id, trained) if run is not None and places else None
        if self._runs is not None and not is_in_one_process(run_params):
            for place in places:  # other processes cannot tell each other of a run they start
                self._runs.create(place.task, place.family)

    @hook_impl
    def before_node_run(self, node: Node) -> None:
        """Start the run of a task when its network is."""
        if self._runs is not None and (place := _trained_by(node)):
            self._runs.begin(place.task, place.family)

    @hook_impl
    def on_node_error(self, node: Node) -> None:
        """End the run of a task whose training broke."""
        if self._runs is not None and (place := _trained_by(node)):
            self._runs.end(place.task, "FAILED")

    @hook_impl
    def after_dataset_saved(self, dataset_name: str, data: Any) -> None:
        """Tell of a finished product, in the log and in the run of its task."""
        place = Place.of(dataset_name)
        dataset = None if self._catalog is None else self._catalog.get(dataset_name)
        if place is not None and isinstance(dataset, ModelDataset):
            product, is_reused = dataset.described(), data is REUSED
            if line := line_of(product, place.part, is_reused=is_reused):
                logger.info("%s", line)
            if self._runs is not None:
                self._track(self._runs, place, product, dataset.record(), is_reused)
        elif dataset_name == "sanity_table" and self._runs is not None:
            self._runs.log_table(data, "sanity_table.json")

    def _track(
        self, runs: ChildRuns, place: Place, product: Product, record: dict[str, Any], is_reused: bool
    ) -> None:
        settings = (record["recipe"] or {}).get("settings", {})
        runs.log(place.task, place.family, network_tracks(product, place.part, settings, is_reused=is_reused))
        if place.part == "network":
            if isinstance(product, TrainedNetwork) and "curve" in product.outcome:
                try:
                    self._track_model(runs, place, product, is_reused)
                except Exception as error:  # whatever it is, an hour of training is worth more than a copy
                    logger.warning("the network of %s is no model of MLflow: %s", place.task, error)
            runs.end(place.task, "FAILED" if product.failure else "FINISHED")
        if place.part == "examples" and self._catalog is not None and not product.failure:
            picture = _picture_of(self._catalog, f"task_modeling.{'.'.join(place)}")
            if picture is not None and picture.is_file():
                runs.log_picture(place.task, place.family, picture)

    def _track_model(self, runs: ChildRuns, place: Place, product: TrainedNetwork, is_reused: bool) -> None:
        """Log a network as a model, or link the model that an earlier run logged of a reused one."""
        from taskonomy_kedro.tracking.models import link_network

        if self._catalog is None:
            return
        model, run_id = None, runs.create(place.task, place.family)
        if is_reused:
            model = link_network(run_id, place.task, product.content)
        if model is None:
            whole = self._catalog.load(f"task_modeling.{'.'.join(place)}")
            model = self._log_model(run_id, self._catalog, whole)
        runs.log(place.task, place.family, Tracks(tags={"model": model}))

    @staticmethod
    def _log_model(run_id: str, catalog: DataCatalog, product: TrainedNetwork) -> str:
        from taskonomy_kedro.core.training.packing import example_pictures, network_facts
        from taskonomy_kedro.tracking.models import log_network

        settings = catalog.load("params:task_modeling")
        split = catalog.load("prepared.validation")  # open already, for the training
        tasks = task_dictionary((parameters().get("data") or {}).get("tasks"))
        facts = network_facts(tasks[product.task], settings, split)
        example = example_pictures(facts, split, seed=settings.seed)
        return log_network(run_id, facts, product.weights, example, content=product.content)

    @hook_impl
    def on_pipeline_error(self) -> None:
        """End the runs of the tasks that were under way."""
        if self._runs is not None:
            self._runs.close("FAILED")

    @hook_impl(trylast=True)  # after MLflow's run has ended: the last word on it is said here
    def after_pipeline_run(self, pipeline: Pipeline, catalog: DataCatalog) -> None:
        """Sum up.

        Raises:
            MissingNetworksError: A network could not be trained; the message names it.
        """
        records = list(_records(pipeline, catalog))
        sanity = {place.task: record["outcome"] for place, record in records if place.part == "losses"}
        failures, notes = _failures(records), _notes(records)
        for line in summary_lines({task: outcome for task, outcome in sanity.items() if outcome}, notes):
            print(line)
        if self._runs is not None:
            networks = [record["outcome"] for place, record in records if place.part == "network"]
            self._runs.close("FINISHED")
            self._runs.log_to_parent(parent_tracks(list(sanity.values()), networks, failures))
            if failures:
                self._runs.fail_parent()
        if failures:
            raise MissingNetworksError(failure_sentence(failures))


def _trained_by(node: Node) -> Place | None:
    places = [Place.of(name) for name in node.outputs]
    return next((place for place in places if place is not None and place.part == "network"), None)


def _picture_of(catalog: DataCatalog, name: str) -> Path | None:
    dataset = catalog.get(name) if Place.of(name) is not None else None
    return Path(dataset.png_path()) if isinstance(dataset, ExamplesDataset) else None


def _records(pipeline: Pipeline, catalog: DataCatalog) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield the record of each network, read-out and table of losses that this run was to make."""
    for node in pipeline.nodes:
        for name in node.outputs:
            place, dataset = Place.of(name), catalog.get(name)
            is_recorded = place is not None and place.part in ("network", "random_readout", "losses")
            if place is not None and is_recorded and isinstance(dataset, ModelDataset):
                yield place, dataset.record()


def _failures(records: list[tuple[Place, dict[str, Any]]]) -> dict[str, str]:
    """Return why networks are missing, by their names; losses only repeat it, where both are of this run."""
    found: dict[str, str] = {}
    for part, named in (("network", "{}"), ("random_readout", "random readout of {}"), ("losses", "{}")):
        for place, record in records:
            is_told = part == "losses" and any(name.split()[-1] == place.task for name in found)
            is_failure = record["failure"] and not record.get("is_expected")
            if place.part == part and is_failure and not is_told:
                found[named.format(place.task)] = record["failure"]
    return found


def _notes(records: list[tuple[Place, dict[str, Any]]]) -> list[str]:
    """Return why there are no losses where none were to be had."""
    return [record["failure"] for _, record in records if record["failure"] and record.get("is_expected")]
