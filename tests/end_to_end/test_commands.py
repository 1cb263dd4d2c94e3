"""Commands on a copy of the project: whole processes, real catalog, real store."""

import os
import pickle
import sqlite3
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from tests.end_to_end.project_copy import PROJECT, copy_tracked, kedro, newest


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    return copy_tracked(tmp_path_factory.mktemp("clone"))


@pytest.fixture(scope="module")
def shipped_run(clone) -> subprocess.CompletedProcess[str]:
    return kedro(clone, "run", "--pipelines=taxonomy")


def test_a_fresh_clone_solves_the_shipped_tables_and_names_their_run(clone, shipped_run):
    assert shipped_run.returncode == 0, shipped_run.stderr
    assert "the reference run that the repository ships" in shipped_run.stdout
    summary = pd.read_parquet(newest(clone / "data/08_reporting/taxonomy_summary.parquet"))
    assert (summary["status"] == "optimal").all()
    assert sorted(set(summary["max_order"])) == [1, 2]
    assert sorted(set(summary["budget"])) == list(range(1, 27))


def test_a_fresh_clone_solves_the_shipped_tables_of_the_thorough_run_too(clone):
    done = kedro(clone, "run", "--env=thorough", "--pipelines=taxonomy", "--params=program.budgets=5")
    assert done.returncode == 0, done.stderr
    assert "the run that the repository ships: `kedro run --env=thorough`" in done.stdout
    summary = pd.read_parquet(newest(clone / "data/thorough/08_reporting/taxonomy_summary.parquet"))
    assert (summary["status"] == "optimal").all()


def test_it_ends_with_the_path_of_the_report(clone, shipped_run):
    last = shipped_run.stdout.splitlines()[-1]
    assert last.startswith("report: file://")
    report = Path(last.partition("file://")[2])
    assert report.is_relative_to(clone)
    assert "the reference run that the repository ships" in report.read_text()


def test_a_run_leaves_the_project_file_unchanged(clone, shipped_run):
    assert (clone / "pyproject.toml").read_bytes() == (PROJECT / "pyproject.toml").read_bytes()


def test_mlflow_holds_parameters_metrics_over_budgets_and_pages(clone, shipped_run):
    with sqlite3.connect(clone / "mlflow.db") as store:
        params = dict(store.execute("select key, value from params"))
        steps = dict(store.execute("select key, count(distinct step) from metrics group by key"))
    assert params["program.solver"] == "HiGHS"
    assert params["significance.n_policies"] == "1000"
    for measure in ("mean_gain", "mean_quality", "objective", "n_sources"):
        assert steps[f"{measure}.order_1"] == steps[f"{measure}.order_2"] == 26
    assert {path.name for path in (clone / "mlruns").rglob("*.html")} == {"report.html", "what_if.html"}


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        ("program.budget=3", "program has no setting 'budget'; did you mean 'budgets'?"),
        ("budgets=3", "nothing reads the parameter 'budgets' in the environment 'base'"),
        ("published_set=1k", "'published_set' in the environment 'base'; it belongs to --env=published"),
        ("program.exclude=jigsa", "program.exclude names the unknown task 'jigsa'; did you mean 'jigsaw'?"),
    ],
)
def test_a_bad_parameter_is_reported_without_traceback_and_stores_nothing(
    clone, shipped_run, parameter, message
):
    before = sorted((clone / "data").rglob("*.*"))
    done = kedro(clone, "run", "--pipelines=taxonomy", "--params", parameter)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted((clone / "data").rglob("*.*")) == before


def test_an_unknown_environment_is_reported_without_traceback(clone):
    done = kedro(clone, "run", "--env=publishd")
    assert "there is no environment 'publishd'; did you mean 'published'?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_hostile_pickle_is_refused_and_runs_no_code(clone, tmp_path):
    trace = tmp_path / "trace"

    class Hostile:
        def __reduce__(self):
            return (os.mkdir, (str(trace),))

    for stem in ("all_affinities", "wins_vs_task", "wins_vs_pixels"):
        (tmp_path / f"{stem}.pkl").write_bytes(pickle.dumps({"jigsaw__reshade": Hostile()}))
    done = kedro(
        clone, "run", "--env=published", "--pipelines=taxonomy", f"--params=published_dir={tmp_path}"
    )
    assert done.returncode == 1
    assert not trace.exists()
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert "all_affinities.pkl: refused as a plain pickle: it asks for posix.mkdir" in sentence
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("published_set", ["default", "1k"])
def test_the_published_sets_are_solved_and_proven(clone, published_dir, published_set):
    done = kedro(
        clone,
        "run",
        "--env=published",
        "--pipelines=taxonomy",
        f"--params=published_dir={published_dir},published_set={published_set}",
    )
    assert done.returncode == 0, done.stderr
    reports = clone / "data/published/08_reporting"
    summary = pd.read_parquet(newest(reports / "taxonomy_summary.parquet"))
    n_sources = {"default": 26, "1k": 27}[published_set]
    assert len(summary) == 5 * n_sources
    assert (summary["status"] == "optimal").all()
    families = pd.read_parquet(newest(reports / "task_families.parquet")).set_index("source")["family"]
    together = set(families.index[families == families["normal"]])
    assert together == {
        "curvature", "edge_occlusion", "keypoints3d", "reshading", "depth_zbuffer", "depth_euclidean",
        "normal", "segment_unsup25d",
    }  # fmt: skip
    assert families.nunique() == 4
    significance = pd.read_parquet(newest(reports / "significance.parquet"))
    middle = significance[significance["budget"].between(3, 16)]
    assert (middle["gain_percentile"] > 99).all()
    assert (middle["quality_percentile"] > 99).all()
