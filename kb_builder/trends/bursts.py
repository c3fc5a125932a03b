"""Daily burst detection: a windowed negative-binomial scan against a 28-day baseline, replayed day by day.

The count of a topic on a day is compared with
``share · level · habit``: the topic's share of all mentions over four weeks, the day's level over all other topics,
and the topic's own weekday habit. The scan takes the best of the last one to seven days as the start of a burst. After
Farrington et al. 1996 (doi:10.2307/2983331) and Kulldorff 2001 (doi:10.1111/1467-985X.00186); the tail of the negative
binomial is the leading term of Lugannani and Rice's saddle-point approximation.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb_builder.system.codec import Codec
from kb_builder.trends.estimates import (
    BASELINE_DAYS,
    COUNT_PRIOR,
    GUARD_DAYS,
    LEAST_HISTORY,
    NORMAL_95,
    TINY,
    Burst,
    Flags,
    Floats,
    Momentum,
    Size,
    day_levels,
    direction,
    dispersion,
    surprise,
    weekday_habits,
)
from kb_builder.trends.kept_days import NOTHING_KEPT, KeptDays, content
from kb_builder.trends.rules import Rules

STARTS: Final = 7
REPLAY_DAYS: Final = 28
_MONTHS: Final = 2
_REACH: Final = REPLAY_DAYS + GUARD_DAYS + BASELINE_DAYS
"""Days before a day of whose counts its bursts may depend: those of the baseline of the first day of its replay."""

_SMALL_SEEN, _SMALL_EXPECTED = 0.5, 1.0
"""Added to the last two days before they are compared: one customer instead of 0.2 is not five times normal."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence of all topics at the end of one day, as parallel arrays.

    ``score`` is −ln P(count ≥ observed), in nats.
    """

    score: Floats
    days: NDArray[np.int64]
    """Length of the best window, 1 to 7 days, including the evaluated day."""
    seen: Floats
    expected: Floats
    at_least: Floats
    """Lower 95 % bound of seen ÷ expected."""
    recent: Floats
    """seen ÷ expected over the last two days, shrunk when little is expected."""
    enough: Flags
    """Whether customers and lower bound reach the rules."""

    def with_rows(self, rows: NDArray[np.int64], other: "Evidence") -> "Evidence":
        """This evidence with ``rows`` replaced by ``other``."""
        fields = {name: getattr(self, name).copy() for name in self.__slots__}
        for name, column in fields.items():
            column[rows] = getattr(other, name)
        return Evidence(**fields)


_BURSTS: Final = Codec(tuple[Burst, ...])
_PEAKS: Final = Codec(NDArray[np.float64])


class Scan:
    """Bursts of each day in a table of counts. Results are cached.

    ``counts`` has shape (topics, consecutive days); ``weekdays`` is parallel to the days, 0 = Monday. Topics for which
    ``vetoed(topic, day)`` is true contribute to the level and are never pinned. ``month_before`` gives for each day
    the column of the same day of the month before, or −1. ``kept`` holds what was found before; what it has in common
    names the rules, the topics and what is vetoed.
    """

    def __init__(
        self,
        counts: Floats,
        weekdays: NDArray[np.int64],
        rules: Rules,
        *,
        vetoed: Callable[[int, int], bool] = lambda _topic, _day: False,
        month_before: Sequence[int] = (),
        kept: KeptDays = NOTHING_KEPT,
    ) -> None:
        self.counts = np.asarray(counts, dtype=np.float64)
        self.rules = rules
        self._vetoed = vetoed
        topics, days = self.counts.shape
        self.days = days
        self._weekdays = weekdays
        self._topics = np.arange(topics)
        self._thresholds: dict[int, float] = {}
        self._levels: dict[int, tuple[Floats, float]] = {}
        self._evidence: dict[int, Evidence] = {}
        self._replays: dict[int, tuple[Burst, ...]] = {}
        self._month_before = month_before
        self._kept = kept
        self._contents: dict[int, str] = {}
        self._peaks: dict[int, Floats] = {}
        self._evidence_excluding: dict[tuple[int, tuple[tuple[int, int, int], ...]], Evidence] = {}

    def threshold(self, day: int) -> float:
        """The score that any topic exceeds on a day without bursts with probability ``false_alarm``."""
        if day not in self._thresholds:
            tested = self.rules.tested or int(np.count_nonzero(self.counts[:, self._first(day) : day + 1].any(axis=1)))
            self._thresholds[day] = float(np.log(max(tested, 1) * (1 + np.log(STARTS)) / self.rules.false_alarm))
        return self._thresholds[day]

    def changed_since(self, day: int) -> None:
        """Forget what depends on the counts of columns from ``day`` on, after they were changed in place."""
        for cache in (self._thresholds, self._levels, self._evidence, self._replays, self._contents):
            for key in [key for key in cache if key >= day]:
                del cache[key]
        # The peaks of a day come from the months before it.
        for key in [key for key in self._peaks if max(self._months_before(key), default=-1) >= day]:
            del self._peaks[key]
        self._evidence_excluding = {key: value for key, value in self._evidence_excluding.items() if key[0] < day}

    def has_history(self, day: int) -> bool:
        """Whether there are at least 14 days of history at the end of ``day``."""
        return bool(LEAST_HISTORY <= day + 1 <= self.days)

    def bursts(self, day: int) -> tuple[Burst, ...]:
        """Pins at the end of ``day``, best first, from a replay of the last 28 days."""
        if day not in self._replays:
            found = self._kept.of(
                "bursts",
                lambda: self._replay_content(day),
                _BURSTS,
                lambda: tuple(burst.moved(-day) for burst in self._replay(day)),
            )
            self._replays[day] = tuple(burst.moved(day) for burst in found)
        return self._replays[day]

    def _replay_content(self, day: int) -> Iterator[str]:
        """The counts and peaks that the bursts of ``day`` depend on, for a key."""
        yield from self._content(day - _REACH, day)
        for each in range(max(0, day - REPLAY_DAYS - GUARD_DAYS), day + 1):
            yield content(self.peaks(each))

    def _content(self, first: int, last: int) -> Iterator[str]:
        """The content of the columns from ``first`` to ``last``, for a key."""
        first = max(0, first)
        yield f"{self._kept.first_day + first} {self._kept.first_day + last}"
        for day in range(first, last + 1):
            if day not in self._contents:
                self._contents[day] = content(self.counts[:, day], self._weekdays[day : day + 1])
            yield self._contents[day]

    def evidence(self, day: int) -> Evidence:
        """The evidence at the end of ``day`` with complete baselines."""
        if day not in self._evidence:
            self._evidence[day] = self._evaluate(day, self._topics, None)
        return self._evidence[day]

    def size(self, burst: Burst, day: int) -> Size:
        """Size and direction of ``burst`` at the end of ``day``; its own days are no part of its baseline."""
        first = self._first(day)
        start = max(burst.start, first)
        days = day - start + 1
        before = np.arange(first, day + 1)[None] < burst.start
        expected, _, noise = self._expect(day, np.array([burst.topic]), before)
        seen_by_day, expected_by_day = self.counts[burst.topic, start : day + 1], expected[0, start - first :]
        seen, normal = float(seen_by_day.sum()), max(float(expected_by_day.sum()), TINY)
        kept = float(self.counts[burst.topic, first : max(first, min(start, day - GUARD_DAYS))].sum())
        spread = 1 / max(seen, 1) + dispersion(np.array(kept), noise, np.array(days))
        momentum = "new" if burst.pinned == day else _momentum(seen_by_day, expected_by_day)
        return Size.of(days, seen, normal, float(spread), momentum)

    def _replay(self, last: int) -> tuple[Burst, ...]:
        live: dict[int, Burst] = {}
        # (first, last) days excluded from baselines. A burst that reached the longest duration is the new normal.
        spans: dict[int, list[tuple[int, int]]] = {}
        expired: set[int] = set()
        for day in range(max(0, last - REPLAY_DAYS + 1), last + 1):
            if not self.has_history(day):
                continue
            evidence = self._with_exclusions(day, spans)
            still = evidence.recent >= self.rules.still_times_normal
            expired = {topic for topic in expired if still[topic]}
            for topic, burst in list(live.items()):
                if not still[topic] or self._vetoed(topic, day):
                    del live[topic]
                elif day - burst.start >= self.rules.longest_days:
                    del live[topic]
                    spans[topic] = [span for span in spans[topic] if span[0] != burst.start]
                    expired.add(topic)
                else:
                    live[topic] = replace(burst, score=float(evidence.score[topic]))
            passing = np.flatnonzero(evidence.enough & still & (evidence.score >= self.threshold(day)))
            newcomers = [int(topic) for topic in passing if int(topic) not in live]
            for topic in sorted(newcomers, key=lambda topic: (-evidence.score[topic], topic)):
                if topic in expired or self._vetoed(topic, day):
                    continue
                start = day - int(evidence.days[topic]) + 1
                self._add(live, Burst(topic, start, day, float(evidence.score[topic])))
            for topic, burst in live.items():
                known = [span for span in spans.get(topic, []) if span[0] != burst.start]
                spans[topic] = [*known, (burst.start, day)]
        return tuple(sorted(live.values(), key=lambda burst: (-burst.score, burst.topic)))

    def _add(self, live: dict[int, Burst], newcomer: Burst) -> None:
        if len(live) >= self.rules.slots:
            weakest = min(live.values(), key=lambda burst: (burst.score, -burst.topic), default=None)
            if weakest is None or newcomer.score < self.rules.yields_to * weakest.score:
                return
            del live[weakest.topic]
        live[newcomer.topic] = newcomer

    def _with_exclusions(self, day: int, spans: dict[int, list[tuple[int, int]]]) -> Evidence:
        """The evidence of ``day`` with each topic's own pinned days excluded from its baseline."""
        plain = self.evidence(day)
        first, end = self._first(day), day - GUARD_DAYS
        within = tuple(
            (topic, max(a, first), b) for topic in sorted(spans) for a, b in spans[topic] if b >= first and a < end
        )
        if not within:
            return plain
        key = (day, within)
        if key not in self._evidence_excluding:
            rows = np.array(sorted({topic for topic, _, _ in within}))
            place = {int(topic): row for row, topic in enumerate(rows)}
            keep = np.ones((len(rows), day + 1 - first), dtype=bool)
            for topic, a, b in within:
                keep[place[topic], a - first : b + 1 - first] = False
            self._evidence_excluding[key] = plain.with_rows(rows, self._evaluate(day, rows, keep))
        return self._evidence_excluding[key]

    def _evaluate(self, day: int, rows: NDArray[np.int64], keep: Flags | None) -> Evidence:
        expected, baseline, noise = self._expect(day, rows, keep)
        counts = self.counts[rows, self._first(day) : day + 1]
        windows = np.arange(1, STARTS + 1)
        seen = np.cumsum(counts[:, ::-1], axis=1)[:, :STARTS]
        normal = np.maximum(np.cumsum(expected[:, ::-1], axis=1)[:, :STARTS], TINY)
        spread = dispersion(baseline[:, None], noise, windows)
        at_least = seen / normal * np.exp(-NORMAL_95 * np.sqrt(1 / np.maximum(seen, 1) + spread))
        enough = (seen >= self.rules.customers) & (at_least >= self.rules.times_normal)
        scores = surprise(seen, normal, 1 / spread)
        best = np.where(enough.any(axis=1), np.where(enough, scores, -1).argmax(axis=1), scores.argmax(axis=1))
        here = np.arange(len(rows))
        return Evidence(
            score=scores[here, best],
            days=best.astype(np.int64) + 1,
            seen=seen[here, best],
            expected=normal[here, best],
            at_least=at_least[here, best],
            recent=(seen[:, 1] + _SMALL_SEEN) / (normal[:, 1] + _SMALL_EXPECTED),
            enough=enough[here, best],
        )

    def peaks(self, day: int) -> Floats:
        """For each topic, how many times normal this day of the month may be; 1 where it wasn't above normal before.

        The upper 95 % bound of the same days of the last two months, if both were above normal; where the history
        reaches back for one only, if that was clearly so. A burst of last month alone is no habit.
        """
        if day not in self._peaks:
            months = self._months_before(day)
            self._peaks[day] = self._kept.of(
                "peaks",
                lambda: (part for month in months for part in self._content(self._first(month), month)),
                _PEAKS,
                lambda: self._peaks_of(months),
            )
        return self._peaks[day]

    def _months_before(self, day: int) -> list[int]:
        found: list[int] = []
        while len(found) < _MONTHS and 0 <= day < len(self._month_before):
            day = self._month_before[day]
            if self.has_history(day):
                found.append(day)
        return found

    def _peaks_of(self, days: Sequence[int]) -> Floats:
        seen, normal, spread = (np.zeros(len(self.counts)) for _ in range(3))
        above = np.ones(len(self.counts), dtype=bool)
        for day in days:
            expected, baseline, noise = self._ordinary(day, self._topics, None)
            seen, normal = seen + self.counts[:, day], normal + expected[:, -1]
            spread = np.maximum(spread, dispersion(baseline, noise, np.array(1)))
            ratio = (self.counts[:, day] + _SMALL_SEEN) / (expected[:, -1] + _SMALL_EXPECTED)
            above &= ratio >= self.rules.still_times_normal
        times = seen / np.maximum(normal, TINY)
        error = np.exp(NORMAL_95 * np.sqrt(1 / np.maximum(seen, 1) + spread))
        sure = len(days) == _MONTHS or times / error >= self.rules.times_normal
        return np.where(above & (seen >= self.rules.customers) & sure, times * error, 1.0)

    def _expect(self, day: int, rows: NDArray[np.int64], keep: Flags | None) -> tuple[Floats, Floats, float]:
        """Expected counts from the first baseline day to ``day``, the counts of the baseline, and the daily noise."""
        expected, baseline, noise = self._ordinary(day, rows, keep)
        first = self._first(day)
        for each in range(max(first, day - GUARD_DAYS), day + 1):
            expected[:, each - first] *= self.peaks(each)[rows]
        return expected, baseline, noise

    def _ordinary(self, day: int, rows: NDArray[np.int64], keep: Flags | None) -> tuple[Floats, Floats, float]:
        """As :meth:`_expect`, without the peaks of days of the month."""
        first, end = self._first(day), day - GUARD_DAYS
        days = end - first
        level, noise = self._level(day)
        level = level[rows]
        kept = np.ones((len(rows), days), dtype=bool) if keep is None else keep[:, :days]
        # A topic that was pinned nearly all the time keeps its whole baseline.
        kept = np.where(kept.sum(axis=1, keepdims=True) < min(7, days), True, kept)
        counts = self.counts[rows, first:end] * kept
        baseline = counts.sum(axis=1) + COUNT_PRIOR
        share = baseline / np.maximum((level[:, :days] * kept).sum(axis=1), TINY)
        expected = share[:, None] * level
        weekdays = self._weekdays[first : day + 1]
        return expected * weekday_habits(counts, expected[:, :days] * kept, kept, weekdays, noise), baseline, noise

    def _level(self, day: int) -> tuple[Floats, float]:
        if day in self._levels:
            return self._levels[day]
        first = self._first(day)
        weekdays = self._weekdays[first : day + 1]
        self._levels[day] = day_levels(self.counts[:, first : day + 1], weekdays, day - GUARD_DAYS - first)
        return self._levels[day]

    def _first(self, day: int) -> int:
        return max(0, day - GUARD_DAYS - BASELINE_DAYS + 1)


def _momentum(seen: Floats, expected: Floats) -> Momentum:
    """The last two days of a burst against those before: 25 % more is rising, 20 % less is falling."""
    if len(seen) < 3:
        return "steady"
    return direction(seen[-2:].sum(), expected[-2:].sum(), seen[:-2].sum(), expected[:-2].sum())
