"""Expected customers of each topic, channel and hour on an ordinary day, from the four weeks that end a week before.

The rate of a topic, its weekday habit and the level of each day are estimated as in :mod:`kb_builder.trends.bursts`.
The hours of a day follow the topic's own profile, separate for working days and weekends, shrunk towards the typical
topic; an hour-of-week factor corrects what all topics share, such as the backlog of a Monday morning. The result is
split over channels by each channel's hours and the topic's preference. No pinned hours are excluded from the baseline,
so the result depends on nothing but the counts.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb_builder.system.codec import Codec
from kb_builder.trends.estimates import (
    BASELINE_DAYS,
    COUNT_PRIOR,
    GUARD_DAYS,
    HABIT_PRIOR,
    LEAST_HISTORY,
    NEAREST_80,
    TINY,
    WIDTHS,
    Floats,
    day_levels,
    running_sums,
    weekday_habits,
)

_PROFILE_PRIOR: Final = 24.0
_TYPICAL: Final = 0.9
_HOUR_OF_WEEK_PRIOR: Final = 10.0
_CHANNEL_PRIOR: Final = 5.0
_LEAST_EXPECTED: Final = 3.0
_LEAST_TOPICS: Final = 5
_HABIT_TOPICS: Final = 5.0
"""Customers a day of topics that say how noisy days are."""
_HOURLY_NOISE: Final = 0.06
_LEAST_NOISE: Final = 0.01
_CALM_ROUNDS: Final = 8
_CALM_SURE: Final = 3.0
_CALM_NOISE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Calendar:
    """Local time of consecutive hours, as parallel arrays, from the hour ``first`` (since 1970, UTC) on."""

    first: int
    date: date
    """The local day of ``first``."""

    day: NDArray[np.int64]
    """Local days since the first day of the table."""
    hour: NDArray[np.int64]
    """0 to 23."""
    weekday: NDArray[np.int64]
    """0 (Monday) to 6; public holidays are 6."""

    @property
    def kind(self) -> NDArray[np.int64]:
        """0 on working days, 1 at weekends."""
        return (self.weekday >= 5).astype(np.int64)


@dataclass(frozen=True, slots=True)
class DayBaseline:
    """The expected counts of one local day."""

    expected: NDArray[np.float32]
    """Shape (hours of the day, channels, topics)."""
    known: NDArray[np.float32]
    """Shape (hours of the day, topics): the customers on whom the profile of an hour rests, the prior included."""
    counted: Floats
    """Shape (topics,): customers in the baseline."""
    noise: Floats
    """Shape (widths,): relative variance of a window beyond Poisson's, for each of :data:`WIDTHS`."""


BASELINE: Final[Codec[DayBaseline | None]] = Codec(DayBaseline | None)  # type: ignore[arg-type]


def day_baseline(counts: NDArray[np.float32], calendar: Calendar, day: int) -> DayBaseline | None:
    """The baseline of ``day`` from ``counts`` of shape (hours, channels, topics); None with too little history."""
    first_day = max(int(calendar.day[0]), day - GUARD_DAYS - BASELINE_DAYS)
    hours = np.flatnonzero((calendar.day >= first_day) & (calendar.day < day - GUARD_DAYS))
    today = np.flatnonzero(calendar.day == day)
    days = day - GUARD_DAYS - first_day
    if days < LEAST_HISTORY - GUARD_DAYS - 1 or not len(hours):
        return None
    past = counts[hours[0] : hours[-1] + 1].astype(np.float64)
    day_of = calendar.day[hours] - first_day
    begins = np.searchsorted(day_of, np.arange(days))
    weekdays = calendar.weekday[hours[begins]]
    by_hour = past.sum(axis=1)
    by_day = np.add.reduceat(by_hour, begins, axis=0).T.copy()
    calm = _calm(by_day, day_levels(by_day, weekdays)[0])
    kept = (calm / np.maximum(by_day, 1)).T[day_of]
    by_hour *= kept
    by_day = calm
    level, noise = day_levels(by_day, weekdays)
    counted = by_day.sum(axis=1)
    rate = (counted + COUNT_PRIOR) / np.maximum(level.sum(axis=1), TINY)
    tomorrow = int(calendar.weekday[today[0]])
    known_days = np.ones_like(by_day, dtype=bool)
    habits = weekday_habits(by_day, rate[:, None] * level, known_days, np.append(weekdays, tomorrow), noise)
    per_day = rate[:, None] * level * habits[:, :days]

    kind, hour = calendar.kind[hours], calendar.hour[hours]
    profiles, known = _profiles(by_hour, hour, kind)
    expected = per_day.T[day_of] * profiles[kind, hour]
    week = calendar.weekday * 24 + calendar.hour
    correction = np.bincount(week[hours], by_hour.sum(axis=1), 168) + _HOUR_OF_WEEK_PRIOR
    correction /= np.bincount(week[hours], expected.sum(axis=1), 168) + _HOUR_OF_WEEK_PRIOR
    expected *= correction[week[hours], None]
    usual = (rate * habits[:, -1]) * profiles[calendar.kind[today], calendar.hour[today]]
    usual *= correction[week[today], None]

    shares = _channel_shares(np.einsum("hct,ht->hc", past, kept), hour, kind)
    lean = np.einsum("hct,ht->ct", past, kept) + _CHANNEL_PRIOR
    lean /= np.einsum("hc,ht->ct", shares[kind, hour], expected) + _CHANNEL_PRIOR
    split = shares[calendar.kind[today], calendar.hour[today], :, None] * lean
    split /= np.maximum(split.sum(axis=1, keepdims=True), TINY)
    split *= usual[:, None]
    sums = running_sums(by_hour), running_sums(expected)
    fitted = [_noise(*sums, width, noise) for width in WIDTHS]
    # Fitted on the baseline's own counts: more by what habits that were fitted to the same days hide, and never less
    # than what the days leave open, which are slightly alike.
    of_day = np.minimum(1, 24 / np.array(WIDTHS))
    noise_by_width = np.maximum(fitted + _hidden_noise(by_day, noise) * of_day, 1.25 * noise * of_day)
    known_today = known[calendar.kind[today], calendar.hour[today]]
    return DayBaseline(split.astype(np.float32), known_today.astype(np.float32), counted, noise_by_width)


