from datetime import UTC, date, datetime

import pytest

from kb_builder.trends.estimates import Size
from kb_builder.trends.wording import (
    band,
    day_words,
    quantity,
    since_words,
    why,
    why_by_hand,
)

TODAY = date(2026, 4, 30)


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (date(2026, 4, 30), "since Thursday"),
        (date(2026, 4, 24), "since Friday"),
        (date(2026, 4, 23), "since 23 April"),
        (date(2025, 12, 24), "since 24 December 2025"),
    ],
)
def test_weekdays_are_named_within_a_week_only(since: date, words: str) -> None:
    assert since_words(since, TODAY) == words


def test_why_says_what_was_counted() -> None:
    size = Size(length=6, seen=149, expected=19.2, times_normal=7.52, at_least=5.93, momentum="rising")
    assert why(size, "day", f"since {day_words(date(2026, 4, 23), TODAY)}") == (
        "149 customers in 6 days, 19 expected (7.5 times normal, at least 5.9), since 23 April, rising"
    )


def test_why_of_something_never_seen_before() -> None:
    size = Size(length=1, seen=6, expected=0.02, times_normal=300, at_least=60, momentum="new")
    assert why(size, "day", "since 30 April") == (
        "6 customers in 1 day, less than 0.1 expected (more than 50 times normal, at least more than 50),"
        " since 30 April, new"
    )


@pytest.mark.parametrize(("customers", "words"), [(5, "several"), (24, "several"), (25, "many"), (250, "very many")])
def test_the_public_gets_bands_without_a_number(customers: int, words: str) -> None:
    assert band(customers) == f"{words} customers"


def test_pins_by_hand_have_words_too() -> None:
    assert why_by_hand(date(2026, 5, 3), TODAY) == "pinned by hand until 3 May"
    assert day_words(date(2027, 5, 3), TODAY) == "3 May 2027"


@pytest.mark.parametrize(("number", "words"), [(0.04, "less than 0.1"), (2.25, "2.2"), (19.5, "20"), (1234.0, "1,234")])
def test_quantities(number: float, words: str) -> None:
    assert quantity(number) == words


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (0, "since midnight"),
        (9, "since 9 this morning"),
        (12, "since noon"),
        (14, "since 2 this afternoon"),
        (21, "since 9 this evening"),
    ],
)
def test_the_time_of_a_burst_of_today(hour: int, words: str) -> None:
    began = datetime(2026, 4, 30, hour, tzinfo=UTC)
    assert since_words(began, began.date()) == words
    assert since_words(began, date(2026, 5, 1)) == "since Thursday"


def test_why_with_hours() -> None:
    size = Size(5, 41, 6.2, 6.6, 4.1, "rising")
    began = datetime(2026, 4, 30, 9, tzinfo=UTC)
    assert why(size, "hour", since_words(began, began.date())) == (
        "41 customers in 5 hours, 6.2 expected (6.6 times normal, at least 4.1), since 9 this morning, rising"
    )
