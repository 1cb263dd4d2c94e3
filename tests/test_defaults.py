"""conf/base shows the defaults of the settings' models."""

from pathlib import Path

import pytest
import yaml
from kedro.config import OmegaConfigLoader
from scripts.parameters_page import ROOTS

from taskonomy_kedro.config import LOADER_ARGS
from taskonomy_kedro.core.base_settings import Settings
from taskonomy_kedro.core.training.settings import ModelingSettings

BASE = Path(__file__).resolve().parents[1] / "conf/base"


@pytest.mark.parametrize("name", ROOTS)
def test_python_and_conf_agree_on_the_defaults(name):
    written = {}
    for path in BASE.glob("parameters_*.yml"):
        written |= yaml.safe_load(path.read_text().replace("${root:}", "''"))
    assert ROOTS[name](**written[name]) == ROOTS[name]()
    optional = {"directory"}  # of a real directory only; conf/taskonomy shows them
    for key, default in ROOTS[name]():
        assert key in written[name], f"conf/base does not show {name}.{key}"
        if isinstance(default, Settings) and key not in optional | {"training", "readout"}:
            assert set(written[name][key]) == set(type(default).model_fields)


@pytest.mark.parametrize(
    ("environment", "rates", "readout"),
    [
        ("paper", ((0, 1e-4), (80_000, 1e-5)), ((0, 1e-4), (5_000, 1e-5))),
        ("tiny", ((0, 3e-3),), ((0, 3e-3),)),
        ("thorough", ((0, 3e-3), (625, 1e-3), (875, 2e-4)), ((0, 3e-3), (36, 5e-4))),
    ],
)
def test_an_environments_schedule_holds_nothing_of_another(environment, rates, readout):
    loader = OmegaConfigLoader(str(BASE.parent), env=environment, **LOADER_ARGS)
    given = loader["parameters"]["task_modeling"]
    settings = ModelingSettings(**given)
    assert settings.training.learning_rates == rates
    assert settings.readout.learning_rates == readout
