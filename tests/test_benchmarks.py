"""The benchmarks run on small sizes."""

import json
import re
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.scores import score, scratch

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


@pytest.fixture(autouse=True)
def beside_each_other(monkeypatch):
    """Find what scripts share where `python benchmarks/SCRIPT.py` finds it."""
    monkeypatch.syspath_prepend(BENCHMARKS)


def test_the_plain_double_loop_gives_the_same_win_rates():
    script = runpy.run_path(str(BENCHMARKS / "normalization.py"))
    losses = script["draw_losses"](6, 300, seed=0)
    plain = script["affinity_from_win_rates"](script["plain_double_loop"](losses))
    np.testing.assert_allclose(script["normalise"](losses), plain, atol=1e-12)


@pytest.mark.parametrize("is_structured", [True, False])
def test_the_drawn_table_has_the_size_of_the_papers_largest(is_structured):
    scores = runpy.run_path(str(BENCHMARKS / "taxonomy.py"))["draw_table"](0, is_structured=is_structured)
    assert 1700 <= len(scores) <= 1760
    assert {score.candidate.order for score in scores} == set(range(1, 25))


def test_the_plain_program_agrees_with_the_fast_sweep():
    script = runpy.run_path(str(BENCHMARKS / "taxonomy.py"))
    scores = [s for s in script["draw_table"](0, is_structured=True) if s.candidate.order == 1]
    plain = script["one_program_at_a_time"](scores, [3], 1)
    settings = script["ProgramSettings"](budgets=3, max_orders=1, solver="HiGHS")
    (fast,) = script["solve_taxonomies"](script["admit"](scores, settings))
    assert plain[0] == pytest.approx(fast.objective, abs=1e-9)


def test_preparing_and_slicing_run(tmp_path, capsys):
    script = runpy.run_path(str(BENCHMARKS / "data_preparation.py"))
    split = script["prepare_views"](1, 32, tmp_path / "train")
    script["slice_batches"](split, tmp_path, n_batches=10)
    assert "random batches of 32 with all labels" in capsys.readouterr().out


def test_the_gpu_training_benchmark_runs(tmp_path, capsys):
    script = runpy.run_path(str(BENCHMARKS / "gpu_training.py"))
    sizes = script["Sizes"](
        image_size=32, batch=2, steps=1, matrix_size=64, is_compiled_too=False, encoder="small"
    )
    (eager,) = script["run"](sizes, torch.device("cpu"), tmp_path / "figures.json")
    assert "| eager |" in capsys.readouterr().out
    page = json.loads((tmp_path / "figures.json").read_text())
    assert page["training"][0]["images_per_second"] == eager.images_per_second > 0
    hours = 26 * 121_000 * 32 / 3600 / eager.images_per_second
    assert eager.projected_hours == pytest.approx(hours)
    assert sum(row["share"] for row in page["profile"]) == pytest.approx(1, abs=0.5)


def test_a_step_costs_about_three_forward_passes():
    """By hand: each convolution but the first is done once forward and twice backward."""
    script = runpy.run_path(str(BENCHMARKS / "gpu_training.py"))
    sizes = script["Sizes"](image_size=32, batch=2)
    network = script["make_network"](sizes, torch.device("cpu"))
    step = script["training_step"](network, network, sizes, torch.device("cpu"))
    pictures, _ = script["draw_batch"](sizes, torch.device("cpu"))
    forward = script["flops_of"](lambda: network(pictures))
    assert 2.9 * forward < script["flops_of"](step) < 3 * forward


def test_the_gpu_readout_benchmark_runs(tmp_path, capsys):
    script = runpy.run_path(str(BENCHMARKS / "gpu_readouts.py"))
    ratios, rows = script["run"](script["DRY"], torch.device("cpu"), tmp_path / "figures.json")
    printed = capsys.readouterr().out
    assert "Hours for the paper's 3,132 transfers" in printed
    assert [one.target for one in ratios] == ["normal", "segment_semantic", "fixated_pose"]
    assert all(one.ratio == pytest.approx(one.one_by_one_ms / one.together_ms) for one in ratios)
    forms = [(row.target, row.order, row.together, row.is_side_by_side) for row in rows]
    assert forms == [
        (target, order, together, target == "room_layout")  # the paper's image decoders take turns
        for target in ("normal", "room_layout") for order in (1, 2) for together in (1, 2)
    ]  # fmt: skip
    assert "| normal | 2 | 2 | one after the other |" in printed
    page = json.loads((tmp_path / "figures.json").read_text())
    assert page["paper"][0]["images_per_second"] == rows[0].images_per_second > 0


