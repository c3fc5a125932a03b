"""What ``kb new`` writes can be read back, and nothing is overwritten."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content import frontmatter
from kb_builder.content.announcements import parse_announcement
from kb_builder.content.articles import parse_article
from kb_builder.content.placeholders import SENTENCES
from kb_builder.editing.scaffold import new_announcement, new_article, new_centre
from kb_builder.errors import InputError, Severity
from kb_builder.parsing.fields import slug
from tests.centres import put

ZONE = ZoneInfo("Europe/London")


def test_the_starter_goes_into_a_new_or_an_empty_folder(tmp_path: Path) -> None:
    written = new_centre(tmp_path / "shop-help", date(2028, 2, 29))
    assert {"mkdocs.yml", "content/contact.yml"} <= set(written)
    assert "Shop help" in (tmp_path / "shop-help/mkdocs.yml").read_text()
    (tmp_path / "empty").mkdir()
    assert new_centre(tmp_path / "empty", date(2028, 2, 29)) == written
    texts = [path.read_text() for path in (tmp_path / "shop-help").rglob("*.*") if path.is_file()]
    assert not any("{{" in text for text in texts)
    assert sum("last_reviewed_on: 2028-02-29" in text for text in texts) == 10


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, "mine/notes.txt", "keep me")
    for target in (tmp_path / "mine", tmp_path / "mine/notes.txt"):
        with pytest.raises(InputError, match="not empty"):
            new_centre(target, date(2028, 2, 29))
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


@given(st.text(min_size=1, max_size=60).filter(lambda title: slug(title) and title.isprintable()))
def test_any_title_becomes_a_header_that_reads_back(title: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        path = new_article(root, title, "faq/orders", date(2026, 11, 21), {})
        reading = frontmatter.read((root / path).read_text(encoding="utf-8"), path, zone=ZONE)
    assert not [finding for finding in reading.findings if finding.severity is Severity.ERROR]
    assert reading.header is not None
    assert reading.header.title == title.strip()
    assert reading.header.draft


def test_an_article_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    path = new_article(tmp_path, "Track my order", "faq", date(2026, 11, 21), {})
    (tmp_path / path).write_text("edited")
    with pytest.raises(InputError, match="already a file"):
        new_article(tmp_path, "Track my order", "faq", date(2026, 11, 21), {})
    assert (tmp_path / path).read_text() == "edited"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Wie ändere ich meine Größe?", "wie-andere-ich-meine-grosse"),
        ("注文の追跡", "zhuwennozhuiji"),
        ("What's new?", "whats-new"),
    ],
)
def test_a_title_in_any_language_makes_an_address(tmp_path: Path, title: str, name: str) -> None:
    assert new_article(tmp_path, title, "faq", date(2026, 11, 21), {}) == f"content/articles/faq/{name}.md"
    assert f"id: {name}\n" in (tmp_path / f"content/articles/faq/{name}.md").read_text()


@pytest.mark.parametrize("start", ["", "./", "content/articles/", "./content/articles/"])
@pytest.mark.parametrize("end", ["", "/"])
def test_a_folder_may_be_given_as_a_path_of_the_project(tmp_path: Path, start: str, end: str) -> None:
    path = new_article(tmp_path, "Track my order", f"{start}faq/orders{end}", date(2026, 11, 21), {})
    assert path == "content/articles/faq/orders/track-my-order.md"
    for outside in (f"{start}..", f"{start}faq/../..{end}", f"{start}.kb", "content/articles"):
        with pytest.raises(InputError, match="is not a folder for articles"):
            new_article(tmp_path, "Track my order", outside, date(2026, 11, 21), {})


def test_a_title_without_a_letter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no letters"):
        new_article(tmp_path, "???", "faq", date(2026, 11, 21), {})


def test_an_announcement_starts_now_and_ends(tmp_path: Path) -> None:
    path = new_announcement(tmp_path, "Parcels are late", datetime(2026, 11, 21, 9, tzinfo=UTC))
    assert path == "content/announcements/2026-11-21-parcels-are-late.md"
    text = (tmp_path / path).read_text()
    assert "start: 2026-11-21T09:00+00:00" in text
    assert "end: 2026-11-24T09:00+00:00" in text


@pytest.mark.parametrize("kind", ["article", "policy", "announcement"])
def test_a_scaffold_can_be_published_only_when_it_is_written(tmp_path: Path, kind: str) -> None:
    today, now = date(2026, 11, 21), datetime(2026, 11, 21, 9, tzinfo=UTC)
    path = {
        "article": lambda: new_article(tmp_path, "Track my order", "faq", today, {}),
        "policy": lambda: new_article(tmp_path, "Returns", "policies", today, {}, policy=True),
        "announcement": lambda: new_announcement(tmp_path, "Strike", now),
    }[kind]()
    text = (tmp_path / path).read_text()

    def errors(text: str) -> set[str]:
        try:
            found = (
                parse_announcement(path, text, zone=ZONE)[1]
                if kind == "announcement"
                else parse_article(path, "faq/a/", text, zone=ZONE).findings
            )
        except InputError as error:
            found = error.findings
        return {finding.code for finding in found if finding.severity is Severity.ERROR}

    assert errors(text) == set()
    released = text.replace("draft: true\n", "")
    assert "placeholder" in errors(released)
    for sentence in SENTENCES:
        released = released.replace(sentence, "Done.")
    assert errors(released.replace('summary: ""\n', "")) == set()
