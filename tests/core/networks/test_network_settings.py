import subprocess
import sys

import pytest

from taskonomy_kedro.core.networks.settings import NetworkSettings


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"encoder": "taskonomy_resnet"}, "got 'taskonomy_resnet'; did you mean 'taskonomy_resnet50'?"),
        ({"encoder": None}, "encoder must be 'small' or 'taskonomy_resnet50', got None"),
        ({"stride": 32}, "stride must be 4, 8 or 16, got 32"),
        ({"width": "32"}, "width must be a whole number, got '32'"),
        ({"decoder_width": 3}, "decoder_width must be ≥ 4, got 3"),
        ({"dropout": 1}, "dropout must be < 1, got 1"),
        ({"decoder_widht": 3}, "unknown setting 'decoder_widht'; did you mean 'decoder_width'?"),
    ],
)
def test_a_bad_setting_is_refused(given, message):
    with pytest.raises(ValueError, match=message.replace("?", r"\?")):
        NetworkSettings(**given)


def test_settings_come_without_torch():
    code = "import sys, taskonomy_kedro.core.networks.settings; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_torch_alone_is_enough():
    """Networks are built where nothing else of the project's libraries is installed."""
    code = (
        "import sys\n"
        "for name in ('kedro', 'mlflow', 'pandas', 'scipy', 'skimage', 'PIL', 'torchvision', 'plotly'):\n"
        "    sys.modules[name] = None\n"
        "from taskonomy_kedro.core.networks.task_network import make_task_network\n"
        "assert 'torch' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
