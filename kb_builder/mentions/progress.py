"""Progress of reading mentions."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

Progress: TypeAlias = Callable[[int, int], object]


class Work:
    """Progress in bytes read; files are read twice when words are learned.

    The other steps count as the bytes that could be read in the same time: removing copies as a quarter and counting as
    three quarters of all files.
    """

    _TEXT: Final = 50
    _EVERY: Final = 0.2

    def __init__(self, progress: Progress | None, size: int, *, learns: bool) -> None:
        self._progress, self._size = progress, size
        self._done, self._total = 0, size * (3 if learns else 2)
        self._report(0)

    def _report(self, ahead: int) -> None:
        if self._progress is not None:
            self._progress(self._done + ahead, self._total)

    def _add(self, more: int) -> None:
        self._done += more
        self._report(0)

    @contextmanager
    def reading(self, size: int) -> Iterator[None]:
        """Report the progress of reading a file of ``size`` bytes."""
        finished = threading.Event()
        before = _bytes_read()

        def watch() -> None:
            while not finished.wait(self._EVERY):
                self._report(min(_bytes_read() - before, size))

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

    def copies_removed(self) -> None:
        """Reports that the copies among the mentions of all files were removed."""
        self._add(self._size // 4)

    def counted(self) -> None:
        """Reports that the mentions of all files were counted."""
        self._add(self._size - self._size // 4)

    def more_texts(self, count: int) -> None:
        """Adds ``count`` texts that are to be matched to the total."""
        self._total += count * self._TEXT

    def matched(self, count: int) -> None:
        """Reports that ``count`` texts were matched."""
        self._add(count * self._TEXT)


def _bytes_read() -> int:
    """Bytes this process has read, on Linux; elsewhere 0.

    DuckDB's own progress doesn't work for CSV files.
    """
    try:
        with Path("/proc/self/io").open(encoding="ascii") as counters:
            return int(next(line for line in counters if line.startswith("rchar")).split()[1])
    except (OSError, StopIteration, ValueError):
        return 0
