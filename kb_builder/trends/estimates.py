"""Estimates that the daily and the hourly scan share: levels, habits, noise, the tail of the negative binomial, and the
bursts themselves."""

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
LEAST_HISTORY: Final = 14
"""Days of history below which nothing is pinned."""
WIDTHS: Final = (1, 2, 3, 4, 6, 9, 12, 18, 24, 36, 48)
"""Hours of the windows that are scanned."""
_LEVEL_ROUNDS: Final = 5
_LEVEL_PRIOR: Final = 10.0
_OUTLIER: Final = 2.5
_FIRST_NOISE: Final = 0.03
HABIT_PRIOR: Final = 16.0
COUNT_PRIOR: Final = 2.0
MODEL_ERROR: Final = 0.1
_FREEDOM_SPENT: Final = 3
"""Degrees of freedom that the shrunk weekday habits take."""
TINY: Final = 1e-9
NORMAL_95: Final = 1.645
NEAREST_80: Final = 0.438
"""Mean square of the 80 % of a standard normal that are nearest to 0."""


@dataclass(frozen=True, slots=True)
class Burst:
    """A topic pinned at the end of a day or an hour. Those are column numbers of the counts; an hour is its end."""

    topic: int
    start: int
    pinned: int
    """The day or hour at whose end it was first pinned, within the replay."""
    score: float

    def moved(self, columns: int) -> "Burst":
        """The same burst where columns have other numbers."""
        return replace(self, start=self.start + columns, pinned=self.pinned + columns)


@dataclass(frozen=True, slots=True)
class Size:
    """Size of a burst from its start to the evaluated day or hour, and its ``length`` in those."""

    length: int
    seen: int
    expected: float
    times_normal: float
    at_least: float
    momentum: Momentum

    @classmethod
    def of(cls, length: int, seen: float, expected: float, spread: float, momentum: Momentum) -> "Size":
        """``spread`` is the relative variance of what was seen and what was expected."""
        times = seen / expected
        return cls(length, round(seen), expected, times, times * float(np.exp(-NORMAL_95 * np.sqrt(spread))), momentum)


def day_levels(counts: Floats, weekdays: NDArray[np.int64], baseline: int | None = None) -> tuple[Floats, float]:
    """Each day's level over all other topics, of shape (topics, days), and the daily noise.

    The level is a robust ratio (Huber weights, saturating with the size of a topic) to the topics' means over the first
    ``baseline`` days: neither one burst nor one large topic moves it, and a peak of all topics pins none.
    """
    means = counts[:, :baseline].mean(axis=1, keepdims=True) + TINY
    level = np.ones(counts.shape[1])
    weighted, weights = counts, means
    for _ in range(_LEVEL_ROUNDS):
        normal = means * level
        off = np.abs(counts - normal) / np.sqrt(normal + _FIRST_NOISE * normal**2 + TINY)
        weight = np.minimum(1, _OUTLIER / np.maximum(off, TINY)) / (1 + _FIRST_NOISE * normal)
        weighted, weights = weight * counts, weight * means
        level = (weighted.sum(axis=0) + _LEVEL_PRIOR) / (weights.sum(axis=0) + _LEVEL_PRIOR)
    others = (weighted.sum(axis=0) - weighted + _LEVEL_PRIOR) / (weights.sum(axis=0) - weights + _LEVEL_PRIOR)
    return others, _noise(counts[:, :baseline], others[:, :baseline], weekdays[:baseline])


def surprise(seen: Floats, expected: Floats, size: Floats) -> Floats:
    """−ln P(count ≥ ``seen``) for a negative binomial of mean ``expected`` and size ``size``; 0 if seen ≤ expected.

    The leading saddle-point term with its continuity factor: within a few per cent of exact tails below 1 in 20.
    """
    above = seen > expected
    o, e = np.where(above, seen, 2.0), np.where(above, expected, 1.0)
    ratio = (o + size) / (e + size)
    tail = o * np.log(o / e) - (o + size) * np.log(ratio)
    tail += 0.5 * np.log(2 * np.pi * o * (1 + o / size)) + np.log1p(-np.minimum(e / o * ratio, 1 - TINY))
    return np.where(above, np.maximum(tail, 0), 0.0)


def dispersion(baseline: Floats, noise: float, days: NDArray[np.int64]) -> Floats:
    """1/r: uncertainty of the baseline, noise of days (slightly correlated), and model error."""
    return np.asarray(1 / np.maximum(baseline, COUNT_PRIOR) + 1.25 * noise / days + MODEL_ERROR**2)


def weekday_habits(counts: Floats, expected: Floats, kept: Flags, weekdays: NDArray[np.int64], noise: float) -> Floats:
    """Weekday factor of each topic and day relative to the site, shrunk to 1 when there are few counts."""
    days = counts.shape[1]
    on = np.eye(7)[weekdays]
    normal = np.maximum(expected @ on[:days], TINY)
    known = 1 / (1 / normal + noise / np.maximum(kept @ on[:days], 1))
    factors = (known * (counts @ on[:days]) / normal + HABIT_PRIOR) / (known + HABIT_PRIOR)
    return np.asarray(factors[:, weekdays])


def _noise(counts: Floats, level: Floats, weekdays: NDArray[np.int64]) -> float:
    """The relative variance of a topic's day beyond Poisson's: the median over topics of five a day and more."""
    big = counts.mean(axis=1) >= 5
    if np.count_nonzero(big) < 5:
        return _FIRST_NOISE
    counts, level = counts[big], np.maximum(level[big], TINY)
    expected = np.median(counts / level, axis=1, keepdims=True) * level
    usual = np.minimum(counts, 2 * expected)
    expected = expected * weekday_habits(usual, expected, np.ones_like(counts, dtype=bool), weekdays, _FIRST_NOISE)
    # Bursts are not noise: the 20 % of days with the largest residuals are dropped, and the variance is corrected.
    days = counts.shape[1]
    kept = max(1, round(0.8 * days))
    nearest = np.sort((counts - expected) ** 2, axis=1)[:, :kept].mean(axis=1) / NEAREST_80
    freedom = days / max(days - _FREEDOM_SPENT, 1)
    excess = nearest * freedom - expected.mean(axis=1)
    return float(np.clip(np.median(excess / np.maximum((expected**2).mean(axis=1), TINY)), 0.01, 0.5))


def direction(seen_now: float, expected_now: float, seen_before: float, expected_before: float) -> Momentum:
    """Seen ÷ expected now against before: 25 % more is rising, 20 % less is falling."""
    now = (seen_now + 1) / (expected_now + 1)
    before = (seen_before + 1) / (expected_before + 1)
    return "rising" if now > 1.25 * before else "falling" if now < 0.8 * before else "steady"


def running_sums(values: NDArray[np.floating]) -> Floats:
    """Sums of the rows before each row, one more than ``values`` has. Row by row: topics are neighbours in memory."""
    sums = np.zeros((len(values) + 1, *values.shape[1:]))
    for place, row in enumerate(values):
        np.add(sums[place], row, out=sums[place + 1])
    return sums
