"""How long customers waited for the first reply: the minutes of each row."""

from datetime import datetime, time, timedelta

from kb_builder.mentions.counted import EARLY, REPLY_DAYS, UNANSWERED
from kb_builder.mentions.times import EPOCH, Clock


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
    wait = "coalesce(replied - seconds, raw.waited, raw.waited_open)"
    measured = f"seconds >= {first} AND seconds < {end} AND {has_hour}"
    # Opening hours only put the reply later than a wait without closed hours says.
    minutes = f"CASE WHEN {wait} < 0 THEN {EARLY} ELSE coalesce(ceil({wait} / 60.0)::INTEGER, {UNANSWERED}) END"
    return (
        f"CASE WHEN {measured} THEN (seconds // 60)::INTEGER END,"
        f" CASE WHEN {measured} THEN {minutes} END,"
        f" CASE WHEN {measured} THEN replied IS NULL AND raw.waited IS NULL AND raw.waited_open IS NOT NULL END"
    )
