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


ELSE = ("kedro", "mlflow", "pandas", "scipy", "skimage", "PIL", "torchvision", "plotly")


@pytest.mark.parametrize(("module", "absent"), [("settings", ["torch"]), ("task_network", ELSE)])
def test_settings_need_no_torch_and_networks_nothing_but_torch(module, absent):
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({list(absent)}))\n"
        f"import taskonomy_kedro.core.networks.{module}\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
