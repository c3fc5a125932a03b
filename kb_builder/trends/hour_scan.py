"""Hourly burst detection: a scan over windows of 1 to 48 hours that end now, beside the daily scan.

Each window is compared with :mod:`kb_builder.trends.hour_baseline` times the level of the window, estimated for each
channel from all other topics: a channel that arrives late or once a night has a level near 0 and adds nothing to what
is expected. Nothing is remembered between hours: pins are those of a replay of the last 15 days.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb_builder.system.codec import Codec
from kb_builder.trends.estimates import (
    BASELINE_DAYS,
    COUNT_PRIOR,
    GUARD_DAYS,
    MODEL_ERROR,
    WIDTHS,
    Burst,
    Floats,
    Size,
    direction,
    running_sums,
)
from kb_builder.trends.hour_baseline import BASELINE, Calendar, DayBaseline, day_baseline
from kb_builder.trends.hour_levels import expected_counts, noise_now
from kb_builder.trends.hour_looks import Look, Windows, judge
from kb_builder.trends.kept_days import NOTHING_KEPT, KeptDays, content
from kb_builder.trends.rules import Rules

REPLAY_DAYS: Final = 15
"""Days that are replayed: a pin lasts 14 at most."""

_NOISE_TOPICS: Final = 60
_AT_ONCE: Final = 100_000
"""Counts that are compared at once: as many as stay in a processor's cache."""
_EXACT: Final = 2.0**30
"""Expected counts are rounded to this part of a customer: sums are then exact, wherever they begin."""
_WHOLE: Final = 0.5
"""A channel that brought less than this part of what is usual on a day has not arrived."""
_WHOLE_PRIOR: Final = 10.0

_LOOKS_OF_DAY: Final = Codec(tuple[Look, ...])
_WHOLE_DAY: Final = Codec(bool)


@dataclass(frozen=True, slots=True)
class Live:
    """The pins at the end of one hour of a replay."""

    pins: Mapping[int, Burst] = field(default_factory=dict)
    ended: Mapping[int, int] = field(default_factory=dict)
    """Topic → the hour at which its last pin ended."""
    new_normal: frozenset[int] = frozenset()
    """Topics whose pin lasted as long as a pin may, and which have not been back to normal since."""


