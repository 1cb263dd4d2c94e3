"""The items of a task with representations in the place of pictures."""

import numpy as np
import torch
from torch import Tensor

from taskonomy_kedro.core.networks.task_network import TaskNetwork
from taskonomy_kedro.core.training.batch_tensors import TaskBatch
from taskonomy_kedro.core.training.device import Compute
from taskonomy_kedro.core.training.task_batches import TaskItems

_BLOCK = 128  # items


class RepresentedItems:
    """Items whose pictures a frozen encoder has represented once, kept at half precision."""

    def __init__(self, items: TaskItems, encoder: TaskNetwork, compute: Compute) -> None:
        """Represent all pictures of all items.

        Args:
            items: Inputs and labels.
            encoder: Reads single pictures.
            compute: Where the encoder runs.
        """
        self._items = items
        encoder = encoder.to(compute.device).eval()
        found: list[Tensor] = []
        for start in range(0, len(items), _BLOCK):
            rows = np.arange(start, min(start + _BLOCK, len(items)))
            pictures = items.batch(rows).pictures.to(compute.device)
            with torch.inference_mode(), compute.autocast():
                codes = encoder.represent(_three_channels(pictures).flatten(0, 1))
            found.append(codes.unflatten(0, pictures.shape[:2]).half().cpu())
        self._codes = torch.cat(found)

    def __len__(self) -> int:
        return len(self._items)

    def batch(self, rows: np.ndarray, draw: int = 0) -> TaskBatch:
        """Return some items; `pictures` are representations (n, k, 8, h, w) float32."""
        target = self._items.targets(rows, draw)
        ids = [self._items.item_ids[row] for row in rows]
        return TaskBatch(pictures=self._codes[torch.from_numpy(rows)].float(), target=target, item_ids=ids)


def _three_channels(pictures: Tensor) -> Tensor:
    """Repeat the lightness, for an encoder of colour pictures."""
    return pictures if pictures.shape[2] == 3 else pictures.expand(-1, -1, 3, -1, -1)
