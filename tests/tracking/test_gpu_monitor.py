from types import SimpleNamespace

import pynvml
import pytest

from taskonomy_kedro.tracking.gpu_monitor import GpuLook, GpuMonitor, gpu_metrics
from taskonomy_kedro.tracking.journal import Span


def look(moment: float, utilization: float, memory_gib: float) -> GpuLook:
    return GpuLook(moment=moment, utilization=utilization, memory_gib=memory_gib)


def test_a_step_on_the_gpu_has_a_mean_load_and_the_most_memory_of_its_time():
    looks = [look(1, 0, 9), look(2, 50, 3), look(4, 100, 5), look(7, 10, 8)]
    stretches = [
        Span(step="data_preparation", start=0, end=1.5),
        Span(step="task_modeling", start=1.5, end=3),
        Span(step="task_modeling", start=3, end=5),
    ]
    assert gpu_metrics(looks, stretches) == {
        "gpu_utilization_percentage/task_modeling": 75,
        "gpu_peak_memory_gib/task_modeling": 5,
    }
    assert gpu_metrics([], stretches) == {}


def test_the_busiest_and_the_fullest_gpu_are_told(monkeypatch):
    seen = {0: (20, 3 * 2**30), 1: (90, 2**30)}
    for name, function in {
        "nvmlInit": lambda: None,
        "nvmlDeviceGetCount": lambda: 2,
        "nvmlDeviceGetHandleByIndex": lambda number: number,
        "nvmlDeviceGetUtilizationRates": lambda gpu: SimpleNamespace(gpu=seen[gpu][0]),
        "nvmlDeviceGetMemoryInfo": lambda gpu: SimpleNamespace(used=seen[gpu][1]),
    }.items():
        monkeypatch.setattr(pynvml, name, function)
    looks = GpuMonitor(seconds_between=0.001)
    while not looks._seen:
        assert looks._thread.is_alive()
    (first, *_) = looks.finish()
    assert (first.utilization, first.memory_gib) == (90, 3)
    assert not looks._thread.is_alive()


@pytest.mark.parametrize("broken", ["nvmlInit", "nvmlDeviceGetUtilizationRates"])
def test_without_a_gpu_or_with_a_driver_that_does_not_tell_nothing_is_made_up(monkeypatch, broken):
    def refuse(*arguments):
        raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)

    monkeypatch.setattr(pynvml, "nvmlInit", lambda: None)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetCount", lambda: 1)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByIndex", lambda number: number)
    monkeypatch.setattr(pynvml, broken, refuse)
    assert GpuMonitor(seconds_between=0.001).finish() == []
