"""How busy the GPU is and how much of its memory is taken, while a run lasts."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from taskonomy_kedro.tracking.journal import Span

SECONDS_BETWEEN_LOOKS = 2.0
STEPS_ON_GPU = ("task_modeling", "transfer_modeling")
"""Steps that compute on a GPU where there is one."""


@dataclass(frozen=True, kw_only=True)
class GpuLook:
    """What one look saw.

    Attributes:
        moment: Seconds since 1970.
        utilization: Share of time in which the busiest GPU computed, in percent.
        memory_gib: Memory taken of the fullest GPU, by all programs, in GiB.
    """

    moment: float
    utilization: float
    memory_gib: float


class GpuMonitor:
    """Looks at the GPUs every two seconds in a thread of its own; on a machine without any, never."""

    def __init__(self, seconds_between: float | None = None) -> None:
        """Start to look.

        Args:
            seconds_between: Two looks; `SECONDS_BETWEEN_LOOKS` by default.
        """
        self._between = SECONDS_BETWEEN_LOOKS if seconds_between is None else seconds_between
        self._seen: list[GpuLook] = []
        self._is_over = threading.Event()
        self._gpus = _gpus()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        if self._gpus:
            self._thread.start()

    def finish(self) -> list[GpuLook]:
        """Stop looking, and return what was seen."""
        self._is_over.set()
        if self._gpus:
            self._thread.join()
        return self._seen

    def _watch(self) -> None:
        import pynvml

        while not self._is_over.is_set():
            try:
                self._seen.append(
                    GpuLook(
                        moment=time.time(),
                        utilization=max(pynvml.nvmlDeviceGetUtilizationRates(gpu).gpu for gpu in self._gpus),
                        memory_gib=max(pynvml.nvmlDeviceGetMemoryInfo(gpu).used for gpu in self._gpus)
                        / 2**30,
                    )
                )
            except pynvml.NVMLError:  # a driver that does not tell: nothing is made up
                return
            self._is_over.wait(self._between)


def gpu_metrics(looks: Sequence[GpuLook], stretches: Sequence[Span]) -> dict[str, float]:
    """Return what steps used: `gpu_utilization_percentage/STEP`, the mean, and `gpu_peak_memory_gib/STEP`.

    Args:
        looks: All of the run.
        stretches: When the steps were under way.
    """
    metrics = {}
    for step in STEPS_ON_GPU:
        times = [moment for s in stretches if s.step == step for moment in (s.start, s.end)]
        seen = [look for look in looks if times and min(times) <= look.moment <= max(times)]
        if seen:
            mean = sum(look.utilization for look in seen) / len(seen)
            metrics[f"gpu_utilization_percentage/{step}"] = mean
            metrics[f"gpu_peak_memory_gib/{step}"] = max(look.memory_gib for look in seen)
    return metrics


def _gpus() -> list[Any]:
    """Return handles of the GPUs, none where there is no driver."""
    import pynvml

    try:
        pynvml.nvmlInit()
        return [pynvml.nvmlDeviceGetHandleByIndex(number) for number in range(pynvml.nvmlDeviceGetCount())]
    except pynvml.NVMLError:
        return []
