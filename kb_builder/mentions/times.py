"""Parse times in common formats with DuckDB SQL, and convert them to days of a time zone.

An offset or zone in the text is used; a time without one is local time in the configured zone. Days are computed with
Python's time zone data, not DuckDB's, so that they agree with the rest of the program.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from kb_builder.mentions.sql import sql_text
from kb_builder.mentions.time_forms import SERIAL, UNSEEN, WIDE_SPACES, month_names

DAY: Final = 86_400
FIRST_SECOND: Final = 631_152_000
"""1990-01-01: an older time was read in the wrong form."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
HOUR_DAYS: Final = 52
"""Days of hourly counts: 15 that are replayed, four weeks of baseline, a week before it, and two to begin with."""
KEPT_DAYS: Final = 18 * 56
"""Days of history that are counted: nearly three years."""

_COMMON: Final = (
    "%a %b %d %H:%M:%S %z %Y",
    "%Y-%m-%d %H:%M:%S %z",
    "%a, %d %b %Y %H:%M:%S %z",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%d %b, %Y %I:%M %p",
    "%b %d, %Y %I:%M %p",
    "%Y-%m-%d %I:%M %p",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
)
"""Tried first, because normalising costs more than the rest of a row. None of them confuses day and month."""
_HALF_DAY_HOURS: Final = ("%I:%M %p", "%I:%M:%S %p", "%I:%M %p %z", "%I:%M:%S %p %z")
_HOURS: Final = ("%H:%M:%S %z", "%H:%M:%S", "%H:%M", *_HALF_DAY_HOURS)
_FORMATS: Final = (
    *(f"{day} {hour}" for day in ("%d %b %Y", "%b %d %Y") for hour in _HOURS),
    *(f"%Y-%m-%d {hour}" for hour in _HALF_DAY_HOURS),
    "%d %b %Y",
    "%b %d %Y",
    "%b %d %H:%M:%S %z %Y",
    "%b %d %H:%M:%S %Y",
    "%Y%m%dT%H%M%S %z",
    "%Y%m%dT%H%M%S",
    "%Y%m%d",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
)
"""Tried in this order on a normalised time that is neither ISO 8601 nor an epoch."""
_OFFSETS: Final = (
    ("+00:00", "utc gmt z wet"),
    ("+01:00", "cet west"),
    ("+02:00", "cest eet"),
    ("+03:00", "eest"),
    ("-04:00", "edt"),
    ("-05:00", "est cdt"),
    ("-06:00", "mdt"),
    ("-07:00", "pdt"),
    ("-08:00", "pst"),
)
_ABBREVIATIONS: Final = {name: offset for offset, names in _OFFSETS for name in names.split()}
"""Unambiguous zone abbreviations. BST, IST and CST are ambiguous: such times count as having no zone."""
_MONTHS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_EPOCH: Final = r"^\d{9,19}(?:\.\d*)?$"
_FLOAT: Final = r"^\d(?:\.\d+)?[eE]\+?\d{1,2}$"
"""An epoch in the notation of spreadsheets and data frames: ``1.777536E9``."""
_ISO: Final = (
    r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:[Tt ]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?"
    r"(?:Z|[+-]\d{2}(?::?\d{2})?|\s[A-Za-z_]+(?:/[A-Za-z_+-]+)+)?)?$"
)
_REMARK: Final = r"\s*(?:\([^()]*\)|\[[^\[\]]*\])?\s*$"
"""A remark after the zone: ``(Central European Summer Time)``, ``[Europe/Berlin]``."""
_IANA: Final = r"\s[A-Za-z_]+(?:/[A-Za-z_+-]+)+$"
_ZONED: Final = (
    rf"{_EPOCH}|{_FLOAT}|{_IANA}"
    r"|:\d{2}(?:[.,]\d+)?(?:\s*[ap]m)?\s*(?:utc|gmt)?\s*[+-]\d{1,2}(?::?\d{2})?(?: \d{4})?"
    + _REMARK
    + rf"|\d(?:\s*[ap]m)?\s*(?:{'|'.join(_ABBREVIATIONS)})(?: \d{{4}})?{_REMARK}"
)
_NORMALISE: Final = (
    (r"(:\d{2}),(\d)", r"\1.\2"),
    (r"[\s,\x{A0}\x{202F}]+(?:(?:at|um|à|às|kl|om|o)\.?\s+)?", " "),
    (r" (?:uhr|klo)\.?$", ""),
    (r"(\d) ?h ?(\d{2})\b", r"\1:\2"),
    (r"^ ?(\d{1,2})\. ", r"\1 "),
    (_REMARK, ""),
    (r" de ", " "),
    (r"^ ?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.? ", ""),
    (rf"\b({_MONTHS})[a-z]*\.?", r"\1"),
    (rf"^ ?(\d{{1,2}})[ -]({_MONTHS})[ -](\d{{4}})", r"\1 \2 \3"),
    (r" ?(?:utc|gmt) ?([+-]\d)", r" \1"),
    (r" ([+-])(\d)$", r" \10\2"),
)
"""Normalisation: single spaces, no commas, weekdays or remarks, three-letter months."""
_BEFORE_MONTHS: Final = 7
"""Steps that come before names of months are put into English."""
_ABBREVIATION: Final = r"(\d(?: ?[AaPp][Mm])?) ?([A-Za-z]{1,4})( \d{4})?$"


