"""Wiring of the project: hooks, configuration, and no word to the outside."""

import os
import warnings
from pathlib import Path

from taskonomy_kedro.hooks import FigurePlaces, TrackingHooks

# Neither Kedro nor MLflow reports usage, unless the user asks for it (docs/decisions/0003).
os.environ.setdefault("DO_NOT_TRACK", "true")

# Names like `image_losses.normal` are part of the contract; Kedro would keep dots for namespaces.
warnings.filterwarnings("ignore", message="One or more dataset names contain")
# Advice to authors of models, given by MLflow about a class of kedro-mlflow.
warnings.filterwarnings("ignore", message=".*Add type hints to the `predict` method")

PROJECT_ROOT = Path(__file__).resolve().parents[2]


def _root() -> str:
    """Resolve `${root:}` in configuration files to the project's folder."""
    return PROJECT_ROOT.as_posix()


HOOKS = (TrackingHooks(), FigurePlaces())
CONFIG_LOADER_ARGS = {
    "base_env": "base",
    "default_run_env": "local",
    "custom_resolvers": {"root": _root},
    # With the default strategy a nested --params deletes its neighbours once conf/local has parameters.
    "merge_strategy": {"parameters": "soft"},
}
