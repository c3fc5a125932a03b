"""Hourly and daily pins of one scope as one list, replayed hour by hour."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from kb_builder.trends.estimates import Burst
from kb_builder.trends.hour_looks import Look
from kb_builder.trends.hour_scan import HourScan, Live
from kb_builder.trends.rules import Rules

_REST: Final = 30
"""Hours after which a topic that was taken down may be pinned again without being clearly stronger.

A day, and the hours by which late rows move the moment when it was taken down.
"""
_WHOLE_FROM: Final = 4
"""The hour from which the day before is whole: until then, channels that come once a night may be missing."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Hourly and daily pins of one scope as one list, at the end of one hour of a replay.

    A shown pin yields only to a better one. A daily pin whose last 24 hours are back to normal ranks last, and stays
    last until the daily scan drops it: taking it down at once, or letting it rank again, makes pins flap.
    """

    rules: Rules
    shown: tuple[int, ...] = ()
    """Topics, best first."""
    _spent: frozenset[int] = frozenset()
    _left: Mapping[int, tuple[int, float]] = field(default_factory=dict)
    _score: Mapping[int, float] = field(default_factory=dict)

    def after(self, hour: int, hourly: Mapping[int, Burst], daily: Mapping[int, float], look: Look) -> "Merge":
        """The list of the next hour, from ``daily`` scores by topic and the hourly pins."""
        normal = {topic for topic in daily if look.last_day[topic] < self.rules.still_times_normal}
        spent = frozenset((self._spent & daily.keys() | normal) - hourly.keys())
        score = {
            topic: max(daily.get(topic, 0.0), hourly[topic].score if topic in hourly else 0.0)
            for topic in sorted(daily.keys() | hourly.keys())
        }

        def rank(topic: int) -> tuple[bool, float, int]:
            held = self.rules.yields_to if topic in self.shown else 1.0
            return topic in spent, -score[topic] * held, topic

        left = dict(self._left)
        left.update({topic: (hour, self._score[topic]) for topic in self.shown if topic not in score})
        before = replace(self, _spent=spent, _left=left)
        chosen = sorted((topic for topic in score if before._may_return(topic, hour, score[topic])), key=rank)[
            : self.rules.slots
        ]
        left.update({topic: (hour, score[topic]) for topic in self.shown if topic in score and topic not in chosen})
        shown = tuple(sorted(chosen, key=lambda topic: (topic in spent, -score[topic], topic)))
        return Merge(self.rules, shown, spent, left, score)

    def _may_return(self, topic: int, hour: int, score: float) -> bool:
        """A topic that was taken down comes back within a day only if clearly better, and never while spent."""
        if topic in self.shown or topic not in self._left:
            return True
        left, before = self._left[topic]
        rested = hour - left > _REST or score >= self.rules.yields_to * before
        return rested and topic not in self._spent


@dataclass(frozen=True, slots=True)
class _Hour:
    """One hour of a replay: what it was made from, and what came of it."""

    look: Look
    daily: Mapping[int, float]
    live: Live
    merge: Merge


class Replay:
    """The merged pins of one scope, replayed by hours from what ``scan`` sees.

    An hour whose looks and daily pins, and those of the hours before it, are as in the last replay is not done again:
    the result is that of a whole replay.
    """

    def __init__(self, scan: HourScan) -> None:
        self._scan = scan
        self._first = 0
        self._hours: list[_Hour] = []

    def pins(
        self, end: int, daily: Callable[[int], Mapping[int, float]]
    ) -> tuple[tuple[int, ...], Mapping[int, Burst]] | None:
        """The topics shown at the end of column ``end`` − 1, best first, and the hourly pins by topic.

        None with too little history. ``daily(day)`` gives the scores of the daily pins on a local day of the scan's
        calendar. While a channel of the day before is missing, no daily pin is dropped in the first hours of a day: it
        would often be back when the channel has come.
        """
        hours = self._scan.replayed(end)
        if not hours:
            return None
        if hours.start != self._first:
            self._first, self._hours = hours.start, []
        daily, whole = cache(daily), cache(self._scan.whole)
        for place, hour in enumerate(hours):
            day = int(self._scan.calendar.day[hour])
            waits = self._scan.calendar.hour[hour] < _WHOLE_FROM and not whole(day - 1)
            held = daily(day - 1) if waits else {}
            self._bring(place, hour, {**held, **daily(day)})
        last = self._hours[len(hours) - 1]
        return last.merge.shown, last.live.pins

    def _bring(self, place: int, hour: int, daily: Mapping[int, float]) -> None:
        """Replay one hour, unless it is known."""
        look = self._scan.look(hour)
        if place < len(self._hours):
            if self._hours[place].look is look and self._hours[place].daily == daily:
                return
            del self._hours[place:]
        before = self._hours[-1] if place else _Hour(look, daily, Live(), Merge(self._scan.rules))
        live = self._scan.step(hour, before.live)
        self._hours.append(_Hour(look, daily, live, before.merge.after(hour, live.pins, daily, look)))