def _calm(counts: Floats, level: Floats) -> Floats:
    """``counts`` of shape (topics, days) without bursts: no day has more than a day with three deviations of noise.

    A burst that stayed in would be expected to come again, and the level of all topics would seem low beside it.
    """
    calm = counts
    for _ in range(_CALM_ROUNDS):
        normal = level * (calm.sum(axis=1, keepdims=True) / np.maximum(level.sum(axis=1, keepdims=True), TINY))
        most = normal + _CALM_SURE * np.sqrt(normal + _CALM_NOISE * normal**2 + 1)
        calm = np.minimum(counts, most)
    return calm


def _hidden_noise(by_day: Floats, noise: float) -> float:
    """The relative variance of a day that weekday habits hide, since they were fitted to it: the median over topics.

    ``by_day`` has the shape (topics, days). A topic with many counts has seven habits of its own.
    """
    days = by_day.shape[1]
    mean = by_day.mean(axis=1)
    mean = mean[mean >= _HABIT_TOPICS]
    if len(mean) < _LEAST_TOPICS:
        return 0.0
    known = 1 / (1 / (mean * days / 7) + noise * 7 / days)
    spent = 7 * known / (known + HABIT_PRIOR)
    return float(np.median(spent / np.maximum(days - spent, spent))) * noise


def _noise(counts: Floats, expected: Floats, width: int, daily: float) -> float:
    """The relative variance of windows of ``width`` hours beyond Poisson's: the median over the larger topics.

    A topic counts by its information: with few customers Poisson's own scatter hides the rest, and much is left out.
    ``counts`` and ``expected`` are sums of the hours before each, as :func:`running_sums` gives them.
    """
    windows = (len(counts) - 1) // width
    big = expected[-1] >= _LEAST_EXPECTED * windows
    if np.count_nonzero(big) < _LEAST_TOPICS:
        return daily + _HOURLY_NOISE * min(1.0, 2 / width)
    observed, normal = (np.diff(each[: windows * width + 1 : width, big], axis=0).T for each in (counts, expected))
    # Bursts are not noise: the fifth of windows that is furthest off is left out, each by what is usual for its size.
    # Measured in customers, it would be the busy hours, in which alone noise is more than Poisson's.
    off = (observed - normal) ** 2
    kept = max(1, round(0.8 * windows))
    nearest = np.argpartition(off / (normal + _HOURLY_NOISE * normal**2 + TINY), kept - 1, axis=1)[:, :kept]
    off, normal = (np.take_along_axis(each, nearest, axis=1) for each in (off, normal))
    excess = off.sum(axis=1) / NEAREST_80 - normal.sum(axis=1)
    share = 1 / (1 + windows / (_HOURLY_NOISE * expected[-1, big]))
    return float(np.clip(_weighted_median(excess / (normal**2).sum(axis=1), share**2), _LEAST_NOISE, 0.5))


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values, kind="stable")
    places = np.cumsum(weights[order]) - weights[order] / 2
    return float(np.interp(weights.sum() / 2, places, values[order]))


def _profiles(counts: Floats, hour: NDArray[np.int64], kind: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Share of a day's customers by kind of day, hour of day and topic; and the customers each share rests on."""
    observed = _by_hour_of_day(counts, hour, kind)
    smooth = 0.5 * observed + 0.25 * (np.roll(observed, 1, axis=1) + np.roll(observed, -1, axis=1))
    total = smooth.sum(axis=1, keepdims=True)
    voices = (total > 0).sum(axis=2)
    typical = (smooth / np.maximum(total, 1)).sum(axis=2) / np.maximum(voices, 1)
    typical = np.where(voices > 0, typical / np.maximum(typical.sum(axis=1, keepdims=True), TINY), 1 / 24)
    prior = _TYPICAL * typical + (1 - _TYPICAL) / 24
    known = smooth + _PROFILE_PRIOR * prior[:, :, None]
    return known / (total + _PROFILE_PRIOR), known


def _channel_shares(counts: Floats, hour: NDArray[np.int64], kind: NDArray[np.int64]) -> Floats:
    """Share of each channel by kind of day and hour of day, from counts of shape (hours, channels)."""
    observed = _by_hour_of_day(counts, hour, kind)
    overall = observed.sum(axis=(0, 1)) / max(observed.sum(), 1)
    observed += _HOUR_OF_WEEK_PRIOR * overall
    return np.asarray(observed / np.maximum(observed.sum(axis=2, keepdims=True), TINY))


def _by_hour_of_day(counts: Floats, hour: NDArray[np.int64], kind: NDArray[np.int64]) -> Floats:
    """``counts`` of shape (hours, …) summed by kind of day and hour of day."""
    place = kind * 24 + hour
    order = np.argsort(place, kind="stable")
    present, begins = np.unique(place[order], return_index=True)
    summed = np.zeros((48, counts.shape[1]))
    summed[present] = np.add.reduceat(counts[order], begins, axis=0)
    return summed.reshape(2, 24, -1)
