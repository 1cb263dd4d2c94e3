"""Run work in several processes, with results in order and bounded memory."""

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
    """Run pieces of work in several processes and yield the results in the order of the pieces.

    Args:
        work: A function of a module, so that it can be pickled.
        pieces: Arguments of the work; read only a few ahead of the results.
        processes: How many; 1 runs in this process.
        needs: Modules that the work imports and this process does not need: they are imported once for
            all processes.

    Raises:
        RuntimeError: A process was killed, most likely for lack of memory.
    """
    if processes == 1:
        for module in needs:  # before the controller, which limits only loaded libraries
            import_module(module)
        controller = ThreadpoolController()
        for piece in pieces:
            with controller.limit(limits=1, user_api="blas"):  # as in a worker process: the same bytes
                result = work(piece)
            yield result
        return
    # Forked from a server process that has imported the work: a fork of this process would copy the state
    # of its threads, and a new interpreter for each would import everything again.
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
            "a worker process was killed, most likely for lack of memory; "
            "use fewer processes or a smaller image size"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    _end_with_parent()
    # otherwise every process would start as many BLAS threads as there are cores
    threadpool_limits(1, user_api="blas")


def _end_with_parent() -> None:
    """End this process when its parent has ended; a pool would wait for ever after a killed parent."""
    threading.Thread(target=_wait_for_end_of_parent, daemon=True).start()


def _wait_for_end_of_parent() -> None:
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _module_of(work: Callable[..., object]) -> str:
    return str(getattr(work, "func", work).__module__)  # of a partial, that of its function
