"""Opening hours are read as schema.org writes them and said in plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.interface_language import Language
from kb_builder.errors import InputError
from kb_builder.model import OpeningHours
from kb_builder.parsing.opening_hours import ALWAYS, is_always, parse

WEEKDAYS = (0, 1, 2, 3, 4)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("text", "expected", "words"),
    [
        ("Mo-Fr 09:00-17:00", OpeningHours(WEEKDAYS, 540, 1020), "Monday to Friday, 9:00 to 17:00"),
        ("mo – fr 9:00 – 17:00", OpeningHours(WEEKDAYS, 540, 1020), "Monday to Friday, 9:00 to 17:00"),
        ("Mo,We 10:00-12:30", OpeningHours((0, 2), 600, 750), "Monday and Wednesday, 10:00 to 12:30"),
        ("Mo,We,Fr 10:00-12:00", OpeningHours((0, 2, 4), 600, 720), "Monday, Wednesday and Friday, 10:00 to 12:00"),
        ("Mo-We,Sa 10:00-11:00", OpeningHours((0, 1, 2, 5), 600, 660),
         "Monday to Wednesday and Saturday, 10:00 to 11:00"),
        ("Sa-Mo 10:00-12:00", OpeningHours((0, 5, 6), 600, 720), "Saturday to Monday, 10:00 to 12:00"),
        ("Sa 10:00-24:00", OpeningHours((5,), 600, 1440), "Saturday, 10:00 to midnight"),
        ("Sa 00:00-12:00", OpeningHours((5,), 0, 720), "Saturday, midnight to 12:00"),
        ("Fr 18:00-02:00", OpeningHours((4,), 1080, 1560), "Friday, 18:00 to 2:00 the next day"),
        ("Fr 18:00-00:00", OpeningHours((4,), 1080, 1440), "Friday, 18:00 to midnight"),
        ("Mo-Su 08:00-22:00", OpeningHours(EVERY_DAY, 480, 1320), "Every day, 8:00 to 22:00"),
        ("Sa,Su", OpeningHours((5, 6), 0, 1440), "Saturday and Sunday, day and night"),
    ],
)  # fmt: skip
def test_one_line(text: str, expected: OpeningHours, words: str) -> None:
    assert parse(text) == (expected,)
    assert Language().hours(expected) == words


def test_several_times_on_the_same_days() -> None:
    assert parse("Mo 09:00-12:00, 13:00-17:00") == (OpeningHours((0,), 540, 720), OpeningHours((0,), 780, 1020))


@pytest.mark.parametrize("text", ["24/7", "Mo-Su", "Mo-Su 00:00-24:00"])
def test_always(text: str) -> None:
    assert parse(text) == (ALWAYS,)
    assert is_always(parse(text))


def test_always_in_two_lines() -> None:
    assert is_always((*parse("Mo-Fr"), *parse("Sa-Su 00:00-24:00")))
    assert not is_always((*parse("Mo-Fr"), *parse("Sa-Su 00:00-23:59")))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must be opening hours"),
        ("9 to 5", "must be opening hours"),
        ("Mo-Fr 9-17", "must be opening hours"),
        ("Mo-Fr 09:00-17:00,", "must be opening hours"),
        ("Mon-Fri 09:00-17:00", "names unknown days"),
        ("Mo-We-Fr 09:00-17:00", "names unknown days"),
        ("PH 10:00-12:00", "names unknown days"),
        ("Mo 25:00-26:00", "has an invalid time"),
        ("Mo 09:60-10:00", "has an invalid time"),
        ("Mo 24:00-02:00", "has an invalid time"),
        ("Mo 09:00-09:00", "opens and closes at the same time"),
    ],
)
def test_hours_that_cannot_be_read_are_refused_with_a_hint(text: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert caught.value.problem.startswith(problem)
    assert caught.value.hint


@given(st.text(alphabet="MoTuWeFrSaSu,- 0123456789:/", max_size=24))
def test_any_text_is_hours_or_a_known_error(text: str) -> None:
    try:
        found = parse(text)
    except InputError:
        return
    for hours in found:
        assert 0 <= hours.opens < 1440
        assert hours.opens < hours.closes <= hours.opens + 1440
        assert Language().hours(hours)
