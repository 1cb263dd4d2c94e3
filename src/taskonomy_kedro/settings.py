"""Wiring of the project: hooks and configuration."""

import os

from taskonomy_kedro.config import LOADER_ARGS, RememberedConfigLoader
from taskonomy_kedro.hooks import (
    FinalLines,
    NetworkHooks,
    ReuseHooks,
    RunMetadataHooks,
    StepMetricsHooks,
    TrackingHooks,
    TransferHooks,
)
from taskonomy_kedro.hooks.guards import PipelineGuards

# Neither Kedro nor MLflow reports usage, unless the user asks for it (docs/decisions/0003). Not in cli.py:
# MLflow decides when kedro-mlflow's commands import it, which is earlier, and notebooks have no command line.
os.environ.setdefault("DO_NOT_TRACK", "true")

HOOKS = (
    PipelineGuards(),
    RunMetadataHooks(),
    StepMetricsHooks(),
    TrackingHooks(),
    NetworkHooks(),
    TransferHooks(),
    FinalLines(),
    ReuseHooks(),
)
CONFIG_LOADER_CLASS = RememberedConfigLoader
CONFIG_LOADER_ARGS = LOADER_ARGS
