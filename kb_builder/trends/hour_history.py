"""The pins of past hours, as builds at those hours would have shown them, from the rows that had arrived by then."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kb_builder.mentions.counted import Arrivals
from kb_builder.trends.calendars import hour_calendar
from kb_builder.trends.estimates import Floats
from kb_builder.trends.hour_baseline import Calendar
from kb_builder.trends.pin_finder import ALL, PinFinder


def hour_history(now_finder: PinFinder, now: datetime, hours: int) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Hour (``2026-03-02T09:00Z``) → scope → ids, best first, for the last ``hours`` full hours.

    Empty without the arrivals of the mentions that ``now_finder`` has.
    """
    arrivals = now_finder.mentions.arrivals
    if arrivals is None:
        return {}
    finder = _PastFinder(now_finder, arrivals)
    end = int(now.timestamp()) // 3600
    found = {}
    for hour in range(end - hours + 1, end + 1):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
        today = moment.astimezone(finder.zone).date()
        finder.advance(hour, today)
        found[f"{moment:%Y-%m-%dT%H:%MZ}"] = {
            scope: tuple(pin.id for pin in finder.pins(scope, today, moment, hour)) for scope in finder.scopes
        }
    return found


class _PastFinder(PinFinder):
    """A finder whose tables hold what had arrived by an hour, and which is moved forward hour by hour."""

    def __init__(self, now: PinFinder, arrivals: Arrivals) -> None:
        self._arrivals = arrivals
        self._done = 0
        self._day_tables: dict[str, Floats] = {}
        self._hour_tables: dict[str, NDArray[np.float32]] = {}
        super().__init__(now.mentions, tuple(now.articles.values()), now.settings, now.zone)
        self.last = self._days - 1

    @property
    def _days(self) -> int:
        """Days of the tables, up to tomorrow."""
        return self.mentions.today + 2 - self.mentions.oldest

    @cached_property
    def calendar(self) -> Calendar:
        hours = self._arrivals.hour[self._arrivals.hour >= 0]
        first = int(hours.min()) if len(hours) else self.mentions.end_hour
        return hour_calendar(first, self.mentions.end_hour - first + 48, self.zone, self.holidays)

    @cached_property
    def _channels(self) -> NDArray[np.int64]:
        return np.flatnonzero(np.bincount(self._arrivals.channel))

    def day_table(self, scope: str) -> Floats:
        if scope not in self._day_tables:
            self._day_tables[scope] = np.zeros((len(self.mentions.topics), self._days))
        return self._day_tables[scope]

    def hour_table(self, scope: str) -> NDArray[np.float32]:
        if scope not in self._hour_tables:
            shape = (len(self.calendar.day), len(self._channels), len(self.mentions.topics))
            self._hour_tables[scope] = np.zeros(shape, dtype=np.float32).T
        return self._hour_tables[scope]

    def advance(self, hour: int, today: date) -> None:
        """Add the rows that arrived up to ``hour``, which is of the day ``today``."""
        until = int(np.searchsorted(self._arrivals.arrived, hour, side="right"))
        new = Arrivals(*(column[self._done : until] for column in self._arrivals))
        self._done = until
        self._pins.clear()
        for scope in (ALL, *self.mentions.segments):
            chosen = new.segment == self.number(scope)
            if chosen.any():
                self._add(scope, Arrivals(*(column[chosen] for column in new)))
        newest = self.newest_before(today)
        self._newest = -1 if newest is None else newest

    def _add(self, scope: str, new: Arrivals) -> None:
        days = new.day - self.mentions.oldest
        inside = (days >= 0) & (days < self._days)
        np.add.at(self.day_table(scope), (new.topic[inside], days[inside]), new.customers[inside])
        if scope == ALL:
            self._has_mentions = self.day_table(ALL).sum(axis=0) > 0
        timed = new.hour >= 0
        hours = new.hour[timed] - self.calendar.first
        channel = np.searchsorted(self._channels, new.channel[timed])
        np.add.at(self.hour_table(scope), (new.topic[timed], channel, hours), new.customers[timed])
        if scope in self._scans and inside.any():
            self._scans[scope].changed_since(int(days[inside].min()))
        scan = self._hour_scans.get(scope)
        if scan is not None and len(hours):
            scan.changed(hours)
