"""What the hooks of the transfer modelling do with child runs and tables, with stand-ins for MLflow."""

from types import SimpleNamespace

import pandas as pd
import pytest
from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.core.affinity.affinity_tables import LEFT_OUT
from taskonomy_kedro.hooks import TransferHooks


@pytest.fixture(autouse=True)
def untracked(monkeypatch) -> None:
    monkeypatch.setattr("mlflow.active_run", lambda: None)


class Runs:
    """Remembers how the run of each target ended."""

    def __init__(self) -> None:
        self.ended: dict[str, str] = {}

    def end(self, target: str, status: str = "FINISHED") -> None:
        self.ended[target] = status

    def create(self, target: str, family: str) -> None: ...

    def close(self, status: str) -> None: ...


class NoCatalog:
    """Of which nothing is asked."""

    def load(self, name: str) -> None:
        raise AssertionError(f"{name} was loaded once more")


def node(target: str, part: str) -> Node:
    return Node(lambda: None, None, f"transfer_modeling.3d.{target}.{part}", name=f"{target}_{part}")


def test_a_target_whose_later_order_breaks_has_failed_and_no_other():
    hooks, runs = TransferHooks(), Runs()
    hooks._runs = runs
    for target in ("normal", "reshading"):
        hooks.before_node_run(node(target, "order_1"))
        hooks.after_node_run(node(target, "order_1"))
    hooks.before_node_run(node("normal", "order_2"))
    hooks.on_node_error(node("normal", "order_2"))
    assert runs.ended == {"normal": "FAILED", "reshading": "FINISHED"}
    hooks.on_node_error(Node(len, "a", "b", name="of_another_step"))


@pytest.mark.parametrize("hook", ["after_dataset_saved", "after_dataset_loaded"])
def test_whom_the_affinities_leave_out_is_told_without_loading_them_once_more(hook, capsys):
    hooks, table = TransferHooks(), pd.DataFrame({"target": ["reshading"]})
    table.attrs[LEFT_OUT] = {"normal": "nothing to compare"}
    getattr(hooks, hook)("affinities", table)
    hooks.after_pipeline_run(Pipeline([Node(len, "affinities", "b")]), NoCatalog())
    assert capsys.readouterr().out == "left out of affinities and taxonomies: normal (nothing to compare)\n"


def test_after_a_run_in_other_processes_the_affinities_say_whom_they_leave_out(capsys):
    table = pd.DataFrame()
    table.attrs[LEFT_OUT] = {"normal": "nothing to compare"}
    catalog = SimpleNamespace(load={"affinities": table}.get)
    TransferHooks().after_pipeline_run(Pipeline([Node(len, "affinities", "b")]), catalog)
    assert "left out of affinities and taxonomies: normal" in capsys.readouterr().out