class HourScan:
    """Hourly bursts in ``counts`` of shape (topics, channels, hours). Results are cached.

    Looks are fastest when the counts of one hour are neighbours in memory, topics innermost.
    ``vetoed(topic, hour)`` is true for topics that must not be pinned. ``peaks(day)`` of shape (topics,)
    multiplies what is usual on a local day, for days of the month on which a topic peaks. ``kept`` holds what was found
    before; what it has in common names the rules, the topics and the channels.
    """

    def __init__(
        self,
        counts: NDArray[np.float32],
        calendar: Calendar,
        rules: Rules,
        *,
        vetoed: Callable[[int, int], bool] = lambda _topic, _hour: False,
        peaks: Callable[[int], Floats] | None = None,
        kept: KeptDays = NOTHING_KEPT,
    ) -> None:
        self._counts = counts.T
        self.calendar = calendar
        self.rules = rules
        self._vetoed = vetoed
        topics, channels, hours = counts.shape
        ordinary = np.ones(topics)
        self._peaks = peaks or (lambda _day: ordinary)
        self._lags = np.array(rules.lags or [0] * channels, dtype=np.int64)
        self._baselines: dict[int, DayBaseline | None] = {}
        self._looks: dict[int, Look] = {}
        self._windows: dict[int, Windows] = {}
        """What the looks were made from, of counts that may change in place."""
        self._stale: dict[int, int] = {}
        """Ends of windows with changed counts, and the place of the narrowest."""
        self._usual = np.zeros((hours, channels, topics))
        self._known = np.zeros((hours, topics))
        self._ready: dict[int, tuple[DayBaseline | None, Floats]] = {}
        """Days whose usual hours are filled in, and from what."""
        self._whole: dict[int, bool] = {}
        self._kept = kept
        self._contents: dict[int, str] = {}

    def changed(self, columns: NDArray[np.integer]) -> None:
        """Forget what depends on the counts of ``columns``, after they were changed in place."""
        for column in np.unique(columns).tolist():
            self._forget_looks(column, column)
        changed = np.unique(self.calendar.day[columns])
        for day in changed.tolist():
            self._whole.pop(day, None)
            self._contents.pop(day, None)
        for day in list(self._baselines):
            if np.any((changed >= day - GUARD_DAYS - BASELINE_DAYS) & (changed < day - GUARD_DAYS)):
                del self._baselines[day]

    def _forget_looks(self, first: int, last: int) -> None:
        """Forget the looks at windows with any of the columns from ``first`` to ``last``, and of them what is wider."""
        for end in range(first + 1, last + WIDTHS[-1] + 1):
            self._looks.pop(end, None)
            if end in self._windows:
                place = bisect_left(WIDTHS, end - min(last, end - 1))
                self._stale[end] = min(place, self._stale.get(end, place))

    def replayed(self, end: int) -> range:
        """The hours of the replay up to ``end``, from the local midnight 15 days before, with a look at each; empty
        with too little history."""
        today = int(self.calendar.day[end - 1])
        first = int(np.searchsorted(self.calendar.day, today - REPLAY_DAYS)) + 1
        while first <= end and self._baseline(int(self.calendar.day[first - 1])) is None:
            first += 1
        self._evaluate_missing(first, end)
        return range(first, end + 1)

    def step(self, hour: int, before: Live) -> Live:
        """The pins of ``hour`` from those of the hour before."""
        look = self._looks[hour]
        pins, ended = dict(before.pins), dict(before.ended)
        new_normal = {topic for topic in before.new_normal if look.last_day[topic] >= self.rules.still_times_normal}
        for topic, pin in before.pins.items():
            lasted = hour - pin.start >= self.rules.longest_days * 24
            over = lasted or look.recent[topic] < self.rules.still_times_normal
            if over or self._vetoed(topic, hour):
                del pins[topic]
                ended[topic] = hour
                new_normal |= {topic} if lasted else set()
            else:
                pins[topic] = replace(pin, score=float(look.score[topic]))
        for topic, windows in look.passing:
            if topic in pins or topic in new_normal or self._vetoed(topic, hour):
                continue
            fresh = [window for window in windows if hour - window[0] >= ended.get(topic, -1)]
            if fresh:
                width, score = max(fresh, key=lambda window: (window[1], -window[0]))
                pins[topic] = Burst(topic, hour - width, hour, score)
        return Live(pins, ended, frozenset(new_normal))

    def size(self, pin: Burst, end: int) -> Size:
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
        momentum = "new" if pin.pinned == end else direction(now[0], now[1], before[0], before[1])
        return Size.of(hours, seen, expected, spread + MODEL_ERROR**2, momentum)

    def _window(self, topic: int, start: int, end: int) -> tuple[float, float, float]:
        """Seen and expected customers of a topic from column ``start`` to ``end`` − 1, and the error of the level."""
        if start >= end:
            return 0.0, 0.0, 0.0
        self._prepare(start, end)
        seen, usual = (np.zeros((1, *table.shape[1:])) for table in (self._counts, self._usual))
        for channel, lag in enumerate(self._lags):
            arrived = slice(start, max(start, end - int(lag)))
            seen[0, channel] = self._counts[arrived, channel].sum(axis=0, dtype=np.float64)
            usual[0, channel] = self._usual[arrived, channel].sum(axis=0)
        expected, error = expected_counts(seen, usual)
        return float(seen[0, :, topic].sum()), float(expected[0, topic]), float(error[0, topic])

    def usual(self, start: int, end: int) -> float:
        """Customers of all topics that the columns from ``start`` to ``end`` − 1 bring on ordinary days."""
        self._prepare(start, end)
        return float(self._usual[start:end].sum())

    def whole(self, day: int) -> bool:
        """Whether every channel has brought what a local day brings; one that comes once a night may be missing."""
        return self._kept.of("whole-day", lambda: self._content(day, day), _WHOLE_DAY, lambda: self._is_whole(day))

    def _is_whole(self, day: int) -> bool:
        columns = self._columns(day)
        if columns.start < columns.stop:
            self._prepare(columns.start, columns.stop)
        if day not in self._whole:
            seen, usual = (table[columns].sum(axis=(0, 2)) for table in (self._counts, self._usual))
            self._whole[day] = bool(np.all(seen + _WHOLE_PRIOR >= _WHOLE * (usual + _WHOLE_PRIOR)))
        return self._whole[day]

    def newest(self, end: int) -> int:
        """The end of the last column before ``end`` with counts; 0 when there is none."""
        return next((hour for hour in range(end, 0, -1) if self._counts[hour - 1].any()), 0)

    def look(self, hour: int) -> Look:
        """The look at the end of an hour of :meth:`replayed`; the same object as long as it says the same."""
        return self._looks[hour]

    def _baseline(self, day: int) -> DayBaseline | None:
        if day not in self._baselines:
            self._baselines[day] = self._kept.of(
                "hour-baseline",
                lambda: self._baseline_content(day),
                BASELINE,
                lambda: day_baseline(self._counts, self.calendar, day),
            )
        return self._baselines[day]

    def _columns(self, day: int) -> slice:
        return slice(*np.searchsorted(self.calendar.day, (day, day + 1)))

    def _content(self, first: int, last: int) -> Iterator[str]:
        """Counts and expected counts of the days from ``first`` to ``last``, for a key."""
        for day in range(first, last + 1):
            yield self._counted(day)
            yield from self._baseline_content(day)
            yield content(self._peaks(day))

    def _baseline_content(self, day: int) -> Iterator[str]:
        """The content of the days that the baseline of ``day`` is made from, for a key."""
        columns = self._columns(day)
        yield content(self.calendar.hour[columns], self.calendar.weekday[columns])
        for each in range(day - GUARD_DAYS - BASELINE_DAYS, day - GUARD_DAYS):
            yield self._counted(each)

    def _counted(self, day: int) -> str:
        """The content of one day, for a key."""
        if day not in self._contents:
            columns = self._columns(day)
            self._contents[day] = content(
                self._counts[columns], self.calendar.hour[columns], self.calendar.weekday[columns]
            )
        return self._contents[day]

    def _prepare(self, first: int, end: int) -> None:
        """Fill in what is usual for the columns from ``first`` to ``end`` − 1."""
        for day in range(int(self.calendar.day[max(first, 0)]), int(self.calendar.day[end - 1]) + 1):
            baseline, peaks = self._baseline(day), self._peaks(day)
            known = self._ready.get(day)
            if known is not None and known[0] is baseline and np.array_equal(known[1], peaks):
                continue
            self._ready[day] = baseline, peaks
            self._whole.pop(day, None)
            columns = self._columns(day)
            if known is not None:
                self._forget_looks(columns.start, columns.stop - 1)
            self._usual[columns] = 0 if baseline is None else np.rint(baseline.expected * peaks * _EXACT) / _EXACT
            self._known[columns] = 0 if baseline is None else np.rint(baseline.known * _EXACT) / _EXACT

    def _evaluate_missing(self, first: int, end: int) -> None:
        if not self._kept.lasts:  # Counts may have changed in place, and with them what is usual and the looks.
            self._prepare(first - WIDTHS[-1], end)
        for past in [hour for hour in self._windows if hour < first]:
            del self._windows[past]
            self._stale.pop(past, None)
        missing = np.array([hour for hour in range(first, end + 1) if hour not in self._looks], dtype=np.int64)
        days = self.calendar.day[missing - 1]
        for day in np.unique(days).tolist():
            hours = missing[days == day]
            looks = self._evaluate(hours, day) if hours[-1] == end else self._past_looks(hours, day)
            self._looks.update(zip(hours.tolist(), looks, strict=True))

    def _past_looks(self, hours: NDArray[np.int64], day: int) -> tuple[Look, ...]:
        """The looks at the ends of ``hours`` of a day that is over."""
        earliest = int(self.calendar.day[max(0, int(hours[0]) - WIDTHS[-1])])

        def inputs() -> Iterator[str]:
            yield content(hours - self._columns(day).start)
            yield from self._content(earliest, day)

        return self._kept.of("hour-looks", inputs, _LOOKS_OF_DAY, lambda: self._evaluate(hours, day))

    def _evaluate(self, hours: NDArray[np.int64], day: int) -> tuple[Look, ...]:
        """The looks at the ends of ``hours``, all of one local day."""
        self._prepare(int(hours[0]) - WIDTHS[-1], int(hours[-1]))
        baseline = self._baseline(day)
        assert baseline is not None
        windows = [self._windows.get(hour) or Windows.of(len(baseline.counted)) for hour in hours.tolist()]
        if not self._kept.lasts:
            self._windows.update(zip(hours.tolist(), windows, strict=True))
        places = [
            (number, place)
            for number, hour in enumerate(hours.tolist())
            for place in range(self._stale.pop(hour, 0), len(WIDTHS))
        ]
        first, last = max(0, int(hours[0]) - WIDTHS[-1]), int(hours[-1])
        sums = tuple(running_sums(table[first:last]) for table in (self._counts, self._usual, self._known))
        at_once = max(1, _AT_ONCE // sums[0][0].size)
        for begin in range(0, len(places), at_once):
            some = places[begin : begin + at_once]
            numbers, widths = np.array(some).T
            evidence = self._compared(hours[numbers] - first, widths, sums, baseline)

            def echoes(row: int, topic: int, some: list[tuple[int, int]] = some) -> float:
                number, place = some[row]
                return self._echoes(topic, int(hours[number]), WIDTHS[place])

            judge([(windows[number], place) for number, place in some], *evidence, echoes, self.rules)
        return tuple(each.look(self.rules) for each in windows)

    def _compared(
        self, ends: NDArray[np.int64], widths: NDArray[np.int64], sums: tuple[Floats, ...], baseline: DayBaseline
    ) -> tuple[Floats, Floats, Floats]:
        """Seen and expected customers of windows and the variance of the latter, of shape (windows, topics).

        ``widths`` are places in :data:`WIDTHS`; ``sums`` are those of counts, usual and known before each hour.
        """
        counts, usual, known = sums
        begins = np.maximum(ends - np.array(WIDTHS)[widths], 0)
        o, e = self._arrived(counts, begins, ends), self._arrived(usual, begins, ends)
        normal, level_error = expected_counts(o, e)
        seen = o.sum(axis=1)
        largest = np.argsort(-baseline.counted, kind="stable")[:_NOISE_TOPICS]
        noise = np.maximum(baseline.noise[widths], noise_now(seen[:, largest], normal[:, largest]))
        spread = 1 / np.maximum(known[ends] - known[begins], 1)
        spread += level_error
        spread += noise[:, None]
        spread += 1 / (baseline.counted + COUNT_PRIOR) + MODEL_ERROR**2
        return seen, normal, spread

    def _arrived(self, sums: Floats, begins: NDArray[np.int64], ends: NDArray[np.int64]) -> Floats:
        """Counts in windows, from sums of hours, up to the hour that each channel has come to."""
        found = sums[ends]
        for channel in np.flatnonzero(self._lags):
            found[:, channel] = sums[np.maximum(ends - self._lags[channel], begins), channel]
        found -= sums[begins]
        return found

    def _echoes(self, topic: int, end: int, width: int) -> float:
        """Customers of a window who may have repeated one post: all but one of the busiest two hours of a channel."""
        most = 1.0
        for channel in self.rules.social:
            posts = self._counts[max(end - width, 0) : end - int(self._lags[channel]), channel, topic]
            most = max(most, *(posts[:-1] + posts[1:]).tolist(), *posts.tolist())
        return most - 1