@dataclass(frozen=True, slots=True)
class Clock:
    """``now`` and the zones of days. ``today`` is in days since 1970-01-01 in ``zone``."""

    now: datetime
    zone: ZoneInfo
    naive_zone: ZoneInfo
    time_format: str | None
    history_hours: int = 0

    @property
    def today(self) -> int:
        """In days since 1970-01-01, in ``zone``."""
        return day_of(self.now, self.zone)

    @property
    def first_day(self) -> int:
        """The oldest day that is counted, in days since 1970-01-01."""
        return self.today - KEPT_DAYS

    @property
    def hour(self) -> int:
        """The newest full hour, as its end, in hours since 1970 (UTC)."""
        return int(self.now.timestamp()) // 3600

    @property
    def minute(self) -> int:
        """``now`` in minutes since 1970 (UTC)."""
        return int(self.now.timestamp()) // 60

    @property
    def midnight(self) -> int:
        """The hour at which day 0 begins, in hours since 1970 (UTC), to the hour."""
        return self.first_day * 24 - round(_offset(self.zone, int(self.now.timestamp())) / 3600)

    @property
    def first_hour(self) -> int:
        """The first hour that hourly counts need, in hours since 1970 (UTC): the same all day."""
        began = datetime.combine(self.now.astimezone(self.zone), time(), self.zone)
        return int(began.timestamp()) // 3600 - self.history_hours - (HOUR_DAYS + 1) * 24


class TimeSql(NamedTuple):
    """SQL expressions: seconds since 1970 (as if UTC when no zone is given), and whether the zone is missing."""

    seconds: str
    naive: str


def time_sql(column: str, time_format: str | None) -> TimeSql:
    """Parse the times in ``column`` (an SQL expression); NULL when that fails. The session's zone must be UTC.

    Numbers are seconds, milli-, micro- or nanoseconds since 1970. Times that don't have the form ``time_format`` are
    parsed as without it, because there may be exports of several tools.
    """
    number = f"try_cast(split_part({column}, '.', 1) AS BIGINT)"
    cast = f"epoch_us(try_cast({column} AS TIMESTAMPTZ))"
    # Nearly every export writes 2026-03-02T10:00:00Z, and a regular expression costs more than the rest of its row.
    zulu = f"suffix({column}, 'Z') AND {column}[5] = '-' AND {column}[14] = ':'"
    seconds = (
        f"coalesce(CASE WHEN {zulu} OR regexp_matches({column}, '{_ISO}') THEN {cast} // 1000000"
        f" WHEN regexp_matches({column}, '{_EPOCH}') THEN {_epoch_seconds(number)}"
        f" WHEN regexp_matches({column}, '{_FLOAT}') THEN {_epoch_seconds(f'try_cast({column} AS DOUBLE)::BIGINT')}"
        f" END, {_by_formats(column, _COMMON)} // 1000000, {_normalised(column)} // 1000000)"
    )
    naive = f"CASE WHEN suffix({column}, 'Z') THEN false ELSE NOT regexp_matches({column}, '{_ZONED}', 'i') END"
    if time_format == SERIAL:
        given = f"round((try_cast(replace({column}, ',', '.') AS DOUBLE) - 25569) * {DAY})::BIGINT"
        return TimeSql(f"coalesce({given}, {seconds})", f"CASE WHEN {given} IS NULL THEN {naive} ELSE true END")
    if time_format is not None:
        given = f"epoch_us(try_strptime(trim({column}), {sql_text(time_format)})) // 1000000"
        seconds = f"coalesce({given}, {seconds})"
        naive = f"CASE WHEN {given} IS NULL THEN {naive} ELSE {'%z' not in time_format.lower()} END"
    return TimeSql(seconds, naive)


def plain_time(value: str) -> str:
    """SQL of a time without marks of direction, and with plain spaces; most times are ASCII and stay as they are."""
    plain = f"trim(translate({value}, {sql_text(WIDE_SPACES + UNSEEN)}, {sql_text(' ' * len(WIDE_SPACES))}))"
    return f"CASE WHEN strlen({value}) > length({value}) THEN {plain} ELSE {value} END"


