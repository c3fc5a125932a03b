"""``kb translate``: what is missing and stale, work for translators, and what comes back."""

import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from tests.centres import MKDOCS, NOW, article, open_site, put, write
from tests.invoke import kb_in

LANGUAGES = MKDOCS.replace("  - kb\n", "  - kb:\n      languages: [en, de, ar]\n")
BODY = '1. Open [your orders](orders.md).\n2. Select `Track`.\n\n!!! staff "Team"\n    Ask Ann.\n'
FILES = {
    "faq/parcel": article("parcel", "Where is my parcel?", BODY, answer="It is on its way.", tags=["delivery"]),
    "faq/orders": article("orders", "Where are my orders?", "In your account.\n"),
    "faq/secret": article("secret", "For staff", "Inside.\n", audience="staff"),
}
NAME = "{urn:oasis:names:tc:xliff:document:1.2}"


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    asked = (NOW - timedelta(days=3)).isoformat()
    rows = [f"{number},{asked},email,c{number},parcel,words" for number in range(30)]
    export = "\n".join(("id,time,channel,customer_id,article_id,text", *rows)) + "\n"
    return write(tmp_path, {**FILES, "content/mentions/export.csv": export}, mkdocs=LANGUAGES)


def translated(root: Path, **texts: str) -> Path:
    """Exports the German work, translates every segment by ``texts`` or by its source, and saves it."""
    file = root / "work.xlf"
    assert kb_in(root, "translate", "export", "parcel", "orders", "--to", "de", "-o", str(file)).exit_code == 0
    tree = etree.parse(file)
    for unit in tree.iter(f"{NAME}trans-unit"):
        for old in unit.findall(f"{NAME}target"):
            unit.remove(old)
        target = etree.fromstring(etree.tostring(unit.find(f"{NAME}source")))
        target.tag, target.tail = f"{NAME}target", None
        target.text = texts.get(unit.get("id"), target.text)
        unit.insert(1, target)
    tree.write(file, encoding="UTF-8")
    return file


def path(root: Path, name: str) -> Path:
    return root / f"content/articles/faq/{name}.md"


def codes(root: Path, name: str) -> list[str]:
    """The findings of one file about its age."""
    found = open_site(root).project.reading.contents.findings
    return [one.code for one in found if one.path.endswith(f"/{name}.md") and one.code != "partly-translated"]


def test_status_says_what_is_needed_first(centre: Path) -> None:
    shown = kb_in(centre, "translate", "status")
    assert shown.output == (
        "de: 2 missing\n"
        "  missing   content/articles/faq/parcel.md, asked about by 30 customers in four weeks\n"
        "  missing   content/articles/faq/orders.md\n"
        "ar: 2 missing\n"
        "  missing   content/articles/faq/parcel.md, asked about by 30 customers in four weeks\n"
        "  missing   content/articles/faq/orders.md\n"
    )
    printed = json.loads(kb_in(centre, "translate", "status", "--json").output)
    assert printed["languages"] == ["en", "de", "ar"]
    assert [(one["id"], one["state"], one["asked"]) for one in printed["translations"]] == [
        ("parcel", "missing", 30), ("orders", "missing", 0), ("parcel", "missing", 30), ("orders", "missing", 0),
    ]  # fmt: skip


