"""Every command reads the settings, hooks, datasets and pipelines: what is slow to import stays out."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
CODE = """
import sys
from pathlib import Path
from kedro.framework.startup import bootstrap_project
bootstrap_project(Path.cwd())
from kedro.framework.project import pipelines, settings
assert settings.HOOKS
import taskonomy_kedro.datasets
assert dict(pipelines)["task_modeling"].nodes
print(*[name for name in ("torch", "torchvision", "skimage", "matplotlib") if name in sys.modules])
"""


def test_no_command_waits_for_torch_or_for_what_draws():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CODE], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
