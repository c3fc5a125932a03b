"""A header is read in every known spelling, or refused with its lines."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.frontmatter import SPELLINGS, Header, Reading, json_schema, read
from kb_builder.errors import Severity

LONDON = ZoneInfo("Europe/London")


def reading(header: str, ignore_keys: tuple[str, ...] = ()) -> Reading:
    return read(f"---\n{header}\n---\nBody.\n", "a.md", zone=LONDON, ignore_keys=ignore_keys)


def header_of(text: str) -> Header:
    found = reading(text)
    assert found.header is not None, found.findings
    return found.header


def test_every_key_in_our_spelling() -> None:
    header = header_of(
        """\
id: cancel-order
title: Cancel an order
type: policy
description: How to cancel.
nav_title: Cancel
answer: >
  Open your order
  and choose cancel.
asked_as: [stop my order, "cancel, please"]
tags: orders, cancelling
segments:
  - islands
order: 3
audience: staff
draft: yes
unlisted: on
publish_date: 2026-03-29T09:00:00 Europe/London
expiry_date: 2027-01-01
effective_date: 2026-01-01
last_reviewed_on: 2026-08-31
review_in: 6 months
owner: Returns team
redirect_from: /old/cancel/
related: [track-order]
search: {boost: 2.5, exclude: true}
promoted: {until: 2026-12-24T12:00:00Z}
trending: false"""
    )
    assert header.answer == "Open your order and choose cancel."
    assert header.asked_as == ("stop my order", "cancel, please")
    assert header.tags == ("orders", "cancelling")
    assert (header.draft, header.unlisted, header.trending) == (True, True, False)
    assert header.publish_date is not None
    assert header.publish_date.astimezone(UTC) == datetime(2026, 3, 29, 8, tzinfo=UTC)
    assert header.expiry_date == datetime(2027, 1, 1, tzinfo=LONDON)
    assert header.due() == date(2027, 2, 28)
    assert (header.search.boost, header.search.exclude) == (2.5, True)
    assert header.promoted is not None
    assert header.promoted.until == datetime(2026, 12, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_other_spellings_are_the_same_key(spelling: str) -> None:
    name = SPELLINGS[spelling]
    value = {"order": "7", "publish_date": "2026-01-01", "expiry_date": "2026-01-01"}.get(name, "x1")
    assert header_of(f"title: T\n{spelling}: {value}") == header_of(f"title: T\n{name}: {value}")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_two_spellings_of_one_key_are_refused(spelling: str) -> None:
    (finding,) = reading(f"title: T\n{SPELLINGS[spelling]}:\n{spelling}:").findings
    assert str(finding) == (
        f'a.md:4: error: "{SPELLINGS[spelling]}" and "{spelling}" mean the same\n'
        "  the first one is on line 3; keep one of them"
    )


def test_yaml_types_are_not_guessed() -> None:
    header = header_of("title: no\nid: 13756849779228\nowner: 0123\ntags: [1.10, on, 2026-01-01]")
    assert (header.title, header.id, header.owner) == ("no", "13756849779228", "0123")
    assert header.tags == ("1.10", "on", "2026-01-01")


@pytest.mark.parametrize(
    ("text", "promoted"), [("true", True), ("false", False), ("{until: 2026-01-01}", True), ("", False)]
)
def test_promoted_is_a_flag_or_a_date(text: str, promoted: bool) -> None:
    assert (header_of(f"title: T\npromoted: {text}").promoted is not None) == promoted


def test_lines_and_body() -> None:
    found = read("---\ntitle: T\n# why\nsummary: S\n---\n\nBody\n---\nmore", "a.md", zone=LONDON)
    assert found.lines == (("title", 2), ("description", 4))
    assert (found.body, found.body_line) == ("\nBody\n---\nmore", 6)
    assert found.findings == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tile: x\ntitle: y", 'a.md:2: error: unknown key "tile"\n  did you mean "title"?'),
        ("title: y\nkeyword: x", 'a.md:3: error: unknown key "keyword"\n  did you mean "keywords"?'),
        ("title: y\nlayout: x", 'a.md:3: error: unknown key "layout"\n  `kb schema` lists the keys; name keys of'),
        ("draft: true", 'a.md:2: error: "title" is missing'),
        ("title: y\ntitle: z", 'a.md:3: error: "title" is given twice'),
        ("title: Orders: how", "a.md:2: error: a value with a colon in it needs quotes"),
        (
            "title: y\nid: Cancel Order",
            'a.md:3: error: "id" must be made of a–z, 0–9 and hyphens, at most 100, not "Cancel',
        ),
        ("title: y\naudience: private", 'a.md:3: error: "audience" must be "public" or "staff", not "private"'),
        ("title: y\ndraft: maybe", 'a.md:3: error: "draft" must be true or false, not "maybe"'),
        ("title: y\ndraft: [yes]", 'a.md:3: error: "draft" must be true or false, not a list'),
        ("title: y\npublish_date: soon", 'a.md:3: error: "publish_date" must be a date or a time, not "soon"'),
        (
            "title: y\npublish_date: 2026-03-29T01:30",
            'a.md:3: error: "publish_date" has a local time that does not exist',
        ),
        ("title: y\nexpiry_date: {a: b}", 'a.md:3: error: "expiry_date" must be a date, not a group of keys'),
        ("title: y\nreview_in: often", 'a.md:3: error: "review_in" must be a span of time, not "often"'),
        ("title: y\nsearch: {boost: 11}", 'a.md:3: error: "boost" must be at most 10'),
        ("title: y\nsearch:\n  boots: 1", 'a.md:4: error: unknown key "boots"\n  did you mean "boost"?'),
        ("title: y\npromoted: [x]", 'a.md:3: error: "promoted" must be true, false or {until: a date}, not a list'),
        ("title: y\ntags: {a: b}", 'a.md:3: error: "tags" must be a list, not a group of keys'),
        ("title: y\nasked_as:\n  - a\n  - b: c", 'a.md:5: error: "asked_as" must be text, not a group of keys'),
        ("title: y\nsegments: [islands, The North]", 'a.md:3: error: "segments" must be made of a–z'),
        (
            "title: y\npublish_date: 2026-02-01\nexpiry_date: 2026-01-01",
            "a.md:4: error: it expires before it is published",
        ),
        (
            "title: y\nreview_in: 1 year\nreview_by: 2026-01-01",
            'a.md:4: error: "review_in" and "review_by" say the same',
        ),
        ("title: y\nlast_reviewed_on: 2199-06-01\nreview_in: 1 year", 'a.md:4: error: "review_in" reaches beyond'),
        (
            "title: y\naction: x",
            'a.md:3: error: "action" must consist of keys and values, not "x"\n  write action: {label: …, url: …}',
        ),
        ("title: y\naction: {url: x}", 'a.md:3: error: "label" is missing'),
        (
            "title: y\naction: {label: x, url: 'javascript:go()'}",
            'a.md:3: error: "url" must be a web address, a path or an',
        ),
        (
            'title: y\naction: {label: x, url: "java\\tscript:go()"}',
            'a.md:3: error: "url" must be a web address, a path or an',
        ),
        (
            "title: y\naction: {label: x, url: 'data:text/html,x'}",
            'a.md:3: error: "url" must be a web address, a path or an',
        ),
        (
            "title: y\naction: {label: x, url: //evil.example}",
            'a.md:3: error: "url" must be a web address, a path or an',
        ),
        (
            "title: y\naction: {label: x, url: '/\\evil.example'}",
            'a.md:3: error: "url" must be a web address, a path or an',
        ),
        ("- title", "a.md:2: error: the header must be made of keys and values"),
    ],
)
def test_a_header_that_cannot_be_trusted_is_withheld(text: str, expected: str) -> None:
    found = reading(text)
    assert found.header is None
    assert len(found.findings) == 1
    assert str(found.findings[0]).startswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Just text.\n", "a.md:1: error: the file has no header"),
        ("", "a.md:1: error: the file has no header"),
        ("+++\ntitle = 1\n+++\n", "a.md:1: error: the file has no header"),
        ("---\ntitle: x\n", "a.md:1: error: the header is not closed\n  add a line --- after its last key"),
        ("---\n---\n", 'a.md:2: error: "title" is missing'),
    ],
)
def test_a_file_without_a_whole_header(text: str, expected: str) -> None:
    found = read(text, "a.md", zone=LONDON)
    assert found.header is None
    assert str(found.findings[0]).startswith(expected)


def test_all_errors_are_reported_at_once() -> None:
    codes = {finding.code for finding in reading("tile: x\ndraft: perhaps\nexpiry_date: never").findings}
    assert codes == {"unknown-key", "bad-value", "bad-date", "missing-key"}


RIGHT = ("description: It's so", "tags: [a, b]", 'answer: "Yes."', "related:\n  - track-order", "nav_title: >\n  Long")
WRONG = (
    "answr: Yes.", "id: Not a slug", "order: third", "publish_date: 2026-13-01", "owner: Desk: returns", "staff: @all",
    "asked_as: [a, b", 'replies: "so', "must_say: 'it's'", "draft: *x", "\ttrending: no", "review_in: !!str 1 y",
    "words without a key", "search: {boost: 1", "unlisted: maybe", "promoted: &a yes",
)  # fmt: skip


@given(st.permutations(RIGHT + WRONG), st.integers(1, 8))
def test_every_mistake_of_a_header_is_reported_at_once(lines: list[str], count: int) -> None:
    chosen = ["title: A title", *lines[:count], "effective_date: 2026-01-01"]
    starts = [2 + sum(line.count("\n") + 1 for line in chosen[:place]) for place in range(len(chosen))]
    wrong = {start for start, line in zip(starts, chosen, strict=True) if line in WRONG}
    found = reading("\n".join(chosen))
    assert {finding.line for finding in found.findings} == wrong, found.findings
    assert (found.header is None) == bool(wrong)


def test_ignored_keys_are_ignored_but_known_keys_are_read() -> None:
    found = reading("title: T\nlayout: [x]\ndraft: true", ignore_keys=("layout", "draft"))
    assert found.header is not None
    assert found.header.draft
    assert found.findings == ()


def test_lengths_are_advice() -> None:
    found = reading(f"title: {'t' * 66}\ndescription: {'d' * 161}\nanswer: {'a' * 301}")
    assert found.header is not None
    assert [(finding.line, finding.code, finding.severity) for finding in found.findings] == [
        (2, "long-title", Severity.NOTE),
        (3, "long-description", Severity.NOTE),
        (4, "long-answer", Severity.NOTE),
    ]
    assert reading(f"title: {'t' * 65}\ndescription: {'d' * 160}\nanswer: {'a' * 300}").findings == ()


def test_a_review_span_needs_the_date_it_counts_from() -> None:
    found = reading("title: T\nreview_in: 6 months")
    assert found.header is not None
    assert found.header.due() is None
    assert [(finding.code, finding.severity) for finding in found.findings] == [
        ("review-without-date", Severity.WARNING)
    ]


def test_the_schema_names_every_key_and_spelling() -> None:
    schema = json_schema()
    assert set(schema["properties"]) == {*Header.model_fields, *SPELLINGS}
    assert schema["required"] == ["title"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["keywords"]["description"] == "Another spelling of asked_as."


SAMPLES = ["true", "no", "[a, b]", "{until: 2026-01-01}", "2026-03-29T01:30", "6 months", "", "~", "&a", "*a"]
KEYS = st.sampled_from([*Header.model_fields, *SPELLINGS, "tile", "search: {boost"])
VALUES = st.one_of(
    st.sampled_from(SAMPLES),
    st.text(st.characters(codec=None, exclude_characters="\r\n"), max_size=20),
)


@given(
    st.lists(st.tuples(KEYS, VALUES), max_size=6).map(
        lambda pairs: "\n".join(f"{key}: {value}" for key, value in pairs)
    )
)
def test_any_header_is_values_or_known_findings(header: str) -> None:
    found = reading(header)
    errors = [finding for finding in found.findings if finding.severity is Severity.ERROR]
    assert (found.header is None) == bool(errors)
    assert all(finding.message and finding.line >= 1 for finding in found.findings)


@given(st.text(st.characters(codec=None), max_size=120) | st.text(alphabet="-\n ait:le", max_size=40))
def test_any_text_is_values_or_known_findings(text: str) -> None:
    found = read(text, "a.md", zone=LONDON)
    assert (found.header is None) == any(finding.severity is Severity.ERROR for finding in found.findings)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("# How do I pay?\n\nBy card.\n", "start the file with the lines ---, title: How do I pay?, and --- again"),
        ("\n\n---\ntitle: A\n---\n", "take out the empty lines above it: --- must be the first line"),
        ("+++\ntitle = 'A'\n+++\n", "TOML is not read: write the header in YAML, between two lines ---"),
        ("", "start the file with the lines ---, title: …, and --- again"),
    ],
)
def test_a_file_without_a_header_gets_a_hint(text: str, hint: str) -> None:
    (finding,) = read(text, "faq/a.md", zone=ZoneInfo("UTC")).findings
    assert (finding.line, finding.code, finding.hint) == (1, "no-header", hint)
