"""Export and import: what comes back is what was sent, and nothing that is wrong is written."""

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.errors import InputError
from kb_builder.translating import documents, xliff
from kb_builder.translating.units import Unit, Work
from kb_builder.translating.work import Pair, applied, work_of
from tests.translating.markdown_texts import MARKDOWN

ZONE = ZoneInfo("UTC")
REVISION = "0123456789"
LINE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
WORDS = st.lists(LINE, min_size=1, max_size=4).map(" ".join)
SOURCE = """---
id: one
title: How do I cancel?
tags: [orders]
answer: Open [your order](b.md) and choose `Cancel`.
asked_as: [stop it, cancel my order]
replies: {sms: "Your orders > Cancel"}
action: {label: Track it, url: "https://x.example/"}
---

## When {#when}

1. Open **it**.
2. Select [Cancel](c.md).

| Day | Fee |
|---|---|
| Monday | none |
"""


def pair(source: str = SOURCE, existing: str = "", kind: documents.Kind = "article") -> Pair:
    there = documents.read(existing, "a.de.md", ZONE, kind=kind) if existing else None
    read = documents.read(source, "a.md", ZONE, kind=kind)
    return Pair("one", "a.md", "en", "a.de.md", "de", REVISION, read, there, existing)


def sent(work: Work) -> Work:
    """As it comes back from a tool that changes nothing."""
    (back,) = xliff.read(xliff.write([work]), "w.xlf")
    return back


def filled(work: Work, translate: Callable[[Unit], object] = lambda unit: unit.source) -> Work:
    return replace(work, units=tuple(replace(unit, target=translate(unit)) for unit in work.units))  # type: ignore[arg-type]


@given(body=MARKDOWN, title=WORDS, answer=WORDS, asked=st.lists(WORDS, max_size=2, unique=True))
def test_a_source_translated_by_itself_has_the_same_body_and_words(
    body: str, title: str, answer: str, asked: list[str]
) -> None:
    fields = {"title": title, "answer": answer} | {f"asked_as.{n}": text for n, text in enumerate(asked, start=1)}
    source = documents.new(fields, body, "", "x")
    made = pair(source)
    work, lost = work_of(made)
    text = applied(made, sent(filled(work)), "w.xlf")
    assert lost == 0
    found = documents.read(text, "a.de.md", ZONE)
    assert found.body == made.source.body
    assert found.fields == made.source.fields
    assert found.translated_from == REVISION


@given(body=MARKDOWN, title=WORDS)
def test_export_and_import_of_a_translation_give_the_same_file(body: str, title: str) -> None:
    existing = (
        f"---\n# kept\ntranslated_from: '{REVISION}'\ntitle:   {documents.header_edits.quoted(title)}\n---\n{body}"
    )
    made = pair(documents.new({"title": "Source"}, body, "", "x").replace("---\n\n", "---\n", 1), existing)
    work, lost = work_of(made)
    back = sent(work)
    assert lost == 0
    assert all(unit.target is not None for unit in back.units)
    assert applied(made, back, "w.xlf") == existing


@given(body=MARKDOWN, title=WORDS, summary=WORDS, said=WORDS)
def test_an_announcement_and_its_translation_keep_their_markdown(
    body: str, title: str, summary: str, said: str
) -> None:
    """By way of XLIFF: a new translation has the same text, and one that comes back untouched the same bytes."""
    fields = {"title": title, "summary": summary, "replies.sms": said}
    source = documents.new(fields, body, "", "x", "announcement")
    made = pair(source, kind="announcement")
    text = applied(made, sent(filled(work_of(made)[0])), "w.xlf")
    found = documents.read(text, "a.de.md", ZONE, kind="announcement")
    assert (found.body, found.fields) == (made.source.body, made.source.fields)
    again = pair(source, text, "announcement")
    assert applied(again, sent(work_of(again)[0]), "w.xlf") == text


@given(title=WORDS, description=WORDS, told=WORDS, end=st.sampled_from(["", "\n", "\n# ours\n", "\n\n"]))
def test_words_of_a_topic_come_back_and_the_rest_of_their_file_stays(
    title: str, description: str, told: str, end: str
) -> None:
    source = documents.topic(title, description)
    quoted = documents.header_edits.quoted
    existing = f"# first\ntranslated_from: '{REVISION}'\ndescription: {quoted(told)}\ntitle: {quoted(title)}{end}"
    there = documents.read(existing, "_category.de.yml", ZONE, kind="topic")
    made = Pair("t", "_category.yml", "en", "_category.de.yml", "de", REVISION, source, there, existing)
    assert applied(made, sent(work_of(made)[0]), "w.xlf") == existing
    text = applied(made, sent(filled(work_of(made)[0])), "w.xlf")
    found = documents.read(text, "_category.de.yml", ZONE, kind="topic")
    assert (found.fields, found.translated_from) == (source.fields, REVISION)
    assert text.startswith("# first\n")
    assert text.endswith(end)
    new = replace(made, existing=None, text="")
    text = applied(new, sent(filled(work_of(new)[0])), "w.xlf")
    assert documents.read(text, "_category.de.yml", ZONE, kind="topic").fields == source.fields


def test_what_a_translator_gets() -> None:
    work, _ = work_of(pair())
    assert [unit.id for unit in work.units] == [
        "title", "answer", "asked_as.1", "asked_as.2", "replies.sms", "action.label",
        *(f"body.{number}" for number in range(1, 8)),
    ]  # fmt: skip
    assert all(unit.target is None for unit in work.units)
    text = xliff.write([work]).decode()
    assert '<bpt id="1">[</bpt>your order<ept id="1">](b.md)</ept> and choose <ph id="2">`Cancel`</ph>.' in text
    assert "tags" not in text


