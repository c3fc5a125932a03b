"""Reading what people wrote: a text or one clear refusal, and nothing but regular files of the project."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.errors import InputError, Severity
from kb_builder.system import source_files


def put(root: Path, path: str, data: bytes | str = "text\n") -> None:
    where = root / path
    where.parent.mkdir(parents=True, exist_ok=True)
    where.write_bytes(data.encode() if isinstance(data, str) else data)


def codes(walk: source_files.Walk) -> list[tuple[str, str]]:
    return [(finding.path, finding.code) for finding in walk.findings]


def refusal(root: Path, path: str, **limits: int) -> InputError:
    with pytest.raises(InputError) as caught:
        source_files.read_text(root, path, **limits)
    return caught.value


def test_walk_lists_regular_files_sorted_and_relative_to_the_root(tmp_path: Path) -> None:
    for path in ("content/b.md", "content/a/z.md", "content/a.md", "other/x.md"):
        put(tmp_path, path)
    assert source_files.walk(tmp_path, "content") == source_files.Walk(
        ("content/a.md", "content/a/z.md", "content/b.md"), ()
    )


def test_walk_of_the_root_itself(tmp_path: Path) -> None:
    put(tmp_path, "a/b.md")
    assert source_files.walk(tmp_path, ".").paths == ("a/b.md",)


def test_walk_of_a_missing_folder_is_empty(tmp_path: Path) -> None:
    assert source_files.walk(tmp_path, "content/announcements") == source_files.Walk((), ())


def test_walk_of_a_file_says_so(tmp_path: Path) -> None:
    put(tmp_path, "content")
    assert codes(source_files.walk(tmp_path, "content")) == [("content", "not-a-folder")]


def test_walk_passes_over_hidden_files_and_backups(tmp_path: Path) -> None:
    for name in (".DS_Store", ".git/config", "a.md~", "#a.md#", ".a.md.swp", "a.md.orig", "Thumbs.db", "a.md"):
        put(tmp_path, f"content/{name}")
    (tmp_path / "content/.#a.md").symlink_to("somebody@host.1234")
    assert source_files.walk(tmp_path, "content") == source_files.Walk(("content/a.md",), ())


def test_walk_refuses_what_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "outside/secret.md")
    put(tmp_path, "content/a.md")
    (tmp_path / "content/file.md").symlink_to("a.md")
    (tmp_path / "content/folder").symlink_to(tmp_path / "outside")
    (tmp_path / "content/loop").symlink_to(".")
    os.mkfifo(tmp_path / "content/pipe.md")
    monkeypatch.chdir(tmp_path / "content")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.md")
        found = source_files.walk(tmp_path, "content")
    assert found.paths == ("content/a.md",)
    assert codes(found) == [
        ("content/file.md", "symlink"),
        ("content/folder", "symlink"),
        ("content/loop", "symlink"),
        ("content/pipe.md", "special-file"),
        ("content/socket.md", "special-file"),
    ]
    assert {finding.severity for finding in found.findings} == {Severity.ERROR}


def test_walk_refuses_a_linked_folder_on_the_way(tmp_path: Path) -> None:
    put(tmp_path, "outside/articles/secret.md")
    (tmp_path / "content").symlink_to("outside")
    assert codes(source_files.walk(tmp_path, "content/articles")) == [("content", "symlink")]


def test_walk_refuses_names_that_can_not_be_typed_and_shows_them_harmlessly(tmp_path: Path) -> None:
    put(tmp_path, "content/a\u202egnp.md")
    put(tmp_path, "content/bell\x07.md")
    put(tmp_path, "content/back\\slash.md")
    stray = os.path.join(os.fsencode(tmp_path), b"content", b"latin\xe9.md")  # noqa: PTH118  (bytes)
    os.close(os.open(stray, os.O_CREAT | os.O_WRONLY))
    found = source_files.walk(tmp_path, "content")
    assert found.paths == ()
    assert codes(found) == [
        ("content/a\\u202egnp.md", "unprintable-name"),
        ("content/back\\slash.md", "backslash-in-name"),
        ("content/bell\\u0007.md", "unprintable-name"),
        ("content/latin\\udce9.md", "unprintable-name"),
    ]
    assert "\n".join(map(str, found.findings)).encode("utf-8")


def test_walk_refuses_twins_that_other_systems_take_for_one_file(tmp_path: Path) -> None:
    for path in ("Refunds.md", "refunds.md", "caf\u00e9.md", "cafe\u0301.md", "FAQ/a.md", "faq/b.md"):
        put(tmp_path, f"content/{path}")
    found = source_files.walk(tmp_path, "content")
    assert sorted(code for _, code in codes(found)) == ["case-twin", "case-twin", "unicode-twin"]
    twins = next(finding for finding in found.findings if finding.path == "content/refunds.md")
    assert twins.message == "“Refunds.md” and “refunds.md” differ only in case"


def test_walk_refuses_a_bottomless_tree(tmp_path: Path) -> None:
    put(tmp_path, "content/" + "d/" * (source_files.DEPTH_LIMIT + 1) + "a.md")
    put(tmp_path, "content/" + "e/" * source_files.DEPTH_LIMIT + "a.md")
    found = source_files.walk(tmp_path, "content")
    assert found.paths == ("content/" + "e/" * source_files.DEPTH_LIMIT + "a.md",)
    assert [code for _, code in codes(found)] == ["too-deep"]


def test_text_comes_without_bom_and_with_plain_line_ends(tmp_path: Path) -> None:
    put(tmp_path, "a.md", b"\xef\xbb\xbfone\r\ntwo\rthree\n\xc3\xa9")
    assert source_files.read_text(tmp_path, "a.md") == "one\ntwo\nthree\né"


@pytest.mark.parametrize(
    ("data", "line", "problem"),
    [
        ("café".encode("utf-16"), 1, "the file is UTF-16 or UTF-32, not UTF-8"),
        ("ab\n".encode("utf-16-le"), 1, "NUL byte: not a text file"),
        (b"one\r\ntwo\r\nth\0ree", 3, "NUL byte: not a text file"),
        (b"one\ntwo\xe9\n", 2, "not valid UTF-8"),
        (b"one\rtwo\r\xed\xa0\x80", 3, "not valid UTF-8"),
        (b"one\n" + b"x" * (source_files.LINE_LIMIT + 1), 2, "line longer than 1 MB"),
        (b"x" * 10_000_000, 1, "line longer than 1 MB"),
    ],
)
def test_text_that_is_none_is_refused_with_its_line(tmp_path: Path, data: bytes, line: int, problem: str) -> None:
    put(tmp_path, "content/a.md", data)
    error = refusal(tmp_path, "content/a.md")
    assert (error.where, error.problem) == (f"content/a.md:{line}", problem)
    assert error.hint


def test_too_large_is_refused_without_reading_it_all(tmp_path: Path) -> None:
    put(tmp_path, "a.md", b"line\n" * 3)
    assert refusal(tmp_path, "a.md", limit=14).problem.startswith("larger than")
    assert source_files.read_text(tmp_path, "a.md", limit=15) == "line\n" * 3
    with pytest.raises(InputError, match="larger than"):
        source_files.read_bytes(tmp_path, "a.md", limit=14)
    assert source_files.read_bytes(tmp_path, "a.md", limit=15) == b"line\n" * 3


@pytest.mark.parametrize("path", ["../secret.md", "a/../../secret.md", "/etc/passwd", "a//b", "", ".", "a/./b", "a\0b"])
def test_no_path_leads_out_of_the_project(tmp_path: Path, path: str) -> None:
    root = tmp_path / "project"
    put(tmp_path, "secret.md")
    put(root, "a/b")
    assert refusal(root, path).problem == "path leads out of the project"


def test_links_and_devices_are_not_read(tmp_path: Path) -> None:
    put(tmp_path, "outside/secret.md")
    put(tmp_path, "project/a.md")
    root = tmp_path / "project"
    (root / "file.md").symlink_to("../outside/secret.md")
    (root / "folder").symlink_to("../outside")
    os.mkfifo(root / "pipe.md")
    (root / "sub").mkdir()
    assert refusal(root, "file.md").problem == "symbolic links are not followed"
    assert refusal(root, "folder/secret.md").problem == "symbolic links are not followed"
    assert refusal(root, "pipe.md").problem == "not a regular file"
    assert refusal(root, "sub").problem == "a folder, not a file"
    assert refusal(root, "a.md/x").problem == "can't be read: not a directory"
    assert str(refusal(root, "missing.md")) == "missing.md: error: no such file"


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_a_known_error(data: bytes) -> None:
    place, text = "", ""
    try:
        text = source_files.decode(data, "a.md")
    except InputError as error:
        place = error.where
    plain = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert place.startswith("a.md:") if place else text.encode() == plain
