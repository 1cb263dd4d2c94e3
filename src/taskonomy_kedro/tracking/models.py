"""Networks as models of MLflow: an exported graph with weights; no pickle, no code of the project."""

import logging
import threading
import warnings
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import nn

_CONTENT = "weights"  # tag of a model
_REQUIREMENTS = ("mlflow", "numpy", "torch")
_one_at_a_time = threading.Lock()  # warnings and the level of a logger are of the whole process


def log_network(run_id: str, name: str, network: "nn.Module", example: np.ndarray, *, content: str) -> str:
    """Log a network to a run.

    Args:
        run_id: The run.
        name: Of the model.
        network: On the CPU, in evaluation mode; takes the example as a tensor.
        example: (n ≥ 2, …), pictures to try it on.
        content: Hash of the weights; a later run that reuses the network finds its model by it.

    Returns:
        The address that `mlflow.pyfunc.load_model` takes.
    """
    import mlflow.pytorch
    import torch
    from mlflow.models import Model, ModelSignature
    from mlflow.types import Schema, TensorSpec

    with torch.inference_mode():
        output = network(torch.from_numpy(example)).numpy()
    signature = ModelSignature(
        inputs=Schema([TensorSpec(example.dtype, (-1, *example.shape[1:]))]),
        outputs=Schema([TensorSpec(output.dtype, (-1, *output.shape[1:]))]),
    )
    logger = logging.getLogger("mlflow")
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # hints for interactive users
        level = logger.level
        logger.setLevel(logging.ERROR)
        try:
            info = Model.log(
                artifact_path=None,
                name=name,
                flavor=mlflow.pytorch,
                run_id=run_id,
                pytorch_model=network,
                serialization_format="pt2",
                signature=signature,
                input_example=example,
                validate_serving_input=False,  # loads each model again: as slow as the export
                tags={_CONTENT: content},
                pip_requirements=[
                    f"{package}=={version(package).partition('+')[0]}" for package in _REQUIREMENTS
                ],
            )
        finally:
            logger.setLevel(level)
    return str(info.model_uri)


def link_network(run_id: str, name: str, content: str) -> str | None:
    """Link a run that reused a network to the model that an earlier run logged of it.

    Args:
        run_id: The run; MLflow lists the model among its inputs.
        name: Of the model.
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
        filter_string=f"name = '{name}' AND tags.{_CONTENT} = '{content}'",
        order_by=[{"field_name": "creation_timestamp", "ascending": False}],
    )
    for model in models:
        if list_artifacts(model.artifact_location):
            client.log_inputs(run_id, models=[LoggedModelInput(model.model_id)])
            return str(model.model_uri)
    return None
