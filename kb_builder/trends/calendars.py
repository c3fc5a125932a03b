"""Local calendars for the scans: weekdays with public holidays, days of the month, and the local time of hours."""

import calendar
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kb_builder.system.codec import Codec
from kb_builder.trends.hour_baseline import Calendar
from kb_builder.trends.kept_days import NOTHING_KEPT, KeptDays

SUNDAY: Final = 6
_DEFAULT_SUBDIVISION: Final = {"GB": "ENG"}
"""Countries without a nationwide Easter Monday or the like: the subdivision with the most inhabitants."""
_HOLIDAYS: Final[Codec[tuple[date, ...]]] = Codec(tuple[date, ...])


def public_holidays(place: str, first: date, last: date, kept: KeptDays = NOTHING_KEPT) -> frozenset[date]:
    """Public holidays of a country (``DE``) or subdivision (``DE-BY``); none for an unknown place.

    They are kept by years: to ask for one country loads all of them, which takes a tenth of a second.
    """
    years = range(first.year, last.year + 1)
    found = kept.of("holidays", lambda: (place, repr(years)), _HOLIDAYS, lambda: _holidays(place, years))
    return frozenset(day for day in found if first <= day <= last)


def _holidays(place: str, years: Iterable[int]) -> tuple[date, ...]:
    import holidays

    country, _, subdivision = place.partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=subdivision or _DEFAULT_SUBDIVISION.get(country), years=years)
    except NotImplementedError:
        return ()
    return tuple(sorted(found))


def weekdays(first: date, days: int, holidays: Collection[date]) -> NDArray[np.int64]:
    """0 (Monday) to 6 for each of ``days`` days from ``first``; public holidays count as Sundays."""
    dates = [first + timedelta(days=number) for number in range(days)]
    return np.array([SUNDAY if day in holidays else day.weekday() for day in dates], dtype=np.int64)


def month_before(first: date, days: int) -> list[int]:
    """For each of ``days`` days from ``first`` the number of the same day a month before; it may be negative.

    In a shorter month the last day counts as the days that it lacks.
    """
    found = []
    for number in range(days):
        day = first + timedelta(days=number)
        end = day.replace(day=1) - timedelta(days=1)
        before = end.replace(day=min(day.day, calendar.monthrange(end.year, end.month)[1]))
        found.append((before - first).days)
    return found


def hour_calendar(first_hour: int, hours: int, zone: ZoneInfo, holidays: Collection[date]) -> Calendar:
    """Local time of ``hours`` consecutive hours from ``first_hour`` (hours since 1970, UTC)."""
    begins = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=first_hour)
    local = [(begins + timedelta(hours=number)).astimezone(zone) for number in range(hours)]
    dates = [moment.date() for moment in local]
    return Calendar(
        first=first_hour,
        date=dates[0],
        day=np.array([(day - dates[0]).days for day in dates], dtype=np.int64),
        hour=np.array([moment.hour for moment in local], dtype=np.int64),
        weekday=np.array([SUNDAY if day in holidays else day.weekday() for day in dates], dtype=np.int64),
    )
