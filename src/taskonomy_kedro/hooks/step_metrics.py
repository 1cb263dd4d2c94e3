"""What each step of a run took: seconds, images a second, the GPU."""

import contextlib
import threading
import time
from typing import Any

from kedro.framework.hooks import hook_impl
from kedro.io import CatalogProtocol
from kedro.pipeline.node import Node

from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.datasets import PreparedSplitDataset
from taskonomy_kedro.tracking.gpu_monitor import GpuMonitor, gpu_metrics
from taskonomy_kedro.tracking.journal import Journal, Span, step_metrics, write_down

STEPS = ("data_preparation", "task_modeling", "transfer_modeling", "normalization", "taxonomy")


def step_of(node: Node) -> str:
    """Return the pipeline that a node belongs to."""
    return next((step for step in STEPS if step in node.tags), "other")


class _Moments(threading.local):
    """Of the node that a thread is at: which it is, since when, and up to when all is written down."""

    node: Node | None = None
    start = written = saving = 0.0


class StepMetricsHooks:
    """Logs `seconds/STEP`, `images_per_second/STEP` and the use of a GPU to the run of MLflow.

    Nodes may run in other threads and processes: what they do there is written into a journal, which the
    process of the run reads at the end, be it a good one or not.
    """

    def __init__(self) -> None:
        self._run_id: str | None = None
        self._journal: Journal | None = None
        self._looks: GpuMonitor | None = None
        self._catalog: CatalogProtocol | None = None
        self._at = _Moments()

    @hook_impl
    def before_pipeline_run(self) -> None:
        """Open the journal, if the run is tracked."""
        import mlflow

        self._close()
        run = mlflow.active_run()
        if run is not None:
            self._run_id, self._journal, self._looks = run.info.run_id, Journal(), GpuMonitor()

    @hook_impl(tryfirst=True)
    def before_dataset_loaded(self, node: Node) -> None:
        """Let the time of a node begin with its first input."""
        self._begin(node)

    @hook_impl(tryfirst=True)
    def before_node_run(self, node: Node, catalog: CatalogProtocol) -> None:
        """Let the time of a node without inputs begin."""
        self._catalog = catalog
        self._begin(node)

    @hook_impl(tryfirst=True)
    def before_dataset_saved(self) -> None:
        """Remember since when a product is saved: a split of images is made by that."""
        self._at.saving = time.time()

    @hook_impl(trylast=True)
    def after_dataset_saved(self, dataset_name: str, data: Any, node: Node) -> None:
        """Write down the time since the node's product before, and the work on images in it."""
        self._begin(node)  # with `--async` products are saved in threads of their own
        self._write(node)
        now, step = time.time(), step_of(node)
        dataset = None if self._catalog is None else self._catalog.get(dataset_name)
        if isinstance(dataset, PreparedSplitDataset):
            if isinstance(data, PreparedSplit):
                write_down(Span(step=step, start=self._at.start, end=now, images=len(data)))
        elif work := _training_work(data):
            # a training that went on from a checkpoint has seconds and images of an earlier run too
            seconds = min(work.seconds, now - self._at.start)
            images = work.images * seconds / work.seconds
            write_down(Span(step=step, start=now - seconds, end=now, images=images))

    @hook_impl(trylast=True)
    def on_node_error(self, node: Node) -> None:
        """Write down the time of a node that broke."""
        self._write(node)

    @hook_impl(tryfirst=True)  # before MLflow's run ends
    def after_pipeline_run(self) -> None:
        """Log what the steps took."""
        self._log()

    @hook_impl(tryfirst=True)
    def on_pipeline_error(self) -> None:
        """Log what the steps took until the run broke."""
        self._log()

    def _begin(self, node: Node) -> None:
        if self._at.node is not node:
            self._at.node = node
            self._at.start = self._at.written = time.time()

    def _write(self, node: Node) -> None:
        now = time.time()
        write_down(Span(step=step_of(node), start=self._at.written, end=now))
        self._at.written = now

    def _log(self) -> None:
        if self._journal is None or self._looks is None:
            return
        from mlflow import MlflowClient
        from mlflow.entities import Metric

        stretches, now = self._journal.stretches(), int(time.time() * 1000)
        found = {**step_metrics(stretches), **gpu_metrics(self._looks.finish(), stretches)}
        self._close()
        metrics = [Metric(name, value, now, 0) for name, value in found.items()]
        MlflowClient().log_batch(str(self._run_id), metrics=metrics)

    def _close(self) -> None:
        with contextlib.suppress(OSError):
            if self._journal is not None:
                self._journal.close()
        if self._looks is not None:
            self._looks.finish()
        self._journal, self._looks = None, None


def _training_work(data: Any) -> Any:
    from taskonomy_kedro.tracking.work import training_work

    return training_work(data)
