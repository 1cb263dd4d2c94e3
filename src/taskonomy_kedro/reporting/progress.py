"""Tells how far a long piece of work is: a bar in a terminal, a line now and then elsewhere."""

import logging
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType

from rich.progress import BarColumn, Progress, TaskID, TextColumn

logger = logging.getLogger(__name__)

_SECONDS_BETWEEN_LINES = 10.0


class _Bars:
    """The bars of all work under way: a terminal has room for one picture that moves."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._picture: Progress | None = None

    def add(self, name: str) -> TaskID:
        with self._lock:
            if self._picture is None:
                self._picture = Progress(
                    TextColumn("{task.description}"),
                    BarColumn(),
                    TextColumn("{task.fields[text]}"),
                    transient=True,
                )
                self._picture.start()
            return self._picture.add_task(name, total=None, text="")

    def show(self, bar: TaskID, done: int, total: int, text: str) -> None:
        with self._lock:
            if self._picture is not None:
                self._picture.update(bar, completed=done, total=total, text=text)

    def remove(self, bar: TaskID) -> None:
        with self._lock:
            if self._picture is not None:
                self._picture.remove_task(bar)
                if not self._picture.tasks:
                    self._picture.stop()
                    self._picture = None


_bars = _Bars()


class ProgressTeller:
    """Shows what is done and the time left; gives the function to be called with (done, total).

    Called with a third number, the images seen so far, it tells the images a second too.
    """

    def __init__(self, name: str, unit: str = "") -> None:
        """Tell of a piece of work.

        Args:
            name: What the work is called.
            unit: What is counted, such as `steps`.
        """
        self._name, self._unit = name, unit
        self._start = self._last = time.monotonic()
        self._before: tuple[int, int] | None = None
        self._bar = _bars.add(name) if sys.stdout.isatty() else None

    def __enter__(self) -> Callable[..., None]:
        return self._tell

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar is not None:
            _bars.remove(self._bar)

    def _tell(self, done: int, total: int, images: int = 0) -> None:
        now = time.monotonic()
        if self._before is None:  # what an earlier run had done took no time of this one
            self._before, self._start = (done, images), now
        if self._bar is not None:
            _bars.show(self._bar, done, total, self._text(done, total, images, now))
        elif now - self._last >= _SECONDS_BETWEEN_LINES and 0 < done < total:
            logger.info("%s: %s", self._name, self._text(done, total, images, now))
            self._last = now

    def _text(self, done: int, total: int, images: int, now: float) -> str:
        """Return such as `80 of 160 steps, 1,310 images/s, 4 s left`."""
        parts = [f"{done} of {total} {self._unit}".rstrip()]
        done_before, images_before = self._before or (0, 0)
        seconds = now - self._start
        if seconds > 0 and images > images_before:
            parts.append(f"{(images - images_before) / seconds:,.0f} images/s")
        if seconds > 0 and done > done_before:
            parts.append(f"{_time(seconds / (done - done_before) * (total - done))} left")
        return ", ".join(parts)


def _time(seconds: float) -> str:
    """Return a stretch of time as people say it: seconds, minutes, hours."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"
