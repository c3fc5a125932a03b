"""The folder of builds is repaired whatever is in it, and only what is recorded is a build."""

from pathlib import Path

import pytest

from kb_builder.errors import LockedError
from kb_builder.publishing.history import KEPT, Builds, Record, Recorded
from kb_builder.system import filesystem
from kb_builder.system.filesystem import Stamp


@pytest.fixture
def builds(tmp_path: Path) -> Builds:
    made = Builds.of(tmp_path / "site")
    made.folder.mkdir()
    return made


def add(builds: Builds, number: int) -> None:
    builds.place(number).mkdir()
    builds.write_record(number, Record(filesystem.stamp(builds.place(number)).inode, {}))


def show(builds: Builds, number: int) -> None:
    builds.target.unlink(missing_ok=True)
    builds.target.symlink_to(builds.link_text(number))


def test_a_record_is_read_as_it_was_written(builds: Builds) -> None:
    page = Recorded("ff" * 32, Stamp(1, 2, 3, 0o644), "aa" * 32)
    record = Record(7, {"a/b.html": page, "é": Recorded("00" * 32, Stamp(4, 5, 6, 0o600))})
    builds.write_record(1, record)
    assert builds.record(1) == record
    builds.write_record(2, Record(8, {}))
    assert builds.record(2) == Record(8, {})


@pytest.mark.parametrize("damage", [b"", b"\n", b"x", b"0\n1 7\n{}"])
def test_a_damaged_record_is_none(builds: Builds, damage: bytes) -> None:
    builds.write_record(1, Record(7, {}))
    (builds.folder / "000001.json").write_bytes(damage)
    assert builds.record(1) is None
    assert builds.record(2) is None


def test_the_live_build_is_the_one_the_target_shows(builds: Builds) -> None:
    assert builds.live() is None
    add(builds, 1)
    add(builds, 2)
    show(builds, 2)
    assert (builds.live(), builds.earlier(2), builds.next_number()) == (2, [1], 3)
    builds.target.unlink()
    builds.place(1).rename(builds.target)
    assert builds.live() == 1
    assert builds.shown_at(1) == builds.target


def test_a_link_to_a_build_that_is_gone_shows_none(builds: Builds) -> None:
    builds.target.symlink_to(builds.link_text(3))
    assert builds.live() is None
    assert builds.is_live_link()


def test_a_link_elsewhere_is_not_ours(builds: Builds) -> None:
    builds.target.symlink_to("elsewhere/000001")
    assert builds.live() is None
    assert not builds.is_live_link()


def test_recovery_keeps_what_is_recorded_and_clears_what_is_not(builds: Builds) -> None:
    for number in (1, 2):
        add(builds, number)
    show(builds, 2)
    builds.place(3).mkdir()
    (builds.folder / "000002.json.99.tmp").touch()
    (builds.folder / "next").symlink_to("000009")
    builds.write_record(8, Record(8, {}))
    builds.recover()
    assert filesystem.names(builds.folder) == [
        ".gitignore",
        "000001",
        "000001.json",
        "000002",
        "000002.json",
        "staging",
    ]


def test_recovery_gives_a_build_its_own_name_back(builds: Builds) -> None:
    add(builds, 1)
    add(builds, 2)
    builds.place(2).rename(builds.target)
    builds.place(1).rename(builds.place(2))
    builds.recover()
    assert builds.live() == 2
    assert builds.earlier(2) == [1]


def test_recovery_removes_a_build_that_was_never_shown(builds: Builds) -> None:
    for number in (1, 2, 3):
        add(builds, number)
    show(builds, 2)
    builds.recover()
    assert builds.earlier(None) == [2, 1]
    assert builds.staging.is_dir()


def test_recovery_of_a_recovered_folder_changes_nothing(builds: Builds) -> None:
    add(builds, 1)
    show(builds, 1)
    builds.recover()
    before = filesystem.stamps(builds.folder)
    builds.recover()
    assert filesystem.stamps(builds.folder) == before


def test_pruning_keeps_the_last_builds(builds: Builds) -> None:
    for number in range(1, 7):
        add(builds, number)
    show(builds, 6)
    builds.prune(6)
    assert [6, *builds.earlier(6)] == [6, 5, 4][:KEPT]


def test_the_lock_is_taken_once(builds: Builds) -> None:
    with builds.locked():
        with pytest.raises(LockedError) as caught, Builds.of(builds.target).locked():
            raise AssertionError("entered")
        assert caught.value.where == str(builds.target)
    with builds.locked():
        pass
