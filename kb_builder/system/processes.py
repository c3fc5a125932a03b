"""Work spread over worker processes, with the same results in the same order whatever their number."""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any, Final, TypeVar

from kb_builder.errors import PublishError

Item = TypeVar("Item")
Result = TypeVar("Result")

_FORK: Final = multiprocessing.get_context("fork") if sys.platform == "linux" else multiprocessing.get_context()
WORTH_A_PROCESS = 48
"""Below this many items, starting processes costs more than it saves."""


def spread(
    task: Callable[[Sequence[Item]], list[Result]],
    items: Sequence[Item],
    *,
    jobs: int,
    progress: Callable[[int], object] = int,
    waiting: int = 4,
    worth: int = 1,
) -> Generator[Result, None, None]:
    """The results of ``task`` over ``items``, in their order. Closed before its end, it leaves no process behind.

    ``task`` takes a chunk of items and gives a result for each. ``progress`` is called with the number of items
    finished since its last call. So many chunks a job as ``waiting`` are made before one is taken. An item is as much
    work as ``worth`` small ones. An exception of a task is raised here, and :class:`PublishError` when a worker was
    killed. A task that spreads work in its turn does it by itself.
    """
    if not items:
        return
    # A forked worker shares its parent's memory: only results are pickled. Forking is safe on Linux only.
    few = jobs <= 1 or len(items) * worth < WORTH_A_PROCESS
    if few or sys.platform != "linux" or multiprocessing.parent_process() is not None:
        for start in range(0, len(items), WORTH_A_PROCESS):
            some = items[start : start + WORTH_A_PROCESS]
            yield from task(some)
            progress(len(some))
        return
    size = max(1, max(8, min(64, len(items) * worth // (jobs * 8))) // worth)
    chunks = [slice(start, start + size) for start in range(0, len(items), size)]
    _free_memory()
    try:
        with ProcessPoolExecutor(jobs, _FORK, initializer=_start, initargs=(task, items)) as pool:
            # Results wait here until they are taken: no more at once than keeps every worker busy.
            ahead: deque[Future[list[Result]]] = deque()
            try:
                for chunk in chunks:
                    with _uninterrupted():
                        ahead.append(pool.submit(_work, chunk))
                    if len(ahead) > waiting * jobs:
                        yield from _taken(ahead, progress)
                while ahead:
                    yield from _taken(ahead, progress)
            finally:
                for future in ahead:
                    future.cancel()
    except BrokenProcessPool:
        hint = "most often the memory ran out: try again with --jobs 1; the published site is unchanged"
        raise PublishError("a worker process was killed", hint=hint) from None


def _free_memory() -> None:
    """Gives the memory of what was let go of back to the system, where the C library can (``malloc_trim``, glibc).

    It keeps it otherwise, as a worker would too that writes into its copy.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _taken(ahead: deque[Future[list[Result]]], progress: Callable[[int], object]) -> list[Result]:
    results = ahead.popleft().result()
    progress(len(results))
    return results


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C reaches every process of a terminal: only the parent reports it, processes started here ignore it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# Set in a worker before its first chunk.
_task: Callable[[Sequence[Any]], list[Any]]
_items: Sequence[Any]


def _start(
    task: Callable[[Sequence[Item]], list[Result]],
    items: Sequence[Item],
) -> None:
    global _task, _items
    # A worker waits for work on a pipe whose other end it holds itself, and would wait for ever after its parent died.
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    gc.freeze()  # A search of what the parent made would write into all of it, and so copy its memory.
    gc.enable()
    _task, _items = task, items


def _work(chunk: slice) -> list[Any]:
    return _task(_items[chunk])


def _exit_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
