"""Runs of MLflow below the run of a pipeline, one for each task."""

import atexit
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from taskonomy_kedro.tracking.network_metrics import Tracks
from taskonomy_kedro.tracking.system_monitor import SystemMonitor

# What says on whose behalf and from where a run was started is the parent's.
_INHERITED = ("mlflow.user", "mlflow.source.name", "mlflow.source.type", "mlflow.source.git.commit")

# Kedro names the runner by its class, or as Python shows the object, or `None` for the sequential one.
_IN_ONE_PROCESS = ("SequentialRunner", "ThreadRunner", "None")


def is_in_one_process(run_params: Mapping[str, Any]) -> bool:
    """Tell whether nodes run in this process; others cannot tell each other of a run they start."""
    runner = str(run_params.get("runner"))
    return any(name in runner for name in _IN_ONE_PROCESS)


class ChildRuns:
    """Child runs, found by the name of their task.

    Every call names its run, so that nodes in other threads or processes log to the right one.
    """

    def __init__(self, parent: str, awaited: Iterable[str] = (), *, prefix: str = "") -> None:
        """Look up the parent.

        Args:
            parent: Id of the pipeline's run.
            awaited: Tasks whose network is going to be trained. Their runs start with that, so that they
                last as long; what is made before waits for them.
            prefix: Before the task in the name of a run.
        """
        from mlflow import MlflowClient

        self.parent = parent
        self._prefix = prefix
        self._client = MlflowClient()
        run = self._client.get_run(parent)
        self._experiment = run.info.experiment_id
        self._tags = {name: run.data.tags[name] for name in _INHERITED if name in run.data.tags}
        self._runs: dict[str, str] = {}
        self._awaited = set(awaited)
        self._held: dict[str, list[tuple[str, Tracks]]] = {}
        self._looks: dict[str, SystemMonitor] = {}
        self._lock = threading.Lock()
        atexit.register(self.close, "KILLED")

    def create(self, task: str, family: str) -> str:
        """Return the id of the run of a task, which is started if there is none."""
        with self._lock:
            if task not in self._runs:
                own = {"mlflow.parentRunId": self.parent, "task": task, "family": family}
                name = f"{self._prefix}{task}"
                run = self._client.create_run(self._experiment, tags={**self._tags, **own}, run_name=name)
                self._runs[task] = run.info.run_id
            return self._runs[task]

    def begin(self, task: str, family: str) -> None:
        """Start the run of a task, as its network is about to be trained, and look at the machine."""
        self._looks[task] = SystemMonitor(self.create(task, family))
        self._release(task)

    def end(self, task: str, status: str = "FINISHED") -> None:
        """End the run of a task; what is made of its network later may still be logged.

        A run that has failed stays so: nodes of the same task may finish after that, also in other processes.
        """
        if task in self._looks:
            self._looks.pop(task).finish()
        if task in self._runs and self._status(task) != "FAILED":
            self._client.set_terminated(self._runs[task], status)

    def log(self, task: str, family: str, tracks: Tracks) -> None:
        """Log what there is of a product to the run of its task."""
        if tracks == Tracks():
            return
        if task in self._awaited and task not in self._runs:
            self._held.setdefault(task, []).append((family, tracks))
            return
        is_new = task not in self._runs
        self._log(self.create(task, family), tracks)
        if is_new:  # no network is trained in this run, so nothing is under way
            self.end(task)

    def log_known(self, task: str, tracks: Tracks) -> None:
        """Log what is found later of a task whose run there is; of others there is nothing to tell."""
        if task in self._runs:
            self._log(self._runs[task], tracks)

    def log_picture(self, task: str, family: str, picture: Path) -> None:
        """Keep a picture with the run of a task."""
        self._client.log_artifact(self.create(task, family), str(picture), artifact_path="figures")

    def log_to_parent(self, tracks: Tracks) -> None:
        """Log what is true of all tasks together."""
        self._log(self.parent, tracks)

    def log_table(self, table: Any, name: str) -> None:
        """Keep a table with the pipeline's run, where MLflow shows it as one."""
        self._client.log_table(self.parent, table, name)

    def fail_parent(self) -> None:
        """Say of the whole run that something in it failed."""
        self._client.set_terminated(self.parent, "FAILED")

    def close(self, status: str) -> None:
        """End what is still under way, here or in another process."""
        atexit.unregister(self.close)
        for task in list(self._held):
            self._release(task)
        for task in self._runs:
            if self._status(task) == "RUNNING":
                self.end(task, status)

    def _status(self, task: str) -> str:
        return str(self._client.get_run(self._runs[task]).info.status)

    def _release(self, task: str) -> None:
        self._awaited.discard(task)
        for family, tracks in self._held.pop(task, []):
            self.log(task, family, tracks)

    def _log(self, run_id: str, tracks: Tracks) -> None:
        from mlflow.entities import Metric, Param, RunTag

        self._client.log_batch(
            run_id,
            metrics=[Metric(*metric) for metric in tracks.metrics],
            params=[Param(name, value) for name, value in tracks.params.items()],
            tags=[RunTag(name, value) for name, value in tracks.tags.items()],
        )
