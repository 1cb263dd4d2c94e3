"""When the steps of a run were at work, on how many images, and how busy the GPU was."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mlflow import MlflowClient

STEPS_ON_GPU = ("task_modeling", "transfer_modeling")


class Span(NamedTuple):
    """A span of time in which a step was at work, seconds since 1970."""

    step: str
    start: float
    end: float


class StepTimes:
    """The spans of the nodes that ran in this process, by name."""

    def __init__(self) -> None:
        self.spans: dict[str, Span] = {}
        self._started: dict[str, float] = {}

    def begin(self, node: str) -> None:
        """Note when a node began; calls after the first change nothing."""
        self._started.setdefault(node, time.time())

    def end(self, node: str, step: str) -> None:
        """Note that a node has got so far."""
        now = time.time()
        self.spans[node] = Span(step, self._started.get(node, now), now)


def seconds_by_step(spans: Iterable[Span]) -> dict[str, float]:
    """Return in how many seconds each step was at work; spans that overlap count once."""
    seconds: dict[str, float] = {}
    until: dict[str, float] = {}
    for step, start, end in sorted(spans, key=lambda span: span.start):
        seconds[step] = seconds.get(step, 0.0) + max(end - max(start, until.get(step, start)), 0.0)
        until[step] = max(until.get(step, end), end)
    return seconds


def images_per_second(work: Mapping[str, Sequence[tuple[float, float]]]) -> dict[str, float]:
    """Return the rate of each step.

    Args:
        work: Images and seconds of each piece of work on images, by step.
    """
    totals = {step: [sum(column) for column in zip(*pieces, strict=True)] for step, pieces in work.items()}
    return {step: images / seconds for step, (images, seconds) in totals.items() if images and seconds}


def gpu_metrics(client: "MlflowClient", run_id: str, spans: Sequence[Span]) -> dict[str, float]:
    """Return `gpu_utilization_percentage/STEP` and `gpu_peak_memory_gib/STEP`.

    Args:
        client: Of the store.
        run_id: A run with MLflow's system metrics.
        spans: Of the steps.

    Returns:
        Of the busiest and of the fullest GPU; nothing where there is none.
    """
    names = [name for name in client.get_run(run_id).data.metrics if name.startswith("system/gpu_")]
    points = {name: client.get_metric_history(run_id, name) for name in names}
    found: dict[str, float] = {}
    for step in STEPS_ON_GPU:
        times = [moment for span in spans if span.step == step for moment in (span.start, span.end)]
        for name, history in points.items():
            seen = [p.value for p in history if times and min(times) <= p.timestamp / 1000 <= max(times)]
            if seen and name.endswith("_utilization_percentage"):
                key = f"gpu_utilization_percentage/{step}"
                found[key] = max(sum(seen) / len(seen), found.get(key, 0.0))
            elif seen and name.endswith("_memory_usage_megabytes"):
                key = f"gpu_peak_memory_gib/{step}"
                found[key] = max(max(seen) * 1e6 / 2**30, found.get(key, 0.0))
    return found
