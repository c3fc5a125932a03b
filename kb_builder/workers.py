"""Work spread over processes: the same results in the same order, whatever their number."""

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_WORTH_A_PROCESS = 48
"""Below this many items, starting processes costs more than it saves."""


def spread(
    task: Callable[[Sequence[Item]], list[Result]],
    items: Sequence[Item],
    *,
    jobs: int,
    set_up: Callable[..., None],
    state: tuple[Any, ...],
    progress: Callable[[int], object] = int,
) -> Iterator[Result]:
    """The results of ``task`` over ``items``, in their order.

    ``task`` takes a chunk of items and gives a result for each; ``set_up(*state)`` runs once in every process first, in
    none if there is nothing to do.
    ``progress`` is called with the number of items done since its last call. What a task raises is raised here.
    """
    if not items:
        return
    # A forked worker has all its parent had: only results are pickled. Elsewhere than on Linux forking is not safe.
    if jobs <= 1 or len(items) < _WORTH_A_PROCESS or sys.platform != "linux":
        set_up(*state)
        for start in range(0, len(items), _WORTH_A_PROCESS):
            chunk = items[start : start + _WORTH_A_PROCESS]
            yield from task(chunk)
            progress(len(chunk))
        return
    size = max(8, min(64, len(items) // (jobs * 8)))
    chunks = [slice(start, start + size) for start in range(0, len(items), size)]
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(jobs, fork, initializer=_start, initargs=(task, items, set_up, state)) as pool:
        for results in pool.map(_work, chunks):
            progress(len(results))
            yield from results


# What a worker works on, set before its first chunk.
_task: Callable[[Sequence[Any]], list[Any]]
_items: Sequence[Any]


def _start(
    task: Callable[[Sequence[Item]], list[Result]],
    items: Sequence[Item],
    set_up: Callable[..., None],
    state: tuple[Any, ...],
) -> None:
    global _task, _items
    # A worker waits for work on a pipe whose other end it holds itself: only this tells it that its parent is gone.
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    set_up(*state)
    _task, _items = task, items


def _work(chunk: slice) -> list[Any]:
    return _task(_items[chunk])


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
