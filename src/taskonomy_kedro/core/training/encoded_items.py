"""The items of a task with representations instead of pictures."""

import threading
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from taskonomy_kedro.core.networks.task_network import TaskNetwork
from taskonomy_kedro.core.training.batch_tensors import TaskBatch
from taskonomy_kedro.core.training.device import Compute
from taskonomy_kedro.core.training.task_dataset import TaskDataset

_BLOCK = 128  # items
_SHARED_SPLITS = 4
_shared: dict[tuple[str, ...], Tensor] = {}  # most tasks read the same images: encoded once a process
_lock = threading.Lock()  # nodes may run in threads


class EncodedItems:
    """Items whose pictures a frozen encoder has represented once, at half precision."""

    def __init__(self, items: TaskDataset, encoder: TaskNetwork, compute: Compute, *, weights: str) -> None:
        """Represent all pictures of all items.

        Args:
            items: Inputs and labels.
            encoder: Reads single pictures.
            compute: Where the encoder runs.
            weights: Hash of the encoder's weights. If the pictures are the images as they are, tasks
                share the representations of a split by the same weights.
        """
        self._items = items
        self._rows = items.image_rows if items.reads_images else None
        if self._rows is None:
            self._codes = _represented(len(items), lambda rows: items.batch(rows).pictures, encoder, compute)
            return
        key = (weights, items.split_fingerprint, compute.name, str(compute.autocast_dtype))
        with _lock:
            if key not in _shared:
                while len(_shared) >= _SHARED_SPLITS:
                    _shared.pop(next(iter(_shared)))
                _shared[key] = _represented(items.n_images, items.images, encoder, compute)
            self._codes = _shared[key]

    def __len__(self) -> int:
        return len(self._items)

    def batch(self, rows: np.ndarray, draw: int = 0) -> TaskBatch:
        """Return some items; `pictures` are representations (n, k, 8, h, w) float32."""
        target = self._items.targets(rows, draw)
        ids = [self._items.item_ids[row] for row in rows]
        codes = self._codes[torch.from_numpy(rows if self._rows is None else self._rows[rows])]
        pictures = codes if self._rows is None else codes.squeeze(2)
        return TaskBatch(pictures=pictures.float(), target=target, item_ids=ids)


def _represented(
    n_rows: int, pictures_of: Callable[[np.ndarray], Tensor], encoder: TaskNetwork, compute: Compute
) -> Tensor:
    """Return the representations (n, k, 8, h, w) float16 of all rows' pictures (n, k, channels, H, W)."""
    encoder = encoder.to(compute.device).eval()
    found: list[Tensor] = []
    for start in range(0, n_rows, _BLOCK):
        pictures = pictures_of(np.arange(start, min(start + _BLOCK, n_rows))).to(compute.device)
        with torch.inference_mode(), compute.autocast():
            codes = encoder.represent(_three_channels(pictures).flatten(0, 1))
        found.append(codes.unflatten(0, pictures.shape[:2]).half().cpu())
    return torch.cat(found)


def _three_channels(pictures: Tensor) -> Tensor:
    """Repeat the lightness for an encoder of colour pictures."""
    return pictures if pictures.shape[2] == 3 else pictures.expand(-1, -1, 3, -1, -1)
