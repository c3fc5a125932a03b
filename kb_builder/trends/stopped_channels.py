"""Channels that have stopped coming, as findings: their customers are missing in every trend."""

from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from kb_builder.errors import Finding, Severity
from kb_builder.mentions.counted import Mentions, Silence
from kb_builder.mentions.settings import TrendingSettings
from kb_builder.trends.calendars import public_holidays, weekdays
from kb_builder.trends.wording import day_words

_FEWEST: Final = 10
"""Mentions that the silent days would usually have brought: chance leaves out so many once in twenty thousand times."""


def stopped_channels(mentions: Mentions, settings: TrendingSettings, zone: ZoneInfo) -> Iterator[Finding]:
    """A warning for each channel that has brought nothing for days on which it usually brings something; one for all of
    them where nothing came at all.

    Each silent day is compared with the same weekdays of the four weeks before; public holidays are Sundays.
    """
    country = settings.country_in(zone)
    for silence in mentions.silences:
        expected = _expected(silence, mentions, country)
        if expected < _FEWEST:
            continue
        since = _date(mentions, silence.newest)
        said = f" from {silence.source}" if silence.source else ""
        yield Finding(
            silence.path,
            0,
            "stopped-channel",
            Severity.WARNING,
            f"no mentions{said} since {day_words(since, _date(mentions, mentions.today))}, where about"
            f" {_rounded(expected):,} are usual",
            "see whether the export still runs; of a channel that was closed this is said for four weeks",
        )
        if not silence.source:
            return


def _expected(silence: Silence, mentions: Mentions, country: str) -> float:
    """The mentions that the silent days would usually have brought."""
    first = _date(mentions, silence.newest - len(silence.rows) + 1)
    days = (_date(mentions, mentions.today) - first).days
    kinds = weekdays(first, days, public_holidays(country, first, first + timedelta(days=days))).tolist()
    known = len(silence.rows)

    def usual(kind: int) -> float:
        return float(median([rows for rows, of in zip(silence.rows, kinds[:known], strict=True) if of == kind] or [0]))

    return sum(map(usual, kinds[known:]))


def _date(mentions: Mentions, day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=mentions.first_day + day)


def _rounded(number: float) -> int:
    """The number to two digits."""
    whole = round(number)
    return round(whole, min(0, 2 - len(str(whole))))
