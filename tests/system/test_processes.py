"""Work spread over processes gives what one process gives, and ends when its parent does."""

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
from kb_builder.system.processes import Ahead, Aside, spread

_factor = 1


def set_up(factor: int) -> None:
    global _factor
    _factor = factor


def times(numbers: Sequence[int]) -> list[int]:
    return [number * _factor for number in numbers]


def failing(numbers: Sequence[int]) -> list[int]:
    if 130 in numbers:
        raise ValueError("130 is not welcome")
    return list(numbers)


def where(numbers: Sequence[int]) -> list[int]:
    time.sleep(0.02)  # long enough for the other one to take its share
    return [os.getpid() for _ in numbers]


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 47, 48, 500])
def test_results_come_in_order_whatever_the_number_of_jobs(jobs: int, count: int) -> None:
    done: list[int] = []
    found = spread(times, range(count), jobs=jobs, set_up=set_up, state=(3,), progress=done.append)
    assert list(found) == [number * 3 for number in range(count)]
    assert sum(done) == count


def test_several_jobs_are_several_processes() -> None:
    assert len(set(spread(where, range(500), jobs=2, set_up=set_up, state=(1,)))) == 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_task_raises_is_raised(jobs: int) -> None:
    with pytest.raises(ValueError, match="130 is not welcome"):
        list(spread(failing, range(300), jobs=jobs, set_up=set_up, state=(1,)))


def killed(numbers: Sequence[int]) -> list[int]:
    if 130 in numbers:
        os.kill(os.getpid(), signal.SIGKILL)
    return list(numbers)


def test_a_worker_that_is_killed_is_told_in_one_line() -> None:
    with pytest.raises(PublishError, match="a worker process was killed") as told:
        list(spread(killed, range(300), jobs=2, set_up=set_up, state=(1,)))
    assert "--jobs 1" in told.value.hint


def test_workers_leave_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import os, sys, time
        from kb_builder.system.processes import spread

        def set_up():
            pass

        def wait(numbers):
            os.write(1, f"{os.getpid()}{os.linesep}".encode())  # in one piece, whatever the other worker writes
            time.sleep(60)
            return list(numbers)

        list(spread(wait, range(500), jobs=2, set_up=set_up, state=()))
        """
    )
    file = tmp_path / "parent.py"
    file.write_text(script)
    with subprocess.Popen([sys.executable, str(file)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        workers = [int(parent.stdout.readline()) for _ in range(2)]
        parent.send_signal(signal.SIGKILL)
    assert within_a_minute(lambda: not any(map(alive, workers)))


def test_an_interrupt_is_told_by_nobody_but_the_parent(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import os, time
        from functools import partial
        from kb_builder.system.processes import Ahead, spread

        def wait(numbers):
            os.write(1, f"started{os.linesep}".encode())
            time.sleep(0.5)
            return list(numbers)

        try:
            with Ahead({"long": partial(time.sleep, 60)}):
                list(spread(wait, range(5000), jobs=2, set_up=int, state=()))
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
    """A zombie that nobody has waited for is as good as gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_a_step_returned_is_handed_over_as_often_as_asked() -> None:
    with Ahead({"sum": lambda: sum(range(5)), "who": os.getpid, "fails": lambda: 1 // 0}) as ahead:
        assert ahead.wait("who") != os.getpid()
        assert [ahead.wait("sum"), ahead.wait("sum"), ahead.wait("fails")] == [10, 10, None]


def test_steps_are_done_ahead_in_their_order_and_waited_for(tmp_path: Path) -> None:
    def step(name: str) -> None:
        (tmp_path / name).write_text(str(os.getpid()))

    with Ahead({name: partial(step, name) for name in ("one", "two")}) as ahead:
        ahead.wait("two")
        assert {path.name for path in tmp_path.iterdir()} == {"one", "two"}
        assert (tmp_path / "one").read_text() != str(os.getpid())
        ahead.wait("one")
        ahead.wait("never heard of")


def test_a_step_that_fails_keeps_nobody_waiting(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise ValueError("told by whoever meets it again")

    with Ahead({"one": fail, "two": int}) as ahead:
        ahead.wait("one")
        ahead.wait("two")
    assert capfd.readouterr() == ("", "")


def test_a_step_aside_is_done_while_the_next_ones_are(tmp_path: Path) -> None:
    def wait_for(name: str) -> bool:
        return within_a_minute((tmp_path / name).exists)

    steps = {"aside": Aside(partial(wait_for, "next")), "next": (tmp_path / "next").touch, "who": os.getpid}
    with Ahead(steps) as ahead:
        assert ahead.wait("aside") is True
        assert ahead.wait("who") != os.getpid()


def test_a_step_aside_that_fails_keeps_nobody_waiting() -> None:
    with Ahead({"fails": Aside(lambda: 1 // 0), "next": lambda: 7, "long": partial(time.sleep, 600)}) as ahead:
        assert (ahead.wait("fails"), ahead.wait("next")) == (None, 7)


def test_large_results_of_steps_side_by_side_arrive_whole() -> None:
    large = "x" * 3_000_000
    with Ahead({"aside": Aside(lambda: large), **{str(number): lambda: large for number in range(5)}}) as ahead:
        assert all(ahead.wait(name) == large for name in ("aside", *"01234"))


def test_the_end_stops_what_is_done_aside(tmp_path: Path) -> None:
    def stay() -> None:
        (tmp_path / "who").write_text(str(os.getpid()))
        sum(range(10**11))  # holds the interpreter, so that nothing but the end of the process stops it

    with Ahead({"long": Aside(stay), "longer": partial(time.sleep, 600)}):
        assert within_a_minute(lambda: (tmp_path / "who").exists() and (tmp_path / "who").read_text() != "")
    assert within_a_minute(lambda: not alive(int((tmp_path / "who").read_text())))


def test_the_end_stops_what_is_done_ahead() -> None:
    started = time.monotonic()
    with Ahead({"long": partial(time.sleep, 600)}):
        pass
    assert time.monotonic() - started < 300
