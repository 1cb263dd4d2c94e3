"""What MLflow gets of one run: from the records and tables that the run leaves in the catalog."""

import hashlib
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kedro.io import DataCatalog
from kedro.pipeline import Pipeline
from kedro.pipeline.node import Node

from taskonomy_kedro.config import parameters
from taskonomy_kedro.core.affinity.affinity_tables import left_out_of, origin_of
from taskonomy_kedro.core.labels.custom_tasks import task_dictionary
from taskonomy_kedro.core.preparation.settings import SPLITS
from taskonomy_kedro.datasets import ExamplesDataset, HtmlDataset, PictureDataset
from taskonomy_kedro.datasets.recipe_file import RecipeFileMixin
from taskonomy_kedro.hooks.product_records import (
    ProductName,
    Record,
    failures_of,
    product_name,
    product_records,
    record_of,
)
from taskonomy_kedro.tracking.child_runs import ChildRuns
from taskonomy_kedro.tracking.record_metrics import (
    Tracks,
    created_at,
    network_tracks,
    parent_tracks,
    score_tracks,
    trained_images,
    transfer_tracks,
)
from taskonomy_kedro.tracking.run_metadata import STEPS, label_tags, run_note
from taskonomy_kedro.tracking.step_times import (
    Span,
    StepTimes,
    gpu_metrics,
    images_per_second,
    seconds_by_step,
)
from taskonomy_kedro.tracking.taxonomies import summary_metrics

logger = logging.getLogger(__name__)

# A point of MLflow's system metrics is the mean of five samples; its own environment variables override this.
_SUMMARIES = {"taxonomy_summary", "sanity_table"}
_SCORES = {"affinities", "win_rates"}
_SAMPLING = {"sampling_interval": 2.0, "samples_before_logging": 5}


def input_versions(pipeline: Pipeline, catalog: DataCatalog) -> dict[str, str]:
    """Return the version of each versioned file that a run reads and does not create, as tags."""
    tags: dict[str, str] = {}
    for name in sorted(pipeline.inputs()):
        dataset: Any = None if name.startswith("params:") else catalog.get(name)
        if isinstance(dataset, RecipeFileMixin) and dataset.has_version():
            tags[f"version.{name}"] = str(dataset.resolve_load_version())
    return tags


def step_of(node: Node) -> str:
    """Return the pipeline that a node belongs to."""
    return next((step for step in STEPS if step in node.tags), "other")


