"""Findings about languages, and the language of commands and staff pages."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb_builder.commands.cli import commands
from kb_builder.errors import InputError
from kb_builder.pipeline.centre import Centre
from tests.centres import CLOCK, MKDOCS, SMALL, article, open_site, write
from tests.sites.in_languages import ALL, TRANSLATED, built, configured, tree

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("code", ["nl", "it", "pl", "en-US", "pt-BR"])
def test_a_help_centre_in_another_language_is_whole(tmp_path: Path, code: str) -> None:
    """Its interface, its search and its feeds; nothing about it is a finding of the theme."""
    mkdocs = MKDOCS.replace("  name: material\n", f"  name: material\n  language: {code}\n")
    site = open_site(write(tmp_path, SMALL, mkdocs=mkdocs))
    built(tmp_path)
    files = tree(tmp_path)
    assert f'<html lang="{code}"'.encode() in files["index.html"]
    assert f"<language>{code}</language>".encode() in files["feeds/changes.xml"]
    assert site.search.reader.search("return an item").hits
    assert not [one for one in site.theme.findings if one.code in ("untranslated", "missing-plural", "unused-words")]
    if code != "en-US":
        assert b"How can we help?" not in files["index.html"]
        assert b"How can we help?" in (Path(__file__).parents[2] / "theme/words/en.json").read_bytes()


def test_the_staff_site_gives_reasons_in_its_language(tmp_path: Path) -> None:
    mkdocs = MKDOCS.replace("  name: material\n", "  name: material\n  language: de\n")
    site = open_site(write(tmp_path, SMALL, mkdocs=mkdocs), staff=True)
    trends = next(page for page in site.pages if page.url == "staff/trends/")
    assert "keine Erwähnungen ganzer Tage gelesen" in repr(trends.context)
    assert site.trends.current.reasons_nothing_pinned == ("no mentions of complete days were read",)


def test_commands_speak_one_of_the_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, TRANSLATED, mkdocs=ALL)
    monkeypatch.chdir(tmp_path)

    def kb(*arguments: str) -> Result:
        return CliRunner().invoke(commands, [*arguments, "--clock", CLOCK])

    found = json.loads(kb("search", "Paket", "--language", "de", "--json").output)["results"]
    assert (found[0]["id"], found[0]["url"]) == ("track-an-order", "de/faq/orders/track-an-order/")
    assert "Wo ist mein" in kb("find", "title:Paket", "--language", "de").output
    reply = kb("reply", "track-an-order", "--channel", "sms", "--language", "DE").output
    assert "Der Link zeigt es." in reply
    assert "help.example.com/de/a/track-an-order/" in reply
    refused = kb("search", "x", "--language", "fr")
    assert refused.exit_code == 2
    assert "there is en, de, ar" in refused.output
    explained = kb("explain", "track-an-order").output
    assert "in de: content/articles/faq/orders/track-an-order.de.md, public" in explained
    missing = kb("explain", "/de/faq/ordres/").output
    assert missing == 'error: no address "/de/faq/ordres/" was ever public\n  did you mean /de/faq/orders/?\n'
    german = kb("explain", "/de/faq/orders/track-an-order/").output
    assert "public at https://help.example.com/de/faq/orders/track-an-order/" in german


def test_names_without_a_translation_are_reported(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            **TRANSLATED,
            "content/trending.yml": "segments: {a: A}\ntitles: {de: {a: Ä}, fr: {a: E}}\n",
            "content/replies/sms.txt": "We say: {answer}\n",
            "content/replies/sms.de.txt": "Wir sagen: {answer}\n",
            "content/replies/chat.txt": "{answer}\n",
            "content/synonyms/en.txt": "parcel = package\n",
            "content/synonyms/de.txt": "Paket = Päckchen\n",
        },
        mkdocs=ALL,
    )
    found = [finding for finding in Centre(open_site(tmp_path)).findings if finding.code == "untranslated-name"]
    told = {(one.path, one.message.split('"')[3]) for one in found if "has no description" not in one.message}
    assert ("content/articles/faq/orders/_category.yml", "ar") in told
    assert ("content/articles/faq/orders/_category.yml", "de") not in told
    described = {(one.path, one.message.split('"')[3]) for one in found if "has no description" in one.message}
    assert described == {("content/articles/faq/orders/_category.yml", "de")}
    assert ("content/trending.yml", "ar") in told
    assert ("content/trending.yml", "de") not in told
    assert {one for one in told if one[0].startswith(("content/replies/", "content/synonyms/"))} == {
        ("content/replies/sms.txt", "ar"), ("content/synonyms/en.txt", "ar"),
    }  # fmt: skip
    undeclared = [finding for finding in open_site(tmp_path).findings if finding.code == "undeclared-language"]
    assert [finding.path for finding in undeclared] == ["content/trending.yml"]


@pytest.mark.parametrize(
    ("files", "where", "message"),
    [
        (
            {"content/articles/faq/_category.fr.yml": "title: X\n"},
            "content/articles/faq/_category.fr.yml",
            "is not read",
        ),
        ({"content/contact.fr.yml": "channels: []\n"}, "content/contact.fr.yml", "it is not read"),
        ({"content/synonyms/fr.txt": "a = b\n"}, "content/synonyms/fr.txt", "it is not read"),
        ({"content/replies/sms.fr.txt": "{answer}\n"}, "content/replies/sms.fr.txt", "it is not read"),
        (
            {"faq/orders/track-an-order.fr": article("suivre")},
            "content/articles/faq/orders/track-an-order.fr.md",
            "page",
        ),
        ({"content/synonyms/notes.txt": "", "content/replies/sms.de.txt": "{answer}\n"}, "", ""),
    ],
)
def test_files_in_a_language_that_is_not_declared(
    tmp_path: Path, files: Mapping[str, str], where: str, message: str
) -> None:
    write(tmp_path, {**TRANSLATED, **files}, mkdocs=ALL)
    found = [one for one in Centre(open_site(tmp_path)).findings if one.code == "undeclared-language"]
    assert [one.path for one in found] == ([where] if where else [])
    assert all(message in one.message and "languages: [en, de, ar, fr]" in one.hint for one in found)


def test_a_code_that_is_no_language_is_reported(tmp_path: Path) -> None:
    write(tmp_path, {**SMALL, "faq/orders/track-an-order.ge": "# X\n\nText.\n"}, mkdocs=configured("en, ge"))
    found = [one for one in Centre(open_site(tmp_path)).findings if one.code == "unknown-language"]
    assert [one.message.split('"')[1] for one in found] == ["ge"]
    with pytest.raises(InputError) as caught:
        open_site(write(tmp_path, SMALL, mkdocs=configured("en, de", "      fallback: hide\n")))
    assert 'must be "show" or "omit"' in str(caught.value.findings[0].message)
