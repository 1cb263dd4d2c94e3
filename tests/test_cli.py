import subprocess
import sys

import pytest
from click.testing import CliRunner

from taskonomy_kedro import cli
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.pipeline_registry import register_pipelines


@pytest.mark.parametrize(
    ("name", "env", "message"),
    [
        ("task_modelling", None, "'task_modelling' in the environment 'base'; did you mean 'task_modeling'"),
        ("published_set", "tiny", "'published_set' in the environment 'tiny'; it belongs to --env=published"),
    ],
)
def test_a_parameter_that_nothing_reads_is_refused(name, env, message):
    with pytest.raises(UserError, match=message):
        cli.check_parameters({name: 1}, env)
    cli.check_parameters({"program": {"exclude": "jigsaw"}, "published_set": "1k"}, "published")


def test_the_parameters_are_those_of_the_nodes():
    inputs = {name for pipeline in register_pipelines().values() for name in pipeline.inputs()}
    read = {name.removeprefix("params:").split(".")[0] for name in inputs if name.startswith("params:")}
    assert read | {"export_dir"} == cli.PARAMETERS


def test_an_environment_without_a_folder_is_refused(tmp_path):
    (tmp_path / "tiny").mkdir()
    cli.check_environment(tmp_path, "tiny")
    with pytest.raises(UserError, match="there is no environment 'tiney'; did you mean 'tiny'"):
        cli.check_environment(tmp_path, "tiney")


@pytest.mark.parametrize("traceback", [None, "1"])
def test_a_user_error_ends_the_command_with_a_sentence_and_any_other_with_a_traceback(monkeypatch, traceback):
    def fail(**options):
        raise errors[options["env"]]

    errors = {"user": UserError("a is wrong"), "own": ValueError("our own fault")}
    if traceback:
        monkeypatch.setenv("TASKONOMY_TRACEBACK", traceback)
    else:
        monkeypatch.delenv("TASKONOMY_TRACEBACK", raising=False)
    monkeypatch.setattr(cli.run, "callback", fail)
    monkeypatch.setattr(cli, "_quieten_mlflow", lambda: None)
    result = CliRunner().invoke(cli.cli, ["run", "--env=user"])
    if traceback:
        assert result.exception is errors["user"]
    else:
        assert result.exit_code == 1
        assert result.output.splitlines() == [
            "Error: a is wrong",
            "(TASKONOMY_TRACEBACK=1 shows where it happened.)",
        ]
    assert CliRunner().invoke(cli.cli, ["run", "--env=own"]).exception is errors["own"]


def test_importing_the_settings_changes_only_what_must_precede_mlflow():
    code = (
        "import os, sys, logging, warnings\n"
        "before = dict(os.environ), sys.excepthook, sys.unraisablehook, logging.root.filters[:]\n"
        "filters = [f for f in warnings.filters if f[1]]\n"
        "import taskonomy_kedro.settings\n"
        "after = dict(os.environ), sys.excepthook, sys.unraisablehook, logging.root.filters[:]\n"
        "assert after[1:] == before[1:]\n"
        "print(set(after[0].items()) - set(before[0].items()))\n"
        "mine = [f for f in warnings.filters if f[1] and 'dataset names' in f[1].pattern]\n"
        "assert not mine and len(logging.getLogger('py.warnings').filters) == 1\n"
    )
    environment = {"PATH": "", "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "{('DO_NOT_TRACK', 'true')}"
