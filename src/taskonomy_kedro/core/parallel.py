"""Work in several processes, results in order, memory bounded."""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from multiprocessing import get_context, parent_process
from typing import TypeVar

from threadpoolctl import ThreadpoolController, threadpool_limits

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_CALLS_AHEAD = 3  # for each process


def map_in_order(
    work: Callable[[Piece], Result], pieces: Iterable[Piece], *, processes: int, needs: Sequence[str] = ()
) -> Iterator[Result]:
    """Do pieces of work in several processes and yield the results in the order of the pieces.

    Args:
        work: A function of a module, so that it can be sent to a process.
        pieces: What to do; taken only a few ahead of the results.
        processes: How many; 1 works in this one.
        needs: Modules that the work imports by itself, and that this process does not need: they are
            imported once for all others.

    Raises:
        RuntimeError: A process was killed, most likely for want of memory.
    """
    if processes == 1:
        for module in needs:  # before the controller, which limits only what is loaded by then
            import_module(module)
        controller = ThreadpoolController()
        for piece in pieces:
            with controller.limit(limits=1, user_api="blas"):  # as in a process of its own: the same bytes
                result = work(piece)
            yield result
        return
    # Forked from a clean server process, which has imported the work already: a fork of this one would
    # copy its threads half awake, and a fresh interpreter each time would import everything again.
    context = get_context("forkserver")
    context.set_forkserver_preload([_module_of(work), *needs])
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin)
    waiting: deque[Future[Result]] = deque()
    try:
        for piece in pieces:
            waiting.append(pool.submit(work, piece))
            if len(waiting) >= processes * _CALLS_AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise RuntimeError(
            "a working process was killed, most likely for want of memory; "
            "use fewer processes or a smaller image size"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    _end_with_parent()
    # every process would set as many BLAS threads to work as there are cores, which then wait for each other
    threadpool_limits(1, user_api="blas")


def _end_with_parent() -> None:
    """End this process when the one that asked for it is gone.

    A parent that was killed cannot say so, and a pool's processes would wait for work for ever.
    """
    threading.Thread(target=_wait_for_end_of_parent, daemon=True).start()


def _wait_for_end_of_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _module_of(work: Callable[..., object]) -> str:
    return str(getattr(work, "func", work).__module__)  # a partial knows the function it holds
