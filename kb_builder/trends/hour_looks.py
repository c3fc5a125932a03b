"""What windows that end at one hour show: each width by itself, and all of them together.

A window's evidence depends on nothing outside it, so that a changed count asks for those windows alone that hold it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb_builder.trends.estimates import NORMAL_95, WIDTHS, Flags, Floats, surprise
from kb_builder.trends.rules import Rules

_LOOKS: Final = 16
"""The looks of a day at overlapping windows are worth so many independent ones."""
_HOLD_PLACES: Final = tuple(map(WIDTHS.index, (3, 6, 12)))
_DAY: Final = WIDTHS.index(24)
_HOLD_EXPECTED: Final = 3.0
_LAST_QUARTER: Final = tuple(WIDTHS.index(width) for width in (1, 1, 1, 1, 2, 2, 3, 4, 6, 9, 12))
"""For each of the widths that of its last quarter, as places in :data:`WIDTHS`."""
_SMALL_SEEN, _SMALL_EXPECTED = 0.5, 1.0
_ECHO: Final = 1
"""Customers that hours ask for beyond the rule: a post and its copies within the hour are no burst."""
_ECHOES: Final = 5
"""The most customers of a social channel who are taken for copies of one post."""
_ECHOED: Final = 0.05
"""The share of posts that are echoed at most: so much less sure must a burst be without the echoes."""


@dataclass(frozen=True, slots=True)
class Look:
    """The evidence at the end of one hour, of the topics that pass or may have to be held."""

    passing: tuple[tuple[int, tuple[tuple[int, float], ...]], ...]
    """Topic and (width, score) of those of its windows that reach the threshold and the rules."""
    score: NDArray[np.float32]
    """Shape (topics,): the best score of any window."""
    recent: NDArray[np.float32]
    """Shape (topics,): seen ÷ expected over the shortest of 3, 6, 12 and 24 hours with at least 3 expected."""
    last_day: NDArray[np.float32]
    """Shape (topics,): seen ÷ expected over 24 hours, shrunk when little is expected."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of all widths that end at one hour; the arrays have the shape (widths, topics)."""

    score: NDArray[np.float32]
    ratio: NDArray[np.float32]
    """Seen ÷ expected, shrunk when little is expected."""
    enough: Flags
    """Whether so much is expected that the ratio says whether a pin is held."""
    convincing: list[tuple[tuple[int, float], ...]]
    """For each width the topics, in order, and scores that reach threshold and rules."""

    @classmethod
    def of(cls, topics: int) -> "Windows":
        """Windows that show nothing yet."""
        shape = len(WIDTHS), topics
        score, ratio = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
        return cls(score, ratio, np.zeros(shape, dtype=np.bool_), [()] * len(WIDTHS))

    def look(self, rules: Rules) -> Look:
        """What all windows say together. A burst that does not last into the last quarter of its window is over."""
        passing: dict[int, list[tuple[int, float]]] = {}
        for place, found in enumerate(self.convincing):
            quarter = self.ratio[_LAST_QUARTER[place]]
            for topic, score in found:
                if quarter[topic] >= rules.still_times_normal:
                    passing.setdefault(topic, []).append((WIDTHS[place], score))
        recent, last_day = self.ratio[_DAY], self.ratio[_DAY].copy()
        for place in reversed(_HOLD_PLACES):
            recent = np.where(self.enough[place], self.ratio[place], recent)
        windows = tuple((topic, tuple(found)) for topic, found in passing.items())
        return Look(windows, self.score.max(axis=0), recent, last_day)


def judge(
    windows: list[tuple[Windows, int]],
    seen: Floats,
    normal: Floats,
    spread: Floats,
    echoes: Callable[[int, int], float],
    rules: Rules,
) -> None:
    """Fill in ``windows``, each given with the place of its width, from arrays of shape (windows, topics).

    ``spread`` is the relative variance of what is expected. ``echoes(row, topic)`` gives the customers of a window who
    may have repeated one post; it is asked where as many as may be would change the result.
    """
    ratio = (seen + _SMALL_SEEN) / (normal + _SMALL_EXPECTED)
    enough = normal >= _HOLD_EXPECTED
    score = np.zeros_like(seen)
    above = seen > normal
    score[above] = surprise(seen[above], normal[above], 1 / spread[above])
    convincing = _convincing(score, seen, normal, spread, echoes, rules)
    for row, (one, place) in enumerate(windows):
        one.score[place], one.ratio[place], one.enough[place] = score[row], ratio[row], enough[row]
        one.convincing[place] = tuple((topic, float(score[row, topic])) for topic in convincing.get(row, ()))


def _convincing(
    score: Floats, seen: Floats, normal: Floats, spread: Floats, echoes: Callable[[int, int], float], rules: Rules
) -> dict[int, list[int]]:
    """Row → topics that reach threshold and rules, with the echoes of one post and without."""
    threshold = np.log(seen.shape[1] * _LOOKS * (1 + np.log(len(WIDTHS))) / rules.false_alarm)
    fewest = rules.customers + _ECHO
    likely = np.nonzero((score >= threshold) & (seen >= fewest))
    o, e, size = (each[likely] for each in (seen, normal, spread))
    clear = o / e * np.exp(-NORMAL_95 * np.sqrt(1 / o + size)) >= rules.times_normal
    rows, topics = (each[clear] for each in likely)
    o, e, size = o[clear], e[clear], size[clear]

    def convinces(heard: Floats) -> Flags:
        sure = surprise(heard, e, 1 / size) >= threshold + np.log(_ECHOED)
        return np.asarray(sure & (heard >= fewest))

    heard = o - (_ECHOES if rules.social else 0)
    for at in np.flatnonzero(~convinces(heard)).tolist():
        heard[at] = o[at] - min(echoes(int(rows[at]), int(topics[at])), _ECHOES)
    found: dict[int, list[int]] = {}
    passes = convinces(heard)
    for row, topic in zip(rows[passes].tolist(), topics[passes].tolist(), strict=True):
        found.setdefault(row, []).append(topic)
    return found
