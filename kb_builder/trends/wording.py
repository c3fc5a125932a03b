"""Trends in words for staff, with numbers; ``content/interface_language`` has those of the public."""

from datetime import date, datetime
from typing import Final

from kb_builder.errors import counted
from kb_builder.model import Band
from kb_builder.trends.estimates import Size

_MONTHS: Final = "January February March April May June July August September October November December".split()
_WEEKDAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_BANDS: Final[tuple[tuple[int, Band], ...]] = ((25, "several customers"), (250, "many customers"))
_MOST: Final[Band] = "very many customers"


def since_words(since: date, today: date) -> str:
    """``since Thursday`` within a week, otherwise ``since 23 April``, with the year when it is another one.

    A time of the same day is ``since 9 this morning``: hourly pins end within hours. Otherwise never “today” or
    “yesterday”, because the page may be read days after it was built.
    """
    if isinstance(since, datetime):
        if since.date() == today:
            return f"since {_hour_words(since.hour)}"
        since = since.date()
    if 0 <= (today - since).days < 7:
        return f"since {_WEEKDAYS[since.weekday()]}"
    return f"since {day_words(since, today)}"


def _hour_words(hour: int) -> str:
    if hour in (0, 12):
        return "noon" if hour else "midnight"
    part = "this morning" if hour < 12 else "this afternoon" if hour < 18 else "this evening"
    return f"{(hour - 1) % 12 + 1} {part}"


def day_words(day: date, today: date) -> str:
    """``23 April``, with the year unless it is this one."""
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day.day} {_MONTHS[day.month - 1]}{year}"


def moment_words(moment: datetime, now: datetime) -> str:
    """``23 April``, with the time unless it is midnight."""
    time = f", {moment:%H:%M}" if (moment.hour, moment.minute) != (0, 0) else ""
    return day_words(moment.date(), now.date()) + time


def band(customers: int) -> Band:
    """How many customers, without a number. “Several” means at least five."""
    return next((band for below, band in _BANDS if customers < below), _MOST)


def why(size: Size, unit: str, since: str) -> str:
    """``149 customers in 6 days, 19 expected (7.5 times normal, at least 5.9), since 23 April, rising``."""
    return (
        f"{size.seen:,} customers in {counted(size.length, unit)}, {quantity(size.expected)} expected"
        f" ({_times(size.times_normal)} times normal, at least {_times(size.at_least)}), {since}, {size.momentum}"
    )


def why_by_hand(until: date, today: date) -> str:
    """``pinned by hand until 2 May``."""
    return f"pinned by hand until {day_words(until, today)}"


def quantity(number: float) -> str:
    """An expected number of customers: whole from ten, ``less than 0.1`` below."""
    if number >= 10:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 0.1 else "less than 0.1"


def _times(ratio: float) -> str:
    return "more than 50" if ratio > 50 else f"{ratio:.1f}"
