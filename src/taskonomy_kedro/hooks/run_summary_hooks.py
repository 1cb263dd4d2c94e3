"""Lines in the log for networks and readouts; what is missing, at the end of the run."""

import logging
from collections.abc import Mapping
from typing import Any

from kedro.framework.hooks import hook_impl
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline

from taskonomy_kedro.core.affinity.affinity_tables import left_out_of
from taskonomy_kedro.error_sentences import MissingNetworksError
from taskonomy_kedro.hooks.product_records import failures_of, product_name, product_records, record_of
from taskonomy_kedro.reporting.network_report import (
    failure_sentence,
    network_line,
    readouts_line,
    summary_lines,
)
from taskonomy_kedro.tracking.record_metrics import failed_readouts

logger = logging.getLogger(__name__)


class RunSummaryHooks:
    """Prints how good networks and readouts are; nodes know nothing of it."""

    def __init__(self) -> None:
        self._catalog: DataCatalog | None = None
        self._run = ""

    @hook_impl
    def before_pipeline_run(self, run_params: dict[str, Any], catalog: DataCatalog) -> None:
        """Note the catalog, and which run it is."""
        self._catalog, self._run = catalog, run_params["run_id"]

    @hook_impl
    def after_dataset_saved(self, dataset_name: str) -> None:
        """Log a line on a network, its losses, or the readouts of a target and order."""
        name = product_name(dataset_name)
        record = record_of(self._catalog, dataset_name) if name and self._catalog is not None else None
        if name is None or record is None:
            return
        is_reused = record["run"] != self._run
        line = readouts_line if name.is_transfer else network_line
        if text := line(name.task, name.part, record, is_reused=is_reused):
            logger.info("%s", text)

    @hook_impl(trylast=True)
    def after_pipeline_run(self, pipeline: Pipeline, catalog: DataCatalog) -> None:
        """Print how good the networks are and what is missing.

        Raises:
            MissingNetworksError: A network could not be trained; the message names it.
        """
        records = list(product_records(pipeline, catalog))
        failed = {
            label: failure
            for name, record in records
            if name.is_transfer
            for label, failure in failed_readouts(record).items()
        }
        if failed:
            print(f"omitted from the tournaments: {_reasons(failed)}")
        if "affinities" in pipeline.datasets() and (omitted := left_out_of(catalog.load("affinities"))):
            print(f"omitted from affinities and taxonomies: {_reasons(omitted)}")
        losses = [(name.task, record) for name, record in records if name.part == "losses"]
        sanity = {task: record["outcome"] for task, record in losses if record["outcome"]}
        notes = [record["failure"] for _, record in records if record["failure"] and record["is_expected"]]
        for line in summary_lines(sanity, notes):
            print(line)
        if failures := failures_of(records):
            raise MissingNetworksError(failure_sentence(failures))


def _reasons(omitted: Mapping[str, str]) -> str:
    return "; ".join(f"{name} ({reason})" for name, reason in omitted.items())
