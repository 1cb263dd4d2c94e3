"""Reports how far a long piece of work is: a bar in a terminal, a log line every ten seconds elsewhere."""

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

logger = logging.getLogger(__name__)

_SECONDS_BETWEEN_LINES = 10.0
_lock = threading.Lock()


@cache
def _bars() -> Progress:
    """Return the bars of all work in this process: a terminal can show one such display."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[unit]}{task.fields[rate]}"),
        TimeRemainingColumn(),
        get_time=lambda: time.monotonic(),
        transient=True,
        disable=not sys.stdout.isatty(),
    )


@contextmanager
def report_progress(name: str, unit: str = "") -> Iterator[Callable[..., None]]:
    """Report a piece of work by the function that this yields, to be called with (done, total).

    A third argument, the number of images seen so far, adds the images per second.

    Args:
        name: Name of the work.
        unit: What is counted, such as `steps`.
    """
    bars = _bars()
    with _lock:
        bars.start()
        bar = bars.add_task(name, total=None, unit=unit, rate="")
    last = time.monotonic()
    began: tuple[float, int, int] | None = None

    def report(done: int, total: int, images: int = 0) -> None:
        nonlocal began, last
        now = time.monotonic()
        began = began or (now, done, images)  # an earlier run may have done a part
        seconds, n_done, n_images = now - began[0], done - began[1], images - began[2]
        rate = f", {n_images / seconds:,.0f} images/s" if seconds > 0 and n_images else ""
        bars.update(bar, completed=done, total=total, rate=rate)
        if bars.disable and now - last >= _SECONDS_BETWEEN_LINES and 0 < done < total:
            left = f", {_time(seconds / n_done * (total - done))} left" if seconds > 0 and n_done else ""
            logger.info("%s: %s%s%s", name, f"{done} of {total} {unit}".rstrip(), rate, left)
            last = now

    try:
        yield report
    finally:
        with _lock:
            bars.remove_task(bar)
            if not bars.tasks:
                bars.stop()


def _time(seconds: float) -> str:
    """Return a duration in seconds, minutes or hours."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"
