"""Batches that are read ahead, so that a GPU does not wait for them."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import torch

from taskonomy_kedro.core.training.batch_tensors import TaskBatch

_THREADS = 8
_AHEAD = 16  # batches


def read_ahead(
    make: Callable[[int], TaskBatch], numbers: Sequence[int], device: torch.device
) -> Iterator[TaskBatch]:
    """Yield batches on a device, in order.

    On a CPU each batch is read when it is needed: other threads would only take cores from the training.
    For a GPU, threads read ahead; batches do not depend on them.

    Args:
        make: Returns the batch of a number, on the CPU.
        numbers: Which batches.
        device: Where they are needed.
    """
    if device.type != "cuda":
        for number in numbers:
            yield make(number)
        return
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting: deque[Future[TaskBatch]] = deque()
        for number in numbers:
            waiting.append(pool.submit(make, number))
            if len(waiting) >= _AHEAD:
                yield waiting.popleft().result().to(device)
        while waiting:
            yield waiting.popleft().result().to(device)
