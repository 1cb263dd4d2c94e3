"""Runs the examples in docstrings; a module without one is not imported."""

import doctest
import importlib
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src"
MODULES = [
    ".".join(path.relative_to(SOURCE).with_suffix("").parts)
    for path in sorted((SOURCE / "taskonomy_kedro").rglob("*.py"))
    if ">>> " in path.read_text()
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_correct(name):
    module = importlib.import_module(name)
    runner, said = doctest.DocTestRunner(), []
    for example in doctest.DocTestFinder().find(module):
        runner.run(example, out=said.append)
    assert runner.tries > 0
    assert not said, "".join(said)


def test_the_main_steps_have_examples():
    parts = {name.removeprefix("taskonomy_kedro.").removeprefix("core.").split(".")[0] for name in MODULES}
    assert {"tasks", "rooms", "labels", "training", "readouts", "candidates", "affinity", "taxonomy"} <= parts
