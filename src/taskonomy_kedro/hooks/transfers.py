"""A child run and a line in the log for the transfers into each target; those left out, at the end."""

import logging
from typing import Any, NamedTuple

from kedro.framework.hooks import hook_impl
from kedro.pipeline import Pipeline

from taskonomy_kedro.core.transferring.products import TransferLosses
from taskonomy_kedro.tracking import ChildRuns
from taskonomy_kedro.tracking.transfers import best_fact, failed_transfers, transfer_tracks

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
        self._runs: ChildRuns | None = None
        self._left_out: dict[str, str] = {}

    @hook_impl
    def before_pipeline_run(self, pipeline: Pipeline) -> None:
        """Prepare child runs, if this run trains transfers and is tracked."""
        import mlflow

        self._left_out = {}
        run = mlflow.active_run()
        is_followed = any(_Place.of(name) for name in pipeline.all_outputs())
        self._runs = ChildRuns(run.info.run_id) if run is not None and is_followed else None

    @hook_impl
    def after_dataset_saved(self, dataset_name: str, data: Any) -> None:
        """Tell of the finished transfers of a target and order, in the log and in the run of the target."""
        place = _Place.of(dataset_name)
        if place is None or not isinstance(data, TransferLosses):
            return
        self._left_out |= failed_transfers(data)
        if line := line_of(data, place.target, place.part):
            logger.info("%s", line)
        if self._runs is not None:
            tracks = transfer_tracks(data, place.part)
            self._runs.log(f"transfers {place.target}", place.family, tracks)

    @hook_impl
    def on_pipeline_error(self) -> None:
        """End the runs of targets that were under way."""
        if self._runs is not None:
            self._runs.close("FAILED")

    @hook_impl(tryfirst=True)
    def after_pipeline_run(self) -> None:
        """Name what is left out."""
        if self._left_out:
            reasons = "; ".join(f"{name} ({reason})" for name, reason in self._left_out.items())
            print(f"left out of the tournaments: {reasons}")
        if self._runs is not None:
            self._runs.close("FINISHED")


def line_of(product: TransferLosses, target: str, part: str) -> str | None:
    """Return a line for the log, None where nothing was trained."""
    best = best_fact(product)
    if not best:
        return None
    how = ", as before" if product.is_kept else f", {product.outcome['seconds']:.1f} s"
    if part == "scratch":
        return f"scratch network {target}: validation loss {best['best_validation']:.4g}{how}"
    return (
        f"{len(product.outcome['facts'])} readouts of {part.replace('_', ' ')} of {target}: best from "
        f"{' + '.join(best['sources'])}, validation loss {best['best_validation']:.4g}{how}"
    )
