"""Wiring of the project: hooks and configuration."""

import logging
import os

from taskonomy_kedro.config import LOADER_ARGS, RememberedConfigLoader
from taskonomy_kedro.hooks import (
    FinalLines,
    ReuseHooks,
    RunSummaryHooks,
    TrackingHooks,
)
from taskonomy_kedro.hooks.guards import PipelineGuards

# Two things that cli.py would do too late: Kedro imports the commands of kedro-mlflow, and with them MLflow,
# before it, and notebooks have no command line. Nothing else changes on import.
# Neither Kedro nor MLflow reports usage, unless the user asks for it (docs/decisions/0003).
os.environ.setdefault("DO_NOT_TRACK", "true")
# MLflow's advice to the authors of kedro-mlflow passes every filter of warnings.
logging.captureWarnings(True)
logging.getLogger("py.warnings").addFilter(lambda record: "Add type hints to the" not in record.getMessage())

HOOKS = (
    PipelineGuards(),
    TrackingHooks(),
    RunSummaryHooks(),
    FinalLines(),
    ReuseHooks(),
)
CONFIG_LOADER_CLASS = RememberedConfigLoader
CONFIG_LOADER_ARGS = LOADER_ARGS
