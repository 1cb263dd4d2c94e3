"""The shipped tables come from complete runs with the settings of conf/base and conf/thorough."""

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
from kedro.io import Version

from taskonomy_kedro.core.affinity.affinity_tables import origin_of, read_scores
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.datasets import TableDataset

PROJECT = Path(__file__).resolve().parents[1]
SHIPPING = runpy.run_path(str(PROJECT / "scripts" / "ship_reference_run.py"))


@pytest.fixture(scope="module", params=["base", "thorough"])
def env(request):
    return request.param


@pytest.fixture(scope="module")
def shipped(env):
    version = Version(SHIPPING["VERSION"], None)
    return {
        name: TableDataset(
            filepath=str(SHIPPING["FOLDERS"][env] / folder / f"{name}.parquet"), version=version
        ).load()
        for name, folder in SHIPPING["TABLES"].items()
    }


@pytest.fixture(scope="module")
def facts(env):
    return json.loads(SHIPPING["facts_of"](env).read_text())


def test_the_run_had_the_settings_of_its_environment(facts, env):
    # if this fails, conf/ has changed since: run again and ship, see scripts/ship_reference_run.py
    assert facts["settings"] == SHIPPING["settings_of_env"](env)


def test_each_table_says_where_it_comes_from(shipped, facts):
    assert {origin_of(table) for table in shipped.values()} == {facts["origin"]}


def test_the_documented_results_hold(shipped, env):
    documented = {"base": (6, 17), "thorough": (8, 20)}  # docs/results.md, seed 0
    structure = runpy.run_path(str(PROJECT / "benchmarks" / "structure.py"))
    scores = read_scores(shipped["affinities"], shipped["win_rates"])
    assert (structure["together"](scores, 4), len(structure["best_is_full"](scores))) == documented[env]


def test_the_two_runs_differ():
    one, other = (json.loads(SHIPPING["facts_of"](env).read_text()) for env in ("base", "thorough"))
    assert not set(one["data"].values()) & set(other["data"].values())
    tables = [SHIPPING["FOLDERS"][env] / "07_model_output/affinities.parquet" for env in ("base", "thorough")]
    version = Version(SHIPPING["VERSION"], None)
    base, thorough = (TableDataset(filepath=str(path), version=version).load() for path in tables)
    assert set(base["affinity"]).isdisjoint(thorough["affinity"])


def test_tables_are_complete_and_agree(shipped):
    targets = {task.name for task in TASKS.values() if not task.is_source_only}
    scores = read_scores(shipped["affinities"], shipped["win_rates"])
    for target in targets:
        own = [score for score in scores if score.candidate.target == target]
        kinds = [score.candidate.kind for score in own if score.candidate.order == 1]
        assert kinds.count("transfer") == len(TASKS) - 1, target
        assert kinds.count("random") == kinds.count("full_supervision") == 1, target
        assert sum(score.candidate.order == 2 for score in own) == 10, target
        assert sum(score.affinity for score in own) == pytest.approx(1.0), target
    keys = [
        {(row.target, tuple(row.sources), row.kind) for row in shipped[name].itertuples()}
        for name in ("transfers", "win_rates")
    ]
    assert keys[0] == keys[1]
    assert np.isfinite(shipped["transfers"]["mean_test_loss"]).all()
    assert set(shipped["sanity_table"]["task"]) == set(TASKS) - {"random_projection"}
