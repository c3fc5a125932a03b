"""Each operation on the disk does one thing, and leaves nothing behind when it fails."""

import errno
import os
from pathlib import Path

import pytest

from kb_builder.system import filesystem


def test_a_file_is_written_once_and_readable_by_all(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        stamp = filesystem.write_bytes(tmp_path / "a", b"text")
    finally:
        os.umask(before)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o644
    assert filesystem.stamp(tmp_path / "a") == stamp
    assert stamp.size == 4
    with pytest.raises(FileExistsError):
        filesystem.write_bytes(tmp_path / "a", b"other")
    assert filesystem.load(tmp_path / "a") == b"text"


def test_a_file_that_can_not_be_written_whole_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="full"):
        filesystem.write_bytes(tmp_path / "a", b"text")
    assert filesystem.names(tmp_path) == []


def test_save_replaces_a_file_or_leaves_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filesystem.save(tmp_path / "a", b"one")
    filesystem.save(tmp_path / "a", b"two")

    def refuse(source: object, path: object) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="broken"):
        filesystem.save(tmp_path / "a", b"three")
    assert (filesystem.names(tmp_path), filesystem.load(tmp_path / "a")) == (["a"], b"two")


def test_links_are_not_followed_to_find_a_kind(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    names = (".", "file", "link", "pipe", "none", "file/below")
    assert [filesystem.kind(tmp_path / name) for name in names] == ["folder", "file", "link", "other", "none", "none"]


def test_stamps_distinguish_files_from_folders_and_from_what_is_neither(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/c").write_text("text")
    (tmp_path / "a/link").symlink_to("b")
    found, folders, strange = filesystem.stamps(tmp_path)
    assert found == {"a/b/c": filesystem.stamp(tmp_path / "a/b/c")}
    assert (sorted(folders), strange) == (["a", "a/b"], ["a/link"])


def test_a_linked_file_is_neither_loaded_nor_followed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    (tmp_path / "link").symlink_to("file")
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        filesystem.load(tmp_path / "link")
    filesystem.link(tmp_path / "link", tmp_path / "other")
    assert filesystem.link_target(tmp_path / "other") == "file"


def test_a_tree_is_removed_without_following_links(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/file").touch()
    (tmp_path / "tree/a/b").mkdir(parents=True)
    (tmp_path / "tree/a/link").symlink_to(tmp_path / "precious")
    (tmp_path / "tree/a/b/file").touch()
    for name in ("tree", "tree"):
        filesystem.remove_tree(tmp_path / name)
    assert filesystem.names(tmp_path) == ["precious"]
    assert filesystem.names(tmp_path / "precious") == ["file"]


def test_two_names_are_exchanged(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    filesystem.exchange(tmp_path / "folder", tmp_path / "link")
    assert (filesystem.kind(tmp_path / "folder"), filesystem.kind(tmp_path / "link")) == ("link", "folder")
    with pytest.raises(FileNotFoundError):
        filesystem.exchange(tmp_path / "folder", tmp_path / "none")


def test_a_lock_keeps_other_processes_out_until_it_is_given_back(tmp_path: Path) -> None:
    def another_process_gets_it() -> bool:
        child = os.fork()
        if child == 0:
            try:
                filesystem.lock(tmp_path / "lock")
            except BlockingIOError:
                os._exit(1)
            os._exit(0)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

    held = filesystem.lock(tmp_path / "lock")
    assert not another_process_gets_it()
    filesystem.unlock(held)
    assert another_process_gets_it()


def test_waiting_for_the_disk_fails_for_a_missing_path(tmp_path: Path) -> None:
    filesystem.sync_folder(tmp_path)
    filesystem.sync_disk(tmp_path)
    with pytest.raises(FileNotFoundError):
        filesystem.sync_disk(tmp_path / "none")
