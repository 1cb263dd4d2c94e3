"""A child run and a line in the log for the transfers into each target; those left out, at the end."""

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd
from kedro.framework.hooks import hook_impl
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline
from kedro.pipeline.node import Node

from taskonomy_kedro.core.affinity.affinity_tables import left_out_of
from taskonomy_kedro.core.readouts.transfer_losses import TransferLosses
from taskonomy_kedro.datasets import TransferLossesDataset
from taskonomy_kedro.recipes.reuse import REUSED
from taskonomy_kedro.tracking import ChildRuns
from taskonomy_kedro.tracking.child_runs import is_in_one_process
from taskonomy_kedro.tracking.transfer_metrics import (
    best_fact,
    failed_transfers,
    score_tracks,
    transfer_tracks,
)

logger = logging.getLogger(__name__)


class _Place(NamedTuple):
    family: str
    target: str
    part: str

    @classmethod
    def of(cls, name: str) -> "_Place | None":
        parts = name.split(".")
        return cls(*parts[1:]) if len(parts) == 4 and parts[0] == "transfer_modeling" else None


class TransferHooks:
    """Follows the transfer modelling; other pipelines pass it by."""

    def __init__(self) -> None:
        self._catalog: DataCatalog | None = None
        self._runs: ChildRuns | None = None
        self._left_out: dict[str, str] = {}
        self._targets_left_out: dict[str, str] | None = None
        self._scores: dict[str, pd.DataFrame] = {}

    @hook_impl
    def before_pipeline_run(
        self, run_params: dict[str, Any], pipeline: Pipeline, catalog: DataCatalog
    ) -> None:
        """Prepare child runs, if this run trains transfers and is tracked."""
        import mlflow

        self._left_out, self._targets_left_out, self._catalog = {}, None, catalog
        run = mlflow.active_run()
        places = sorted({place for node in pipeline.nodes if (place := _of_node(node))})
        self._runs = ChildRuns(run.info.run_id, prefix="transfers ") if run is not None and places else None
        self._scores = {}
        if self._runs is not None and not is_in_one_process(run_params):
            for place in places:
                self._runs.create(place.target, place.family)

    @hook_impl
    def before_node_run(self, node: Node) -> None:
        """Start the run of a target with its first node.

        It ends with the last one and so spans what is done for other targets in between; the work itself
        is told in `effort/…_seconds`.
        """
        if self._runs is not None and (place := _of_node(node)):
            self._runs.create(place.target, place.family)

    @hook_impl
    def after_node_run(self, node: Node) -> None:
        """End the run of a target; a later node of the target moves the end."""
        if self._runs is not None and (place := _of_node(node)):
            self._runs.end(place.target)

    @hook_impl
    def on_node_error(self, node: Node) -> None:
        """End the run of a target that broke, also where an earlier order has ended it as finished."""
        if self._runs is not None and (place := _of_node(node)):
            self._runs.end(place.target, "FAILED")

    @hook_impl
    def after_dataset_loaded(self, dataset_name: str, data: Any) -> None:
        """Remember whom the affinities leave out, where they are of an earlier run."""
        if dataset_name == "affinities":
            self._targets_left_out = left_out_of(data)

    @hook_impl
    def after_dataset_saved(self, dataset_name: str, data: Any) -> None:
        """Tell of the finished transfers of a target and order, in the log and in the run of the target."""
        if dataset_name == "affinities":
            self._targets_left_out = left_out_of(data)
        if dataset_name in ("affinities", "win_rates") and self._runs is not None:
            self._scores[dataset_name] = data
            self._track_scores(self._runs)
        place = _Place.of(dataset_name)
        dataset = None if self._catalog is None else self._catalog.get(dataset_name)
        if place is None or not isinstance(dataset, TransferLossesDataset):
            return
        product = dataset.described()
        self._left_out |= failed_transfers(product)
        if line := line_of(product, place.target, place.part, is_reused=data is REUSED):
            logger.info("%s", line)
        if self._runs is not None:
            tracks = transfer_tracks(product, place.part)
            self._runs.log(place.target, place.family, tracks)

    def _track_scores(self, runs: ChildRuns) -> None:
        """Log what the tournaments say, once both of their tables are there."""
        if len(self._scores) == 2:
            for target, tracks in score_tracks(self._scores["affinities"], self._scores["win_rates"]).items():
                runs.log_known(target, tracks)

    @hook_impl
    def on_pipeline_error(self) -> None:
        """End the runs of targets that were under way."""
        if self._runs is not None:
            self._runs.close("FAILED")

    @hook_impl(tryfirst=True)
    def after_pipeline_run(self, pipeline: Pipeline, catalog: DataCatalog) -> None:
        """Name what is left out: readouts, and targets that they leave nothing to compare for."""
        if self._left_out:
            print(f"left out of the tournaments: {_reasons(self._left_out)}")
        left_out = self._targets_left_out
        if left_out is None and "affinities" in pipeline.datasets():  # the nodes ran in other processes
            left_out = left_out_of(catalog.load("affinities"))
        if left_out:
            print(f"left out of affinities and taxonomies: {_reasons(left_out)}")
            _tag_targets(left_out)
        if self._runs is not None:
            self._runs.close("FINISHED")


def _reasons(left_out: Mapping[str, str]) -> str:
    return "; ".join(f"{name} ({reason})" for name, reason in left_out.items())


def _tag_targets(left_out: Mapping[str, str]) -> None:
    """Tell in MLflow's run which targets its tables lack."""
    import mlflow

    if mlflow.active_run() is not None:
        mlflow.set_tag("left_out_targets", ", ".join(left_out))


def _of_node(node: Node) -> _Place | None:
    """Return the target of a node that trains or scores its transfers; None of any other node."""
    places = (_Place.of(name) for name in node.outputs)
    return next((place for place in places if place is not None and _is_trained(place.part)), None)


def _is_trained(part: str) -> bool:
    return part == "scratch" or part.startswith("order_")


def line_of(product: TransferLosses, target: str, part: str, *, is_reused: bool = False) -> str | None:
    """Return a line for the log, None where nothing was trained."""
    best = best_fact(product)
    if not best:
        return None
    how = ", reused" if is_reused else f", {product.outcome['seconds']:.1f} s"
    if part == "scratch":
        return f"scratch network {target}: validation loss {best['best_validation']:.4g}{how}"
    return (
        f"{len(product.outcome['facts'])} readouts of {part.replace('_', ' ')} of {target}: best from "
        f"{' + '.join(best['sources'])}, validation loss {best['best_validation']:.4g}{how}"
    )
