"""The configuration of this run, for what is built from it before any node runs."""

import os
from typing import Any

from kedro.config import AbstractConfigLoader, OmegaConfigLoader

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
    # Not Kedro's own settings: those are empty until a command has opened the project.
    from taskonomy_kedro import settings

    loader = OmegaConfigLoader(
        conf_source=str(settings.PROJECT_ROOT / "conf"),
        env=os.getenv("KEDRO_ENV"),
        **settings.CONFIG_LOADER_ARGS,
    )
    return dict(loader["parameters"])
