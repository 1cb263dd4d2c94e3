"""Settings of the task modelling that cannot be right are refused before anything runs."""

import pytest
from tests.small_models import modeling_settings

from taskonomy_kedro.pipelines.task_modeling import create_pipeline


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"tasks": "normal,curvatur"},
            "task_modeling.tasks: unknown task 'curvatur'; did you mean 'curvature'",
        ),
        ({"tasks": ["normall"]}, "unknown task 'normall'; did you mean 'normal'"),
        ({"tasks": 5}, "task_modeling.tasks must be a list of names, got 5"),
        (
            {"overrides": {"normall": {"steps": 3}}},
            "task_modeling.overrides: unknown task 'normall'; did you mean",
        ),
    ],
)
def test_an_unknown_task_is_refused_before_anything_runs(settings, message):
    with pytest.raises(ValueError, match=message):
        create_pipeline({"task_modeling": settings})


def test_an_unknown_loss_of_an_own_task_is_named_with_the_nearest():
    mine = {"kind": "regression_map", "range": [0, 255], "loss": "l11"}
    with pytest.raises(ValueError, match="'mine'.*'l11'.*'l1'"):
        create_pipeline({"data": {"tasks": {"mine": mine}}})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"network": {"encoder": "smal"}}, "task_modeling.network.encoder must be .*did you mean 'small'"),
        ({"overrides": {"normal": 5}}, "task_modeling.overrides.normal must be a table, got 5"),
        ({"overrides": ["normal"]}, r"task_modeling.overrides must be a table, got \['normal'\]"),
        ({"compute": {"device": "gpu"}}, "compute.device must be 'auto', 'cpu' or 'cuda', got 'gpu'"),
    ],
)
def test_a_wrong_setting_is_named(changes, message):
    with pytest.raises(ValueError, match=message):
        modeling_settings(**changes)
