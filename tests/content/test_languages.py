"""Which language a file is in, what a translation takes over, and what is refused."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.announcements import read_announcements
from kb_builder.content.articles import Contents, read_articles
from kb_builder.content.languages import own_name, split_name, translated
from kb_builder.content.visibility import Catalogue, Verdict, public_view, verdict
from kb_builder.model import Article
from tests.centres import article, header, put

LONDON = ZoneInfo("Europe/London")
DECLARED = ("en", "de", "pt-BR")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def read(root: Path, files: Mapping[str, str], declared: tuple[str, ...] = DECLARED) -> Contents:
    for path, text in files.items():
        put(root, path if path.startswith("content/") else f"content/articles/{path}", text)
    return read_articles(root, zone=LONDON, declared=declared)


def codes(contents: Contents) -> dict[str, str]:
    """Code and path of each finding, without the notes on translations that don't say what they were made from."""
    return {one.code: one.path for one in contents.findings if one.code != "translation-unmarked"}


@pytest.mark.parametrize(
    ("path", "split"),
    [
        ("faq/track.de.md", ("faq/track.md", "de")),
        ("faq/track.pt-br.md", ("faq/track.md", "pt-BR")),
        ("faq/track.en.md", ("faq/track.md", "")),
        ("faq/track.fr.md", ("faq/track.fr.md", "")),
        ("faq/node.js.md", ("faq/node.js.md", "")),
        ("faq/v2.0.md", ("faq/v2.0.md", "")),
        ("faq/.de.md", ("faq/.de.md", "")),
        ("faq.de/track.md", ("faq.de/track.md", "")),
        ("_category.de.yml", ("_category.yml", "de")),
    ],
)
def test_only_a_declared_code_is_a_language(path: str, split: tuple[str, str]) -> None:
    assert split_name(path, DECLARED) == split
    assert split_name(path, ()) == (path, "")


def test_languages_are_called_what_they_call_themselves() -> None:
    assert [own_name(code) for code in ("de", "ar", "pt-BR", "xx")] == [
        "Deutsch",
        "العربية",
        "Português (Brasil)",
        "xx",
    ]


def test_a_translation_takes_over_what_it_does_not_say(tmp_path: Path) -> None:
    contents = read(
        tmp_path,
        {
            "faq/track.md": article(
                "track", "Where is my parcel?", answer="It is on its way.", order=3, tags=["parcel"],
                segments=["islands"], audience="staff", owner="Orders", last_reviewed_on="2026-10-01", promoted="true",
            ),
            "faq/track.de.md": header(title="Wo ist mein Paket?", order=1) + "Unterwegs.\n",
        },
    )  # fmt: skip
    (source,), (made,) = contents.articles, contents.translations
    assert (made.language, made.id, made.url, made.title) == ("de", "track", "faq/track/", "Wo ist mein Paket?")
    assert (made.order, made.tags, made.segments, made.owner) == (1, ("parcel",), ("islands",), "Orders")
    assert (made.audience, made.promoted, made.last_reviewed_on) == ("staff", True, source.last_reviewed_on)
    assert made.answer == ""
    assert codes(contents) == {"partly-translated": "content/articles/faq/track.de.md"}


GATES = {"audience", "draft", "unlisted", "publish_date", "expiry_date", "search_exclude", "has_id"}


@pytest.mark.parametrize("field", [field.name for field in fields(Article) if field.name not in GATES])
def test_a_translation_inherits_every_field_but_its_words(field: str) -> None:
    own = {
        "path", "url", "title", "body", "body_line", "description", "nav_title", "answer", "answer_markdown", "replies",
        "must_say", "asked_as", "action", "staff_body", "staff_text", "removed_lines", "redirect_from", "review_by",
        "language", "fallback", "important", "translated_from", "outdated", "lines",
    }  # fmt: skip
    here, there = Article("a", "a.de.md", "de/a/", "A", "", 1), Article("a", "a.md", "a/", "A", "", 1)
    mark: Any = object()
    inherited = getattr(translated(here, replace(there, **{field: mark})), field) is mark
    assert inherited == (field not in own)


def test_a_translation_may_be_a_heading_and_its_text(tmp_path: Path) -> None:
    contents = read(tmp_path, {"a.md": article("a"), "a.de.md": "\n# Wo ist es? #\n\nHier.\n\nUnd dort.\n"})
    (made,) = contents.translations
    assert (made.title, made.body.strip()) == ("Wo ist es?", "Hier.\n\nUnd dort.")
    assert made.body.split("\n")[4 - made.body_line] == "Hier."
    assert codes(contents) == {}


FILES = {"a.md": article("a"), "faq/b.md": article("b"), "faq/c.md": article("c")}


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"d.de.md": article("d")}, {"translation-without-source": "content/articles/d.de.md"}),
        ({"a.de.md": article("other")}, {"translation-id": "content/articles/a.de.md"}),
        ({"a.en.md": article("a2")}, {"same-language": "content/articles/a.md"}),
        ({"a.fr.md": article("a-fr")}, {"undeclared-language": "content/articles/a.fr.md"}),
        ({"faq/_category.yml": "title: A\n", "faq/_category.fr.yml": "title: B\n"},
         {"undeclared-language": "content/articles/faq/_category.fr.yml"}),
        ({"de/x.md": article("x")}, {"url-clash": "content/articles/de"}),
        ({"de.md": article("x")}, {"url-clash": "content/articles/de.md"}),
        ({"a.de.md": "Kein Titel.\n"}, {"no-header": "content/articles/a.de.md"}),
        ({"faq/_category.de.yml": "order: 1\n"}, {"unknown-key": "content/articles/faq/_category.de.yml"}),
        ({"a.de.md": article("a"), "node.js.md": article("n"), "v2.0.md": article("v")}, {}),
    ],
)  # fmt: skip
def test_what_is_wrong_with_languages_is_reported_with_its_place(
    tmp_path: Path, more: dict[str, str], found: dict[str, str]
) -> None:
    contents = read(tmp_path, {**FILES, **more})
    assert codes(contents) == found
    assert all(finding.hint for finding in contents.findings)


