"""Disks that are full, small or read-only, and a clock that runs backwards."""

import contextlib
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from kb_builder.errors import PublishError
from kb_builder.publishing.publication import Publication, rollback
from kb_builder.system.cache import Cache
from tests.faults.breakage import build, give_up_powers, in_child, shown, site

MODES = pytest.mark.parametrize("plain_folder", [False, True], ids=["link", "plain folder"])

ON_A_SMALL_DISK = f"""
import os, subprocess, sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from tests.faults.breakage import build, limit_room, shown, site, wait_for_no_disk
wait_for_no_disk()
from kb_builder.errors import PublishError
from kb_builder.publishing.publication import Publication
disk, plain_folder = Path(sys.argv[1]), sys.argv[2] == "True"
if sys.argv[3] == "tmpfs":
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,nr_inodes=1k", "none", disk], check=True)
else:
    limit_room(disk, 256 * 1024)
(disk / "content").mkdir()
build(disk, 1, plain_folder=plain_folder)
for files in (1, 40, 400):
    try:
        with Publication(disk / "site", project=disk, content=disk / "content", plain_folder=plain_folder) as big:
            for number in range(files):
                big.add(f"big{{number}}/index.html", os.urandom(300_000 // files))
            big.seal()
            big.swap()
    except PublishError as problem:
        assert problem.exit_code == 5 and "no space left" in str(problem), problem
    else:
        sys.exit("it fitted")
    assert shown(disk / "site") == site(1)
build(disk, 2, plain_folder=plain_folder)
assert shown(disk / "site") == site(2)
"""


def way_to_mount() -> list[str] | None:
    """A command under which one may mount: as superuser, or as one's own in a user namespace; None if neither goes."""
    for user in ([], ["--user", "--map-root-user"]):
        command = ["unshare", *user, "--mount"]
        trial = [*command, "mount", "-t", "tmpfs", "none", "/mnt"]
        with contextlib.suppress(FileNotFoundError):
            if subprocess.run(trial, capture_output=True, check=False).returncode == 0:
                return command
    return None


@MODES
@pytest.mark.parametrize("kind", ["tmpfs", "counted"])
def test_a_disk_of_256_kb(tmp_path: Path, plain_folder: bool, kind: str) -> None:
    command = way_to_mount() if kind == "tmpfs" else None
    script = [
        sys.executable,
        "-c",
        ON_A_SMALL_DISK,
        str(tmp_path),
        str(plain_folder),
        "tmpfs" if command else "counted",
    ]
    subprocess.run([*(command or []), *script], check=True)


@MODES
def test_a_file_that_can_not_be_written_whole(tmp_path: Path, plain_folder: bool) -> None:
    (tmp_path / "content").mkdir()
    build(tmp_path, 1, plain_folder=plain_folder)

    def too_large() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        content = tmp_path / "content"
        with Publication(
            tmp_path / "site", project=tmp_path, content=content, plain_folder=plain_folder
        ) as publication:
            with pytest.raises(PublishError, match="file too large"):
                publication.add("index.html", bytes(200_000))
            assert not (publication.root / "index.html").exists()

    assert in_child(too_large) == 0
    assert shown(tmp_path / "site") == site(1)
    build(tmp_path, 2, plain_folder=plain_folder)
    assert shown(tmp_path / "site") == site(2)


@MODES
@pytest.mark.parametrize(
    "closed", [".", ".site.builds"], ids=["the folder around the site", "the folder of the builds"]
)
def test_a_target_that_can_not_be_written(tmp_path: Path, plain_folder: bool, closed: str) -> None:
    (tmp_path / "content").mkdir()
    build(tmp_path, 1, plain_folder=plain_folder)

    def refused() -> None:
        give_up_powers()
        with pytest.raises(PublishError) as caught:
            build(tmp_path, 2, plain_folder=plain_folder)
        assert "permission denied" in str(caught.value)

    (tmp_path / closed).chmod(0o555)
    try:
        assert in_child(refused) == 0
    finally:
        (tmp_path / closed).chmod(0o755)
    assert shown(tmp_path / "site") == site(1)
    build(tmp_path, 2, plain_folder=plain_folder)
    assert shown(tmp_path / "site") == site(2)


@MODES
def test_a_clock_that_runs_backwards_changes_no_order(tmp_path: Path, plain_folder: bool) -> None:
    (tmp_path / "content").mkdir()
    for number in (1, 2, 3):
        build(tmp_path, number, plain_folder=plain_folder)
        for path in sorted((tmp_path / ".site.builds").rglob("*")) + sorted((tmp_path / "site").rglob("*")):
            os.utime(path, (10**9 - number, 10**9 - number), follow_symlinks=False)
    build(tmp_path, 4, plain_folder=plain_folder)
    assert shown(tmp_path / "site") == site(4)
    build(tmp_path, 5, plain_folder=plain_folder)
    for number in (4, 3):
        assert rollback(tmp_path / "site", project=tmp_path, content=tmp_path / "content") == number
        assert shown(tmp_path / "site") == site(number)


def test_a_cache_that_can_only_be_read_is_not_fatal(tmp_path: Path) -> None:
    with Cache(tmp_path / ".kb") as cache:
        cache.put_many("pages", {"old": b"1"})

    def use() -> None:
        give_up_powers()
        with Cache(tmp_path / ".kb") as cache:
            cache.put_many("pages", {"new": b"2"})
            cache.end_run()
            assert cache.get_many("pages", ["new"]) == {}

    for path in (*(tmp_path / ".kb").iterdir(), tmp_path / ".kb"):
        path.chmod(0o555)
    try:
        assert in_child(use) == 0
    finally:
        (tmp_path / ".kb").chmod(0o755)
    with Cache(tmp_path / ".kb") as cache:
        assert cache.get_many("pages", ["old"]) == {"old": b"1"}
