"""How much longer larger inputs take: compared in one run, in turns, so that what slows the machine slows them all."""

import gc
import time
from collections.abc import Callable
from typing import TypeVar

Input = TypeVar("Input")
TURNS = range(2, 6)


def in_proportion(
    work: Callable[[Input], object], small: Input, large: Input, fits: Callable[[float, float], bool]
) -> bool:
    """Whether the seconds that ``work`` takes fit: CPU time of this thread without the garbage collector's, the least
    of two turns, or of up to five, since a turn may be slowed."""
    times: list[list[float]] = [[], []]
    gc.disable()
    try:
        for turn in range(1, TURNS.stop):
            for given, found in zip((small, large), times, strict=True):
                start = time.thread_time()
                work(given)
                found.append(time.thread_time() - start)
            if turn in TURNS and fits(*map(min, times)):
                return True
    finally:
        gc.enable()
    return False
