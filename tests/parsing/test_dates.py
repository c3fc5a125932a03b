"""Dates as authors write them, and the clocks that don't show them."""

import contextlib
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.errors import InputError
from kb_builder.parsing.dates import Duration, country_of, parse_day, parse_duration, parse_moment, parse_zone

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-29T09:00:00Z", "2026-03-29T09:00:00+00:00"),
        ("2026-03-29t09:00:00z", "2026-03-29T09:00:00+00:00"),
        ("2026-03-29T09:00:00.5+02:00", "2026-03-29T07:00:00.500000+00:00"),
        ("2026-03-29 09:00:00 +02:00", "2026-03-29T07:00:00+00:00"),
        ("2026-03-29T09:00:00 Europe/London", "2026-03-29T08:00:00+00:00"),
        ("2026-03-29T09:00 America/New_York", "2026-03-29T13:00:00+00:00"),
        ("2026-03-29 09:00 UTC", "2026-03-29T09:00:00+00:00"),
        ("2026-03-29T09:00:00", "2026-03-29T08:00:00+00:00"),
        ("2026-03-29", "2026-03-29T00:00:00+00:00"),
        ("2026-06-01", "2026-05-31T23:00:00+00:00"),
        ("2026-06-01 Asia/Tokyo", "2026-05-31T15:00:00+00:00"),
        # The clocks of these places skip midnight, or show it twice: a plain date is its first moment.
        ("2026-09-06 America/Santiago", "2026-09-06T04:00:00+00:00"),
        ("2026-11-01 America/Havana", "2026-11-01T04:00:00+00:00"),
    ],
)
def test_a_moment_without_a_zone_is_local(text: str, expected: str) -> None:
    assert parse_moment(text, LONDON).astimezone(UTC).isoformat() == expected


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("2026-03-29T01:30:00", "does not exist", "2026-03-29T02:30:00+01:00"),
        ("2026-03-29T02:00:00 Europe/Berlin", "does not exist", "2026-03-29T03:00:00+02:00"),
        ("2026-10-25T01:30:00", "exists twice", "2026-10-25T01:30:00+01:00 for the first or 2026-10-25T01:30:00+00:00"),
        ("2026-11-01T00:30 America/Havana", "exists twice", "-04:00 for the first"),
        ("2026-10-04T02:15 Australia/Lord_Howe", "does not exist", "2026-10-04T02:45:00+11:00"),
        ("2026-03-29T09:00:00+01:00 Europe/London", "an offset and a zone", "keep one"),
        ("2026-03-29T09:00:00 Europe/Londn", "unknown time zone", 'did you mean "Europe/London"?'),
        ("2026-03-29T09:00:00 localtime", "unknown time zone", "Europe/London"),
        ("2026-02-30", "invalid date", "year-month-day"),
        ("2026-13-01", "invalid date", "year-month-day"),
        ("2026-03-29T24:00:00", "invalid time", "00 to 23"),
        ("2026-03-29T23:59:60Z", "invalid time", "00 to 59"),
        ("2026-03-29T09:00:00+15:00", "invalid offset", "+14:00"),
        ("9999-12-31", "the year 9999", "1900 to 2199"),
        ("0001-01-01T00:00:00Z", "the year 0001", "1900 to 2199"),
        ("29/03/2026", "must be a date or a time", "2026-03-29"),
        ("tomorrow", "must be a date or a time", "2026-03-29"),
        ("2026-03-29T09", "must be a date or a time", "2026-03-29"),
        ("２０２６-03-29", "must be a date or a time", "2026-03-29"),
        ("", "must be a date or a time", "2026-03-29"),
    ],
)
def test_moments_that_are_refused(text: str, problem: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_moment(text, LONDON)
    assert problem in caught.value.problem
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "hour_utc"),
    [
        ("2026-03-29T00:59:59", 0),
        ("2026-03-29T02:00:00", 1),
        ("2026-10-25T00:59:59", 23),
        ("2026-10-25T02:00:00", 2),
    ],
)
def test_the_edges_of_a_clock_change_are_accepted(text: str, hour_utc: int) -> None:
    assert parse_moment(text, LONDON).astimezone(UTC).hour == hour_utc


def test_a_day_is_the_local_one() -> None:
    assert parse_day("2026-06-01", LONDON) == date(2026, 6, 1)
    assert parse_day("2026-05-31T23:30:00Z", LONDON) == date(2026, 6, 1)
    with pytest.raises(InputError):
        parse_day("June", LONDON)


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("6 months", date(2026, 8, 31), date(2027, 2, 28)),
        ("1 month", date(2024, 1, 31), date(2024, 2, 29)),
        ("90 days", date(2026, 12, 1), date(2027, 3, 1)),
        ("2 Weeks", date(2026, 12, 24), date(2027, 1, 7)),
        ("1 year", date(2024, 2, 29), date(2025, 2, 28)),
        ("12months", date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_a_duration_counts_from_a_date(text: str, start: date, expected: date) -> None:
    assert parse_duration(text).after(start) == expected


@pytest.mark.parametrize("text", ["6", "six months", "0 days", "-1 day", "1.5 years", "9999 years", "", "6 months ago"])
def test_durations_that_are_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_duration(text)
    assert caught.value.hint


def test_a_span_that_leaves_the_calendar_is_refused() -> None:
    with pytest.raises(InputError, match="beyond the year 2199"):
        Duration(months=12).after(date(2199, 1, 1))


def test_a_mistyped_zone_gets_a_hint() -> None:
    assert parse_zone("Europe/London") == LONDON
    with pytest.raises(InputError) as caught:
        parse_zone("europe/london")
    assert caught.value.hint == 'did you mean "Europe/London"?'
    with pytest.raises(InputError):
        parse_zone("../../etc/passwd")


@given(st.text(max_size=40) | st.from_regex(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?( Europe/London|Z)?", fullmatch=True))
def test_any_text_is_a_zone_aware_moment_or_a_known_error(text: str) -> None:
    with contextlib.suppress(InputError):
        assert parse_moment(text, LONDON).utcoffset() is not None


@given(st.datetimes(datetime(1980, 1, 1), datetime(2199, 12, 30)), st.sampled_from(["Europe/London", "America/Havana"]))
def test_a_moment_written_as_rfc_3339_is_the_same_moment(local: datetime, zone: str) -> None:
    moment = local.replace(microsecond=0, tzinfo=UTC)
    assert parse_moment(moment.astimezone(ZoneInfo(zone)).isoformat(), LONDON) == moment


def test_the_country_of_a_zone() -> None:
    assert [country_of(ZoneInfo(name)) for name in ("Europe/London", "Europe/Berlin", "UTC")] == ["GB", "DE", ""]
