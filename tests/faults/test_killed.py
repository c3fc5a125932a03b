"""A build that is killed at any moment, and a lock whose holder is gone."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kb_builder.errors import LockedError
from kb_builder.publishing.publication import Publication
from tests.faults.breakage import build, in_child, shown, site

BUILD = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.faults.breakage import build, wait_for_no_disk
wait_for_no_disk()
for number in range(3, 10_000):
    build(Path(sys.argv[1]), number, plain_folder=sys.argv[2] == "plain folder")
    print(number, flush=True)
"""


LARGE = {f"p/{number}/index.html": b"%d" % number for number in range(300)}
KEEPS_SLOWLY = """
import sys, time
from pathlib import Path
from kb_builder.system import filesystem
from kb_builder.publishing.publication import Publication
link = filesystem.link
def link_slowly(source, path):
    time.sleep(0.01)
    link(source, path)
filesystem.link = link_slowly
project = Path(sys.argv[1])
with Publication(project / "site", project=project, content=project / "content") as publication:
    publication.keep(publication.published)
"""


def test_a_build_killed_while_it_links_unchanged_files_harms_no_later_one(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()

    def publish(site: dict[str, bytes]) -> None:
        with Publication(tmp_path / "site", project=tmp_path, content=tmp_path / "content") as publication:
            for path, data in site.items():
                publication.add(path, data)
            publication.seal()
            publication.swap()

    publish(LARGE)
    linked = tmp_path / ".site.builds" / "staging" / "p"
    with subprocess.Popen([sys.executable, "-c", KEEPS_SLOWLY, str(tmp_path)]) as process:
        while not linked.is_dir() or len(list(linked.iterdir())) < 20:
            assert process.poll() is None, "it ended before it was killed"
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    publish({**LARGE, "p/7/index.html": b"new"})
    assert shown(tmp_path / "site") == {**LARGE, "p/7/index.html": b"new"}


@pytest.mark.parametrize("mode", ["link", "plain folder"])
@pytest.mark.parametrize("kills", [4, pytest.param(50, marks=pytest.mark.exhaustive)])
def test_sigkill_at_random_moments_never_shows_half_a_site(tmp_path: Path, mode: str, kills: int) -> None:
    (tmp_path / "content").mkdir()
    moments = random.Random(20261121)
    for _ in range(kills):
        command = [sys.executable, "-c", BUILD, str(tmp_path), mode]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            done = [int(process.stdout.readline()) for _ in range(moments.randrange(1, 4))][-1]
            time.sleep(moments.uniform(0, 0.1))
            process.send_signal(signal.SIGKILL)
        last = int((tmp_path / "site/index.html").read_bytes().split()[1])
        assert last >= done
        assert shown(tmp_path / "site") == site(last)
        build(tmp_path, 2, plain_folder=mode == "plain folder")
        assert shown(tmp_path / "site") == site(2)


def test_two_builds_at_once_are_distinguished(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    inside, done = os.pipe(), os.pipe()

    def first() -> None:
        with Publication(tmp_path / "site", project=tmp_path, content=tmp_path / "content") as publication:
            os.write(inside[1], b".")
            os.read(done[0], 1)
            publication.add("index.html", b"first")
            publication.seal()
            publication.swap()

    child = os.fork()
    if child == 0:
        first()
        os._exit(0)
    os.read(inside[0], 1)
    with pytest.raises(LockedError) as caught:
        build(tmp_path, 2)
    assert caught.value.exit_code == 4
    os.write(done[1], b".")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert shown(tmp_path / "site") == {"index.html": b"first"}
    build(tmp_path, 2)
    assert shown(tmp_path / "site") == site(2)


def test_the_lock_dies_with_its_holder_while_a_worker_of_it_lives_on(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    worker_lives, end = os.pipe(), os.pipe()

    def hold_and_die() -> None:
        with Publication(tmp_path / "site", project=tmp_path, content=tmp_path / "content") as publication:
            publication.add("index.html", b"half")
            if os.fork() == 0:
                os.write(worker_lives[1], str(os.getpid()).encode())
                os.read(end[0], 1)
                os._exit(0)
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_child(hold_and_die) == -signal.SIGKILL
    worker = int(os.read(worker_lives[0], 20))
    os.kill(worker, 0)
    build(tmp_path, 1)
    assert shown(tmp_path / "site") == site(1)
    os.kill(worker, 0)
    os.write(end[1], b".")


def test_two_threads_of_one_process_are_distinguished_too(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    with Publication(tmp_path / "site", project=tmp_path, content=tmp_path / "content"):
        with pytest.raises(LockedError):
            build(tmp_path, 1)
        # A refused build must not give the lock of the first one away.
        assert in_child(lambda: build(tmp_path, 1)) == 70
    build(tmp_path, 1)
    assert shown(tmp_path / "site") == site(1)