class TrackedRun:
    """A run of MLflow, filled by the process that started it.

    Nodes that run in this process are tracked as soon as their outputs are saved, those of other processes
    at the end of the run.
    """

    def __init__(
        self,
        run_id: str,
        kedro_run: str,
        pipeline: Pipeline,
        catalog: DataCatalog,
        *,
        is_only_missing: bool = False,
    ) -> None:
        """Open the run, and start MLflow's system metrics.

        Args:
            run_id: Of MLflow.
            kedro_run: Of Kedro; products with another one in their record are reused.
            pipeline: What runs.
            catalog: Where the outputs are.
            is_only_missing: Whether only missing outputs are created: child runs, tables and pages of
                what is there already stay with the run that created them.
        """
        from mlflow.system_metrics.system_metrics_monitor import SystemMetricsMonitor

        self.process = os.getpid()
        self.times = StepTimes()
        self._id, self._kedro_run, self._pipeline, self._catalog = run_id, kedro_run, pipeline, catalog
        self._runs = ChildRuns(run_id)
        self._tracked: set[str] = set()
        self._is_only_missing = is_only_missing
        # Not in conf/logging.yml: importing MLflow resets the levels of its loggers.
        logging.getLogger("mlflow.system_metrics").setLevel(logging.WARNING)
        self._monitor: Any = SystemMetricsMonitor(run_id, **_SAMPLING)
        self._monitor.start()

    def saved(self, dataset_name: str, node: Node) -> None:
        """Track an output of a node; that is part of the node's time."""
        self._track(dataset_name)
        self.times.end(node.name, step_of(node))

    def finish(self, *, is_complete: bool) -> bool:
        """Track everything that was not tracked yet.

        Args:
            is_complete: Whether all nodes ran; else tables and pages may be of an earlier run.

        Returns:
            Whether no network is missing.
        """
        self._monitor.finish()
        for output in [output for node in self._pipeline.nodes for output in node.outputs]:
            if product_name(output) or (is_complete and not self._is_only_missing):
                self._track(output)
        records = list(product_records(self._pipeline, self._catalog))
        failures = failures_of(records)
        networks = [(name.part, record) for name, record in records if name.step == "task_modeling"]
        self._runs.log_to_parent(parent_tracks(networks, failures))
        devices = {str(record["outcome"].get("device", "")) for _, record in records} - {""}
        tags = {"device": ", ".join(sorted(devices)), "data_fingerprint": self._data_fingerprint()}
        self._runs.log_to_parent(Tracks(metrics=self._step_metrics(), tags=tags))
        if is_complete:
            self._track_findings()
        return not failures

    def _track(self, dataset_name: str) -> None:
        dataset: Any = self._catalog.get(dataset_name)
        if dataset_name in self._tracked:
            return
        self._tracked.add(dataset_name)
        name, client = product_name(dataset_name), self._runs.client
        record = None if name is None else record_of(self._catalog, dataset_name)
        if name is not None and record is not None:
            self._track_product(name, record, dataset)
        elif dataset_name == "taxonomy_summary":
            client.log_batch(self._id, metrics=summary_metrics(self._catalog.load(dataset_name)))
        elif dataset_name == "sanity_table":
            client.log_table(self._id, self._catalog.load(dataset_name), "sanity_table.json")
        elif isinstance(dataset, HtmlDataset | PictureDataset) and dataset.has_version():
            path = Path(str(dataset._get_load_path()))
            if path.is_file():
                client.log_artifact(self._id, str(path))

    def _track_product(self, name: ProductName, record: Record, dataset: Any) -> None:
        is_reused = record["run"] != self._kedro_run
        if is_reused and self._is_only_missing:
            return
        tags = {"task": name.task, "family": name.family}
        seconds = 0.0 if is_reused else float(record["outcome"].get("seconds") or 0.0)
        if name.is_transfer:
            tracks = transfer_tracks(name.part, record)
            self._runs.log(f"transfers {name.task}", tags, tracks, seconds=seconds, failure=record["failure"])
            return
        tracks = network_tracks(name.part, record, is_reused=is_reused)
        if tracks != Tracks():
            is_network = name.part == "network"
            failure = record["failure"] if is_network else ""
            run_id = self._runs.log(
                name.task, tags, tracks, seconds=seconds, failure=failure, is_last=is_network
            )
            if is_network and "curve" in record["outcome"]:
                self._track_model(name, record, run_id, is_reused)
        if isinstance(dataset, ExamplesDataset) and not record["failure"]:
            self._runs.log_picture(name.task, Path(dataset.png_path()))

    def _track_model(self, name: ProductName, record: Record, run_id: str, is_reused: bool) -> None:
        """Log a network as a model; of a reused one link the model that an earlier run logged."""
        from taskonomy_kedro.core.training.picture_network import picture_network
        from taskonomy_kedro.tracking.models import link_network, log_network

        content = record["outcome"]["content"]
        try:
            model = link_network(run_id, name.task, content) if is_reused else None
            if model is None:
                task = task_dictionary((parameters().get("data") or {}).get("tasks"))[name.task]
                settings = self._catalog.load("params:task_modeling")
                split = self._catalog.load("prepared.validation")
                weights = self._catalog.load(record["name"]).weights
                network, example = picture_network(task, settings, split, weights)
                model = log_network(run_id, name.task, network, example, content=content)
        except Exception as error:  # whatever it is, an hour of training is worth more than a copy
            logger.warning("the network of %s is not logged as a model: %s", name.task, error)
            return
        self._runs.client.set_tag(run_id, "model", model)

    def _track_findings(self) -> None:
        """Log what the tables of the run say."""
        created, used = self._pipeline.all_outputs(), self._pipeline.datasets()
        tables = {name: self._catalog.load(name) for name in _SUMMARIES if name in created}
        tables |= {name: self._catalog.load(name) for name in _SCORES if name in used}
        summary, affinities = tables.get("taxonomy_summary"), tables.get("affinities")
        params, tags, origin = {}, {} if summary is None else label_tags(summary), None
        if affinities is not None:
            origin = origin_of(affinities)
            params = {"affinities": origin or "own run"}
            tags["left_out_targets"] = ", ".join(left_out_of(affinities))
        tags["mlflow.note.content"] = run_note(summary, tables.get("sanity_table"), origin)
        self._runs.log_to_parent(Tracks(params=params, tags=tags))
        if len(_SCORES & tables.keys()) == len(_SCORES):
            for target, tracks in score_tracks(tables["affinities"], tables["win_rates"]).items():
                self._runs.log_known(f"transfers {target}", tracks)

    def _data_fingerprint(self) -> str:
        """Return a hash of the images and labels that the run uses, empty where it uses none."""
        used = [f"prepared.{split}" for split in SPLITS if f"prepared.{split}" in self._pipeline.datasets()]
        records = [record_of(self._catalog, name) for name in used]
        if not used or None in records:
            return ""
        contents = "".join(str(record["outcome"]["content"]) for record in records if record)
        return hashlib.sha256(contents.encode()).hexdigest()[:12]

    def _step_metrics(self) -> dict[str, float]:
        spans, work = list(self.times.spans.values()), dict[str, list[tuple[float, float]]]()
        for node, record in self._created():
            step, images_seconds = step_of(node), trained_images(record)
            if "n_images" in record["outcome"] and node.name in self.times.spans:
                span = self.times.spans[node.name]
                images_seconds = record["outcome"]["n_images"], span.end - span.start
            elif node.name not in self.times.spans and (seconds := record["outcome"].get("seconds")):
                spans.append(Span(step, created_at(record) - seconds, created_at(record)))
            work.setdefault(step, []).append(images_seconds)
        found = {f"seconds/{step}": value for step, value in seconds_by_step(spans).items()}
        found |= {f"images_per_second/{step}": rate for step, rate in images_per_second(work).items()}
        return found | gpu_metrics(self._runs.client, self._id, spans)

    def _created(self) -> Iterator[tuple[Node, Record]]:
        """Yield the record of each product that this run created, with the node that did."""
        for node in self._pipeline.nodes:
            for output in node.outputs:
                record = record_of(self._catalog, output)
                if record is not None and record["run"] == self._kedro_run:
                    yield node, record
