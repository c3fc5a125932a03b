"""When a mention was made: any common way of writing a time, as SQL for DuckDB, and the days of a zone.

An offset or zone in the text counts; a time without one is local time in a zone that the team names. The days come
from Python's time zone data, not the engine's, so that all of the house agrees on them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

DAY: Final = 86_400
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
KEPT_DAYS: Final = 18 * 56
"""Days before today that are counted: nearly three years."""

_FORMATS: Final = (
    "%a %b %d %H:%M:%S %z %Y",
    "%a, %d %b %Y %H:%M:%S %z",
    "%a, %d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%d %b, %Y %I:%M %p",
    "%d %b %Y %I:%M %p",
    "%b %d, %Y %I:%M %p",
    "%B %d, %Y %I:%M %p",
    "%Y-%m-%d %I:%M:%S %p",
    "%Y-%m-%d %I:%M %p",
    "%Y%m%dT%H%M%S",
    "%Y%m%dT%H%M%SZ",
    "%Y%m%d",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
)
"""Tried in this order when a time is neither ISO 8601 nor an epoch. None of them mistakes a day for a month."""
_EPOCH: Final = r"^\d{9,17}(?:\.\d+)?$"
_ZONED: Final = _EPOCH + r"|:\d{2}(?:\.\d+)?\s*[+-]\d{2}(?::?\d{2})?(?: \d{4})?$|\s[A-Za-z_]{3,}(?:/[A-Za-z_+-]+)*$"
_FORMAT_LIST: Final = ", ".join(f"'{each}'" for each in _FORMATS)
_ISO: Final = r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:[Tt ]+\d{1,2}:\d{2}.*)?$"


@dataclass(frozen=True, slots=True)
class Clock:
    """What is needed to tell days apart. ``today`` counts days from 1970-01-01 in ``zone``."""

    now: datetime
    zone: ZoneInfo
    naive_zone: ZoneInfo
    time_format: str | None

    @property
    def today(self) -> int:
        return day_of(self.now, self.zone)

    @property
    def first_day(self) -> int:
        return self.today - KEPT_DAYS


class TimeSql(NamedTuple):
    """Expressions over a text column: seconds since 1970 (as if UTC where no zone is given), and whether none was."""

    seconds: str
    naive: str


def time_sql(column: str, time_format: str | None) -> TimeSql:
    """How DuckDB reads the times in ``column`` (an SQL expression); NULL where it can't.

    The session's time zone must be UTC. Digits alone are seconds, milliseconds or microseconds since 1970.
    """
    if time_format is not None:
        given = sql_text(time_format)
        return TimeSql(f"epoch_us(try_strptime({column}, {given})) // 1000000", str("%z" not in time_format.lower()))
    number = f"try_cast(split_part({column}, '.', 1) AS BIGINT)"
    cast = f"epoch_us(try_cast({column} AS TIMESTAMPTZ))"
    # “2026-03-02 10:00:00 +0000” is common and the only ISO spelling that the engine's cast refuses.
    closed_up = rf"regexp_replace({column}, '\s+([+-]\d{{2}})(:?\d{{2}})?$', '\1\2')"
    # try_strptime takes words such as “epoch” for times.
    other = f"epoch_us(CASE WHEN {column} SIMILAR TO '.*[0-9].*' THEN try_strptime({column}, [{_FORMAT_LIST}]) END)"
    # Nearly every export writes 2026-03-02T10:00:00Z, and a regular expression costs more than the rest of its row.
    zulu = f"suffix({column}, 'Z') AND {column}[5] = '-' AND {column}[14] = ':'"
    seconds = (
        f"CASE WHEN {zulu} THEN {cast} // 1000000"
        f" WHEN regexp_matches({column}, '{_ISO}')"
        f" THEN coalesce({cast}, epoch_us(try_cast({closed_up} AS TIMESTAMPTZ)), {other}) // 1000000"
        f" WHEN regexp_matches({column}, '{_EPOCH}')"
        f" THEN {number} // CASE WHEN {number} < 100000000000 THEN 1"
        f" WHEN {number} < 100000000000000 THEN 1000 ELSE 1000000 END"
        f" ELSE {other} // 1000000 END"
    )
    naive = f"CASE WHEN suffix({column}, 'Z') THEN false ELSE NOT regexp_matches({column}, '{_ZONED}') END"
    return TimeSql(seconds, naive)


def seconds_sql(clock: Clock) -> str:
    """Columns out of the text column ``time``: ``seconds`` since 1970 (UTC), and ``naive``: it names no zone."""
    when = time_sql("time", clock.time_format)
    last = int(clock.now.timestamp()) + 2 * DAY
    offset = offset_sql("local", clock.naive_zone, last - (KEPT_DAYS + 4) * DAY, last, local=True)
    seconds = f"CASE WHEN naive THEN local - ({offset}) ELSE local END"
    return f"{when.seconds} AS local, {when.naive} AS naive, {seconds} AS seconds"


def day_sql(seconds: str, clock: Clock) -> str:
    """The day of the site's zone, from 0, the oldest that is counted; -1 for older ones."""
    last = int(clock.now.timestamp())
    offset = offset_sql(seconds, clock.zone, last - (KEPT_DAYS + 2) * DAY, last)
    distance = f"({seconds} + ({offset})) // {DAY} - {clock.first_day}"
    return f"least(greatest(coalesce({distance}, -1), -1), {KEPT_DAYS})::SMALLINT"


def offset_sql(column: str, zone: ZoneInfo, first: int, last: int, *, local: bool = False) -> str:
    """The zone's distance from UTC in seconds, as SQL over a column of seconds since 1970.

    Every change between ``first`` and ``last`` (seconds since 1970) is known; beyond them the nearest offset is used.
    With ``local`` the column is local time: an hour that is shown twice is the first of the two.
    """
    changes, before = _changes(zone, first, last)
    cases = ""
    for at, offset in reversed(changes):
        cases += f" WHEN {column} >= {at + (max(offset, _offset(zone, at - 1)) if local else 0)} THEN {offset}"
    return f"CASE{cases} ELSE {before} END" if cases else str(before)


def day_of(moment: datetime, zone: ZoneInfo) -> int:
    """Days from 1970-01-01 to the date of ``moment`` in ``zone``."""
    return moment.astimezone(zone).date().toordinal() - EPOCH.date().toordinal()


def sql_text(text: str) -> str:
    """``text`` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _changes(zone: ZoneInfo, first: int, last: int) -> tuple[list[tuple[int, int]], int]:
    """(second, new offset) of every change after ``first`` up to ``last``, and the offset before them."""
    found: list[tuple[int, int]] = []
    here, offset = first, _offset(zone, first)
    before = offset
    while here < last:
        step = min(here + 7 * DAY, last)
        if (new := _offset(zone, step)) != offset:
            low, high = here, step
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
            found.append((high, new))
            offset = new
        here = step
    return found, before


def _offset(zone: ZoneInfo, second: int) -> int:
    distance = (EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()
    return round(distance.total_seconds()) if distance else 0