def _epoch_seconds(number: str) -> str:
    """Seconds from a number of seconds, milli-, micro- or nanoseconds, by its count of digits."""
    unit = "1000000000"
    for digits, divisor in ((17, "1000000"), (14, "1000"), (11, "1")):
        unit = f"CASE WHEN {number} < {10**digits} THEN {divisor} ELSE {unit} END"
    return f"{number} // {unit}"


def _by_formats(column: str, formats: Iterable[str]) -> str:
    """Microseconds by the first format that fits. Needs a digit: DuckDB parses words such as “epoch” as times."""
    listed = ", ".join(f"'{each}'" for each in formats)
    return f"epoch_us(try_strptime(CASE WHEN {column} SIMILAR TO '.*[0-9].*' THEN {column} END, [{listed}]))"


def _normalised(column: str) -> str:
    """Microseconds of a time after normalisation. Each step is bound to a name and so evaluated once."""
    normalised = f"translate({column}, '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '01234567890123456789')"
    for pattern, replacement in (*_NORMALISE[:_BEFORE_MONTHS], *month_names(), *_NORMALISE[_BEFORE_MONTHS:]):
        normalised = f"regexp_replace({normalised}, '{pattern}', '{replacement}', 'gi')"
    offsets = " ".join(f"WHEN '{name}' THEN ' {offset}'" for name, offset in _ABBREVIATIONS.items())
    word = f"lower(regexp_extract(t, '{_ABBREVIATION}', 2))"
    offset = f"CASE {word} {offsets} WHEN 'am' THEN ' am' WHEN 'pm' THEN ' pm' ELSE '' END"
    named = rf"regexp_replace(t, '{_ABBREVIATION}', '\1' || {offset} || '\3')"
    # DuckDB's cast refuses “2026-03-02 10:00:00 +0000”, which is common, and accepts words such as “now”.
    joined = r"regexp_replace(t, ' ([+-]\d{2}(?::?\d{2})?)$', '\1')"
    iso = f"try_cast(CASE WHEN regexp_matches({joined}, '{_ISO}') THEN {joined} END AS TIMESTAMPTZ)"
    other = _by_formats("t", _FORMATS)
    steps = f"[trim({normalised})]"
    for step in (named, f"coalesce(epoch_us({iso}), {other})"):
        steps = f"list_transform({steps}, lambda t: {step})"
    return f"{steps}[1]"


class Moment(NamedTuple):
    """A text column that holds a time, and the names of the two columns that are made of it."""

    text: str
    seconds: str
    naive: str


TIME: Final = Moment("time", "seconds", "naive")


def timed_sql(rows: str, clock: Clock, *moments: Moment) -> str:
    """The query ``rows`` with two more columns for each of ``moments``: seconds since 1970 (UTC), and whether the zone
    is missing."""
    last = int(clock.now.timestamp()) + 2 * DAY
    parsed = shifted = ""
    for text, seconds, naive in moments:
        when = time_sql(text, clock.time_format)
        local = f"local_{seconds}"
        parsed += f", {when.seconds} AS {local}, {when.naive} AS {naive}"
        offset = offset_sql(local, clock.naive_zone, last - (KEPT_DAYS + 4) * DAY, last, local=True)
        shifted += f", CASE WHEN {naive} THEN {local} - ({offset}) ELSE {local} END AS {seconds}"
    # One SELECT would do, but there DuckDB plans the whole expression again for each use of its name.
    return f"SELECT *{shifted} FROM (SELECT *{parsed} FROM ({rows}))"


def has_hour_sql(column: str, clock: Clock) -> str:
    """Whether the text of a time has a time of day."""
    known = rf"contains({column}, ':') OR regexp_matches({column}, '^\d{{9,}}|^\d\.\d+[eE]|\dT\d|\d ?h ?\d')"
    given = clock.time_format or ""
    return f"({known}{' OR true' if '%H' in given or '%I' in given or given == SERIAL else ''})"


def day_sql(seconds: str, clock: Clock) -> str:
    """The day of the site's zone, from 0, the oldest that is counted; -1 for older ones."""
    distance = f"{local_sql(seconds, clock)} // {DAY} - {clock.first_day}"
    return f"least(greatest(coalesce({distance}, -1), -1), {KEPT_DAYS})::SMALLINT"


def local_sql(seconds: str, clock: Clock) -> str:
    """Seconds since 1970 as the clocks of the site's zone show them."""
    last = int(clock.now.timestamp())
    return f"({seconds} + ({offset_sql(seconds, clock.zone, last - (KEPT_DAYS + 2) * DAY, last)}))"


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
