"""Each build has its own copies of the files for hosts, as long as it is kept."""

from pathlib import Path

import pytest

from kb_builder.publishing import host_copies


@pytest.fixture(autouse=True)
def builds(tmp_path: Path) -> None:
    """Where the builds of two sites lie."""
    for name in ("site", "other"):
        (tmp_path / f".{name}.builds").mkdir()


def test_the_files_of_a_build_come_back(tmp_path: Path) -> None:
    folder, site = tmp_path / ".kb", tmp_path / "site"
    for number in (1, 2):
        host_copies.keep(folder, site, number, {"nginx.conf": f"build {number}".encode()})
    host_copies.put_back(folder, site, 2)
    assert (folder / "nginx.conf").read_text() == "build 2"


def test_copies_go_with_their_build_and_those_of_another_site_stay(tmp_path: Path) -> None:
    folder = tmp_path / ".kb"
    host_copies.keep(folder, tmp_path / "other", 1, {"nginx.conf": b"other"})
    for number in (1, 2):
        host_copies.keep(folder, tmp_path / "site", number, {"nginx.conf": b"x"})
    with pytest.raises(OSError, match="No such file"):
        host_copies.put_back(folder, tmp_path / "site", 1)
    host_copies.put_back(folder, tmp_path / "other", 1)
    assert (folder / "nginx.conf").read_bytes() == b"other"
