"""Work takes the cores that the process may use, not those of the machine."""

import os
import shutil
import subprocess
import sys

import pytest

CODE = """
import os
from taskonomy_kedro.core.preparation.image_sources import _processes
from taskonomy_kedro.core.preparation.settings import DataSettings
from taskonomy_kedro.core.training.device import choose_compute
from taskonomy_kedro.core.training.settings import ComputeSettings
from taskonomy_kedro.core.taxonomy import sweep

print(_processes(DataSettings()), choose_compute(ComputeSettings()).threads, sweep.n_workers())
"""


@pytest.mark.skipif(not shutil.which("taskset") or os.cpu_count() == 1, reason="needs taskset and two cores")
def test_a_process_confined_to_one_core_uses_one():
    done = subprocess.run(
        ["taskset", "-c", "0", sys.executable, "-c", CODE], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1", "1", "1"]
