"""The configuration of this run, for what is built from it before any node runs."""

import os
from pathlib import Path
from typing import Any

from kedro.config import AbstractConfigLoader
from kedro.framework.context import KedroContext
from kedro.framework.hooks import hook_impl

_remembered: list[AbstractConfigLoader] = []


class ConfigurationKeeper:
    """Hands the session's own configuration to the pipelines, so that `--env` and `--params` count."""

    @hook_impl
    def after_context_created(self, context: KedroContext) -> None:
        """Remember the loader; the context's parameters themselves would load the pipelines."""
        _remembered[:] = [context.config_loader]


def parameters() -> dict[str, Any]:
    """Return the parameters of this run; without a run, those of the project's configuration."""
    if _remembered:
        return dict(_remembered[0]["parameters"])
    from kedro.framework.project import settings

    root = Path(__file__).resolve().parents[2]
    loader = settings.CONFIG_LOADER_CLASS(
        conf_source=str(root / settings.CONF_SOURCE),
        env=os.getenv("KEDRO_ENV"),
        **settings.CONFIG_LOADER_ARGS,
    )
    return dict(loader["parameters"])
