"""The items of a task with representations in the place of pictures."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from taskonomy_kedro.core.networks.task_network import TaskNetwork
from taskonomy_kedro.core.training.batch_tensors import TaskBatch
from taskonomy_kedro.core.training.device import Compute
from taskonomy_kedro.core.training.task_dataset import TaskDataset

_BLOCK = 128  # items
_KEPT_SPLITS = 4
_kept: dict[tuple[str, ...], Tensor] = {}  # most tasks read the same pictures: represented once a process


class EncodedItems:
    """Items whose pictures a frozen encoder has represented once, kept at half precision."""

    def __init__(self, items: TaskDataset, encoder: TaskNetwork, compute: Compute, *, weights: str) -> None:
        """Represent all pictures of all items.

        Args:
            items: Inputs and labels.
            encoder: Reads single pictures.
            compute: Where the encoder runs.
            weights: Hash of the encoder's weights; where the pictures are the images as they are, what
                the same weights gave for the same split is used again.
        """
        self._items = items
        self._rows: np.ndarray | None = None
        if not items.reads_images:
            self._codes = _represented(len(items), lambda rows: items.batch(rows).pictures, encoder, compute)
            return
        self._rows = items.image_rows
        key = (weights, items.split_fingerprint, compute.name, str(compute.autocast_dtype))
        if key not in _kept:
            for oldest in list(_kept)[: max(0, len(_kept) + 1 - _KEPT_SPLITS)]:
                _kept.pop(oldest, None)
            _kept[key] = _represented(items.n_images, items.images, encoder, compute)
        self._codes = _kept[key]

    def __len__(self) -> int:
        return len(self._items)

    def batch(self, rows: np.ndarray, draw: int = 0) -> TaskBatch:
        """Return some items; `pictures` are representations (n, k, 8, h, w) float32."""
        target = self._items.targets(rows, draw)
        ids = [self._items.item_ids[row] for row in rows]
        places = rows if self._rows is None else self._rows[rows]
        codes = self._codes[torch.from_numpy(places)]
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
    """Repeat the lightness, for an encoder of colour pictures."""
    return pictures if pictures.shape[2] == 3 else pictures.expand(-1, -1, 3, -1, -1)
