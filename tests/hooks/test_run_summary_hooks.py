"""What a run prints of networks and readouts."""

from types import SimpleNamespace

import pandas as pd
from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.core.affinity.affinity_tables import LEFT_OUT
from taskonomy_kedro.hooks import RunSummaryHooks
from taskonomy_kedro.hooks.product_records import ProductName, failures_of
from taskonomy_kedro.reporting.network_report import readouts_line, summary_lines


def test_a_run_prints_how_good_the_networks_are(tracked, capsys, caplog):
    project, _, _ = tracked
    caplog.set_level("INFO", "taskonomy_kedro")
    project.train(tasks="normal")
    printed = capsys.readouterr().out
    assert "networks beat the average guess on " in printed
    assert "of 1 task\n" in printed
    lines = [record.getMessage() for record in caplog.records]
    assert any(
        line.startswith("network normal: validation loss ") and line.endswith("reused") for line in lines
    )
    assert any(line.startswith("network normal: test loss ") for line in lines)


def test_targets_that_the_affinities_omit_are_named(capsys):
    table = pd.DataFrame()
    table.attrs[LEFT_OUT] = {"normal": "nothing to compare"}
    catalog = SimpleNamespace(load={"affinities": table}.get)
    RunSummaryHooks().after_pipeline_run(Pipeline([Node(len, "affinities", "b")]), catalog)
    assert "omitted from affinities and taxonomies: normal (nothing to compare)" in capsys.readouterr().out


def test_a_missing_network_is_named_once_and_missing_losses_alone_too():
    def record(part: str, task: str, failure: str):
        return ProductName("task_modeling", "3d", task, part), {"failure": failure, "is_expected": False}

    nan = "the training loss was nan at step 1"
    records = [
        record("losses", "normal", nan), record("network", "normal", ""), record("random_readout", "normal", nan),
        record("losses", "reshading", nan), record("network", "reshading", nan),
        record("losses", "curvature", nan),
    ]  # fmt: skip
    assert failures_of(records) == {"reshading": nan, "random readout of normal": nan, "curvature": nan}
    records[-1][1]["is_expected"] = True
    assert "curvature" not in failures_of(records)
    assert summary_lines({}, [nan]) == [f"note: {nan}"]


def test_a_line_on_readouts_names_the_best():
    fact = {"transfer_id": "a+b->t", "sources": ["a", "b"], "best_validation": 0.5, "failure": ""}
    record = {"outcome": {"seconds": 2.0, "facts": [fact, {**fact, "failure": "nan"}]}}
    line = readouts_line("t", "order_2", record, is_reused=False)
    assert line == "2 readouts of order 2 of t: best from a + b, validation loss 0.5, 2.0 s"
    assert (
        readouts_line("t", "scratch", record, is_reused=True)
        == "scratch network t: validation loss 0.5, reused"
    )
    assert readouts_line("t", "scratch", {"outcome": {}}, is_reused=True) is None
