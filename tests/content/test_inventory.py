"""The inventory of addresses loses nothing, whatever an editor or a merge made of the file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.inventory import (
    HEADER,
    Entry,
    Inventory,
    parse_inventory,
    read_inventory,
    united,
    write_inventory,
)

HEAD = ",".join(HEADER)
TRACK = Entry("a/track-order/", "track-order", "2026-03-01")
WORD = st.text("abcäж,\"' #-", min_size=1, max_size=6).map(str.strip).filter(bool)
ENTRIES = st.lists(
    st.builds(
        Entry,
        st.lists(WORD, min_size=1, max_size=3).map(
            lambda parts: "".join(f"{part.replace('#', '-')}/" for part in parts)
        ),
        st.sampled_from(["track-order", "track-order#late", "faq/orders/", "content/articles/faq/map, new.png"]),
        st.sampled_from(["2026-03-01", ""]),
        st.sampled_from(["2026-11-21", ""]),
    ),
    unique_by=lambda entry: entry.address,
)


@given(ENTRIES)
def test_what_is_written_is_read_back(entries: list[Entry]) -> None:
    text = write_inventory(entries)
    assert parse_inventory(text)[:3] == ({entry.address: entry for entry in entries}, (), True)
    assert text.splitlines() == [HEAD, *sorted(text.splitlines()[1:])] or any('"' in line for line in text.splitlines())


@given(ENTRIES, st.text(max_size=40))
def test_any_other_line_is_named_and_costs_no_other(entries: list[Entry], line: str) -> None:
    text = f"{write_inventory(entries)}{line}\n"
    found = parse_inventory(text)
    assert {entry.address for entry in entries} <= found.entries.keys()


def test_without_a_file_there_is_no_inventory(tmp_path: Path) -> None:
    assert read_inventory(tmp_path) == Inventory({}, exists=False)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["<<<<<<< HEAD", "/a/b/,b,,", "=======", "/a/c/,c,,", ">>>>>>> other"],
         "content/links.csv:3: error: a merge conflict was left in this file\n  both sides are right"),
        (["/a/track-order/,track-order,2026-02-01,"],
         "content/links.csv:3: warning: /a/track-order/ is listed twice\n  kb links update"),
        (["/a/b/,b"], "content/links.csv:3: error: a line has 2 fields instead of 4: /a/b/,b"),
        (["a/b/,b,,"], "content/links.csv:3: error: an address starts with one slash"),
        (["//evil.example/,b,,"], "content/links.csv:3: error: an address starts with one slash"),
        (["/a/b/,b,yesterday,"], 'content/links.csv:3: error: "yesterday" is not a date'),
        (['"/a/b/,b,,'], "content/links.csv:3: error: a quotation mark is not closed"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_line(lines: list[str], said: str) -> None:
    text = "\n".join([HEAD, "/a/track-order/,track-order,2026-03-01,", *lines])
    found = parse_inventory(text)
    assert str(found.findings[0]).startswith(said)
    assert "a/track-order/" in found.entries
    if "<<<<" in lines[0]:
        assert {"a/b/", "a/c/"} <= found.entries.keys()


def test_windows_line_ends_and_a_missing_slash_are_fine(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/links.csv").write_bytes(b"\xef\xbb\xbf" + f"{HEAD}\r\n/faq/x,x,2026-03-01,\r\n".encode())
    assert read_inventory(tmp_path)[:3] == ({"faq/x/": Entry("faq/x/", "x", "2026-03-01")}, (), True)


def test_two_lines_for_an_address_keep_the_older_date_and_the_withdrawal() -> None:
    found = parse_inventory("/a/b/,b,2026-03-01,\n/a/b/,b,2026-02-01,2026-11-21\n")
    assert found.entries["a/b/"] == Entry("a/b/", "b", "2026-02-01", "2026-11-21")


def test_the_inventory_counts_before_the_record() -> None:
    listed, recorded = {TRACK.address: TRACK}, {TRACK.address: TRACK._replace(since="2026-09-09"), "b/": Entry("b/")}
    assert united(listed, recorded) == {TRACK.address: TRACK, "b/": Entry("b/")}
