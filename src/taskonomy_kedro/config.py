"""The configuration of this session, for what is built from it before any node runs."""

import os
from copy import deepcopy
from pathlib import Path
from typing import Any

from kedro.config import AbstractConfigLoader, OmegaConfigLoader

PROJECT_ROOT = Path(__file__).resolve().parents[2]

_DATASETS = "taskonomy_kedro.datasets."
_WITHOUT_RECIPE = ("PassedDataset", "PublishedTableDataset", "TaskonomyDirectoryDataset")
LOADER_ARGS: dict[str, Any] = {
    "base_env": "base",
    "default_run_env": "local",
    "custom_resolvers": {"root": PROJECT_ROOT.as_posix},  # `${root:}` in configuration files
    # With the default strategy a nested --params deletes its neighbours if conf/local has parameters.
    "merge_strategy": {"parameters": "soft", "mlflow": "soft"},
}

_remembered: list[AbstractConfigLoader] = []


class RememberedConfigLoader(OmegaConfigLoader):
    """Gives the session's own configuration to the pipelines, so that `--env` and `--params` count.

    Not by a hook: kedro-viz runs none, and shows the nodes and networks of its `--env` too.
    Each dataset of the project that has a recipe gets its own key of the catalog as the argument `name`.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._read: dict[str, Any] = {}
        super().__init__(*arguments, **named)
        _remembered[:] = [self]

    def __getitem__(self, key: str) -> Any:
        """Return a kind of configuration; catalog and parameters are read once."""
        if key not in ("catalog", "parameters"):
            return super().__getitem__(key)
        if key not in self._read:
            found = super().__getitem__(key)
            self._read[key] = _named(found) if key == "catalog" else found
        return deepcopy(self._read[key])

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        self._read.pop(key, None)


def session_loader() -> AbstractConfigLoader:
    """Return the loader of this session; without a session, one of the project's configuration."""
    if not _remembered:
        RememberedConfigLoader(
            conf_source=str(PROJECT_ROOT / "conf"), env=os.getenv("KEDRO_ENV"), **LOADER_ARGS
        )
    return _remembered[0]


def parameters() -> dict[str, Any]:
    """Return the parameters of this session."""
    return dict(session_loader()["parameters"])


def _named(catalog: dict[str, Any]) -> dict[str, Any]:
    """Add its key to each entry of a dataset that asks for its recipe by name."""
    for key, entry in catalog.items():
        kind = str(entry.get("type", "")) if isinstance(entry, dict) else ""
        if kind.startswith(_DATASETS) and not kind.endswith(_WITHOUT_RECIPE):
            entry["name"] = key
    return catalog
