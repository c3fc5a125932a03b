"""Work spread over processes, the same results in the same order whatever their number; and work done ahead in one."""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Lock
from typing import Any, Final, NamedTuple, Self, TypeAlias, TypeVar

from kb_builder.errors import PublishError

Item = TypeVar("Item")
Result = TypeVar("Result")

_FORK: Final = multiprocessing.get_context("fork") if sys.platform == "linux" else multiprocessing.get_context()
WORTH_A_PROCESS = 48
"""Below this many items, starting processes costs more than it saves."""
WORTH_AHEAD = 1_000
"""Files: fewer are looked at sooner than a process is there."""


def spread(
    task: Callable[[Sequence[Item]], list[Result]],
    items: Sequence[Item],
    *,
    jobs: int,
    set_up: Callable[..., object] = int,
    state: tuple[Any, ...] = (),
    progress: Callable[[int], object] = int,
) -> Generator[Result, None, None]:
    """The results of ``task`` over ``items``, in their order. Closed before its end, it leaves no process behind.

    ``task`` takes a chunk of items and gives a result for each; ``set_up(*state)`` runs once in every process first, in
    none if there is nothing to do.
    ``progress`` is called with the number of items done since its last call. What a task raises is raised here, and
    :class:`PublishError` when a process was killed.
    """
    if not items:
        return
    # A forked worker has all its parent had: only results are pickled. Elsewhere than on Linux forking is not safe.
    if jobs <= 1 or len(items) < WORTH_A_PROCESS or sys.platform != "linux":
        set_up(*state)
        for start in range(0, len(items), WORTH_A_PROCESS):
            chunk = items[start : start + WORTH_A_PROCESS]
            yield from task(chunk)
            progress(len(chunk))
        return
    size = max(8, min(64, len(items) // (jobs * 8)))
    chunks = [slice(start, start + size) for start in range(0, len(items), size)]
    try:
        with ProcessPoolExecutor(jobs, _FORK, initializer=_start, initargs=(task, items, set_up, state)) as pool:
            with _uninterrupted():
                made = pool.map(_work, chunks)
            for results in made:
                progress(len(results))
                yield from results
    except BrokenProcessPool:
        hint = "Most often the memory ran out: try again with --jobs 1. The published site is unchanged."
        raise PublishError("a worker process was killed", hint=hint) from None


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C reaches every process of a terminal: the parent tells of it, and those born in here never hear it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# What a worker works on, set before its first chunk.
_task: Callable[[Sequence[Any]], list[Any]]
_items: Sequence[Any]


def _start(
    task: Callable[[Sequence[Item]], list[Result]],
    items: Sequence[Item],
    set_up: Callable[..., object],
    state: tuple[Any, ...],
) -> None:
    global _task, _items
    # A worker waits for work on a pipe whose other end it holds itself: only this tells it that its parent is gone.
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    gc.enable()
    set_up(*state)
    _task, _items = task, items


def _work(chunk: slice) -> list[Any]:
    return _task(_items[chunk])


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


class Aside(NamedTuple):
    """A step that none of the next ones needs: done by one more process, while they go on."""

    step: Callable[[], object]


Step: TypeAlias = Callable[[], object] | Aside


class Ahead:
    """Steps done in their order by a process of its own, while this one goes on. A context manager: its end stops it.

    A step that fails is nobody's loss: whoever waited for it gets nothing, does the work, and meets the failure.
    """

    def __init__(self, steps: Mapping[str, Step]) -> None:
        """Starts the process, by a fork: where that isn't safe no step is ever done ahead."""
        self._process: multiprocessing.process.BaseProcess | None = None
        self._left = set(steps)
        self._done: dict[str, Any] = {}
        if sys.platform == "linux" and steps:
            self._heard, told = _FORK.Pipe(duplex=False)
            self._process = _FORK.Process(target=_do_steps, args=(steps, self._heard, _Told(told, _FORK.Lock())))
            with _uninterrupted():
                self._process.start()
            told.close()

    def wait(self, step: str) -> Any:
        """What ``step`` returned, once it is done; None if it never will be."""
        while self._process is not None and step in self._left:
            try:
                done, result = self._heard.recv()
            except EOFError:
                self._left.clear()
            else:
                self._left.remove(done)
                self._done[done] = result
        return self._done.get(step)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            if self._process.is_alive() and self._process.pid:
                # Those aside are of its group. Before it has one, it has nobody beside it either.
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.join()
            self._heard.close()
            self._process = None


class _Told(NamedTuple):
    """The end of a pipe on which several processes say what they have done, one at a time."""

    pipe: Connection
    lock: Lock

    def send(self, step: str, result: object) -> None:
        with self.lock:
            self.pipe.send((step, result))


def _do_steps(steps: Mapping[str, Step], heard: Connection, told: _Told) -> None:
    os.setpgid(0, 0)
    heard.close()
    # Looking for circles would touch, and so copy, all that is shared with the parent.
    gc.disable()
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    # A failure is met again, and told, by whoever waits.
    with suppress(Exception):
        for name, step in steps.items():
            if isinstance(step, Aside):
                _FORK.Process(target=_do_aside, args=(name, step.step, told)).start()
            else:
                told.send(name, step())


def _do_aside(name: str, step: Callable[[], object], told: _Told) -> None:
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    result = None
    with suppress(Exception):
        result = step()
    told.send(name, result)
