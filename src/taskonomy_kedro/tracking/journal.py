"""What the steps of a run did and when: every process that runs nodes writes, the one that logs reads."""

import atexit
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

# Processes that a runner starts inherit it; hooks have no other way to tell one another anything.
_PLACE = "TASKONOMY_RUN_JOURNAL"


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of time that a step took.

    Attributes:
        step: The pipeline, such as `task_modeling`.
        start: Seconds since 1970.
        end: Seconds since 1970.
        images: Images that were made or trained on meanwhile; None where the stretch is not of such work.
    """

    step: str
    start: float
    end: float
    images: float | None = None


class Journal:
    """A file of stretches, one a line; there is one while a run is tracked."""

    def __init__(self) -> None:
        """Start a file that processes begun from now on find."""
        handle, place = tempfile.mkstemp(prefix="taskonomy_run_", suffix=".jsonl")
        os.close(handle)
        self._path = Path(place)
        os.environ[_PLACE] = place
        atexit.register(self.close)  # Ctrl-C ends a run past every hook

    def stretches(self) -> list[Span]:
        """Return what was written so far."""
        return [Span(**json.loads(line)) for line in self._path.read_text().splitlines()]

    def close(self) -> None:
        """Remove the file."""
        atexit.unregister(self.close)
        os.environ.pop(_PLACE, None)
        self._path.unlink(missing_ok=True)


def write_down(stretch: Span) -> None:
    """Append a stretch to the journal of the run, if there is one; whole, whoever else writes."""
    place = os.environ.get(_PLACE)
    if place is None:
        return
    line = (json.dumps(asdict(stretch)) + "\n").encode()
    file = os.open(place, os.O_WRONLY | os.O_APPEND)
    try:
        os.write(file, line)
    finally:
        os.close(file)


def seconds_of(stretches: Iterable[Span]) -> float:
    """Return how long at least one of some stretches lasted, in seconds: those at one time count once."""
    total, until = 0.0, float("-inf")
    for stretch in sorted(stretches, key=lambda stretch: stretch.start):
        total += max(stretch.end - max(stretch.start, until), 0.0)
        until = max(until, stretch.end)
    return total


def step_metrics(stretches: Sequence[Span]) -> dict[str, float]:
    """Return what the steps took: `seconds/STEP`, and `images_per_second/STEP` where images were worked on.

    The rate is that of the work on images alone, whatever else the step did, and only of what this run
    did itself.
    """
    metrics = {}
    for step in dict.fromkeys(stretch.step for stretch in stretches):
        own = [stretch for stretch in stretches if stretch.step == step]
        metrics[f"seconds/{step}"] = seconds_of(own)
        work = [stretch for stretch in own if stretch.images is not None]
        seconds = seconds_of(work)
        if seconds > 0:
            images = sum(stretch.images for stretch in work if stretch.images is not None)
            metrics[f"images_per_second/{step}"] = images / seconds
    return metrics
