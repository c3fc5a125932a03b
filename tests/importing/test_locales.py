"""Texts in several languages become an article and its translations; what stays behind is counted."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.articles import read_articles
from kb_builder.content.revisions import revision
from kb_builder.importing.exported import Exported
from kb_builder.importing.importer import Imported, Source, import_export
from kb_builder.importing.locales import code_of, gathered, in_languages
from kb_builder.importing.report import summary
from kb_builder.model import Article
from kb_builder.parsing.dates import UTC_ZONE

DECLARED = ("en", "de")
HOST = "https://help.example.com"
ZENDESK = {
    "articles": [
        {"id": 1, "title": "Pay", "body": f'<p>Text <a href="{HOST}/hc/en-us/articles/2">x</a></p>', "locale": "en-us",
         "source_locale": "en-us", "user_segment_id": None, "section_id": 5,
         "html_url": f"{HOST}/hc/en-us/articles/1-Pay"},
        {"id": 2, "title": "Send", "body": "<p>Text</p>", "locale": "en-us", "source_locale": "en-us",
         "user_segment_id": None, "section_id": 5,
         "translations": [{"locale": "de", "title": "Senden", "body": "<p>Wort</p>", "draft": True},
                          {"locale": "fr", "title": "Envoyer", "body": "<p>Mot</p>"}]},
        {"id": 1, "title": "Zahlen", "body": f'<p>Wort <a href="{HOST}/hc/de/articles/2-Senden">x</a></p>',
         "locale": "de", "source_locale": "en-us", "user_segment_id": None, "section_id": 5,
         "label_names": ["Karte"], "html_url": f"{HOST}/hc/de/articles/1-Zahlen"},
    ],
    "sections": [{"id": 5, "name": "Money", "locale": "en-us"}, {"id": 5, "name": "Geld", "locale": "de"}],
}  # fmt: skip
INTERCOM = [
    {"type": "list", "data": [
        {"type": "article", "id": "1", "title": "Pay", "body": "<p>Text</p>", "state": "published", "parent_id": 5,
         "default_locale": "en", "translated_content": {
             "type": "article_translated_content",
             "en": {"title": "Pay", "body": "<p>Text</p>", "state": "published"},
             "de": {"title": "Zahlen", "body": "<p>Wort</p>", "state": "published", "description": "Kurz"}}}]},
    {"type": "list", "data": [{"type": "collection", "id": "5", "name": "Money", "translated_content": {
        "en": {"name": "Money"}, "de": {"name": "Geld"}}}]},
]  # fmt: skip
FRESHDESK = {
    "articles": [
        {"id": 1, "title": "Pay", "description": "<p>Text</p>", "status": 2, "folder_id": 5, "language": "en"},
        {"id": 1, "title": "Zahlen", "description": "<p>Wort</p>", "status": 2, "folder_id": 5, "language": "de"},
    ],
    "folders": [{"id": 5, "name": "Money", "visibility": 1}],
}


def imported(root: Path, tool: str, data: object, languages: tuple[str, ...] = DECLARED) -> Imported:
    (root / "export.json").write_text(json.dumps(data))
    return import_export(root, Source(tool, root / "export.json", public=True), languages=languages)


@pytest.mark.parametrize(("tool", "data"), [("zendesk", ZENDESK), ("intercom", INTERCOM), ("freshdesk", FRESHDESK)])
def test_a_declared_language_becomes_a_translation_beside_its_source(tool: str, data: object, tmp_path: Path) -> None:
    done = imported(tmp_path, tool, data)
    assert {"content/articles/money/pay.md", "content/articles/money/pay.de.md"} <= set(done.written)
    found = read_articles(tmp_path, zone=UTC_ZONE, declared=DECLARED)
    assert {item.code for item in found.findings} <= {"partly-translated"}
    german = next(article for article in found.translations if article.id == "1")
    assert (german.title, german.draft, german.audience) == ("Zahlen", False, "public")
    assert "Wort" in german.body
    again = imported(tmp_path, tool, data)
    assert (again.written, again.updated, again.conflicts) == ((), (), ())


def test_a_translation_keeps_its_links_labels_addresses_and_drafts(tmp_path: Path) -> None:
    done = imported(tmp_path, "zendesk", ZENDESK)
    folder = tmp_path / "content/articles/money"
    assert (folder / "pay.de.md").read_text() == (
        '---\ntitle: "Zahlen"\nasked_as: ["Karte"]\n'
        'redirect_from: ["/hc/de/articles/1", "/hc/de/articles/1-Zahlen"]\n'
        f"translated_from: {revision(source_of('1', tmp_path))}\n---\n\nWort [x](send.md)\n"
    )
    assert "draft: true" in (folder / "send.de.md").read_text()
    assert (folder / "_category.yml").read_text() == 'title: "Money"\ntitles:\n  de: "Geld"\n'
    assert done.losses == {"content/articles/money/send.md": {"translation not imported: fr": 1}}


def source_of(id: str, root: Path) -> Article:
    articles = read_articles(root, zone=UTC_ZONE, declared=DECLARED).articles
    return next(article for article in articles if article.id == id)


def test_the_mark_of_a_translation_is_no_edit_and_goes_with_its_source(tmp_path: Path) -> None:
    imported(tmp_path, "zendesk", ZENDESK)
    german = "content/articles/money/pay.de.md"
    changed = json.loads(json.dumps(ZENDESK).replace("<p>Wort <a", "<p>Neu <a").replace("<p>Text <a", "<p>New <a"))
    assert german in imported(tmp_path, "zendesk", changed).updated
    assert f"translated_from: {revision(source_of('1', tmp_path))}" in (tmp_path / german).read_text()
    (tmp_path / german).write_text((tmp_path / german).read_text().replace("Neu", "Mein"))
    assert imported(tmp_path, "zendesk", ZENDESK).conflicts == (german,)


@pytest.mark.parametrize(
    "old",
    [
        {"translations": [{"locale": "de", "title": "Zahlen", "body": "<p>Wort</p>", "outdated": True}]},
        {"translations": [{"locale": "de", "title": "Zahlen", "body": "<p>Wort</p>"}], "outdated_locales": ["de"]},
    ],
)
def test_a_translation_that_its_tool_calls_outdated_is_reported_and_not_marked(
    tmp_path: Path, old: dict[str, Any]
) -> None:
    first = {**ZENDESK["articles"][0], **old}
    done = imported(tmp_path, "zendesk", {**ZENDESK, "articles": [first]})
    (german,) = read_articles(tmp_path, zone=UTC_ZONE, declared=DECLARED).translations
    assert (german.title, german.translated_from) == ("Zahlen", "")
    assert done.losses[german.path]["translation older than its source"] == 1


def test_without_declared_languages_translations_are_counted(tmp_path: Path) -> None:
    done = imported(tmp_path, "intercom", INTERCOM, languages=())
    assert done.written == ("content/articles/money/pay.md",)
    assert done.losses == {"content/articles/money/pay.md": {"translation not imported: de": 1}}
    assert "  languages that mkdocs.yml declares come along: languages: [en, de], and import again" in summary(done)


def test_the_first_declared_language_is_the_source_whatever_the_tool_calls_it(tmp_path: Path) -> None:
    done = imported(tmp_path, "intercom", INTERCOM, languages=("de", "en"))
    assert done.written == ("content/articles/geld/zahlen.en.md", "content/articles/geld/zahlen.md")
    assert "Wort" in (tmp_path / done.written[1]).read_text()
    assert (tmp_path / "content/articles/geld/_category.yml").read_text() == 'title: "Geld"\ntitles:\n  en: "Money"\n'


@pytest.mark.parametrize(
    ("language", "declared", "code"),
    [
        ("de-AT", ("en", "de"), "de"),
        ("pt", ("en", "pt-BR"), "pt-BR"),
        ("pt_BR", ("en", "pt", "pt-BR"), "pt-BR"),
        ("fr", ("en", "de"), ""),
        ("", ("en", "de"), ""),
    ],
)
def test_a_locale_of_an_export_is_a_declared_code(language: str, declared: tuple[str, ...], code: str) -> None:
    assert code_of(language, declared) == code


@given(
    st.lists(st.sampled_from(["en", "en-us", "de", "de-at", "fr", ""]), min_size=1, max_size=6),
    st.sampled_from([(), ("en",), ("en", "de"), ("de", "en"), ("fr", "de", "en")]),
)
def test_each_text_is_kept_or_counted(languages: list[str], declared: tuple[str, ...]) -> None:
    texts = [Exported("1", f"T{number}", html="x", language=code) for number, code in enumerate(languages)]
    found, repeated = gathered(texts)
    article = in_languages(found["1"], declared)
    kept = (article, *article.translations)
    assert len({each.title for each in kept}) == len(kept)
    assert len(kept) + sum((article.losses + Counter(repeated)).values()) == len(texts)
    assert {each.language for each in article.translations} <= {*declared}
