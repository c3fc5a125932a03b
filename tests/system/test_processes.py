"""Work spread over processes gives the results of one process, and workers end with their parent."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from kb_builder.errors import PublishError
from kb_builder.system.processes import spread


def times(numbers: Sequence[int], factor: int) -> list[int]:
    return [number * factor for number in numbers]


def failing(numbers: Sequence[int]) -> list[int]:
    if 130 in numbers:
        raise ValueError("130 is refused")
    return list(numbers)


def where(numbers: Sequence[int]) -> list[int]:
    time.sleep(0.02)  # long enough for the other one to take its share
    return [os.getpid() for _ in numbers]


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 47, 48, 500])
def test_results_come_in_order_whatever_the_number_of_jobs(jobs: int, count: int) -> None:
    done: list[int] = []
    found = spread(partial(times, factor=3), range(count), jobs=jobs, progress=done.append)
    assert list(found) == [number * 3 for number in range(count)]
    assert sum(done) == count


def test_several_jobs_are_several_processes() -> None:
    assert len(set(spread(where, range(500), jobs=2))) == 2


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("count", [1, 4, 11, 60])
def test_results_of_large_items_come_in_order(jobs: int, count: int) -> None:
    found = spread(partial(times, factor=3), range(count), jobs=jobs, worth=12)
    assert list(found) == [number * 3 for number in range(count)]


def test_a_few_large_items_are_worth_several_processes() -> None:
    assert len(set(spread(where, range(8), jobs=2, worth=12))) == 2


def resident(numbers: Sequence[int]) -> list[int]:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return [pages * os.sysconf("SC_PAGE_SIZE") for _ in numbers]


def test_workers_hold_nothing_that_was_let_go_of() -> None:
    # The C library keeps blocks of this size, since the last one, which stays, lies above them.
    large = [bytes(4000) for _ in range(20_000)]
    last = bytes(4000)
    (held,) = resident([0])
    del large
    assert max(spread(resident, range(48), jobs=2)) < held - 60_000_000, len(last)


def spreading(numbers: Sequence[int]) -> list[bool]:
    return [set(spread(where, range(48), jobs=2)) == {os.getpid()} for _ in numbers]


def test_a_worker_that_spreads_work_does_it_by_itself() -> None:
    assert list(spread(spreading, range(4), jobs=2, worth=12)) == [True] * 4


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_task_raises_is_raised(jobs: int) -> None:
    with pytest.raises(ValueError, match="130 is refused"):
        list(spread(failing, range(300), jobs=jobs))


def killed(numbers: Sequence[int]) -> list[int]:
    if 130 in numbers:
        os.kill(os.getpid(), signal.SIGKILL)
    return list(numbers)


def test_a_killed_worker_is_reported_in_one_line() -> None:
    with pytest.raises(PublishError, match="a worker process was killed") as caught:
        list(spread(killed, range(300), jobs=2))
    assert "--jobs 1" in caught.value.hint


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import os, sys, time
        from kb_builder.system.processes import spread

        def wait(numbers):
            os.write(1, f"{os.getpid()}{os.linesep}".encode())  # in one piece, whatever the other worker writes
            time.sleep(60)
            return list(numbers)

        list(spread(wait, range(500), jobs=2))
        """
    )
    file = tmp_path / "parent.py"
    file.write_text(script)
    with subprocess.Popen([sys.executable, str(file)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        workers = [int(parent.stdout.readline()) for _ in range(2)]
        parent.send_signal(signal.SIGKILL)
    assert within_a_minute(lambda: not any(map(alive, workers)))


def test_only_the_parent_reports_an_interrupt(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import os, signal, time
        from kb_builder.system.processes import spread

        # Started in the background of a shell, a process ignores interrupts.
        signal.signal(signal.SIGINT, signal.default_int_handler)

        def wait(numbers):
            os.write(1, f"started{os.linesep}".encode())
            time.sleep(0.5)
            return list(numbers)

        try:
            list(spread(wait, range(5000), jobs=2))
        except KeyboardInterrupt:
            print("interrupted")
        """
    )
    file = tmp_path / "parent.py"
    file.write_text(script)
    parent = subprocess.Popen(
        [sys.executable, str(file)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "started\n"
    os.killpg(parent.pid, signal.SIGINT)
    said, complained = parent.communicate(timeout=60)
    assert said.replace("started\n", "") == "interrupted\n"
    assert complained == ""


def within_a_minute(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def alive(process: int) -> bool:
    """Whether it runs; a zombie does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
