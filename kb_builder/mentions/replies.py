"""How long customers waited for the first reply: the minutes of each row."""

from datetime import datetime, time, timedelta
from typing import Final

from kb_builder.mentions.counted import EARLY, REPLY_DAYS, UNANSWERED, UNREADABLE
from kb_builder.mentions.sql import NOT_READ, may_be_time
from kb_builder.mentions.times import DAY, EPOCH, Clock, has_hour_sql

_LONGEST: Final = 10 * 366 * DAY
"""A longer wait ends after now, too, and might not fit a number."""


def first_second(clock: Clock) -> tuple[int, int]:
    """The first second of the measured days and the first after them, in seconds since 1970."""
    today = clock.now.astimezone(clock.zone).date()
    first, end = (datetime.combine(day, time(), clock.zone) for day in (today - timedelta(days=REPLY_DAYS), today))
    return int((first - EPOCH).total_seconds()), int((end - EPOCH).total_seconds())


def loading_sql(clock: Clock, has_hour: str) -> str:
    """SQL columns ``asked``, ``waited`` and ``open_wait`` from ``seconds, replied, waited, waited_open`` of a row.

    All are NULL for a row that is not measured.
    """
    first, end = first_second(clock)
    replied = f"CASE WHEN {has_hour_sql('raw.first_reply_at', clock)} THEN replied END"
    unreadable = f"CASE WHEN {may_be_time('raw.first_reply_at')} THEN {NOT_READ} END"
    wait = f"coalesce({replied} - seconds, raw.waited, raw.waited_open, {unreadable})"
    measured = f"seconds >= {first} AND seconds < {end} AND {has_hour}"
    # Opening hours only put the reply later than a wait without closed hours says.
    minutes = (
        f"CASE WHEN {wait} IS NULL THEN {UNANSWERED} WHEN isnan({wait}) THEN {UNREADABLE} WHEN {wait} < 0 THEN {EARLY}"
        f" ELSE ceil(least({wait}, {_LONGEST}) / 60.0)::INTEGER END"
    )
    return (
        f"CASE WHEN {measured} THEN (seconds // 60)::INTEGER END,"
        f" CASE WHEN {measured} THEN {minutes} END,"
        f" CASE WHEN {measured} THEN ({replied}) IS NULL AND raw.waited IS NULL AND raw.waited_open IS NOT NULL END"
    )
