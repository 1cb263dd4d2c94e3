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
        ({"network": {"encoder": "smal"}}, "task_modeling.network: encoder must be .*did you mean 'small'"),
        ({"network": {"strid": 8}}, "task_modeling.network has no setting 'strid'; did you mean 'stride'"),
        ({"training": {"step": 8}}, "task_modeling.training has no setting 'step'; did you mean 'steps'"),
        ({"training": 8}, "task_modeling.training must be a table of settings, got 8"),
        ({"training": {"learning_rates": {5: 0.1}}}, "got none for step 0"),
        ({"training": {"learning_rates": 0.1}}, "learning_rates must give a rate > 0 .*got 0.1"),
        ({"training": {"patience": 0}}, "patience must be a whole number ≥ 1, got 0"),
        (
            {"overrides": {"normal": {"step": 3}}},
            "overrides.normal has no setting 'step'; did you mean 'steps'",
        ),
        (
            {"overrides": {"normal": {"steps": 0}}},
            "overrides.normal: steps must be a whole number ≥ 1, got 0",
        ),
        ({"overrides": {"normal": 5}}, "overrides.normal must be a table of settings, got 5"),
        ({"overrides": ["normal"]}, "overrides must be settings by task"),
        ({"compute": {"device": "gpu"}}, "compute.device must be one of auto, cpu, cuda, got 'gpu'"),
        (
            {"tile_size": 20},
            "task_modeling.tile_size must be a multiple of 8 pixels, got 20; 16 or 24 would do",
        ),
        ({"training_pixels": 1}, "training_pixels must be a whole number ≥ 2, got 1"),
    ],
)
def test_a_bad_setting_is_refused_when_the_settings_are_made(changes, message):
    with pytest.raises(ValueError, match=message):
        modeling_settings(**changes)
