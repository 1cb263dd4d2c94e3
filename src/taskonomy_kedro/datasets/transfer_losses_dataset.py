"""Losses of the candidates of one target and order, with the record of what they were made from."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from taskonomy_kedro.core.readouts.transfer_losses import TransferLosses
from taskonomy_kedro.datasets.recorded_folder import RecordedFolderDataset

_LOSSES = "losses.npz"
_LABELS = ("transfer_ids", "item_ids")


class TransferLossesDataset(RecordedFolderDataset[TransferLosses]):
    """Saves and loads the losses of some candidates on each test item.

    Example:
        ```yaml
        "transfer_modeling.{family}.{target}.{readouts}":
          type: taskonomy_kedro.datasets.TransferLossesDataset
          filepath: data/07_model_output/readouts/{target}/{readouts}
        ```
    """

    kind = TransferLosses
    made_by = "transfer_modeling"

    def _files(self, data: TransferLosses) -> dict[str, bytes | Path]:
        content = io.BytesIO()
        transfer_ids, item_ids = (np.array(getattr(data, name), dtype=str) for name in _LABELS)
        np.savez(content, values=data.values, transfer_ids=transfer_ids, item_ids=item_ids)
        return {_LOSSES: content.getvalue()}

    def _read(self, record: Mapping[str, Any]) -> dict[str, Any]:
        with self._open(_LOSSES) as file, np.load(file, allow_pickle=False) as stored:
            labels = {name: tuple(stored[name].tolist()) for name in _LABELS}
            return {"values": stored["values"], **labels}
