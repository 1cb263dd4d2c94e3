"""Runs of the task modelling that the tests of its hooks read."""

from types import SimpleNamespace

import mlflow
import pynvml
import pytest
from kedro.runner import ThreadRunner
from tests.tiny_project import TinyProject

from taskonomy_kedro.error_sentences import MissingNetworksError

TASKS = "normal edge_texture"  # one string, as `--params` gives it
DIVERGING = {"edge_texture": {"learning_rates": [[0, 1e30]], "warmup_steps": 0}}
GPU = {
    "nvmlInit": lambda: None,
    "nvmlDeviceGetCount": lambda: 1,
    "nvmlDeviceGetHandleByIndex": lambda index: index,
    "nvmlDeviceGetMemoryInfo": lambda handle: SimpleNamespace(used=3e9, total=4e9),
    "nvmlDeviceGetUtilizationRates": lambda handle: SimpleNamespace(gpu=87),
    "nvmlDeviceGetPowerUsage": lambda handle: 100_000,
    "nvmlDeviceGetEnforcedPowerLimit": lambda handle: 400_000,
}


class Runs:
    """The runs of a store, newest parent last."""

    def __init__(self, project: TinyProject) -> None:
        self._project = project
        self.client = mlflow.MlflowClient(project.store)
        (experiment,) = [e for e in self.client.search_experiments() if e.name == "tiny"]
        found = list(self.client.search_runs([experiment.experiment_id], order_by=["start_time ASC"]))
        self.parents = [
            run
            for run in found
            if "task_modeling" in run.info.run_name and "mlflow.parentRunId" not in run.data.tags
        ]
        self.all = found

    def again(self) -> "Runs":
        """Return the runs that there are now."""
        return Runs(self._project)

    def below(self, parent) -> dict[str, mlflow.entities.Run]:
        children = [r for r in self.all if r.data.tags.get("mlflow.parentRunId") == parent.info.run_id]
        assert len(children) == len({run.info.run_name for run in children})
        return {run.info.run_name: run for run in children}

    def artifacts(self, run, folder=None) -> list[str]:
        return [file.path for file in self.client.list_artifacts(run.info.run_id, folder)]


Tracked = tuple[TinyProject, Runs, str]


@pytest.fixture(scope="session")
def tracked(tmp_path_factory) -> Tracked:
    """Three runs: one network diverges, on a GPU; it is trained again; everything is reused, in threads."""
    project = TinyProject(tmp_path_factory.mktemp("tiny"))
    project.prepare()
    with pytest.MonkeyPatch.context() as patch:
        for name, function in GPU.items():
            patch.setattr(pynvml, name, function)
        patch.setenv("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "0.01")  # a step takes less than two seconds
        patch.setenv("MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING", "1")
        with pytest.raises(MissingNetworksError) as refusal:
            project.train(tasks=TASKS, overrides=DIVERGING)
    project.train(tasks=TASKS)
    project.train(ThreadRunner(), tasks=TASKS)
    return project, Runs(project), str(refusal.value)
