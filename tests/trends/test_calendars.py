import sys
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.system.store import Store
from kb_builder.trends.calendars import hour_calendar, month_before, public_holidays, weekdays
from kb_builder.trends.kept_days import KeptDays

EASTER_MONDAY = date(2026, 4, 6)


def test_public_holidays_count_as_sundays() -> None:
    found = public_holidays("GB", date(2026, 4, 1), date(2026, 4, 30))
    assert sorted(found) == [date(2026, 4, 3), EASTER_MONDAY]
    assert weekdays(date(2026, 4, 5), 3, found).tolist() == [6, 6, 1]
    assert (
        hour_calendar((EASTER_MONDAY - date(1970, 1, 1)).days * 24, 3, ZoneInfo("UTC"), found).weekday.tolist()
        == [6] * 3
    )


def test_subdivisions_and_unknown_places() -> None:
    corpus_christi = date(2026, 6, 4)
    assert corpus_christi in public_holidays("DE-BY", corpus_christi, corpus_christi)
    assert public_holidays("DE", corpus_christi, corpus_christi) == frozenset()
    assert public_holidays("", date(2026, 1, 1), date(2026, 1, 1)) == frozenset()
    assert public_holidays("XX", date(2026, 1, 1), date(2026, 1, 1)) == frozenset()
    assert public_holidays("DE-XYZ", date(2026, 1, 1), date(2026, 1, 1)) == frozenset()


@given(
    st.sampled_from(("GB", "DE", "DE-BY", "XX", "")),
    st.lists(st.tuples(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(0, 400)), min_size=1, max_size=4),
)
def test_kept_holidays_are_those_of_the_library(place: str, spans: list[tuple[date, int]]) -> None:
    kept = KeptDays(Store(), "version")
    for first, days in spans:
        last = first + timedelta(days=days)
        assert public_holidays(place, first, last, kept) == public_holidays(place, first, last)


def test_the_library_is_not_asked_for_kept_holidays(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = KeptDays(Store(), "version")
    found = public_holidays("GB", EASTER_MONDAY, EASTER_MONDAY, kept)
    monkeypatch.setitem(sys.modules, "holidays", None)
    assert public_holidays("GB", EASTER_MONDAY, EASTER_MONDAY, kept) == found == {EASTER_MONDAY}
    with pytest.raises(ImportError):
        public_holidays("DE", EASTER_MONDAY, EASTER_MONDAY, kept)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_month_before_has_the_same_day_or_ends_sooner(day: date) -> None:
    (back,) = month_before(day, 1)
    before = date.fromordinal(day.toordinal() + back)
    assert (before.month % 12) + 1 == day.month
    assert before.day == day.day or (before.day < day.day and date.fromordinal(before.toordinal() + 1).day == 1)


def test_hours_of_a_short_day() -> None:
    first = (date(2026, 3, 28) - date(1970, 1, 1)).days * 24
    hours = hour_calendar(first, 72, ZoneInfo("Europe/London"), ())
    assert [int((hours.day == day).sum()) for day in range(3)] == [24, 23, 24]
    assert hours.hour[24:27].tolist() == [0, 2, 3]
