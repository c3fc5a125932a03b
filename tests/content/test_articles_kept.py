"""Unchanged files are not reopened, and every change to a file is noticed."""

import os
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kb_builder.content import articles
from kb_builder.content.articles import Contents, Kept, read_articles
from kb_builder.parsing import sources
from kb_builder.system import source_files

LONDON = ZoneInfo("Europe/London")
ARTICLES = "content/articles"
LONG_AGO = 10**18


class Memory(dict[str, bytes]):
    """A cache in memory that keeps everything."""

    def get_many(self, _: str, keys: Iterable[str], /) -> dict[str, bytes]:
        return {key: self[key] for key in keys if key in self}

    def put_many(self, _: str, entries: Mapping[str, bytes], /) -> None:
        self.update(entries)


def text(title: str) -> str:
    return f"---\ntitle: {title}\n---\nBody.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a", "b", "c"):
        path = tmp_path / "one" / ARTICLES / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(f"Title {name}"))
        os.utime(path, ns=(LONG_AGO, LONG_AGO))
    return tmp_path / "one"


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files written a moment ago count as unchanged."""
    monkeypatch.setattr(source_files, "SETTLED", -(10**9))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the articles that were opened."""
    names: list[str] = []
    read = sources.read

    def noted(root: Path, path: str) -> str:
        names.append(Path(path).stem)
        return read(root, path)

    monkeypatch.setattr(sources, "read", noted)
    return names


def again(root: Path, memory: Memory) -> Contents:
    """What is read with a cache, which must be what is read without one."""
    found = read_articles(root, zone=LONDON, kept=Kept(memory))
    assert found == read_articles(root, zone=LONDON)
    return found


def remembered(root: Path, opened: list[str]) -> Memory:
    memory = Memory()
    read_articles(root, zone=LONDON, kept=Kept(memory))
    opened.clear()
    return memory


@pytest.mark.usefixtures("settled")
def test_unchanged_files_are_not_opened(root: Path, opened: list[str]) -> None:
    memory = remembered(root, opened)
    found = read_articles(root, zone=LONDON, kept=Kept(memory))
    assert opened == []
    assert found == read_articles(root, zone=LONDON)


def test_recently_modified_files_are_opened_again(root: Path, opened: list[str]) -> None:
    memory = remembered(root, opened)
    read_articles(root, zone=LONDON, kept=Kept(memory))
    assert opened == ["a", "b", "c"]


def edit_and_set_the_time_back(folder: Path) -> None:
    (folder / "b.md").write_text(text("Title B"))
    os.utime(folder / "b.md", ns=(LONG_AGO, LONG_AGO))


def put_another_in_its_place(folder: Path) -> None:
    (folder / "new").write_text(text("Title B"))
    os.utime(folder / "new", ns=(LONG_AGO, LONG_AGO))
    (folder / "new").replace(folder / "b.md")


def put_one_written_before_in_its_place(folder: Path) -> None:
    (folder / "old.txt").replace(folder / "b.md")


def swap_two(folder: Path) -> None:
    (folder / "a.md").rename(folder / "away")
    (folder / "b.md").rename(folder / "a.md")
    (folder / "away").rename(folder / "b.md")


def remove(folder: Path) -> None:
    (folder / "b.md").unlink()


def add(folder: Path) -> None:
    (folder / "bb.md").write_text(text("Another"))


def move_into_a_folder(folder: Path) -> None:
    (folder / "faq").mkdir()
    (folder / "b.md").rename(folder / "faq/b.md")


def spoil(folder: Path) -> None:
    (folder / "b.md").write_bytes(b"---\ntitle: \xff\xff\xff\xff\xff\xff\xff\n---\nBody.\n")
    os.utime(folder / "b.md", ns=(LONG_AGO, LONG_AGO))


CHANGES = [
    edit_and_set_the_time_back, put_another_in_its_place, put_one_written_before_in_its_place, swap_two, remove, add,
    move_into_a_folder, spoil,
]  # fmt: skip


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_noticed(root: Path, opened: list[str], change: Callable[[Path], None]) -> None:
    old = root / ARTICLES / "old.txt"
    old.write_text(text("Title B"))
    os.utime(old, ns=(LONG_AGO, LONG_AGO))
    memory = remembered(root, opened)
    before = read_articles(root, zone=LONDON)
    change(root / ARTICLES)
    assert again(root, memory) != before
    assert again(root, memory) != before


@pytest.mark.usefixtures("settled")
def test_a_clock_set_back_makes_no_stamp_trusted(
    root: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = remembered(root, opened)
    hour_ago = time.time_ns() - 3600 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: hour_ago)
    again(root, memory)
    assert opened[:3] == ["a", "b", "c"]


@pytest.mark.usefixtures("settled")
def test_a_fresh_copy_is_not_parsed_again(root: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    memory = remembered(root, opened)
    copy = root.parent / "copy"
    shutil.copytree(root, copy)
    plain = read_articles(copy, zone=LONDON)
    opened.clear()
    monkeypatch.setattr(articles, "parse_article", None)
    assert read_articles(copy, zone=LONDON, kept=Kept(memory)) == plain
    assert opened == ["a", "b", "c"]


@pytest.mark.usefixtures("settled")
def test_a_file_that_changes_while_it_is_read_is_cached_as_read(
    root: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = remembered(root, opened)
    (root / ARTICLES / "a.md").write_text(text("Edited"))
    walked = source_files.walk(root, ARTICLES)
    # Only now: the walk has seen its old stamp, and the edit of its neighbour makes it be read.
    (root / ARTICLES / "b.md").write_text(text("Title B"))
    with monkeypatch.context() as patch:
        patch.setattr(source_files, "walk", lambda *_: walked)
        found = read_articles(root, zone=LONDON, kept=Kept(memory))
    assert [article.title for article in found.articles] == ["Edited", "Title B", "Title c"]
    assert again(root, memory) == found
