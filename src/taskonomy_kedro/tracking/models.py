"""Networks as models of MLflow: weights, code, signature, example and the packages they need."""

import logging
import shutil
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from taskonomy_kedro.core.networks.packed import FACTS, WEIGHTS, NetworkFacts, PackedNetwork

if TYPE_CHECKING:
    from torch import Tensor

_PACKAGE = Path(__file__).resolve().parents[1]
# what `task_model.py` imports of the project; the rest would cost a second a model
_CODE = (
    *("__init__.py", "core/__init__.py", "core/base_settings.py", "core/errors.py"),
    *("core/tasks", "core/networks", "core/labels/__init__.py", "core/labels/colors.py"),
)
_one_at_a_time = threading.Lock()
_CONTENT = "weights"  # tag of a model
_REQUIREMENTS = ("mlflow", "numpy", "torch", "scipy", "scikit-image")


def log_network(
    run_id: str, facts: NetworkFacts, weights: "Mapping[str, Tensor]", example: np.ndarray, *, content: str
) -> str:
    """Log the network of a task to a run.

    Args:
        run_id: The run.
        facts: What it is built from.
        weights: Its weights by name.
        example: (n, *input_shape) uint8, pictures for people to try it on.
        content: Hash of the weights; a later run that keeps the network finds its model by it.

    Returns:
        The address that `mlflow.pyfunc.load_model` takes.
    """
    import mlflow.pyfunc
    import torch
    from mlflow.models import Model, ModelSignature
    from mlflow.types import Schema, TensorSpec

    output = PackedNetwork(facts, weights).predict(example)
    signature = ModelSignature(
        inputs=Schema([TensorSpec(example.dtype, (-1, *example.shape[1:]))]),
        outputs=Schema([TensorSpec(output.dtype, (-1, *output.shape[1:]))]),
    )
    with tempfile.TemporaryDirectory() as name, _undisturbed():
        folder = Path(name)
        (folder / FACTS).write_text(facts.to_json())
        torch.save(dict(weights), folder / WEIGHTS)
        info = Model.log(
            artifact_path=None,
            name=facts.task.name,
            flavor=mlflow.pyfunc,
            run_id=run_id,
            python_model=str(_PACKAGE / "tracking" / "task_model.py"),
            artifacts={"facts": str(folder / FACTS), "weights": str(folder / WEIGHTS)},
            code_paths=[str(_copied_code(folder))],
            signature=signature,
            input_example=example,
            tags={_CONTENT: content},
            pip_requirements=[
                f"{package}=={version(package).partition('+')[0]}" for package in _REQUIREMENTS
            ],
        )
    return str(info.model_uri)


def link_network(run_id: str, task: str, content: str) -> str | None:
    """Point from a run that kept a network to the model that an earlier run logged of it.

    Args:
        run_id: The run, which shows the model among its inputs from now on.
        task: Name of the task.
        content: Hash of the weights.

    Returns:
        The address that `mlflow.pyfunc.load_model` takes; None where no model has these weights, or its
        files are gone.
    """
    from mlflow import MlflowClient
    from mlflow.artifacts import list_artifacts
    from mlflow.entities import LoggedModelInput

    client = MlflowClient()
    models = client.search_logged_models(
        [client.get_run(run_id).info.experiment_id],
        filter_string=f"name = '{task}' AND tags.{_CONTENT} = '{content}'",
        order_by=[{"field_name": "creation_timestamp", "ascending": False}],
    )
    for model in models:
        if list_artifacts(model.artifact_location):
            client.log_inputs(run_id, models=[LoggedModelInput(model.model_id)])
            return str(model.model_uri)
    return None


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Leave the process as it was: MLflow talks of each model, warns, and imports from its copy of the code.

    One model at a time, as warnings and the path of imports are of the whole process.
    """
    talker = logging.getLogger("mlflow.pyfunc")
    with _one_at_a_time:
        level, path = talker.level, list(sys.path)
        talker.setLevel(logging.WARNING)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # advice on type hints, which arrays do not have
                yield
        finally:
            talker.setLevel(level)
            sys.path[:] = path


def _copied_code(folder: Path) -> Path:
    """Copy the modules that the model imports, without compiled files."""
    to = folder / _PACKAGE.name
    for name in _CODE:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        if (_PACKAGE / name).is_dir():
            shutil.copytree(_PACKAGE / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(_PACKAGE / name, to / name)
    return to
