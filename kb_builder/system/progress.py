"""How long work tells how far it is, to whoever shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Tell: TypeAlias = Callable[[str, int, int], object]
"""Called with the name of a stage, how much of it is done, and how much there is."""


def tell_nobody(_stage: str, _done: int, _total: int) -> None:
    """For commands that show no progress."""


@dataclass
class Count:
    """Turns "so many more are done" into what :data:`Tell` takes."""

    tell: Tell
    stage: str
    total: int
    done: int

    def __call__(self, more: int) -> None:
        self.done += more
        self.tell(self.stage, self.done, self.total)
