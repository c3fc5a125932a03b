"""Progress of long work, reported to a function that shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Progress: TypeAlias = Callable[[str, int, int], object]
"""Called with the name of a stage, how much of it is done, and how much there is."""


def no_progress(_stage: str, _done: int, _total: int) -> None:
    """For commands that show no progress."""


@dataclass
class StageProgress:
    """One stage of :data:`Progress`, called with the number of items finished since the last call."""

    progress: Progress
    stage: str
    total: int
    done: int

    def __call__(self, more: int) -> None:
        """Reports ``more`` items as done."""
        self.done += more
        self.progress(self.stage, self.done, self.total)
