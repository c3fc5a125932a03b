"""Each build has its own copies of the files for hosts, as long as it is kept."""

from pathlib import Path

import pytest

from kb_builder.publishing import host_copies


@pytest.fixture(autouse=True)
def builds(tmp_path: Path) -> None:
    """Where the builds of two sites are."""
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


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_link_among_them_is_replaced_and_what_it_leads_to_stays(tmp_path: Path, steps: int) -> None:
    folder, elsewhere = tmp_path / ".kb", tmp_path / "elsewhere"
    host_copies.keep(folder, tmp_path / "site", 1, {"nginx.conf": b"old"})
    own = next((folder / "hosts").iterdir()) / "1"
    place = (own.parent.parent, own.parent, own)[steps - 1]
    place.rename(tmp_path / "moved")
    (elsewhere / "photos").mkdir(parents=True)
    place.symlink_to(elsewhere)
    host_copies.keep(folder, tmp_path / "site", 1, {"nginx.conf": b"new"})
    assert not place.is_symlink()
    assert (own / "nginx.conf").read_bytes() == b"new"
    assert [path.name for path in elsewhere.rglob("*")] == ["photos"]