def test_one_language_needs_no_translation(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    assert "has one language" in kb_in(root, "translate", "status").output
    refused = kb_in(root, "translate", "export", "--to", "de")
    assert (refused.exit_code, "declared are: none" in refused.output) == (2, True)


def test_what_is_exported_comes_back_as_translations(centre: Path) -> None:
    exported = kb_in(centre, "translate", "export", "--to", "de")
    assert exported.exit_code == 0
    assert "Ask Ann" not in exported.output
    assert "For staff" not in exported.output
    file = translated(centre, title="Titel")
    done = kb_in(centre, "translate", "import", str(file))
    assert done.output == "content/articles/faq/parcel.de.md\ncontent/articles/faq/orders.de.md\n"
    text = path(centre, "parcel.de").read_text("utf-8")
    assert text.startswith('---\ntitle: Titel\nanswer: "It is on its way."\ntranslated_from: ')
    assert text.endswith(path(centre, "parcel").read_text("utf-8").partition("\n---\n")[2])
    assert "de: 2 up to date\n" in kb_in(centre, "translate", "status").output
    assert kb_in(centre, "translate", "import", str(file)).output == "2 translations unchanged\n"
    assert "up to date" in kb_in(centre, "translate", "export", "--to", "de").output
    assert codes(centre, "parcel.de") == []


def test_a_changed_source_makes_its_translation_stale(centre: Path) -> None:
    kb_in(centre, "translate", "import", str(translated(centre)))
    source = path(centre, "parcel")
    source.write_text(source.read_text("utf-8").replace("tags: [delivery]", "tags: [post]"), "utf-8")
    source.write_text(source.read_text("utf-8").replace("Ask Ann.", "Ask Bob."), "utf-8")
    assert "translation-stale" not in codes(centre, "parcel.de")
    source.write_text(source.read_text("utf-8").replace("on its way", "coming"), "utf-8")
    assert codes(centre, "parcel.de") == ["translation-stale"]
    assert (
        "  stale     content/articles/faq/parcel.de.md, asked about by 30"
        in kb_in(centre, "translate", "status").output
    )
    assert kb_in(centre, "translate", "mark", "parcel", "--to", "de").output == "content/articles/faq/parcel.de.md\n"
    assert codes(centre, "parcel.de") == []


def test_readers_see_a_note_about_important_changes_only(centre: Path) -> None:
    kb_in(centre, "translate", "import", str(translated(centre)))
    source = path(centre, "parcel")

    def outdated() -> bool:
        contents = open_site(centre).project.reading.contents
        return next(one.outdated for one in contents.translations if one.id == "parcel")

    source.write_text(source.read_text("utf-8").replace("on its way", "coming"), "utf-8")
    assert not outdated()
    assert kb_in(centre, "translate", "mark", "parcel", "--important").output == "content/articles/faq/parcel.md\n"
    assert outdated()
    assert "an important change is missing" in kb_in(centre, "translate", "status").output
    kb_in(centre, "translate", "mark", "parcel", "--to", "de")
    assert not outdated()
    source.write_text(source.read_text("utf-8").replace("coming", "almost there"), "utf-8")
    assert not outdated()
    source.write_text(source.read_text("utf-8").replace("important: ", "important: true # "), "utf-8")
    assert outdated()


def test_a_translation_begins_as_a_draft(centre: Path) -> None:
    assert "faq/parcel.de.md\n  a draft" in kb_in(centre, "translate", "new", "parcel", "--to", "de").output
    text = path(centre, "parcel.de").read_text("utf-8")
    assert text.startswith('---\ndraft: true\ntitle: "Where is my parcel?"\n')
    assert "tags" not in text
    again = kb_in(centre, "translate", "new", "parcel", "--to", "de")
    assert (again.exit_code, "there is a translation already" in again.output) == (2, True)


def test_a_translation_that_says_nothing_of_its_source_is_a_note(centre: Path) -> None:
    put(centre, "content/articles/faq/orders.de.md", "# Meine Bestellungen\n\nIm Konto.\n")
    assert "translation-unmarked" in codes(centre, "orders.de")
    kb_in(centre, "translate", "mark", "orders", "--to", "de")
    text = path(centre, "orders.de").read_text("utf-8")
    assert text.startswith('---\ntitle: "Meine Bestellungen"\ntranslated_from: ')
    assert text.endswith("\n---\n\nIm Konto.\n")
    assert codes(centre, "orders.de") == []


def test_newer_edits_are_never_overwritten_and_the_rest_is_written(centre: Path) -> None:
    file = translated(centre)
    put(centre, "content/articles/faq/orders.de.md", "---\ntitle: Von Hand\n---\n\nIm Konto.\n")
    done = kb_in(centre, "translate", "import", str(file))
    assert done.exit_code == 2
    assert "content/articles/faq/parcel.de.md\n" in done.output
    assert "orders.de.md has changed since it was exported, and is kept" in done.output
    assert "Von Hand" in path(centre, "orders.de").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('target-language="de"', 'target-language="fr"', 'articles are not translated into "fr"'),
        ('source-language="en"', 'source-language="sv"', 'is translated from "sv", and articles are in "en"'),
        (':id="parcel"', ':id="parcels"', 'no article has the id "parcels"'),
        ("</xliff>", "", "is not XML"),
        ("`Track`</", "`Spur`</", "lacks the code `Track`"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_line(centre: Path, old: str, new: str, problem: str) -> None:
    file = translated(centre)
    head, _, tail = file.read_text("utf-8").rpartition(old)
    file.write_text(head + new + tail, "utf-8")
    done = kb_in(centre, "translate", "import", str(file))
    assert done.exit_code == 2
    assert problem in done.output
    assert f"{file}:" in done.output


def test_a_translation_with_a_broken_header_is_left_alone(centre: Path) -> None:
    file = translated(centre)
    broken = put(centre, "content/articles/faq/orders.de.md", "---\ntitle: [\n---\n")
    done = kb_in(centre, "translate", "import", str(file))
    assert (done.exit_code, "orders.de.md:" in done.output) == (2, True)
    assert broken.read_text("utf-8") == "---\ntitle: [\n---\n"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("mark", "parcel"), "it is not clear what to mark"),
        (("mark", "parcel", "--to", "de"), '"parcel" is not translated into de'),
        (("mark", "parcell", "--important"), 'did you mean "parcel"?'),
        (("new", "parcel", "--to", "en"), 'articles are not translated into "en"'),
        (("export", "nothing", "--to", "de"), 'no article has the id "nothing"'),
    ],
)
def test_a_mistake_in_the_arguments_ends_with_2_and_is_named(
    centre: Path, arguments: tuple[str, ...], problem: str
) -> None:
    done = kb_in(centre, "translate", *arguments)
    assert (done.exit_code, problem in done.output) == (2, True), done.output


