"""The configuration of this run, for what is built from it before any node runs."""

import os
from pathlib import Path
from typing import Any

from kedro.config import AbstractConfigLoader, OmegaConfigLoader

PROJECT_ROOT = Path(__file__).resolve().parents[2]
LOADER_ARGS: dict[str, Any] = {
    "base_env": "base",
    "default_run_env": "local",
    "custom_resolvers": {"root": PROJECT_ROOT.as_posix},  # `${root:}` in configuration files
    # With the default strategy a nested --params deletes its neighbours if conf/local has parameters.
    "merge_strategy": {"parameters": "soft", "mlflow": "soft"},
}

_remembered: list[AbstractConfigLoader] = []


class RememberedConfigLoader(OmegaConfigLoader):
    """Hands the session's own configuration to the pipelines, so that `--env` and `--params` count.

    Not by a hook: kedro-viz runs none, and is to show the nodes and networks of its `--env` too.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _remembered[:] = [self]


def parameters() -> dict[str, Any]:
    """Return the parameters of this run; without a run, those of the project's configuration."""
    if _remembered:
        return dict(_remembered[0]["parameters"])
    loader = OmegaConfigLoader(
        conf_source=str(PROJECT_ROOT / "conf"), env=os.getenv("KEDRO_ENV"), **LOADER_ARGS
    )
    return dict(loader["parameters"])
