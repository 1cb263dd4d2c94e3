"""What the settings are by themselves is what conf/base says."""

from pathlib import Path

import pytest
import yaml

from taskonomy_kedro.core.affinity.normalization import NormalizationSettings
from taskonomy_kedro.core.preparation.settings import DataSettings
from taskonomy_kedro.core.taxonomy.settings import ProgramSettings, SignificanceSettings, TreeSettings
from taskonomy_kedro.core.training.settings import ModelingSettings

BASE = Path(__file__).resolve().parents[1] / "conf/base"
SETTINGS = {
    "data": DataSettings,
    "task_modeling": ModelingSettings,
    "normalization": NormalizationSettings,
    "program": ProgramSettings,
    "significance": SignificanceSettings,
    "tree": TreeSettings,
}


@pytest.mark.parametrize("name", SETTINGS)
def test_python_and_conf_agree_on_the_defaults(name):
    written = {}
    for path in BASE.glob("parameters_*.yml"):
        written |= yaml.safe_load(path.read_text().replace("${root:}", "''"))
    assert SETTINGS[name](**written[name]) == SETTINGS[name]()