def test_hours_of_the_papers_transfers_by_hand():
    """As many images as steps of 32 say; an image decoder has 14 of 22 targets, and 14 of 18 above order 4."""
    project = runpy.run_path(str(BENCHMARKS / "gpu_readouts.py"))["project_hours"]
    even = project({("normal", 1): 100.0, ("room_layout", 1): 100.0})
    assert even["1k"] == pytest.approx(1_396 * 6_250 * 32 / 100 / 3600)
    assert even["16k"] == pytest.approx(1_736 * 15_000 * 32 / 100 / 3600)
    dense = project({("normal", 1): 100.0, ("room_layout", 1): 1e12})["16k"]
    assert dense == pytest.approx((1_376 * 14 / 22 + 360 * 14 / 18) * 15_000 * 32 / 100 / 3600)
    faster = project(
        {("normal", 1): 1e12, ("normal", 2): 100.0, ("room_layout", 1): 1e12, ("room_layout", 2): 1e12}
    )
    assert faster["1k"] == pytest.approx(802 * 14 / 22 * 6_250 * 32 / 100 / 3600)


def test_a_readout_step_costs_three_forward_passes():
    """Once forward and twice backward, as the normalisation ahead of the first convolution learns too."""
    script = runpy.run_path(str(BENCHMARKS / "gpu_readout_steps.py"))
    sizes = {
        "order": 1,
        "encoder": "taskonomy_resnet50",
        "image": 32,
        "batch": 2,
        "device": torch.device("cpu"),
    }
    work = script["Work"](target="normal", **sizes)
    readout, codes = work.readout(), work.codes(1)
    forward = script["flops_of"](lambda: readout(codes))
    assert script["flops_of_one"](work) == 3 * forward


def test_agreement_is_by_rank_over_common_sources():
    script = runpy.run_path(str(BENCHMARKS / "structure.py"))
    ours = [score("t", "t", affinity=9.0, kind="full_supervision"), score("t", "a", "b", affinity=8.0)]
    ours += [score("t", name, affinity=value) for name, value in (("a", 0.1), ("b", 0.2), ("c", 0.4))]
    theirs = [score("t", name, affinity=value) for name, value in (("a", 3), ("b", 2), ("c", 1), ("d", 9))]
    first_order = script["first_order"]
    assert script["agreement"](first_order(ours), first_order(theirs)) == {"t": (pytest.approx(-1.0), 3)}
    assert script["agreement"](first_order(ours), first_order(ours))["t"] == (pytest.approx(1.0), 3)
    assert script["best_is_full"](ours) == ["t"]
    assert script["best_is_full"]([*ours, score("t", "d", affinity=10.0)]) == []
    assert script["best_is_full"]([scratch("t"), *ours]) == ["t"]  # its NaN comes first in published sets


def test_runs_are_averaged_before_ranking_and_compared_pair_by_pair():
    script = runpy.run_path(str(BENCHMARKS / "structure.py"))
    runs = [{"t": dict(zip("abc", values, strict=True))} for values in ((1, 2, 3), (1, 8, 3), (3, 2, 1))]
    assert script["average"](runs[:2])["t"] == pytest.approx({"a": 1, "b": 4, "c": 3})
    # by hand: the three pairs agree at 0.5, -1 and -0.5
    assert script["between"](runs) == {"t": pytest.approx(-1 / 3)}
    assert script["between"](runs[:1]) == {}


def test_every_measure_has_mean_and_spread(capsys):
    script = runpy.run_path(str(BENCHMARKS / "structure.py"))
    script["tell_measures"]([{"x": 1.0, "y": 2}, {"x": 3.0, "y": 2}])
    assert "| x | 1 | 3 | 2 | 1.41 |\n| y | 2 | 2 | 2 | 0 |" in capsys.readouterr().out


def write_record(folder: Path, **outcome) -> None:
    folder.mkdir(parents=True)
    (folder / "record.json").write_text(json.dumps({"outcome": outcome, "failure": ""}))


