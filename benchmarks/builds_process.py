"""The cost of a command: wall-clock time, processor time, and the most memory it and its children hold together."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_BETWEEN_LOOKS: Final = 0.5
"""Seconds. A look walks every page of every process, 6 ms for 300 MB: often would slow who has several processes."""
_SESSION: Final = 3
"""Place of the session's id after the name in /proc/PID/stat, counted from 0; see proc(5)."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall-clock and of processor time, and bytes of memory: shared pages count once (PSS, see proc(5)).

    Processor time adds up all cores, and hardly changes when the machine is busy with something else.
    """

    seconds: float
    cpu: float
    memory: int


class FailedError(Exception):
    """A command that failed, with the end of what it said."""


class TooLongError(Exception):
    """A command that was stopped because its time was up."""


def run(command: Sequence[str | Path], folder: Path, *, limit: float) -> Cost:
    """Runs ``command`` in ``folder`` and returns what it cost.

    Memory is looked at twice a second, so a peak shorter than that can be missed; one process's own peak, which the
    kernel counts, can't. Raises :class:`FailedError`, and :class:`TooLongError` after ``limit`` seconds.
    """
    log = folder / ".said"
    with log.open("wb") as said:
        started = time.monotonic()
        # A session of its own: its members are the processes of this command, at any depth, and no others.
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
            # An installed program keeps its compiled modules; to compile ours each time costs a tenth of an edit.
            env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        )  # fmt: skip
        ended = threading.Event()
        looks: list[int] = []
        watcher = threading.Thread(target=_watch, args=(process.pid, started + limit, ended, looks))
        watcher.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            seconds = time.monotonic() - started
            ended.set()
            watcher.join()
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        if seconds > limit:
            raise TooLongError(f"stopped after {limit:,.0f} s")
        raise FailedError(log.read_text(encoding="utf-8", errors="replace")[-2000:].strip())
    return Cost(seconds, usage.ru_utime + usage.ru_stime, max(usage.ru_maxrss * 1024, *looks, 0))


def _watch(session: int, deadline: float, ended: threading.Event, looks: list[int]) -> None:
    while not ended.wait(_BETWEEN_LOOKS):
        looks.append(sum(map(_memory, _members(session))))
        if time.monotonic() > deadline:
            with suppress(ProcessLookupError):
                os.killpg(session, signal.SIGKILL)
            return


def _members(session: int) -> list[Path]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            after_name = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # It ended while we looked.
        if int(after_name[_SESSION]) == session:
            found.append(folder)
    return found


def _memory(process: Path) -> int:
    try:
        lines = (process / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
