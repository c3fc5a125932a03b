"""Daily burst detection: a windowed negative-binomial scan against a 28-day baseline, replayed day by day.

The count of a topic on a day is compared with
``share · level · habit``: the topic's share of all mentions over four weeks, the day's level over all other topics,
and the topic's own weekday habit. The scan takes the best of the last one to seven days as the start of a burst. After
Farrington et al. 1996 (doi:10.2307/2983331) and Kulldorff 2001 (doi:10.1111/1467-985X.00186); the tail of the negative
binomial is the leading term of Lugannani and Rice's saddle-point approximation.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Momentum: TypeAlias = Literal["new", "rising", "steady", "falling"]

BASELINE_DAYS: Final = 28
GUARD_DAYS: Final = 6
"""Days between the baseline and the evaluated day, so that a recent burst is not part of its own baseline."""
STARTS: Final = 7
REPLAY_DAYS: Final = 28
LEAST_HISTORY: Final = 14
"""Days of history below which nothing is pinned."""

_LEVEL_ROUNDS: Final = 5
_LEVEL_PRIOR: Final = 10.0
_OUTLIER: Final = 2.5
_FIRST_NOISE: Final = 0.03
_HABIT_PRIOR: Final = 16.0
_COUNT_PRIOR: Final = 2.0
_MODEL_ERROR: Final = 0.1
_SMALL_SEEN, _SMALL_EXPECTED = 0.5, 1.0
"""Added to the last two days before they are compared: one customer instead of 0.2 is not five times normal."""
_NORMAL_95: Final = 1.645
_NEAREST_80: Final = 0.438
"""Mean square of the 80 % of a standard normal that are nearest to 0."""
_FREEDOM_SPENT: Final = 3
"""Degrees of freedom that the shrunk weekday habits take."""
_TINY: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Rules:
    """When a burst is pinned and unpinned; see :class:`kb_builder.mentions.settings.Thresholds`."""

    customers: int = 5
    times_normal: float = 1.5
    still_times_normal: float = 1.4
    false_alarm: float = 0.05
    longest_days: int = 14
    yields_to: float = 1.3
    slots: int = 5


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
        fields = {}
        for name in self.__slots__:
            column = getattr(self, name).copy()
            column[rows] = getattr(other, name)
            fields[name] = column
        return Evidence(**fields)


@dataclass(frozen=True, slots=True)
class Burst:
    """A topic pinned at the end of a day. Days are column numbers of the counts."""

    topic: int
    start: int
    pinned: int
    """The day at whose end it was first pinned, within the replay."""
    score: float


@dataclass(frozen=True, slots=True)
class Size:
    """Size of a burst from its start to the evaluated day."""

    days: int
    seen: int
    expected: float
    times_normal: float
    at_least: float
    momentum: Momentum


class Scan:
    """Bursts of each day in a table of counts. Results are cached.

    ``counts`` has shape (topics, consecutive days); column 0 is a ``weekday`` (0 = Monday). ``tested`` is the number of
    topics for the multiple-testing correction when it exceeds the topics given. Topics for which ``vetoed(topic, day)``
    is true contribute to the level and are never pinned.
    """

    def __init__(
        self,
        counts: Floats,
        weekday: int,
        rules: Rules,
        *,
        tested: int = 0,
        vetoed: Callable[[int, int], bool] = lambda _topic, _day: False,
    ) -> None:
        self.counts = np.asarray(counts, dtype=np.float64)
        self.rules = rules
        self._tested = tested
        self._vetoed = vetoed
        topics, days = self.counts.shape
        self.days = days
        self._weekdays = (np.arange(days) + weekday) % 7
        self._topics = np.arange(topics)
        self._thresholds: dict[int, float] = {}
        self._levels: dict[int, tuple[Floats, float]] = {}
        self._evidence: dict[int, Evidence] = {}
        self._replays: dict[int, tuple[Burst, ...]] = {}
        self._evidence_excluding: dict[tuple[int, tuple[tuple[int, int, int], ...]], Evidence] = {}

    def threshold(self, day: int) -> float:
        """The score that any topic exceeds on a day without bursts with probability ``false_alarm``."""
        if day not in self._thresholds:
            tested = self._tested or int(np.count_nonzero(self.counts[:, self._first(day) : day + 1].any(axis=1)))
            self._thresholds[day] = float(np.log(max(tested, 1) * (1 + np.log(STARTS)) / self.rules.false_alarm))
        return self._thresholds[day]

    def has_history(self, day: int) -> bool:
        """Whether there are at least 14 days of history at the end of ``day``."""
        return bool(LEAST_HISTORY <= day + 1 <= self.days)

    def bursts(self, day: int) -> tuple[Burst, ...]:
        """Pins at the end of ``day``, best first, from a replay of the last 28 days."""
        if day not in self._replays:
            self._replays[day] = self._replay(day)
        return self._replays[day]

    def evidence(self, day: int) -> Evidence:
        """The evidence at the end of ``day`` with complete baselines."""
        if day not in self._evidence:
            self._evidence[day] = self._evaluate(day, self._topics, None)
        return self._evidence[day]

    def expected(self, day: int, topic: int, out: tuple[int, int] | None = None) -> Floats:
        """Expected counts of ``topic`` from the first baseline day to ``day``.

        ``out`` (first day, last day) is excluded from the baseline.
        """
        keep = None
        if out is not None:
            keep = np.ones((1, day + 1 - self._first(day)), dtype=bool)
            keep[0, max(0, out[0] - self._first(day)) : max(0, out[1] + 1 - self._first(day))] = False
        expected, _, _ = self._expect(day, np.array([topic]), keep)
        return np.asarray(expected[0])

    def size(self, burst: Burst, day: int) -> Size:
        """Size and direction of ``burst`` at the end of ``day``."""
        expected = self.expected(day, burst.topic, (burst.start, day))
        first = self._first(day)
        start = max(burst.start, first)
        days = day - start + 1
        seen_by_day = self.counts[burst.topic, start : day + 1]
        expected_by_day = expected[start - first :]
        seen, normal = float(seen_by_day.sum()), max(float(expected_by_day.sum()), _TINY)
        noise = self._level(day)[1]
        kept = float(self.counts[burst.topic, first : max(first, min(start, day - GUARD_DAYS))].sum())
        spread = 1 / max(seen, 1) + _dispersion(np.array(kept), noise, np.array(days))
        return Size(
            days=days,
            seen=round(seen),
            expected=normal,
            times_normal=seen / normal,
            at_least=seen / normal * float(np.exp(-_NORMAL_95 * np.sqrt(spread))),
            momentum="new" if burst.pinned == day else _momentum(seen_by_day, expected_by_day),
        )

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
        normal = np.maximum(np.cumsum(expected[:, ::-1], axis=1)[:, :STARTS], _TINY)
        spread = _dispersion(baseline[:, None], noise, windows)
        at_least = seen / normal * np.exp(-_NORMAL_95 * np.sqrt(1 / np.maximum(seen, 1) + spread))
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

    def _expect(self, day: int, rows: NDArray[np.int64], keep: Flags | None) -> tuple[Floats, Floats, float]:
        """Expected counts from the first baseline day to ``day``, the counts of the baseline, and the daily noise."""
        first, end = self._first(day), day - GUARD_DAYS
        days = end - first
        level, noise = self._level(day)
        level = level[rows]
        kept = np.ones((len(rows), days), dtype=bool) if keep is None else keep[:, :days]
        # A topic that was pinned nearly all the time keeps its whole baseline.
        kept = np.where(kept.sum(axis=1, keepdims=True) < min(7, days), True, kept)
        counts = self.counts[rows, first:end] * kept
        baseline = counts.sum(axis=1) + _COUNT_PRIOR
        share = baseline / np.maximum((level[:, :days] * kept).sum(axis=1), _TINY)
        expected = share[:, None] * level
        weekdays = self._weekdays[first : day + 1]
        return expected * _habits(counts, expected[:, :days] * kept, kept, weekdays, noise), baseline, noise

    def _level(self, day: int) -> tuple[Floats, float]:
        """Each day's level over all other topics, of shape (topics, days), and the daily noise.

        The level is a robust ratio (Huber weights, saturating with the size of a topic) to the topics' means: neither
        one burst nor one large topic moves it, and a peak of all topics pins none.
        """
        if day in self._levels:
            return self._levels[day]
        first, end = self._first(day), day - GUARD_DAYS
        counts = self.counts[:, first : day + 1]
        means = counts[:, : end - first].mean(axis=1, keepdims=True) + _TINY
        level = np.ones(counts.shape[1])
        weighted, weights = counts, means
        for _ in range(_LEVEL_ROUNDS):
            normal = means * level
            off = np.abs(counts - normal) / np.sqrt(normal + _FIRST_NOISE * normal**2 + _TINY)
            weight = np.minimum(1, _OUTLIER / np.maximum(off, _TINY)) / (1 + _FIRST_NOISE * normal)
            weighted, weights = weight * counts, weight * means
            level = (weighted.sum(axis=0) + _LEVEL_PRIOR) / (weights.sum(axis=0) + _LEVEL_PRIOR)
        others = (weighted.sum(axis=0) - weighted + _LEVEL_PRIOR) / (weights.sum(axis=0) - weights + _LEVEL_PRIOR)
        noise = _noise(counts[:, : end - first], others[:, : end - first], self._weekdays[first:end])
        self._levels[day] = others, noise
        return self._levels[day]

    def _first(self, day: int) -> int:
        return max(0, day - GUARD_DAYS - BASELINE_DAYS + 1)


def surprise(seen: Floats, expected: Floats, size: Floats) -> Floats:
    """−ln P(count ≥ ``seen``) for a negative binomial of mean ``expected`` and size ``size``; 0 if seen ≤ expected.

    The leading saddle-point term with its continuity factor: within a few per cent of exact tails below 1 in 20.
    """
    above = seen > expected
    o, e = np.where(above, seen, 2.0), np.where(above, expected, 1.0)
    ratio = (o + size) / (e + size)
    tail = o * np.log(o / e) - (o + size) * np.log(ratio)
    tail += 0.5 * np.log(2 * np.pi * o * (1 + o / size)) + np.log1p(-np.minimum(e / o * ratio, 1 - _TINY))
    return np.where(above, np.maximum(tail, 0), 0.0)


def _dispersion(baseline: Floats, noise: float, days: NDArray[np.int64]) -> Floats:
    """1/r: uncertainty of the baseline, noise of days (slightly correlated), and model error."""
    return np.asarray(1 / np.maximum(baseline, _COUNT_PRIOR) + 1.25 * noise / days + _MODEL_ERROR**2)


def _habits(counts: Floats, expected: Floats, kept: Flags, weekdays: NDArray[np.int64], noise: float) -> Floats:
    """Weekday factor of each topic and day relative to the site, shrunk to 1 when there are few counts."""
    days = counts.shape[1]
    on = np.eye(7)[weekdays]
    normal = np.maximum(expected @ on[:days], _TINY)
    known = 1 / (1 / normal + noise / np.maximum(kept @ on[:days], 1))
    factors = (known * (counts @ on[:days]) / normal + _HABIT_PRIOR) / (known + _HABIT_PRIOR)
    return np.asarray(factors[:, weekdays])


def _noise(counts: Floats, level: Floats, weekdays: NDArray[np.int64]) -> float:
    """The relative variance of a topic's day beyond Poisson's: the median over topics of five a day and more."""
    big = counts.mean(axis=1) >= 5
    if np.count_nonzero(big) < 5:
        return _FIRST_NOISE
    counts, level = counts[big], np.maximum(level[big], _TINY)
    expected = np.median(counts / level, axis=1, keepdims=True) * level
    usual = np.minimum(counts, 2 * expected)
    expected = expected * _habits(usual, expected, np.ones_like(counts, dtype=bool), weekdays, _FIRST_NOISE)
    # Bursts are not noise: the 20 % of days with the largest residuals are dropped, and the variance is corrected.
    days = counts.shape[1]
    kept = max(1, round(0.8 * days))
    nearest = np.sort((counts - expected) ** 2, axis=1)[:, :kept].mean(axis=1) / _NEAREST_80
    freedom = days / max(days - _FREEDOM_SPENT, 1)
    excess = nearest * freedom - expected.mean(axis=1)
    return float(np.clip(np.median(excess / np.maximum((expected**2).mean(axis=1), _TINY)), 0.01, 0.5))


def _momentum(seen: Floats, expected: Floats) -> Momentum:
    """The last two days of a burst against those before: 25 % more is rising, 20 % less is falling."""
    if len(seen) < 3:
        return "steady"
    now = (seen[-2:].sum() + 1) / (expected[-2:].sum() + 1)
    before = (seen[:-2].sum() + 1) / (expected[:-2].sum() + 1)
    return "rising" if now > 1.25 * before else "falling" if now < 0.8 * before else "steady"
