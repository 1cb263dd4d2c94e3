import math
import subprocess

import pandas as pd
import pytest

from taskonomy_kedro.tracking.run_metadata import git_revision, label_tags, run_name, run_note, run_tags

STEPS = ("data_preparation", "task_modeling", "transfer_modeling", "normalization", "taxonomy")
PARAMETERS = {
    "data": {"seed": 4},
    "task_modeling": {"seed": 3, "network": {"encoder": "taskonomy_resnet50"}},
    "transfer_modeling": {"max_order": 2},
}


@pytest.mark.parametrize(
    ("steps", "name"),
    [
        (STEPS, "base, resnet50, seed 3, orders to 2"),
        (("task_modeling",), "base, task_modeling, resnet50, seed 3"),
        (("data_preparation",), "base, data_preparation, seed 4"),
        (("taxonomy",), "base, taxonomy"),
    ],
)
def test_a_run_is_named_by_what_tells_it_from_others(steps, name):
    assert run_name("base", steps, PARAMETERS) == name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"program": {"label_cost": {"normal": 3}}}, "base, taxonomy, label_cost.normal=3"),
        ({"published_set": "1k", "program": {"budgets": 5}}, "base, taxonomy, published_set=1k, budgets=5"),
        (
            {"tree": {"beta": 1}, "program": {"budgets": 5, "solver": "HiGHS", "exclude": "jigsaw"}},
            "base, taxonomy, budgets=5, solver=HiGHS, exclude=jigsaw, …",
        ),
        ({"data": {"seed": 1}}, "base, taxonomy"),
    ],
)
def test_a_run_that_asks_a_question_of_its_own_bears_it(given, name):
    assert run_name("base", ("taxonomy",), PARAMETERS, given) == name


def test_tags_say_how_it_was_made(tmp_path):
    assert run_tags("tiny", STEPS, PARAMETERS, tmp_path) == {
        "env": "tiny",
        "steps": "data_preparation, task_modeling, transfer_modeling, normalization, taxonomy",
        "encoder": "taskonomy_resnet50",
        "seed": "3",
        "max_order": "2",
    }
    assert set(run_tags("base", ("taxonomy",), {}, tmp_path)) == {"env", "steps"}


def test_the_revision_has_a_plus_where_files_have_changed(tmp_path):
    def git(*words: str) -> str:
        setting = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        return subprocess.run(
            ["git", *setting, *words], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout

    assert git_revision(tmp_path) == ""
    git("init", "-q")
    (tmp_path / "file").write_text("one")
    git("add", "file")
    git("commit", "-qm", "one")
    assert git_revision(tmp_path) == git("rev-parse", "HEAD")[:12]
    (tmp_path / "file").write_text("two")
    assert git_revision(tmp_path) == git("rev-parse", "HEAD")[:12] + "+"
    (tmp_path / "copy").mkdir()  # a project without git of its own, inside the repository of something else
    assert git_revision(tmp_path / "copy") == ""


def test_the_description_tells_the_sources_in_words():
    summary = pd.DataFrame(
        {
            "budget": [1, 2], "max_order": [2, 2], "status": ["infeasible", "optimal"],
            "objective": [math.nan, 1.5], "mean_gain": [math.nan, 0.684], "mean_quality": [math.nan, 0.42],
            "sources_used": [[], ["normal", "reshading"]],
        }
    )  # fmt: skip
    assert label_tags(summary) == {"label_at_01": "", "label_at_02": "normal, reshading"}
    many = pd.concat([summary.assign(budget=range(first, first + 2)) for first in (1, 3, 5, 7)])
    usual = ["label_at_01", "label_at_02", "label_at_04", "label_at_05", "label_at_08"]
    assert list(label_tags(many)) == usual
    assert list(label_tags(summary.assign(budget=[2.5, 5]))) == ["label_at_2.5", "label_at_05"]
    assert "- budget 5: label normal" in run_note(summary.assign(budget=[2.5, 5]), None, None)
    sanity = pd.DataFrame({"beats_average_guess": [0.9, 0.8], "beats_random_readout": [0.7, 0.8]})
    assert run_note(summary, sanity, None) == (
        "**What to label**, taxonomies with transfers of up to 2 sources:\n\n"
        "- budget 1: infeasible\n"
        "- budget 2: label normal, reshading; gain 68%, quality 42%\n\n"
        "Affinities: own run.\n\n"
        "Networks beat the average guess on 85% and the random network on 75% of the test items, "
        "on average over 2 tasks."
    )
    assert "Affinities: published set 1k." in run_note(summary, None, "published set 1k")
    assert run_note(None, None, None) == ""
    one_failed = pd.DataFrame({"beats_average_guess": [0.9, None], "beats_random_readout": [0.7, None]})
    assert "90% and the random network on 70% of the test items, on average over 1 tasks" in run_note(
        None, one_failed, None
    )
    assert run_note(None, sanity.assign(beats_average_guess=math.nan), None) == ""
