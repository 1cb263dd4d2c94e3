"""What MLflow runs when it loads the network of a task: kept as code beside the weights, nothing pickled."""

from pathlib import Path
from typing import Any

import mlflow
import numpy as np
from mlflow.pyfunc import PythonModel

from taskonomy_kedro.core.networks.packed import PackedNetwork


class TaskModel(PythonModel):
    """Pictures (n, H, W, 3) uint8, or (n, k, H, W, 3), to the network's output, float32."""

    def load_context(self, context: Any) -> None:
        """Build the network from its two files."""
        files = context.artifacts
        self._network = PackedNetwork.open(Path(files["facts"]), Path(files["weights"]))

    def predict(
        self, context: Any, model_input: np.ndarray, params: dict[str, Any] | None = None
    ) -> np.ndarray:
        """Return the output for each item."""
        return self._network.predict(np.asarray(model_input))


mlflow.models.set_model(TaskModel())
