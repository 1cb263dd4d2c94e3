"""The command line of the project: Kedro's own, with checks first and user errors in one sentence.

Kedro imports this module for each command, before anything loads torch.
"""

import logging
import os
import sys
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from kedro.framework.cli.project import run as kedro_run
from kedro.framework.cli.utils import LazyGroup

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.tasks.naming import nearest_name_hint
from taskonomy_kedro.error_sentences import is_reported_at_the_end, report_unraisable, sentence_of

PARAMETERS = {
    *("data", "sources", "task_modeling", "transfer_modeling", "normalization"),
    *("program", "significance", "tree"),
    "export_dir",
}
"""What `--params` may name at the top, in each environment."""

_OF_ENVIRONMENT = {
    "published": {"published_dir", "published_set", "drop_degenerate"},
    "taskonomy": {"dataset_dir", "subset", "image_size", "images_per_building"},
}
_IGNORED_WARNINGS = (
    "One or more dataset names contain",  # `image_losses.normal`: Kedro would keep dots for namespaces
    "The 'preview_fn' feature is experimental",
)

# Threads that wait for each other spin for microseconds, not milliseconds, before they sleep: beside other
# programs training is many times as fast (docs/decisions/0019). torch reads this when it is loaded.
if not {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"} & os.environ.keys():
    os.environ["GOMP_SPINCOUNT"] = "5000"
for message in _IGNORED_WARNINGS:
    warnings.filterwarnings("ignore", message=message)
# For processes that a command starts, such as kedro-viz's server.
os.environ.setdefault("PYTHONWARNINGS", ",".join(f"ignore:{message}" for message in _IGNORED_WARNINGS))


class Run(click.Command):
    """Kedro's `run`, which refuses what nothing would read and prints user errors as one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """Check environment and parameters, then run."""
        _quieten_mlflow()
        try:
            check_environment(ctx.obj.project_path / "conf" if ctx.obj else None, ctx.params["env"])
            check_parameters(ctx.params["params"] or {}, ctx.params["env"])
            return super().invoke(ctx)
        except Exception as error:
            sentence = None if os.environ.get("TASKONOMY_TRACEBACK") else sentence_of(error)
            if sentence is None:
                raise
            click.echo(f"Error: {sentence}", err=True)
            ctx.exit(1)


run = Run("run", params=kedro_run.params, callback=kedro_run.callback, help=kedro_run.help)
cli = LazyGroup(
    "taskonomy_kedro",
    commands={"run": run},
    lazy_subcommands={"products": "taskonomy_kedro.products_command.products"},
)


def check_environment(conf: Path | None, env: str | None) -> None:
    """Refuse an environment without a folder; Kedro would run the base.

    Raises:
        UserError: The message has the nearest name.
    """
    if env and conf is not None and conf.is_dir() and not (conf / env).is_dir():
        known = [path.name for path in conf.iterdir() if path.is_dir()]
        raise UserError(f"there is no environment {env!r}{nearest_name_hint(env, known)}")


def check_parameters(given: Mapping[str, Any] | Iterable[str], env: str | None) -> None:
    """Refuse parameters that nothing reads in an environment.

    Raises:
        UserError: The message has the nearest name, or the environment that reads the parameter.
    """
    env = env or "base"
    known = PARAMETERS | _OF_ENVIRONMENT.get(env, set())
    for name in given:
        if name not in known:
            elsewhere = [other for other, names in _OF_ENVIRONMENT.items() if name in names]
            hint = f"; it belongs to --env={elsewhere[0]}" if elsewhere else nearest_name_hint(name, known)
            raise UserError(f"nothing reads the parameter {name!r} in the environment {env!r}{hint}")


def _quieten_mlflow() -> None:
    """Drop MLflow's own reports of a disk that it cannot write: the end of the run reports that."""
    logging.getLogger("mlflow.store.db.utils").addFilter(lambda record: not is_reported_at_the_end(record))
    sys.unraisablehook = report_unraisable
