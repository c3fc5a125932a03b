"""How much longer larger inputs take: compared in one run, in turns, so that what slows the machine slows them all."""

import gc
import time
from collections.abc import Callable
from typing import TypeVar

Input = TypeVar("Input")


def cpu_seconds(work: Callable[[Input], object], *inputs: Input) -> list[float]:
    """CPU time of this thread for each input, without the garbage collector's: the least of five turns."""
    times: list[list[float]] = [[] for _ in inputs]
    gc.disable()
    try:
        for _ in range(5):
            for given, found in zip(inputs, times, strict=True):
                start = time.thread_time()
                work(given)
                found.append(time.thread_time() - start)
    finally:
        gc.enable()
    return list(map(min, times))
