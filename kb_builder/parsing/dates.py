"""Dates and times as authors write them, as zone-aware values: RFC 3339, or local time with an IANA zone after it.

Every function raises InputError whose problem continues after the name of a key (``must be a date…``), with a hint.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo

from kb_builder.errors import InputError, clip, did_you_mean

UTC_ZONE: Final = ZoneInfo("UTC")
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199

_DATE: Final = r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
_TIME: Final = r"(?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?)?"
_PLAIN_DATE: Final = re.compile(_DATE, re.ASCII)
_MOMENT: Final = re.compile(
    rf"{_DATE}(?:(?:[Tt]|\s+){_TIME}\s*(?P<offset>[Zz]|[+-]\d{{2}}:\d{{2}})?)?(?:\s+(?P<zone>[A-Za-z][\w+-]*(?:/[\w+-]+)*))?",
    re.ASCII,
)
_DURATION: Final = re.compile(r"(?P<number>\d{1,4})\s*(?P<unit>day|week|month|year)s?", re.ASCII | re.IGNORECASE)
_UNITS: Final = {"day": (0, 1), "week": (0, 7), "month": (1, 0), "year": (12, 0)}
"""Months and days of each."""
_EXAMPLE: Final = "write 2026-03-29, 2026-03-29T09:00:00+01:00 or 2026-03-29T09:00:00 Europe/London"


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of the calendar: whole months and whole days."""

    months: int = 0
    days: int = 0

    def after(self, start: date) -> date:
        """``start`` plus this span; the 31st becomes the last day of a shorter month.

        Raises InputError beyond the last year.
        """
        month = start.year * 12 + start.month - 1 + self.months
        year, month = divmod(month, 12)
        if year > LAST_YEAR:
            raise InputError(f"reaches beyond the year {LAST_YEAR}")
        day = min(start.day, monthrange(year, month + 1)[1])
        return date(year, month + 1, day) + timedelta(days=self.days)


def parse_zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name (``Europe/London``). Raises InputError for another."""
    if name not in _zone_names():
        written = "zones are written like Europe/London or America/New_York"
        hint = did_you_mean(name.replace(" ", "_"), _zone_names(), written)
        raise InputError(f'names an unknown time zone: "{clip(name)}"', hint=hint)
    return ZoneInfo(name)


@cache
def _zone_names() -> frozenset[str]:
    # The list of the tzdata package: names of one machine (localtime, posix/…) are not portable.
    return frozenset(resources.files("tzdata").joinpath("zones").read_text("utf-8").split())


def parse_moment(text: str, zone: ZoneInfo) -> datetime:
    """A point in time. Without an offset or a zone of its own ``text`` is local time in ``zone``.

    A plain date is its first moment. Raises InputError for another text, and for a local time that a clock change skips
    or repeats.
    """
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise InputError(f'must be a date or a time, not "{clip(text)}"', hint=_EXAMPLE)
    day = _day(match)
    if match["zone"]:
        if match["offset"]:
            raise InputError(f'gives an offset and a zone: "{text.strip()}"', hint=f"keep one: {_EXAMPLE}")
        zone = parse_zone(match["zone"])
    if match["hour"] is None:
        return _first_moment(day, zone)
    fraction = int((match["fraction"] or "0").ljust(6, "0")[:6])
    try:
        clock = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0), fraction)
    except ValueError:
        hint = "hours go from 00 to 23, minutes and seconds from 00 to 59"
        raise InputError(f'has an invalid time: "{text.strip()}"', hint=hint) from None
    if match["offset"]:
        return datetime.combine(day, clock, _offset(match["offset"]))
    return _local(datetime.combine(day, clock), zone)


def parse_day(text: str, zone: ZoneInfo) -> date:
    """A calendar date; of a point in time, the date it falls on in ``zone``."""
    match = _PLAIN_DATE.fullmatch(text.strip())
    return _day(match) if match else parse_moment(text, zone).astimezone(zone).date()


def parse_duration(text: str) -> Duration:
    """``6 months``, ``90 days``, ``2 weeks``, ``1 year``. Raises InputError for anything else."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or not int(match["number"]):
        hint = "write a number and a unit: 90 days, 6 months, 1 year"
        raise InputError(f'must be a span of time, not "{clip(text)}"', hint=hint)
    number, unit = int(match["number"]), match["unit"].lower()
    if number > 1200:
        hint = "1200 days, weeks, months or years is the most"
        raise InputError(f'is too long a span of time: "{text.strip()}"', hint=hint)
    months, days = _UNITS[unit]
    return Duration(months * number, days * number)


def _day(match: re.Match[str]) -> date:
    year = int(match["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError(f"has the year {match['year']}", hint=f"years go from {FIRST_YEAR} to {LAST_YEAR}")
    try:
        return date(year, int(match["month"]), int(match["day"]))
    except ValueError:
        shown = f"{match['year']}-{match['month']}-{match['day']}"
        hint = "dates are written year-month-day: 2026-03-29"
        raise InputError(f'has an invalid date: "{shown}"', hint=hint) from None


def _offset(text: str) -> timezone:
    if text in {"Z", "z"}:
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        raise InputError(f'has an invalid offset: "{text}"', hint="offsets go from -12:00 to +14:00")
    return timezone((-1 if text[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def _first_moment(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of ``day``, also where a clock change skips or repeats midnight."""
    midnight = datetime.combine(day, time(), zone)
    if _exists(midnight):
        return midnight
    # Midnight is skipped: with the offset from before the change it is the first moment after the gap.
    return midnight.astimezone(UTC).astimezone(zone)


def _local(clock: datetime, zone: ZoneInfo) -> datetime:
    first, second = clock.replace(tzinfo=zone, fold=0), clock.replace(tzinfo=zone, fold=1)
    if not _exists(first):
        moved = first.astimezone(UTC).astimezone(zone)
        raise InputError(
            f"has a local time that does not exist: on {clock:%Y-%m-%d} clocks in {zone.key} skip {clock:%H:%M}",
            hint=f"write {moved.isoformat()} for the time shown after the change",
        )
    if first.utcoffset() != second.utcoffset():
        raise InputError(
            f"has a local time that exists twice: on {clock:%Y-%m-%d} clocks in {zone.key} show {clock:%H:%M} again",
            hint=f"write {first.isoformat()} for the first or {second.isoformat()} for the second",
        )
    return first


def _exists(local: datetime) -> bool:
    back = local.astimezone(UTC).astimezone(local.tzinfo)
    return back.replace(tzinfo=None) == local.replace(tzinfo=None)


def country_of(zone: ZoneInfo) -> str:
    """The ISO 3166 code of the country of a time zone, by the IANA table; empty for zones without a country."""
    return _countries().get(zone.key, "")


@cache
def _countries() -> dict[str, str]:
    table = resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[2]: row[0] for row in rows}
