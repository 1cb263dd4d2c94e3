"""Child runs of the run of a pipeline: one for each network, one for the transfers into each target."""

import threading
import time
from pathlib import Path

from taskonomy_kedro.tracking.record_metrics import Tracks

# Who started a run, and from where: as of the parent.
_INHERITED = ("mlflow.user", "mlflow.source.name", "mlflow.source.type", "mlflow.source.git.commit")


class ChildRuns:
    """Logs to the run of a pipeline and to its child runs, which are found by name.

    Every call names its run, so that nodes in several threads log to the right one.
    """

    def __init__(self, parent: str) -> None:
        """Open the run of the pipeline.

        Args:
            parent: Its id.
        """
        from mlflow import MlflowClient

        self.parent, self.client = parent, MlflowClient()
        run = self.client.get_run(parent)
        self._experiment = run.info.experiment_id
        self._tags = {name: run.data.tags[name] for name in _INHERITED if name in run.data.tags}
        self._runs: dict[str, str] = {}
        self._failed: set[str] = set()
        self._lock = threading.Lock()

    def log(
        self,
        name: str,
        tags: dict[str, str],
        tracks: Tracks,
        *,
        seconds: float = 0.0,
        failure: str = "",
        is_last: bool = True,
    ) -> str:
        """Log a product that was finished just now.

        Args:
            name: Of the child run, which is created if there is none.
            tags: Of a new child run.
            tracks: What is logged.
            seconds: How long it took to create the product: a new run starts so much earlier.
            failure: Why there is no product; the child run has then failed and stays so.
            is_last: Whether the run lasts until now; it does if it is new.

        Returns:
            Id of the child run.
        """
        now = time.time()
        with self._lock:
            is_new = name not in self._runs
            if is_new:
                whole = {**self._tags, "mlflow.parentRunId": self.parent, **tags}
                start = int(1000 * (now - seconds))
                run = self.client.create_run(self._experiment, start_time=start, tags=whole, run_name=name)
                self._runs[name] = run.info.run_id
            if failure:
                self._failed.add(name)
            status = "FAILED" if name in self._failed else "FINISHED"
            if is_new or is_last:
                self.client.set_terminated(self._runs[name], status, end_time=int(1000 * now))
        self._log(self._runs[name], tracks, now)
        return self._runs[name]

    def log_known(self, name: str, tracks: Tracks) -> None:
        """Log to a child run that was created in this run; of others nothing is logged."""
        if name in self._runs:
            self._log(self._runs[name], tracks, time.time())

    def log_picture(self, name: str, picture: Path) -> None:
        """Log a picture to a child run that was created in this run."""
        if name in self._runs:
            self.client.log_artifact(self._runs[name], str(picture), artifact_path="figures")

    def log_to_parent(self, tracks: Tracks) -> None:
        """Log what is true of all tasks together."""
        self._log(self.parent, tracks, time.time())

    def _log(self, run_id: str, tracks: Tracks, now: float) -> None:
        from mlflow.entities import Metric, Param, RunTag

        end = int(1000 * now)
        metrics = [Metric(name, value, end, 0) for name, value in tracks.metrics.items()]
        metrics += [
            Metric(name, value, int(1000 * (now - before_end)), step)
            for name, value, step, before_end in tracks.curves
        ]
        self.client.log_batch(
            run_id,
            metrics=metrics,
            params=[Param(name, value) for name, value in tracks.params.items()],
            tags=[RunTag(name, value) for name, value in tracks.tags.items() if value],
        )