def test_without_lxml_it_says_what_to_install(centre: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = translated(centre)
    monkeypatch.setitem(sys.modules, "lxml", None)
    monkeypatch.delitem(sys.modules, "kb_builder.translating.xliff")
    for arguments in (("export", "--to", "de"), ("import", str(file))):
        done = kb_in(centre, "translate", *arguments)
        assert (done.exit_code, 'pip install "kb-builder[translate]"' in done.output) == (2, True)
    assert kb_in(centre, "translate", "status").exit_code == 0
    assert kb_in(centre, "translate", "new", "parcel", "--to", "de").exit_code == 0


def test_a_translation_that_was_not_begun_is_no_error(centre: Path) -> None:
    file = centre / "work.xlf"
    kb_in(centre, "translate", "export", "--to", "de", "-o", str(file))
    done = kb_in(centre, "translate", "import", str(file))
    assert (done.exit_code, done.output) == (0, "2 texts not translated yet\n")
    # Some tools put the source in place of what is missing, and say so.
    tree = etree.parse(file)
    for unit in tree.iter(f"{NAME}trans-unit"):
        target = etree.fromstring(etree.tostring(unit.find(f"{NAME}source")))
        target.tag, target.tail = f"{NAME}target", None
        target.set("state", "needs-translation")
        unit.insert(1, target)
    tree.write(file, encoding="UTF-8")
    printed = json.loads(kb_in(centre, "translate", "import", str(file), "--json").output)
    assert printed == {"written": [], "unchanged": 0, "not_translated": 2}
    assert not path(centre, "parcel.de").exists()


def test_status_names_what_is_kept_in_and_what_else_is_missing(centre: Path) -> None:
    put(centre, "content/articles/faq/parcel.de.md", "---\ndraft: true\ntitle: Paket\n---\nText.\n")
    put(centre, "content/articles/faq/orders.de.md", "# Meine Bestellungen\n\nIm Konto.\n")
    notice = "title: Late\nend: 2026-12-01\nsummary: Later.\n"
    put(centre, "content/announcements/2026-11-20-late.md", f"---\n{notice}---\nText.\n")
    put(centre, "content/announcements/2026-11-01-past.md", f"---\n{notice.replace('12-01', '11-02')}---\nText.\n")
    links = '      links:\n        shop: {label: Shop, url: "https://shop.example.com/"}\n'
    put(centre, "mkdocs.yml", LANGUAGES + links)
    text = (centre / "content/contact.yml").read_text("utf-8")
    put(centre, "content/contact.yml", text.replace("response_time: 5 minutes", "response_time: 5 minutes, cost: free"))
    shown = kb_in(centre, "translate", "status").output
    assert "de: 1 kept in, 1 unmarked\n  kept in   content/articles/faq/parcel.de.md, asked" in shown
    others = [Path(line.partition(": ")[0]).name for line in shown.splitlines() if line.startswith("  other  ")]
    assert others == ["faq", "contact.yml", "2026-11-20-late.md", "mkdocs.yml"]
    put(centre, "content/contact.de.yml", text)
    put(centre, "content/announcements/2026-11-20-late.de.md", "---\ntitle: Spät\n---\nText.\n")
    put(centre, "mkdocs.yml", LANGUAGES + links.replace("label: Shop", "label: {en: Shop, de: Laden}"))
    topic = "title: Help\ndescription: All of it.\ntitles: {de: Hilfe}\n"
    put(centre, "content/articles/faq/_category.yml", topic)
    printed = json.loads(kb_in(centre, "translate", "status", "--json").output)["other"]
    assert [one["message"] for one in printed["de"]] == ['the topic "Hilfe" has no description in "de"']
    put(centre, "content/articles/faq/_category.yml", f"{topic}descriptions: {{de: Alles.}}\n")
    assert "other" not in kb_in(centre, "translate", "status").output


NOTICE = """---
title: Strike
summary: Parcels are *late*.
end: 2026-12-24
replies:
  sms: Your parcel is late.
---
## What you can do

Wait, or [ask us](../articles/faq/parcel.md).
"""
STRIKE = "content/announcements/2026-11-01-strike.md"
TOPIC = "content/articles/faq/_category.yml"
OTHERS = {
    STRIKE: NOTICE,
    "content/announcements/2026-01-01-over.md": NOTICE.replace("2026-12-24", "2026-02-01"),
    TOPIC: "title: Questions\ndescription: What customers ask.\norder: 1\n",
    "faq/parcel.de": "# Wo?\n\nText.\n",
}


def in_german(root: Path, *ids: str) -> Path:
    """Exports work, and writes the source in capitals as its translation."""
    file = root / "work.xlf"
    sent = kb_in(root, "translate", "export", *ids, "--to", "de", "-o", str(file))
    assert sent.exit_code == 0, sent.output
    tree = etree.parse(file)
    for unit in tree.iter(f"{NAME}trans-unit"):
        for old in unit.findall(f"{NAME}target"):
            unit.remove(old)
        target = etree.fromstring(etree.tostring(unit.find(f"{NAME}source")))
        target.tag, target.tail, target.text = f"{NAME}target", None, (target.text or "").upper()
        unit.insert(1, target)
    tree.write(file, encoding="UTF-8")
    return file


def stale(root: Path) -> list[str]:
    return [one.path for one in open_site(root).project.findings if one.code == "translation-stale"]


def test_announcements_and_topics_are_exported_and_come_back(centre: Path) -> None:
    write(centre, OTHERS, mkdocs=LANGUAGES)
    done = kb_in(centre, "translate", "import", str(in_german(centre)))
    assert done.exit_code == 0, done.output
    german = centre / "content/announcements/2026-11-01-strike.de.md"
    assert german.read_text("utf-8").partition("translated_from")[0] == (
        '---\ntitle: STRIKE\nsummary: "PARCELS ARE *LATE*."\nreplies:\n  sms: "YOUR PARCEL IS LATE."\n'
    )
    assert german.read_text("utf-8").endswith("## WHAT YOU CAN DO\n\nWAIT, OR [ask us](../articles/faq/parcel.md).\n")
    words = (centre / "content/articles/faq/_category.de.yml").read_text("utf-8")
    assert words.startswith('title: QUESTIONS\ndescription: "WHAT CUSTOMERS ASK."\ntranslated_from: ')
    assert not (centre / "content/announcements/2026-01-01-over.de.md").exists()
    project = open_site(centre).project.languages[1]
    assert [one.title for one in project.view.announcements if one.language == "de"] == ["STRIKE"]
    assert next(iter(project.view.categories)).title == "QUESTIONS"
    assert stale(centre) == []
    again = json.loads(kb_in(centre, "translate", "status", "--json").output)["announcements_and_topics"]
    assert {(one["id"], one["state"]) for one in again if one["language"] == "de"} == {
        (STRIKE, "up to date"),
        (TOPIC, "up to date"),
    }


def test_a_changed_announcement_and_a_renamed_topic_make_their_translations_stale(centre: Path) -> None:
    write(centre, OTHERS, mkdocs=LANGUAGES)
    kb_in(centre, "translate", "import", str(in_german(centre)))
    put(centre, STRIKE, NOTICE.replace("Wait,", "Be patient,"))
    put(centre, TOPIC, "title: Orders\ndescription: What customers ask.\norder: 2\n")
    old = ["content/announcements/2026-11-01-strike.de.md", "content/articles/faq/_category.de.yml"]
    assert sorted(stale(centre)) == old
    shown = kb_in(centre, "translate", "status").output
    assert all(f"  stale     {path}\n" in shown for path in (old[0], TOPIC))
    sent = kb_in(centre, "translate", "export", "--to", "de").output
    assert STRIKE in sent
    assert TOPIC in sent
    (centre / old[1]).write_text((centre / old[1]).read_text("utf-8") + "# ours\n", "utf-8")
    assert kb_in(centre, "translate", "mark", TOPIC, "--to", "de").exit_code == 0
    assert (centre / old[1]).read_text("utf-8").endswith("# ours\n")
    assert stale(centre) == [old[0]]
    put(centre, TOPIC, "title: Orders\ndescription: What customers ask.\norder: 3\nicon: truck\n")
    assert stale(centre) == [old[0]], "a place or an icon is not a word"


def test_words_of_a_topic_in_its_own_file_are_there_for_the_translator(centre: Path) -> None:
    titles = "title: Questions\ntitles: {de: Fragen}\ndescription: What customers ask.\n"
    write(centre, {**OTHERS, TOPIC: titles}, mkdocs=LANGUAGES)
    assert "<target" in kb_in(centre, "translate", "export", TOPIC, "--to", "de").output
    assert ">Fragen</target>" in kb_in(centre, "translate", "export", TOPIC, "--to", "de").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mark", "content/announcements/2026-11-01-strik.md", "--to", "de"), f'did you mean "{STRIKE}"?'),
        (("mark", STRIKE, "--important"), "only a change of an article can be marked as important"),
        (("mark", STRIKE, "--to", "de"), "is not translated into de"),
        (("new", TOPIC, "--to", "de"), "a topic has no drafts"),
    ],
)
def test_what_announcements_and_topics_have_not(centre: Path, arguments: tuple[str, ...], said: str) -> None:
    write(centre, OTHERS, mkdocs=LANGUAGES)
    refused = kb_in(centre, "translate", *arguments)
    assert refused.exit_code == 2
    assert said in refused.output


def test_an_announcement_can_be_begun_as_a_draft(centre: Path) -> None:
    write(centre, OTHERS, mkdocs=LANGUAGES)
    assert kb_in(centre, "translate", "new", STRIKE, "--to", "ar").exit_code == 0
    begun = (centre / "content/announcements/2026-11-01-strike.ar.md").read_text("utf-8")
    assert begun.startswith("---\ndraft: true\ntitle: Strike\n")