@pytest.mark.filterwarnings("ignore")  # of the tracker, which a user does not see either
def test_the_shares_of_a_complete_run_add_up(tmp_path, capsys):
    """By hand, from a store that MLflow itself has written."""
    from mlflow import MlflowClient  # takes seconds

    client = MlflowClient(tracking_uri=f"sqlite:///{tmp_path}/mlflow.db")
    experiment = client.create_experiment("made up", artifact_location=str(tmp_path / "mlruns"))
    steps = {
        "data_preparation": 60,
        "task_modeling": 50,
        "transfer_modeling": 70,
        "normalization": 1,
        "taxonomy": 2,
    }
    for start, known in ((1_000, dict.fromkeys(steps, 9)), (2_000, steps), (3_000, {"taxonomy": 3})):
        run = client.create_run(experiment, start_time=start, tags={"env": "base"}).info.run_id
        for step, seconds in known.items():
            client.log_metric(run, f"seconds/{step}", seconds)
        client.set_terminated(run, end_time=start + 200_000)
    data = tmp_path / "data"
    write_record(data / "06_models/networks/normal/0123", seconds=20, steps=5)
    write_record(data / "06_models/networks/curvature/0123", seconds=10, steps=5)
    write_record(data / "06_models/random_readouts/normal/0123", seconds=8)
    write_record(data / "07_model_output/readouts/normal/order_1/0123", seconds=30, facts=[1, 2, 3])
    write_record(data / "07_model_output/readouts/normal/order_2/0123", seconds=20, facts=[1])
    write_record(data / "07_model_output/readouts/normal/scratch/0123", seconds=16, facts=[1])
    script = runpy.run_path(str(BENCHMARKS / "whole_run.py"))
    script["tell"](tmp_path, "base", None)
    printed = capsys.readouterr().out
    assert printed.startswith("3 min 20 s from the start of MLflow's run to its end.")
    rows = re.findall(r"^\| ([^|]*?)(?: \([^|]*)? \| (\d+) \| (\d+) % \|$", printed, re.MULTILINE)
    assert rows == [
        ("data_preparation", "60", "30"), ("task_modeling: 2 networks", "30", "15"),
        ("– random readouts", "8", "4"), ("– average guesses", "12", "6"),
        ("transfer_modeling: order 1, 3 readouts", "30", "15"), ("– order 2, 1 readouts", "20", "10"),
        ("– 1 scratch networks", "16", "8"), ("– average guesses, gathering", "4", "2"),
        ("normalization, taxonomy, figures", "3", "2"), ("the rest: start, end, storing, reading", "17", "8"),
    ]  # fmt: skip
    with pytest.raises(SystemExit, match="no finished run of all steps with --env=thorough"):
        script["tell"](tmp_path, "thorough", None)


def test_memory_includes_all_processes(tmp_path):
    script = runpy.run_path(str(BENCHMARKS / "whole_run.py"))
    hold = "import time; held = b'x' * (100 << 20); time.sleep(3)"
    both = f"import subprocess, sys; other = subprocess.Popen([sys.executable, '-c', {hold!r}]); {hold}; other.wait()"
    cost = script["cost_of"]([sys.executable, "-c", both], tmp_path, tmp_path / "log")
    assert 0.19 < cost.peak_gb < 0.4
    assert cost.seconds > 3
    with pytest.raises(SystemExit, match="failed:\n.*no such thing"):
        script["cost_of"](
            [sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path, tmp_path / "log"
        )


def test_a_clone_runs_its_own_code(tmp_path, monkeypatch):
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    script = runpy.run_path(str(BENCHMARKS / "whole_run.py"))
    clone = tmp_path / "clone"
    script["run_clone"](BENCHMARKS.parent, clone, "registry", "list")
    assert "task_modeling" in clone.with_suffix(".log").read_text()
    assert list((clone / "src/taskonomy_kedro").glob("__pycache__"))


def test_a_missing_table_is_reported_with_the_command_that_builds_it(tmp_path):
    read_run = runpy.run_path(str(BENCHMARKS / "structure.py"))["read_run"]
    data = tmp_path / "data" / "thorough"
    with pytest.raises(SystemExit, match="no affinities, .*; run `kedro run --env=thorough` first"):
        read_run(data)
    for name in ("affinities", "win_rates", "sanity_table"):  # as shipped
        (data / f"07/{name}.parquet/2026").mkdir(parents=True)
        (data / f"07/{name}.parquet/2026/{name}.parquet").touch()
    message = "no taxonomy_summary, significance; run `kedro run --env=thorough --pipelines=taxonomy` first"
    with pytest.raises(SystemExit, match=message):
        read_run(data)


def test_a_published_set_has_the_measures_of_a_run(published_dir):
    script = runpy.run_path(str(BENCHMARKS / "structure.py"))
    found = script["solve_published"](published_dir, "1k", 2)
    theirs = script["first_order"](found.scores)
    measures = script["measures_of"](found, {"1k": theirs})
    assert measures["rank correlation with the published set 1k"] == pytest.approx(1)
    assert measures["targets for which full supervision is best"] == measures["targets"] == 22
    percentiles = [measures[f"percentile of {what} at budget 2"] for what in ("gain", "quality")]
    assert percentiles == pytest.approx([83.9, 95.4])


def test_the_readout_benchmark_runs(tmp_path, capsys):
    script = runpy.run_path(str(BENCHMARKS / "transfer_modeling.py"))
    sizes = script["Sizes"](
        rooms=8, image_size=32, steps=2, sources=4, orders=(1, 2), targets=("normal",),
        fewer_sources=(2,), more_rooms=(9,),
    )  # fmt: skip
    assert script["run"](sizes, tmp_path)["normal"] > 0
    printed = capsys.readouterr().out
    assert "| normal | 2 | 6 |" in printed
    assert [row in printed for row in ("| 2 | 68 |", "| 4 | 68 |", "| 4 | 74 |")] == [True, True, True]
