"""Hourly burst detection: a scan over windows of 1 to 48 hours that end now, beside the daily scan.

Each window is compared with :mod:`kb_builder.trends.hour_baseline` times the level of the window, estimated for each
channel from all other topics: a channel that arrives late or once a night has a level near 0 and adds nothing to what
is expected. Nothing is remembered between hours except in :meth:`HourScan.pins`, which replays the last 15 days.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb_builder.trends.bursts import Rules
from kb_builder.trends.estimates import (
    COUNT_PRIOR,
    MODEL_ERROR,
    NORMAL_95,
    TINY,
    Floats,
    Momentum,
    direction,
    surprise,
)
from kb_builder.trends.hour_baseline import WIDTHS, Calendar, DayBaseline, day_baseline

REPLAY_DAYS: Final = 15
"""Days that are replayed: a pin lasts 14 at most."""

_LOOKS: Final = 16
"""The looks of a day at overlapping windows are worth so many independent ones."""
_HOLD_WIDTHS: Final = (3, 6, 12, 24)
_HOLD_EXPECTED: Final = 3.0
_LAST_QUARTER: Final = {1: 1, 2: 1, 3: 1, 4: 1, 6: 2, 9: 2, 12: 3, 18: 4, 24: 6, 36: 9, 48: 12}
_SMALL_SEEN, _SMALL_EXPECTED = 0.5, 1.0
_LEVEL_ROUNDS: Final = 3
_LEVEL_PRIOR: Final = 10.0
_BURSTING: Final = 2
_SURE: Final = 3.0
_OUTLIER: Final = 2.5
_FIRST_NOISE: Final = 0.05
_NOISE_TOPICS: Final = 60
_NOISE_SURE: Final = 1.5
_NOISE_EXPECTED: Final = 5.0
_NOISE_BELOW: Final = 4
_ECHO: Final = 1
"""Customers that hours ask for beyond the rule: a post and its echoes within the hour are no burst."""


@dataclass(frozen=True, slots=True)
class Look:
    """The evidence at the end of one hour, of the topics that pass or may have to be held."""

    passing: Mapping[int, tuple[tuple[int, float], ...]]
    """Topic → (width, score) of the windows that reach the threshold and the rules."""
    score: Floats
    """Shape (topics,): the best score of any window."""
    recent: Floats
    """Shape (topics,): seen ÷ expected over the shortest of 3, 6, 12 and 24 hours with at least 3 expected."""
    last_day: Floats
    """Shape (topics,): seen ÷ expected over 24 hours, shrunk when little is expected."""


@dataclass(frozen=True, slots=True)
class HourPin:
    """A topic pinned by the hourly scan. Hours are column numbers of the counts; an hour is its end."""

    topic: int
    start: int
    """The hour at which the burst began."""
    pinned: int
    score: float


@dataclass(frozen=True, slots=True)
class HourSize:
    """Size of a burst from its start to the evaluated hour."""

    hours: int
    seen: int
    expected: float
    times_normal: float
    at_least: float
    momentum: Momentum


class HourScan:
    """Hourly bursts in ``counts`` of shape (topics, channels, hours). Results are cached.

    ``vetoed(topic, hour)`` is true for topics that must not be pinned. ``peaks(day)`` of shape (topics,)
    multiplies what is usual on a local day, for days of the month on which a topic peaks. ``lags`` are the newest hours
    of each channel that don't count yet.
    """

    def __init__(
        self,
        counts: NDArray[np.float32],
        calendar: Calendar,
        rules: Rules,
        *,
        vetoed: Callable[[int, int], bool] = lambda _topic, _hour: False,
        peaks: Callable[[int], Floats] | None = None,
        lags: NDArray[np.int64] | None = None,
    ) -> None:
        self.counts = counts
        self.calendar = calendar
        self.rules = rules
        self._vetoed = vetoed
        self._peaks = peaks
        topics, channels, hours = counts.shape
        self._lags = np.zeros(channels, dtype=np.int64) if lags is None else lags
        self.hours = hours
        self._baselines: dict[int, DayBaseline | None] = {}
        self._looks: dict[int, Look] = {}
        self._usual = np.zeros((topics, channels, hours))
        self._known = np.zeros((topics, hours))
        self._ready: set[int] = set()

    def changed_since(self, hour: int) -> None:
        """Forget what depends on the counts of columns from ``hour`` on, after they were changed in place."""
        self._looks = {end: look for end, look in self._looks.items() if end <= hour}
        first = int(self.calendar.day[min(hour, self.hours - 1)])
        for day in [day for day in self._baselines if day - 6 > first]:
            del self._baselines[day]
            self._ready.discard(day)

    def pins(self, end: int) -> tuple[HourPin, ...]:
        """Pins at the end of column ``end`` − 1, best first, from a replay that begins 15 local midnights before."""
        live: dict[int, HourPin] = {}
        ended: dict[int, int] = {}
        for hour in self.replayed(end):
            self.step(hour, live, ended)
        return tuple(sorted(live.values(), key=lambda pin: (-pin.score, pin.topic)))

    def replayed(self, end: int) -> range:
        """The hours of the replay up to ``end``; empty with too little history."""
        today = int(self.calendar.day[end - 1])
        first = int(np.searchsorted(self.calendar.day, today - REPLAY_DAYS)) + 1
        while first <= end and self._baseline(int(self.calendar.day[first - 1])) is None:
            first += 1
        self._evaluate_missing(first, end)
        return range(first, end + 1)

    def step(self, hour: int, live: dict[int, HourPin], ended: dict[int, int]) -> None:
        """Bring the pins of the hour before to ``hour``."""
        look = self._looks[hour]
        longest = self.rules.longest_days * 24
        for topic, pin in list(live.items()):
            over = hour - pin.start >= longest or look.recent[topic] < self.rules.still_times_normal
            if over or self._vetoed(topic, hour):
                del live[topic]
                ended[topic] = hour
            else:
                live[topic] = replace(pin, score=float(look.score[topic]))
        for topic, windows in look.passing.items():
            if topic in live or self._vetoed(topic, hour):
                continue
            fresh = [window for window in windows if hour - window[0] >= ended.get(topic, -1)]
            if fresh:
                width, score = max(fresh, key=lambda window: (window[1], -window[0]))
                live[topic] = HourPin(topic, hour - width, hour, score)

    def size(self, pin: HourPin, end: int) -> HourSize:
        """Size and direction of ``pin`` at the end of column ``end`` − 1."""
        seen, expected, error = self._window(pin.topic, pin.start, end)
        day = int(self.calendar.day[end - 1])
        baseline = self._baseline(day)
        assert baseline is not None
        hours = end - pin.start
        noise = float(baseline.noise[min(int(np.searchsorted(WIDTHS, hours)), len(WIDTHS) - 1)])
        spread = 1 / max(seen, 1) + 1 / (float(baseline.counted[pin.topic]) + COUNT_PRIOR) + noise + error
        recent = max(pin.start, end - max(1, hours // 4))
        now, before = self._window(pin.topic, recent, end), self._window(pin.topic, pin.start, recent)
        return HourSize(
            hours=hours,
            seen=round(seen),
            expected=expected,
            times_normal=seen / expected,
            at_least=seen / expected * float(np.exp(-NORMAL_95 * np.sqrt(spread + MODEL_ERROR**2))),
            momentum="new" if pin.pinned == end else direction(now[0], now[1], before[0], before[1]),
        )

    def _window(self, topic: int, start: int, end: int) -> tuple[float, float, float]:
        """Seen and expected customers of a topic from column ``start`` to ``end`` − 1, and the error of the level."""
        if start >= end:
            return 0.0, 0.0, 0.0
        self._prepare(start, end)
        arrived = np.arange(start, end) < end - self._lags[:, None]
        o = (self.counts[:, :, start:end] * arrived).sum(axis=2, dtype=np.float64)[:, :, None]
        expected, error = _expected(o, (self._usual[:, :, start:end] * arrived).sum(axis=2)[:, :, None])
        return float(o[topic].sum()), float(expected[topic, 0]), float(error[topic, 0])

    def usual(self, start: int, end: int) -> float:
        """Customers of all topics that the columns from ``start`` to ``end`` − 1 bring on ordinary days."""
        self._prepare(start, end)
        return float(self._usual[:, :, start:end].sum())

    def look(self, hour: int) -> Look:
        return self._looks[hour]

    def _baseline(self, day: int) -> DayBaseline | None:
        if day not in self._baselines:
            self._baselines[day] = day_baseline(self.counts, self.calendar, day)
        return self._baselines[day]

    def _prepare(self, first: int, end: int) -> None:
        """Fill in what is usual for the columns from ``first`` to ``end`` − 1."""
        for day in range(int(self.calendar.day[max(first, 0)]), int(self.calendar.day[end - 1]) + 1):
            if day in self._ready:
                continue
            columns = np.flatnonzero(self.calendar.day == day)
            baseline = self._baseline(day)
            if baseline is not None:
                self._usual[:, :, columns] = baseline.expected
                self._known[:, columns] = baseline.known
                if self._peaks is not None:
                    self._usual[:, :, columns] *= self._peaks(day)[:, None, None]
            self._ready.add(day)

    def _evaluate_missing(self, first: int, end: int) -> None:
        missing = [hour for hour in range(first, end + 1) if hour not in self._looks]
        while missing:
            day = int(self.calendar.day[missing[0] - 1])
            batch = [hour for hour in missing if int(self.calendar.day[hour - 1]) == day]
            self._evaluate(np.array(batch), day)
            missing = missing[len(batch) :]

    def _evaluate(self, hours: NDArray[np.int64], day: int) -> None:
        """Look at the ends of ``hours``, all of one local day."""
        baseline = self._baseline(day)
        assert baseline is not None
        # Sums begin at the same column whichever hours of the day are evaluated, so that results are equal bit by bit.
        first = max(0, int(np.searchsorted(self.calendar.day, day)) + 1 - WIDTHS[-1])
        largest = np.argsort(-baseline.counted, kind="stable")[:_NOISE_TOPICS]
        self._prepare(first, int(hours[-1]))
        counts = _cumulated(self.counts[:, :, first : hours[-1]])
        usual = _cumulated(self._usual[:, :, first : hours[-1]])
        known = _cumulated(self._known[:, first : hours[-1]])
        ends = hours - first
        seen, normal, spread = {}, {}, {}
        for index, width in enumerate(WIDTHS):
            begins = np.maximum(ends - width, 0)
            o, e = self._arrived(counts, begins, ends), self._arrived(usual, begins, ends)
            normal[width], level_error = _expected(o, e)
            seen[width] = o.sum(axis=1)
            profile_error = 1 / np.maximum(known[:, ends] - known[:, begins], 1)
            noise = np.maximum(baseline.noise[index], _noise_now(seen[width][largest], normal[width][largest]))
            spread[width] = (
                1 / (baseline.counted[:, None] + COUNT_PRIOR) + noise + MODEL_ERROR**2 + level_error + profile_error
            )
        self._note(hours, seen, normal, spread)

    def _arrived(self, sums: Floats, begins: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
        """What windows hold, from cumulated sums, up to the hours that each channel has come to."""
        if not self._lags.any():
            return sums[:, :, ends] - sums[:, :, begins]
        found = np.empty((*sums.shape[:2], len(ends)))
        for channel, lag in enumerate(self._lags):
            upto = np.maximum(ends - lag, begins)
            found[:, channel] = sums[:, channel, upto] - sums[:, channel, begins]
        return found

    def _note(
        self,
        hours: NDArray[np.int64],
        seen: Mapping[int, Floats],
        normal: Mapping[int, Floats],
        spread: Mapping[int, Floats],
    ) -> None:
        rules = self.rules
        tested = max(1, int(np.count_nonzero(self._usual[:, :, hours[0] - 1].sum(axis=1) > 0)))
        threshold = np.log(tested * _LOOKS * (1 + np.log(len(WIDTHS))) / rules.false_alarm)
        ratio = {width: (seen[width] + _SMALL_SEEN) / (normal[width] + _SMALL_EXPECTED) for width in WIDTHS}
        best = np.zeros_like(seen[1])
        passing: list[dict[int, list[tuple[int, float]]]] = [{} for _ in hours]
        for width in WIDTHS:
            o, e, size = seen[width], normal[width], spread[width]
            score = surprise(o, e, 1 / size)
            best = np.maximum(best, score)
            at_least = o / e * np.exp(-NORMAL_95 * np.sqrt(1 / np.maximum(o, 1) + size))
            passes = (score >= threshold) & (o >= rules.customers + _ECHO) & (at_least >= rules.times_normal)
            passes &= ratio[_LAST_QUARTER[width]] >= rules.still_times_normal
            for topic, column in zip(*np.nonzero(passes), strict=True):
                passing[column].setdefault(int(topic), []).append((width, float(score[topic, column])))
        recent = ratio[_HOLD_WIDTHS[-1]]
        for width in reversed(_HOLD_WIDTHS[:-1]):
            recent = np.where(normal[width] >= _HOLD_EXPECTED, ratio[width], recent)
        for column, hour in enumerate(hours):
            self._looks[int(hour)] = Look(
                {topic: tuple(windows) for topic, windows in passing[column].items()},
                best[:, column],
                recent[:, column],
                ratio[24][:, column],
            )


def _cumulated(values: NDArray[np.floating]) -> Floats:
    """Sums of the columns before each column, one column more than ``values``."""
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    return sums


def _expected(seen: Floats, usual: Floats) -> tuple[Floats, Floats]:
    """Expected counts of shape (topics, hours), from channels' levels over all other topics, and their variance.

    ``seen`` and ``usual`` have the shape (topics, channels, hours).
    """
    # The level of a channel with few counts is shrunk to that of all channels when it is above normal, else to normal:
    # channels that arrive at once must not be expected to be as late as others.
    prior = _LEVEL_PRIOR * np.maximum(_overall(seen.sum(axis=1), usual.sum(axis=1)), 1)
    level = np.ones((1, *usual.shape[1:]))
    weighted, weights = seen, usual
    for _ in range(_LEVEL_ROUNDS):
        normal = usual * level
        off = np.abs(seen - normal) / np.sqrt(normal + _FIRST_NOISE * normal**2 + TINY)
        weight = np.minimum(1, _OUTLIER / np.maximum(off, TINY)) / (1 + _FIRST_NOISE * normal)
        weighted, weights = weight * seen, weight * usual
        level = (weighted.sum(axis=0, keepdims=True) + prior) / (weights.sum(axis=0, keepdims=True) + _LEVEL_PRIOR)
    rest = weighted.sum(axis=0, keepdims=True) - weighted + prior
    others = rest / (weights.sum(axis=0, keepdims=True) - weights + _LEVEL_PRIOR)
    by_channel = usual * others
    expected = np.maximum(by_channel.sum(axis=1), TINY)
    error = (by_channel**2 / np.maximum(rest, 1)).sum(axis=1) / expected**2
    return expected, error


def _overall(seen: Floats, usual: Floats) -> Floats:
    """The level of all channels and topics of shape (hours,), in which no topic counts for much more than is usual.

    A burst of a large topic would otherwise seem to be the level of a quiet hour, and hide itself. ``seen`` and
    ``usual`` have the shape (topics, hours).
    """
    least = max(1, len(seen) - _BURSTING)
    calm = np.argpartition(seen - usual, least - 1, axis=0)[:least]
    level = _ratio(np.take_along_axis(seen, calm, axis=0), np.take_along_axis(usual, calm, axis=0))
    normal = level * usual
    return _ratio(np.minimum(seen, normal + _SURE * np.sqrt(normal + 1)), usual)


def _ratio(seen: Floats, usual: Floats) -> Floats:
    return np.asarray((seen.sum(axis=0) + _LEVEL_PRIOR) / (usual.sum(axis=0) + _LEVEL_PRIOR))


def _noise_now(o: Floats, e: Floats) -> Floats:
    """The relative variance beyond Poisson's that topics show in each window, of shape (hours,).

    ``o`` and ``e`` are observed and expected counts of shape (topics, hours). Only topics below what is expected say
    how noisy it is: among those above are the bursts that are looked for.
    """
    below = (e >= _NOISE_EXPECTED) & (o < e)
    counted = below.sum(axis=0)
    limit = 1 + _NOISE_SURE / np.sqrt(np.maximum(counted, 1))
    low, high = np.zeros(o.shape[1]), np.full(o.shape[1], 0.5)
    for _ in range(8):
        middle = (low + high) / 2
        off = np.where(below, (o - e) ** 2 / (e + middle * e**2), 0).sum(axis=0) / np.maximum(counted, 1)
        low, high = np.where(off > limit, middle, low), np.where(off > limit, high, middle)
    return np.where(counted >= _NOISE_BELOW, low, 0.0)
