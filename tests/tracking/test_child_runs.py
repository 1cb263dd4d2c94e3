from types import SimpleNamespace

import mlflow
import pytest

from taskonomy_kedro.tracking import ChildRuns, Tracks, child_runs

READOUT = Tracks(metrics=(("random_readout_seconds", 1.0, 0, 0),))
NETWORK = Tracks(params={"seed": "0"})


class Store:
    """Stands in for the client of MLflow: remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []
        self.status: dict[str, str] = {}

    def get_run(self, run_id):
        info = SimpleNamespace(experiment_id="1", status=self.status.get(run_id, "RUNNING"))
        return SimpleNamespace(info=info, data=SimpleNamespace(tags={"mlflow.user": "me", "env": "base"}))

    def create_run(self, experiment, tags, run_name):
        self.told.append(("create", run_name))
        self.tags = tags
        return SimpleNamespace(info=SimpleNamespace(run_id=run_name))

    def log_batch(self, run_id, metrics, params, tags):
        self.told.append(
            ("log", run_id, *[metric.key for metric in metrics], *[param.key for param in params])
        )

    def set_terminated(self, run_id, status):
        self.told.append(("end", run_id, status))
        self.status[run_id] = status


@pytest.fixture
def store(monkeypatch) -> Store:
    store = Store()
    monkeypatch.setattr(mlflow, "MlflowClient", lambda: store)
    looks = SimpleNamespace(finish=lambda: store.told.append(("looked",)))
    monkeypatch.setattr(child_runs, "SystemMonitor", lambda run_id: looks)
    monkeypatch.setattr("atexit.register", lambda *args: None)
    return store


def test_a_run_starts_with_its_training_and_takes_in_what_was_made_before(store):
    runs = ChildRuns("parent", ["normal"])
    runs.log("normal", "3d", READOUT)
    assert store.told == []
    runs.begin("normal", "3d")
    runs.log("normal", "3d", NETWORK)
    runs.end("normal")
    runs.close("FINISHED")
    assert store.told == [
        ("create", "normal"), ("log", "normal", "random_readout_seconds"), ("log", "normal", "seed"),
        ("looked",), ("end", "normal", "FINISHED"),
    ]  # fmt: skip
    assert store.tags == {
        "mlflow.user": "me",
        "mlflow.parentRunId": "parent",
        "task": "normal",
        "family": "3d",
    }


def test_a_run_without_training_is_over_at_once(store):
    runs = ChildRuns("parent")
    runs.log("normal", "3d", READOUT)
    assert store.told[-1] == ("end", "normal", "FINISHED")
    runs.close("FAILED")
    assert store.status["normal"] == "FINISHED"


def test_what_waited_in_vain_is_not_lost_and_what_is_under_way_is_ended(store):
    runs = ChildRuns("parent", ["normal", "reshading"])
    runs.log("normal", "3d", READOUT)
    runs.begin("reshading", "3d")
    runs.close("KILLED")
    assert ("log", "normal", "random_readout_seconds") in store.told
    assert store.status == {"normal": "FINISHED", "reshading": "KILLED"}


def test_a_run_that_has_failed_stays_so(store):
    runs = ChildRuns("parent")
    runs.create("normal", "3d")
    runs.end("normal")
    runs.end("normal", "FAILED")
    runs.end("normal")  # another order, which was under way
    runs.close("FINISHED")
    assert store.status["normal"] == "FAILED"


def test_nothing_to_tell_makes_no_run(store):
    ChildRuns("parent").log("normal", "3d", Tracks())
    assert store.told == []
