"""Wiring of the project: hooks, configuration, and no word to the outside."""

import logging
import os
import sys
import warnings

from taskonomy_kedro.config import LOADER_ARGS, RememberedConfigLoader
from taskonomy_kedro.errors import is_told_elsewhere, one_sentence, unless_told_elsewhere
from taskonomy_kedro.hooks import (
    FinalLines,
    ReuseHooks,
    RunSummaryHooks,
    TrackingHooks,
)
from taskonomy_kedro.hooks.guards import CommandLineGuards

# Neither Kedro nor MLflow reports usage, unless the user asks for it (docs/decisions/0003).
os.environ.setdefault("DO_NOT_TRACK", "true")

# Threads that wait for each other spin for microseconds, not milliseconds, before they sleep: beside other
# programs training is many times as fast (docs/decisions/0019). To be set before torch is loaded.
if not {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"} & os.environ.keys():
    os.environ["GOMP_SPINCOUNT"] = "5000"

# Names like `image_losses.normal` are part of the contract; Kedro would keep dots for namespaces.
warnings.filterwarnings("ignore", message="One or more dataset names contain")

# Nodes show the program and the networks in kedro-viz; every command would say that this may change.
warnings.filterwarnings("ignore", message="The 'preview_fn' feature is experimental")

# MLflow's advice to the authors of kedro-mlflow, given past every warnings filter.
logging.captureWarnings(True)
logging.getLogger("py.warnings").addFilter(lambda record: "Add type hints to the" not in record.getMessage())

# What the user can mend is told in a sentence; what is a fault of ours keeps its traceback.
sys.excepthook = one_sentence
sys.unraisablehook = unless_told_elsewhere
logging.getLogger("mlflow.store.db.utils").addFilter(is_told_elsewhere)

HOOKS = (
    CommandLineGuards(),
    TrackingHooks(),
    RunSummaryHooks(),
    FinalLines(),
    ReuseHooks(),
)
CONFIG_LOADER_CLASS = RememberedConfigLoader
CONFIG_LOADER_ARGS = LOADER_ARGS
