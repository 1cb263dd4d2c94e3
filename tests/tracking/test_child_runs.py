from types import SimpleNamespace

import mlflow
import pytest

from taskonomy_kedro.tracking.child_runs import ChildRuns
from taskonomy_kedro.tracking.record_metrics import Tracks

TAGS = {"task": "normal", "family": "3d"}
NETWORK = Tracks(params={"seed": "0"}, metrics={"loss": 1.0}, curves=(("curve", 2.0, 4, 0.5),))


class Client:
    """Remembers what it was called with."""

    def __init__(self) -> None:
        self.status: dict[str, str] = {}
        self.metrics: list[mlflow.entities.Metric] = []
        self.tags: dict[str, str] = {}

    def get_run(self, run_id):
        tags = {"mlflow.user": "me", "env": "base"}
        return SimpleNamespace(info=SimpleNamespace(experiment_id="1"), data=SimpleNamespace(tags=tags))

    def create_run(self, experiment, start_time, tags, run_name):
        assert run_name not in self.status
        self.start, self.tags = start_time, tags
        return SimpleNamespace(info=SimpleNamespace(run_id=run_name))

    def log_batch(self, run_id, metrics, params, tags):
        self.metrics += metrics

    def set_terminated(self, run_id, status, end_time):
        self.status[run_id], self.end = status, end_time


@pytest.fixture
def client(monkeypatch) -> Client:
    client = Client()
    monkeypatch.setattr(mlflow, "MlflowClient", lambda: client)
    return client


def test_a_run_lasts_as_long_as_its_training_and_points_stand_at_their_time(client, monkeypatch):
    runs, now = ChildRuns("parent"), iter((100.0, 107.0, 109.0))
    monkeypatch.setattr("time.time", lambda: next(now))
    runs.log("normal", TAGS, NETWORK, seconds=3.0)
    assert (client.start, client.end) == (97_000, 100_000)
    assert [(m.key, m.step, m.timestamp) for m in client.metrics] == [
        ("loss", 0, 100_000),
        ("curve", 4, 99_500),
    ]
    assert client.tags == {"mlflow.user": "me", "mlflow.parentRunId": "parent", **TAGS}
    runs.log("normal", TAGS, NETWORK, is_last=False)
    assert client.end == 100_000
    runs.log("normal", TAGS, NETWORK)
    assert client.end == 109_000


def test_a_run_that_has_failed_stays_so(client):
    runs = ChildRuns("parent")
    runs.log("normal", TAGS, NETWORK)
    runs.log("normal", TAGS, NETWORK, failure="nan at step 2")
    runs.log("normal", TAGS, NETWORK)
    runs.log_known("reshading", NETWORK)
    assert client.status == {"normal": "FAILED"}
