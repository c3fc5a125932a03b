"""Bursts of phrases in unanswered mentions, found with the scan of :mod:`kb_builder.trends.bursts`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb_builder.mentions.counted import Phrases
from kb_builder.model import Gap
from kb_builder.trends.bursts import Scan
from kb_builder.trends.calendars import weekdays
from kb_builder.trends.rules import Rules

Nearest = Callable[[str], Sequence[str]]

MOST_GAPS: Final = 10
_SAME: Final = 0.5
"""Phrases are one gap when this share of the customers of one also used the other."""


def find_gaps(phrases: Phrases, newest: date, rules: Rules, nearest: Nearest | None = None) -> tuple[Gap, ...]:
    """Bursts of unanswered phrases at the end of the day ``newest``, the largest first.

    Phrases of the same customers are one gap, named by the longest phrase that most of them used. ``nearest`` returns
    ids of articles similar to a phrase.
    """
    days = phrases.counts.shape[1]
    if not phrases.candidates:
        return ()
    scan = Scan(
        phrases.counts.astype(np.float64),
        weekdays(newest - timedelta(days=days - 1), days, ()),
        replace(rules, slots=phrases.candidates, tested=phrases.tested),
        vetoed=lambda phrase, _day: phrase >= phrases.candidates,
    )
    last = days - 1
    speakers = _speakers(phrases)
    gaps = []
    bursts = {burst.topic: burst for burst in scan.bursts(last)}
    for group in _groups(bursts, speakers):
        named = _name(group, phrases.names, speakers)
        size = scan.size(bursts[named], last)
        if size.seen < rules.customers:
            continue
        since = newest - timedelta(days=last - bursts[named].start)
        near = tuple(nearest(phrases.names[named])) if nearest else ()
        gaps.append(Gap(phrases.names[named], size.seen, round(size.expected, 2), since, near))
    gaps.sort(key=lambda gap: (-gap.customers, gap.phrase))
    return tuple(gaps[:MOST_GAPS])


def _speakers(phrases: Phrases) -> list[frozenset[int]]:
    order: NDArray[np.int64] = np.argsort(phrases.speaker_phrase, kind="stable")
    edges = np.searchsorted(phrases.speaker_phrase[order], np.arange(phrases.candidates + 1))
    return [frozenset(phrases.speaker[order[start:end]].tolist()) for start, end in pairwise(edges)]


def _groups(bursts: Iterable[int], speakers: Sequence[frozenset[int]]) -> list[list[int]]:
    """Bursting phrases, strongest first, grouped by their customers."""
    groups: list[list[int]] = []
    for phrase in bursts:
        for group in groups:
            if any(_alike(speakers[phrase], speakers[other]) for other in group):
                group.append(phrase)
                break
        else:
            groups.append([phrase])
    return groups


def _alike(one: frozenset[int], other: frozenset[int]) -> bool:
    return len(one & other) >= _SAME * max(min(len(one), len(other)), 1)


def _name(group: Sequence[int], names: Sequence[str], speakers: Sequence[frozenset[int]]) -> int:
    most = max(len(speakers[phrase]) for phrase in group)
    common = [phrase for phrase in group if len(speakers[phrase]) >= 0.7 * most]
    return max(common, key=lambda phrase: (len(names[phrase].split()), len(speakers[phrase]), names[phrase]))
