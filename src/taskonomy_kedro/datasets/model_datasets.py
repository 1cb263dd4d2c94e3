"""Networks, what they are compared with, their losses, representations and pictures."""

import base64
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
from fsspec.implementations.local import LocalFileSystem
from kedro.io.core import AbstractDataset, DatasetError
from kedro_datasets._typing import ImagePreview

from taskonomy_kedro.core.training.products import (
    RECORD,
    AverageGuess,
    Examples,
    FinishedWork,
    Representations,
    TaskLosses,
    TrainedNetwork,
)
from taskonomy_kedro.datasets.recorded_folder import RecordedFolderDataset, folder_sizes

_WEIGHTS = "weights.pt"
_OUTPUT = "output.npy"
_LOSSES = "losses.npz"
_PICTURE = "examples.png"


def _weights_file(weights: Mapping[str, Any]) -> bytes:
    import torch

    content = io.BytesIO()
    torch.save(dict(weights), content)
    return content.getvalue()


class TrainedNetworkDataset(RecordedFolderDataset[TrainedNetwork]):
    """Saves and loads the weights of a network, as tensors only.

    Example:
        ```yaml
        "task_modeling.{family}.{task}.network":
          type: taskonomy_kedro.datasets.TrainedNetworkDataset
          filepath: data/06_models/networks/{task}
        ```
    """

    kind = TrainedNetwork

    def _files(self, data: TrainedNetwork) -> dict[str, bytes | Path]:
        return {_WEIGHTS: _weights_file(data.weights)}

    def _read(self, record: Mapping[str, Any]) -> dict[str, Any]:
        import torch

        with self._open(_WEIGHTS) as file:
            return {"weights": torch.load(file, map_location="cpu", weights_only=True)}


class AverageGuessDataset(RecordedFolderDataset[AverageGuess]):
    """Saves and loads the best constant output of a task."""

    kind = AverageGuess

    def _files(self, data: AverageGuess) -> dict[str, bytes | Path]:
        content = io.BytesIO()
        np.save(content, data.output)
        return {_OUTPUT: content.getvalue()}

    def _read(self, record: Mapping[str, Any]) -> dict[str, Any]:
        with self._open(_OUTPUT) as file:
            return {"output": np.load(file, allow_pickle=False)}


class TaskLossesDataset(RecordedFolderDataset[TaskLosses]):
    """Saves and loads the losses of a network and its baselines on each test item."""

    kind = TaskLosses

    def _files(self, data: TaskLosses) -> dict[str, bytes | Path]:
        content = io.BytesIO()
        np.savez(content, values=data.values, item_ids=np.array(data.item_ids))
        return {_LOSSES: content.getvalue()}

    def _read(self, record: Mapping[str, Any]) -> dict[str, Any]:
        with self._open(_LOSSES) as file, np.load(file, allow_pickle=False) as stored:
            return {"values": stored["values"], "item_ids": tuple(stored["item_ids"].tolist())}


class RepresentationsDataset(RecordedFolderDataset[Representations]):
    """Takes over arrays that were written while they were computed; loads them memory-mapped."""

    kind = Representations

    def _files(self, data: Representations) -> dict[str, bytes | Path]:
        files: dict[str, bytes | Path] = {}
        for split, array in data.arrays.items():
            path = getattr(array, "filename", None)
            if path is not None and Path(path).exists():
                files[f"{split}.npy"] = Path(path)
            else:
                content = io.BytesIO()
                np.save(content, array)
                files[f"{split}.npy"] = content.getvalue()
        return files

    def _read(self, record: Mapping[str, Any]) -> dict[str, Any]:
        arrays = {}
        for split in record["wanted"]["data"]:
            if self._is_here:
                arrays[split] = np.load(f"{self._path}/{split}.npy", mmap_mode="r")
            else:
                with self._open(f"{split}.npy") as file:
                    arrays[split] = np.load(file, allow_pickle=False)
        return {"arrays": arrays}


class ExamplesDataset(RecordedFolderDataset[Examples]):
    """Saves a picture of predictions as PNG, which kedro-viz shows."""

    kind = Examples

    def _files(self, data: Examples) -> dict[str, bytes | Path]:
        return {_PICTURE: data.png}

    def _read(self, record: Mapping[str, Any]) -> dict[str, Any]:
        with self._open(_PICTURE) as file:
            return {"png": file.read()}

    def png_path(self) -> str:
        """Return where the picture is."""
        return f"{self._path}/{_PICTURE}"

    def preview(self) -> ImagePreview:
        """Return the picture as kedro-viz shows it."""
        return ImagePreview(base64.b64encode(self.load().png).decode())


class FinishedWorkDataset(AbstractDataset[FinishedWork, FinishedWork]):
    """Tells the nodes what earlier runs have finished; nothing is saved to it."""

    def __init__(
        self,
        *,
        filepath: str,
        cache_dir: str | None = None,
        project: str = "",
        credentials: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Point to the folder that holds the folders of all products.

        Args:
            filepath: The folder, on disk or any fsspec address.
            cache_dir: Where a training under way keeps its state, if the folder is not on this machine.
            project: The project's folder; a relative `cache_dir` is relative to it.
            credentials: Credentials of the file system.
            metadata: For other tools, such as kedro-viz; kept as it is.
        """
        self._fs, self._path = fsspec.url_to_fs(filepath, **(credentials or {}))
        self.metadata = metadata
        self._is_here = isinstance(self._fs, LocalFileSystem)
        if not self._is_here and cache_dir is None:
            raise DatasetError(
                f"{filepath} is not on this machine, and trainings keep their state on it: set cache_dir "
                "in the catalog entry to a folder, such as ${globals:cache_dir}"
            )
        parts = [part for part in filepath.replace(":", "/").split("/") if part not in ("", "..")]
        self._folder = Path(self._path) if self._is_here else Path(project, str(cache_dir), *parts)

    def load(self) -> FinishedWork:
        """Return what looks records up."""
        return FinishedWork(self._folder, None if self._is_here else self._read_elsewhere)

    def save(self, data: FinishedWork) -> None:
        """Refuse: each product has a dataset of its own."""
        raise DatasetError(f"{self._path} is only read; products are saved by their own datasets")

    def _read_elsewhere(self, name: str) -> tuple[Any, dict[str, int]]:
        folder = f"{self._path}/{name}"
        try:
            return json.loads(self._fs.cat_file(f"{folder}/{RECORD}")), folder_sizes(self._fs, folder)
        except (OSError, ValueError):
            return None, {}

    def _exists(self) -> bool:
        return True

    def _describe(self) -> dict[str, Any]:
        return {"filepath": self._path}
