"""What a text may mean, by our own table."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.errors import InputError
from kb_builder.parsing.dates import Duration
from kb_builder.parsing.fields import (
    CalendarSpan,
    Day,
    DayList,
    Flag,
    Integer,
    Line,
    Moment,
    Number,
    Slug,
    SlugList,
    TextList,
    slug,
)
from kb_builder.parsing.schemas import Schema, validate
from kb_builder.parsing.strict_yaml import load


class Everything(Schema):
    flag: Flag = False
    integer: Integer = 0
    number: Number = 0.0
    line: Line = ""
    slug: Slug = ""
    texts: TextList = ()
    slugs: SlugList = ()
    moment: Moment | None = None
    day: Day | None = None
    days: DayList = ()
    span: CalendarSpan | None = None


def read(text: str) -> tuple[Everything | None, tuple[str, ...]]:
    try:
        made, _ = validate(load(text, "a.yml"), Everything, "a.yml", context={"zone": ZoneInfo("Europe/London")})
    except InputError as error:
        return None, tuple(finding.message for finding in error.findings)
    return made, ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("flag: TRUE", True),
        ("flag: on", True),
        ("flag: 'no'", False),
        ("integer: -7", -7),
        ("integer: 007", 7),
        ("number: 1.50", 1.5),
        ("line: |\n  two\n  lines", "two lines"),
        ("line: 0123", "0123"),
        ("slug: 13756849779228", "13756849779228"),
        ("texts: a, b , a,, c d", ("a", "b", "c d")),
        ("texts: [1.10, no, no]", ("1.10", "no")),
        ("texts: []", ()),
        ("slugs: north, south", ("north", "south")),
        ("moment: 2026-06-01T09:00", datetime(2026, 6, 1, 8, tzinfo=UTC)),
        ("day: 2026-06-01", date(2026, 6, 1)),
        ("days: 2026-12-25, 2026-12-26", (date(2026, 12, 25), date(2026, 12, 26))),
        ("span: 6 months", Duration(months=6)),
    ],
)
def test_a_value_is_read_in_its_type(text: str, value: Any) -> None:
    made, messages = read(text)
    assert messages == ()
    assert getattr(made, text.partition(":")[0]) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("flag: y", '"flag" must be true or false, not "y"'),
        ("flag: 1", '"flag" must be true or false, not "1"'),
        ("integer: 1.0", '"integer" must be a whole number, not "1.0"'),
        ("integer: 1_000", '"integer" must be a whole number, not "1_000"'),
        ("integer: 12345678901", '"integer" must be a whole number, not "12345678901"'),
        ("integer: ١٢", '"integer" must be a whole number, not "١٢"'),
        ("number: .inf", '"number" must be a number, not ".inf"'),
        ("number: 1e3", '"number" must be a number, not "1e3"'),
        ("line: [a]", '"line" must be text, not a list'),
        ("slug: -a", '"slug" must be made of a–z, 0–9 and hyphens, at most 100, not "-a"'),
        ("texts: {a: b}", '"texts" must be a list, not a group of keys'),
        ("slugs: [a, B c]", '"slugs" must be made of a–z, 0–9 and hyphens, at most 100, not "B c"'),
        ("day: [2026-06-01]", '"day" must be a date, not a list'),
        ("span: 6", '"span" must be a span of time, not "6"'),
    ],
)
def test_a_value_of_another_type_is_refused_in_plain_words(text: str, message: str) -> None:
    assert read(text) == (None, (message,))


@given(st.text(max_size=200))
def test_a_slug_is_one_or_nothing(text: str) -> None:
    made = slug(text)
    assert not made or read(f"slug: {made}")[1] == ()
