"""Networks, what they are compared with, their losses, representations and pictures."""

import base64
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from kedro_datasets._typing import ImagePreview

from taskonomy_kedro.core.readouts.transfer_losses import TransferLosses
from taskonomy_kedro.core.training.products import (
    AverageGuess,
    Examples,
    Product,
    Representations,
    TaskLosses,
    TrainedNetwork,
)
from taskonomy_kedro.datasets.product_dataset import ProductDataset

_P = TypeVar("_P", bound=Product)
_FACTS = ("task", "outcome", "failure", "is_expected")
_WEIGHTS = "weights.pt"
_OUTPUT = "output.npy"
_LOSSES = "losses.npz"
_PICTURE = "examples.png"


class ModelDataset(ProductDataset[_P], Generic[_P]):
    """A product of the networks: its facts in the record, its numbers in files."""

    kind: type[_P]

    def described(self) -> _P:
        """Return the product without its numbers, as its record describes it."""
        record = self.record()
        return self.kind(**{name: record[name] for name in _FACTS})

    def _read(self, record: Mapping[str, Any]) -> _P:
        content = {} if record["failure"] else self._content(record)
        return self.kind(**{name: record[name] for name in _FACTS}, **content)

    def _content(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of the product that are read from files."""
        raise NotImplementedError


class TrainedNetworkDataset(ModelDataset[TrainedNetwork]):
    """Saves and loads the weights of a network, as tensors only.

    Example:
        ```yaml
        "task_modeling.{family}.{task}.network":
          type: taskonomy_kedro.datasets.TrainedNetworkDataset
          filepath: data/06_models/networks/{task}
        ```
    """

    kind = TrainedNetwork

    def _write(self, data: TrainedNetwork, folder: Path) -> list[str]:
        import torch

        content = io.BytesIO()  # torch reports a full disk in words of its own
        torch.save(dict(data.weights), content)
        (folder / _WEIGHTS).write_bytes(content.getbuffer())
        return [_WEIGHTS]

    def _content(self, record: Mapping[str, Any]) -> dict[str, Any]:
        import torch

        with self._open(_WEIGHTS) as file:
            return {"weights": torch.load(file, map_location="cpu", weights_only=True)}


class AverageGuessDataset(ModelDataset[AverageGuess]):
    """Saves and loads the best constant output of a task."""

    kind = AverageGuess

    def _write(self, data: AverageGuess, folder: Path) -> list[str]:
        np.save(folder / _OUTPUT, data.output)
        return [_OUTPUT]

    def _content(self, record: Mapping[str, Any]) -> dict[str, Any]:
        with self._open(_OUTPUT) as file:
            return {"output": np.load(file, allow_pickle=False)}


class TaskLossesDataset(ModelDataset[TaskLosses]):
    """Saves and loads the losses of a network and its baselines on each test item."""

    kind = TaskLosses

    def _write(self, data: TaskLosses, folder: Path) -> list[str]:
        np.savez(folder / _LOSSES, values=data.values, item_ids=np.array(data.item_ids))
        return [_LOSSES]

    def _content(self, record: Mapping[str, Any]) -> dict[str, Any]:
        with self._open(_LOSSES) as file, np.load(file, allow_pickle=False) as stored:
            return {"values": stored["values"], "item_ids": tuple(stored["item_ids"].tolist())}


class TransferLossesDataset(ModelDataset[TransferLosses]):
    """Saves and loads the losses of the candidates of one target and order on each test item.

    Example:
        ```yaml
        "transfer_modeling.{family}.{target}.{readouts}":
          type: taskonomy_kedro.datasets.TransferLossesDataset
          filepath: data/07_model_output/readouts/{target}/{readouts}
        ```
    """

    kind = TransferLosses

    def _write(self, data: TransferLosses, folder: Path) -> list[str]:
        transfer_ids, item_ids = np.array(data.transfer_ids, dtype=str), np.array(data.item_ids, dtype=str)
        np.savez(folder / _LOSSES, values=data.values, transfer_ids=transfer_ids, item_ids=item_ids)
        return [_LOSSES]

    def _content(self, record: Mapping[str, Any]) -> dict[str, Any]:
        with self._open(_LOSSES) as file, np.load(file, allow_pickle=False) as stored:
            labels = {name: tuple(stored[name].tolist()) for name in ("transfer_ids", "item_ids")}
            return {"values": stored["values"], **labels}


class RepresentationsDataset(ModelDataset[Representations]):
    """Takes over arrays that were written while they were computed; loads them memory-mapped."""

    kind = Representations

    def _write(self, data: Representations, folder: Path) -> list[str]:
        for split, array in data.arrays.items():
            path = folder / f"{split}.npy"
            written = getattr(array, "filename", None)
            if written is None or not path.exists() or not path.samefile(written):
                np.save(path, array)
        return [f"{split}.npy" for split in data.arrays]

    def _content(self, record: Mapping[str, Any]) -> dict[str, Any]:
        arrays = {}
        for name in record["files"]:
            if self._is_here:
                arrays[name.removesuffix(".npy")] = np.load(f"{self._folder}/{name}", mmap_mode="r")
            else:
                with self._open(name) as file:
                    arrays[name.removesuffix(".npy")] = np.load(file, allow_pickle=False)
        return {"arrays": arrays}


class ExamplesDataset(ModelDataset[Examples]):
    """Saves a picture of predictions as PNG, which kedro-viz shows."""

    kind = Examples

    def _write(self, data: Examples, folder: Path) -> list[str]:
        (folder / _PICTURE).write_bytes(data.png)
        return [_PICTURE]

    def _content(self, record: Mapping[str, Any]) -> dict[str, Any]:
        with self._open(_PICTURE) as file:
            return {"png": file.read()}

    def png_path(self) -> str:
        """Return where the picture is."""
        return f"{self._folder}/{_PICTURE}"

    def preview(self) -> ImagePreview:
        """Return the picture as kedro-viz shows it."""
        return ImagePreview(base64.b64encode(self.load().png).decode())
