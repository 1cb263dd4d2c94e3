"""Tells how far a long piece of work is: a bar in a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable
from types import TracebackType

from rich.progress import Progress

_SECONDS_BETWEEN_LINES = 10.0


class ProgressTeller:
    """Shows what is done and the time left; gives the function to be called with (done, total)."""

    def __init__(self, name: str) -> None:
        """Tell of a piece of work.

        Args:
            name: What the work is called.
        """
        self._name = name
        self._start = self._last = time.monotonic()
        self._bar = Progress(transient=True) if sys.stdout.isatty() else None
        self._task = None if self._bar is None else self._bar.add_task(name, total=None)

    def __enter__(self) -> Callable[[int, int], None]:
        if self._bar is not None:
            self._bar.start()
        return self._tell

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _tell(self, done: int, total: int) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=total)
            return
        now = time.monotonic()
        if now - self._last >= _SECONDS_BETWEEN_LINES and 0 < done < total:
            left = (now - self._start) / done * (total - done)
            print(f"{self._name}: {done} of {total}, {left:.0f} s left", flush=True)
            self._last = now