def test_a_new_translation_has_words_alone_in_its_header() -> None:
    work, _ = work_of(pair())
    text = applied(pair(), sent(filled(work)), "w.xlf")
    assert text.startswith('---\ntitle: "How do I cancel?"\nanswer: "Open [your order](b.md) and choose `Cancel`."\n')
    assert "id:" not in text
    assert "tags" not in text
    assert '  label: "Track it"\n  url: "https://x.example/"\n' in text
    assert text.endswith(SOURCE.partition("\n---\n")[2])


OLD = """---
title: Wie storniere ich?   # a comment
order: 3
asked_as: [stornieren, stopp, abbrechen]
translated_from: aaaaaaaaaa
---

## Wann {#wann}

* Öffnen.
* [Stornieren](c.md) wählen.

| Tag | Gebühr |
|---|---|
| Montag | keine |
"""


def test_of_a_translation_only_changed_words_are_rewritten() -> None:
    made = pair(existing=OLD)
    work, lost = work_of(made)
    assert (lost, work.state) == (0, "needs-review-translation")
    assert [unit.target for unit in work.units if unit.id == "body.1"] == [("Wann",)]

    def translate(unit: Unit) -> object:
        return {"body.1": ("Bis wann",), "asked_as.2": ("anhalten",)}.get(unit.id, unit.target)

    text = applied(made, sent(filled(work, translate)), "w.xlf")
    assert text == OLD.replace("Wann", "Bis wann").replace("aaaaaaaaaa", REVISION).replace(
        "asked_as: [stornieren, stopp, abbrechen]", "asked_as:\n  - stornieren\n  - anhalten\n  - abbrechen"
    ).replace(f"translated_from: {REVISION}", f'translated_from: "{REVISION}"')


def test_a_translation_of_its_own_structure_is_not_guessed_at() -> None:
    work, lost = work_of(pair(existing=OLD.replace("* Öffnen.\n", "* Öffnen.\n* Warten.\n")))
    assert [unit.target for unit in work.units if unit.id.startswith("body.")] == [None] * 7
    assert lost == 8


def test_a_translation_without_a_header_gets_one() -> None:
    made = pair("---\nid: one\ntitle: Hello\n---\n\nText.\n", "# Hallo\n\nWort.\n")
    work = replace(work_of(made)[0], state="translated")
    assert applied(made, sent(work), "w.xlf") == f'---\ntitle: Hallo\ntranslated_from: "{REVISION}"\n---\n\nWort.\n'


def without(name: str) -> Callable[[Work], Work]:
    return lambda work: replace(work, units=tuple(unit for unit in work.units if unit.id != name))


def with_target(name: str, *target: object) -> Callable[[Work], Work]:
    return lambda work: filled(work, lambda unit: target or None if unit.id == name else unit.target)


def twice(work: Work) -> Work:
    return replace(work, units=(*work.units, replace(work.units[0], id="body.99")))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (without("body.2"), 'the segment "body.2" of a.md is missing'),
        (twice, 'a.md has no segment "body.99"'),
        (with_target("title"), '1 segment has no translation in "one", the first is "title"'),
        (with_target("body.1"), '1 segment has no translation in "one", the first is "body.1"'),
        (
            lambda work: filled(work, lambda _: None),
            '8 segments have no translation in "one", the first is "title"',
        ),
        (with_target("body.3", "Stornieren wählen"), '"body.3" lacks the code ](c.md)\n'),
        (with_target("body.2", "- Öffnen"), 'the segment "body.2" would be read as something else'),
        (with_target("body.6", "Mon | Tue"), 'the segment "body.6" would be read as something else'),
        (with_target("body.2", "Öffnen\n\nund warten"), 'the segment "body.2" would be read as something else'),
        (with_target("body.2", "123"), 'the segment "body.2" would be read as something else'),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(change: Callable[[Work], Work], problem: str) -> None:
    work = change(filled(work_of(pair())[0]))
    with pytest.raises(InputError) as refused:
        applied(pair(), sent(work), "w.xlf")
    assert problem in str(refused.value)
    assert all(finding.path == "w.xlf" and finding.line > 1 for finding in refused.value.findings)


def test_an_old_translation_that_comes_back_as_it_was_stays_old() -> None:
    made = pair(existing=OLD.replace("order: 3", "answer: Ja\norder: 3"))
    work = sent(work_of(made)[0])
    assert {unit.review for unit in work.units if unit.target} == {True}
    assert applied(made, work, "w.xlf") == made.text
    looked_at = replace(work, units=tuple(replace(unit, review=False) for unit in work.units))
    with pytest.raises(InputError, match=r'"answer" lacks the code'):
        applied(made, looked_at, "w.xlf")


def test_a_source_that_changed_is_a_conflict() -> None:
    work = filled(work_of(pair())[0])
    with pytest.raises(InputError, match=r"a\.md has changed since it was exported"):
        applied(replace(pair(), revision="9876543210"), work, "w.xlf")


def test_a_translation_with_newer_edits_is_kept() -> None:
    work = filled(work_of(pair(existing=OLD))[0], lambda unit: unit.target or unit.source)
    edited = pair(existing=OLD.replace("Montag", "Dienstag"))
    with pytest.raises(InputError, match=r"a\.de\.md has changed since it was exported, and is kept"):
        applied(edited, work, "w.xlf")
    imported = applied(pair(existing=OLD), work, "w.xlf")
    assert applied(pair(existing=imported), work, "w.xlf") == imported
