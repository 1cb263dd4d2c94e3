"""The configuration of this run, for what is built from it before any node runs."""

import os
from typing import Any

from kedro.config import AbstractConfigLoader, OmegaConfigLoader
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
    # Not Kedro's own settings: those are empty until a command has opened the project.
    from taskonomy_kedro import settings

    loader = OmegaConfigLoader(
        conf_source=str(settings.PROJECT_ROOT / "conf"),
        env=os.getenv("KEDRO_ENV"),
        **settings.CONFIG_LOADER_ARGS,
    )
    return dict(loader["parameters"])
