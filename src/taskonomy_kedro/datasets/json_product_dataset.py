"""Facts that other products depend on, as JSON in a folder named by their recipe."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from taskonomy_kedro.datasets.product_dataset import ProductDataset

_CONTENT = "content.json"


class JSONProductDataset(ProductDataset[dict[str, Any]]):
    """Saves and loads plain values; unlike a versioned file it is found by its recipe.

    Example:
        ```yaml
        label_statistics:
          type: taskonomy_kedro.datasets.JSONProductDataset
          filepath: data/05_model_input/label_statistics
        ```
    """

    def _facts(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"task": self._name, "outcome": {}, "failure": "", "is_expected": False}

    def _write(self, data: Mapping[str, Any], folder: Path) -> list[str]:
        (folder / _CONTENT).write_text(json.dumps(data))
        return [_CONTENT]

    def _read(self, record: Mapping[str, Any]) -> dict[str, Any]:
        with self._open(_CONTENT) as file:
            content: dict[str, Any] = json.load(file)
        return content
