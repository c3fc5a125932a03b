"""Somebody reads all the time while the site is replaced two hundred times."""

import os
from pathlib import Path

import pytest

from kb_builder.publishing.history import KEPT
from tests.faults.breakage import build, shown, site

SWAPS = 200


def number_in(data: bytes) -> int:
    return int(data.split()[1])


def read_whole(target: Path) -> tuple[int, dict[str, bytes]]:
    """A whole site as read by a program that opened the folder once; and the number it started with."""
    folder = os.open(target, os.O_RDONLY | os.O_DIRECTORY)
    try:
        found = {}
        for path, _, names, here in os.fwalk(dir_fd=folder):
            for name in names:
                descriptor = os.open(name, os.O_RDONLY, dir_fd=here)
                with os.fdopen(descriptor, "rb") as file:
                    found[f"{path}/{name}".removeprefix("./")] = file.read()
    finally:
        os.close(folder)
    found.pop(".kb-site")
    return number_in(found["index.html"]), found


@pytest.mark.parametrize("plain_folder", [False, True], ids=["link", "plain folder"])
def test_a_reader_sees_whole_sites_only(tmp_path: Path, plain_folder: bool) -> None:
    (tmp_path / "content").mkdir()
    target = tmp_path / "site"
    build(tmp_path, 1, plain_folder=plain_folder)
    child = os.fork()
    if child == 0:
        for number in range(2, SWAPS + 2):
            build(tmp_path, number, plain_folder=plain_folder)
        os._exit(0)
    seen: set[int] = set()
    reads = mixes = 0
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        reads += 1
        number_in((target / "p3/index.html").read_bytes())
        before = number_in((target / "index.html").read_bytes())
        try:
            number, files = read_whole(target)
            whole = files == site(number)
        except (FileNotFoundError, KeyError):
            whole = False
        after = number_in((target / "index.html").read_bytes())
        if whole:
            seen.add(number)
        elif after - before < KEPT:
            mixes += 1
    assert mixes == 0
    assert shown(target) == site(SWAPS + 1)
    assert len(seen) > 10
    assert reads > 10