def test_a_translation_with_the_id_of_another_file_is_reported_where_it_belongs(tmp_path: Path) -> None:
    contents = read(
        tmp_path, {**FILES, "faq/a.de.md": article("a"), "c.de.md": article("c"), "faq/c.de.md": article("c")}
    )
    told = [(one.path, one.line, one.code, one.hint) for one in contents.findings if one.code != "translation-unmarked"]
    assert told == [
        ("content/articles/c.de.md", 2, "translation-without-source",
         "content/articles/faq/c.de.md is its translation already: keep one"),
        ("content/articles/faq/a.de.md", 2, "translation-without-source", "call it content/articles/a.de.md"),
    ]  # fmt: skip


def test_a_translation_of_a_file_with_errors_is_left_out_without_another_error(tmp_path: Path) -> None:
    contents = read(tmp_path, {**FILES, "c.md": "---\ntile: X\n---\n", "c.de.md": article("c")})
    assert contents.translations == ()
    assert {finding.path for finding in contents.findings} == {"content/articles/c.md"}


def test_a_translation_of_an_article_whose_id_is_taken_is_left_out_with_it(tmp_path: Path) -> None:
    """Otherwise the help centre in its language would have two articles with one id."""
    names = ("a/one.md", "b/two.md", "b/two.de.md")
    files = {f"faq/{name}": article("one") for name in names}
    contents = read(tmp_path, files)
    assert [finding.code for finding in contents.findings if finding.severity == "error"] == ["duplicate-id"]
    assert [article.path for article in contents.articles] == ["content/articles/faq/a/one.md"]
    assert contents.translations == ()


def test_without_declared_languages_a_code_is_part_of_the_name(tmp_path: Path) -> None:
    contents = read(tmp_path, {"faq/a.md": article("a"), "faq/a.de.md": article("b")}, declared=())
    assert [item.url for item in contents.articles] == ["faq/a.de/", "faq/a/"]
    assert codes(contents) == {"undeclared-language": "content/articles/faq/a.de.md"}


def test_categories_have_a_title_in_each_language(tmp_path: Path) -> None:
    contents = read(
        tmp_path,
        {
            "faq/_category.yml": "title: Orders\ndescription: All of it\ntitles: {pt-BR: Pedidos}\n",
            "faq/_category.de.yml": "title: Bestellungen\ndescription: Alles\n",
            "faq/b.md": article("b"),
        },
    )
    (category,) = contents.categories
    told = [category.in_language(code) for code in ("en", "de", "pt-BR", "fr")]
    assert [item.title for item in told] == ["Orders", "Bestellungen", "Pedidos", "Orders"]
    assert told[1].description == "Alles"


def test_an_announcement_is_translated_beside_its_source(tmp_path: Path) -> None:
    start = header(title="Strike", severity="warning", end="2026-11-30", segments=["islands"])
    put(tmp_path, "content/announcements/2026-11-18-strike.md", start + "Late.\n")
    put(tmp_path, "content/announcements/2026-11-18-strike.de.md", header(title="Streik") + "Später.\n")
    put(tmp_path, "content/announcements/2026-11-19-lost.de.md", header(title="Fehlt") + "Weg.\n")
    found, findings = read_announcements(tmp_path, zone=LONDON, declared=DECLARED)
    german, english = found
    assert (german.language, german.slug, german.title) == ("de", english.slug, "Streik")
    assert (german.start, german.end, german.severity) == (english.start, english.end, "warning")
    assert german.segments == ("islands",)
    assert [finding.code for finding in findings] == ["translation-without-source"]


def one(**fields: object) -> Article:
    values = {"id": "a", "path": "a.md", "url": "a/", "title": "A", "body": "", "body_line": 1, **fields}
    return Article(**values)  # type: ignore[arg-type]


moments = st.one_of(st.none(), st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 31), timezones=st.just(UTC)))
gates = st.fixed_dictionaries({
    "audience": st.sampled_from(("public", "staff")), "draft": st.booleans(), "unlisted": st.booleans(),
    "publish_date": moments, "expiry_date": moments,
})  # fmt: skip


@given(gates, gates)
def test_the_stricter_of_two_gates_wins(ours: dict[str, object], theirs: dict[str, object]) -> None:
    source, own = one(**theirs), one(path="a.de.md", language="de", **ours)
    made = translated(own, source)
    both = (verdict(own, NOW), verdict(source, NOW))
    assert (verdict(made, NOW) is Verdict.RELEASED) == (set(both) == {Verdict.RELEASED})
    assert made.unlisted == (own.unlisted or source.unlisted)
    view = public_view(Catalogue((made,), (), (), sources=Catalogue((source,), (), ())), NOW)
    shown = [(item.language, item.fallback) for item in view.articles]
    if set(both) == {Verdict.RELEASED}:
        assert shown == [("de", False)]
    else:
        assert shown == ([("", True)] if both[1] is Verdict.RELEASED else [])
