from taskonomy_kedro.core.taxonomy import ProgramSettings
from taskonomy_kedro.core.training.settings import ModelingSettings
from taskonomy_kedro.tracking.settings import settings_as_params


def test_settings_become_one_readable_parameter_a_field():
    settings = ProgramSettings(max_orders=[1, 2], label_cost={"normal": 2.5})
    params = settings_as_params("program", settings)
    assert params["program.max_orders"] == "1, 2"
    assert params["program.label_cost"] == "normal=2.5"
    assert params["program.importance"] == params["program.time_limit_seconds"] == "none"


def test_settings_in_settings_are_taken_apart():
    params = settings_as_params(
        "task_modeling", ModelingSettings(training={"steps": 7, "learning_rates": [[0, 3e-3], [5, 1e-3]]})
    )
    assert params["task_modeling.training.steps"] == "7"
    assert params["task_modeling.training.learning_rates"] == "0=0.003, 5=0.001"
    assert params["task_modeling.network.encoder"] == "small"
    assert "task_modeling.project" not in params  # a place of this machine
    assert "task_modeling.training" not in params
