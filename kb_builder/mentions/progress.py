"""How far the reading of mentions has come."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

Progress: TypeAlias = Callable[[int, int], object]


class Work:
    """How far the work has come, in bytes of files that are read once, or twice by those who learn. The other steps
    count as the bytes that could be read meanwhile: settling copies a quarter and counting three quarters of all."""

    _TEXT: Final = 50
    _EVERY: Final = 0.2

    def __init__(self, progress: Progress | None, size: int, *, learns: bool) -> None:
        self._progress = progress
        self._settling = size // 4
        self._counting = size - self._settling
        self._done, self._total = 0, size * (3 if learns else 2)
        self._tell(0)

    def _tell(self, ahead: int) -> None:
        if self._progress is not None:
            self._progress(self._done + ahead, self._total)

    def _add(self, more: int) -> None:
        self._done += more
        self._tell(0)

    @contextmanager
    def reading(self, size: int) -> Iterator[None]:
        """Look every now and then how much of a file of ``size`` bytes has been read."""
        finished = threading.Event()
        before = _bytes_read()

        def watch() -> None:
            while not finished.wait(self._EVERY):
                self._tell(min(_bytes_read() - before, size))

        watcher = threading.Thread(target=watch, daemon=True)
        if self._progress is not None:
            watcher.start()
        try:
            yield
        finally:
            finished.set()
            if self._progress is not None:
                watcher.join()
        self._add(size)

    def settled(self) -> None:
        self._add(self._settling)

    def counted(self) -> None:
        self._add(self._counting)

    def more_texts(self, count: int) -> None:
        self._total += count * self._TEXT

    def matched(self, count: int) -> None:
        self._add(count * self._TEXT)


def _bytes_read() -> int:
    """Bytes that this process has read so far, where the system says so (Linux), else 0.

    The engine's own progress stands still: it takes every CSV for one of 42 rows.
    """
    try:
        with Path("/proc/self/io").open(encoding="ascii") as counters:
            return int(next(line for line in counters if line.startswith("rchar")).split()[1])
    except (OSError, StopIteration, ValueError):
        return 0
