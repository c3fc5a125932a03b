"""Hourly and daily pins of one scope as one list, replayed hour by hour."""

from collections.abc import Callable, Mapping
from typing import Final

from kb_builder.trends.bursts import Rules
from kb_builder.trends.hour_scan import HourPin, HourScan, Look

_REST: Final = 30
"""Hours after which a topic that was taken down may be pinned again without being clearly stronger.

A day, and the hours by which late rows move the moment when it was taken down.
"""
WHOLE_FROM: Final = 4
"""The hour from which the day before is whole: until then, channels that come once a night may be missing."""


def merged_pins(
    scan: HourScan, end: int, rules: Rules, daily: Callable[[int], Mapping[int, float]]
) -> tuple[tuple[int, ...], Mapping[int, HourPin]]:
    """The topics shown at the end of column ``end`` − 1, best first, and the hourly pins by topic.

    ``daily(day)`` gives the scores of the daily pins on a local day of the scan's calendar. Until the day before is
    whole, no daily pin is dropped: it would often be back when the missing channel has come.
    """
    merge = Merge(rules)
    live: dict[int, HourPin] = {}
    ended: dict[int, int] = {}
    for hour in scan.replayed(end):
        scan.step(hour, live, ended)
        day = int(scan.calendar.day[hour])
        held = daily(day - 1) if scan.calendar.hour[hour] < WHOLE_FROM else {}
        merge.step(hour, live, {**held, **daily(day)}, scan.look(hour))
    return merge.shown, live


class Merge:
    """Hourly and daily pins of one scope as one list, hour by hour.

    A shown pin yields only to a better one. A daily pin whose last 24 hours are back to normal ranks last, and stays
    last until the daily scan drops it: taking it down at once, or letting it rank again, makes pins flap.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._spent: set[int] = set()
        self._left: dict[int, tuple[int, float]] = {}
        self._score: dict[int, float] = {}
        self.shown: tuple[int, ...] = ()

    def step(self, hour: int, hourly: Mapping[int, HourPin], daily: Mapping[int, float], look: Look) -> None:
        """Choose the topics that are shown for one hour, from ``daily`` scores by topic and the hourly pins."""
        self._spent &= daily.keys() - hourly.keys()
        self._spent |= {
            topic for topic in daily if topic not in hourly and look.last_day[topic] < self._rules.still_times_normal
        }
        score = {
            topic: max(daily.get(topic, 0.0), hourly[topic].score if topic in hourly else 0.0)
            for topic in sorted(daily.keys() | hourly.keys())
        }

        def rank(topic: int) -> tuple[bool, float, int]:
            held = self._rules.yields_to if topic in self.shown else 1.0
            return topic in self._spent, -score[topic] * held, topic

        for topic in self.shown:
            if topic not in score:
                self._left[topic] = (hour, self._score[topic])
        chosen = sorted((topic for topic in score if self._may_return(topic, hour, score[topic])), key=rank)[
            : self._rules.slots
        ]
        self._left.update(
            {topic: (hour, score[topic]) for topic in self.shown if topic in score and topic not in chosen}
        )
        self.shown = tuple(sorted(chosen, key=lambda topic: (topic in self._spent, -score[topic], topic)))
        self._score = score

    def _may_return(self, topic: int, hour: int, score: float) -> bool:
        """A topic that was taken down comes back within a day only if clearly better, and never while spent."""
        if topic in self.shown or topic not in self._left:
            return True
        left, before = self._left[topic]
        rested = hour - left > _REST or score >= self._rules.yields_to * before
        return rested and topic not in self._spent
