"""Counted mentions: the only form in which mentions leave the reader."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from kb_builder.errors import Finding
from kb_builder.system.codec import Codec

WINDOW_DAYS: Final = 76
"""Days of phrases that are kept: four weeks of replay, five of baseline, and a week in which a customer counts once."""

COPIES: Final = 3
"""A sentence posted by more social accounts than this within :data:`COPY_DAYS` is not counted."""
COPY_DAYS: Final = 7
"""Days before and after a post in which the others that say the same make it a copy. What was said weeks ago is not
changed by a post of today, and what was computed of those weeks stays."""
QUIET_DAYS: Final = 7
"""Days before a customer's mention counts again."""
REPLY_DAYS: Final = 28
"""Complete days whose questions are measured."""
UNANSWERED: Final = -1
"""The wait for a reply that has not come."""
EARLY: Final = -2
"""The wait for a reply that is dated before its question, which says nothing."""
UNREADABLE: Final = -3
"""The wait for a reply whose time can't be read, or has no time of day."""


class Counts(NamedTuple):
    """Fresh customers as parallel arrays: topic, segment (0: all customers), day (0: the oldest), customers."""

    topic: NDArray[np.int32]
    segment: NDArray[np.int32]
    day: NDArray[np.int32]
    customers: NDArray[np.int32]


class HourCounts(NamedTuple):
    """Fresh customers by the hour and channel of their first mention of the day, as parallel arrays.

    ``hour`` is in hours since 1970 (UTC); ``channel`` as in :data:`kb_builder.mentions.channels.CHANNEL_CODES`.
    """

    topic: NDArray[np.int32]
    segment: NDArray[np.int32]
    channel: NDArray[np.int32]
    hour: NDArray[np.int32]
    customers: NDArray[np.int32]


class ReplyCounts(NamedTuple):
    """Questions of the last 28 complete days, as parallel arrays.

    ``asked`` is in minutes since 1970 (UTC), ``waited`` in minutes rounded up, :data:`UNANSWERED`,
    :data:`EARLY` or :data:`UNREADABLE`. ``open_wait`` is 1 where the tool that measured left out the hours when it was
    closed.
    """

    channel: NDArray[np.int32]
    segment: NDArray[np.int32]
    asked: NDArray[np.int32]
    waited: NDArray[np.int32]
    open_wait: NDArray[np.int32]
    replies: NDArray[np.int32]


class Arrivals(NamedTuple):
    """Changes of counts in the order of ``arrived``, as parallel arrays.

    From the hour ``arrived`` on, ``customers`` (1 or −1) fresh customers more count for a topic, segment (0: all
    customers), day, hour (−1 when unknown) and channel. Hours are in hours since 1970 (UTC).
    """

    arrived: NDArray[np.int32]
    topic: NDArray[np.int32]
    segment: NDArray[np.int32]
    day: NDArray[np.int32]
    hour: NDArray[np.int32]
    channel: NDArray[np.int32]
    customers: NDArray[np.int32]


_Columns = TypeVar("_Columns", Counts, HourCounts, ReplyCounts)


def nothing(kind: type[_Columns]) -> _Columns:
    """No customers, or no questions: each array has length 0."""
    return kind(*(np.zeros(0, dtype=np.int32) for _ in kind._fields))


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases of one to three words in unanswered mentions.

    ``counts`` has shape (phrases, days): fresh customers, the last column is the newest day. The first ``candidates``
    phrases increased recently; the others are background for the level. ``speaker_phrase`` and ``speaker`` are
    parallel: candidate and an arbitrary customer number, for recent use. ``tested`` is the number of phrases that at
    least five customers used.
    """

    names: tuple[str, ...]
    candidates: int
    counts: NDArray[np.int32]
    speaker_phrase: NDArray[np.int32]
    speaker: NDArray[np.int32]
    tested: int

    @classmethod
    def none(cls) -> Phrases:
        """No phrases, with ``counts`` of shape (0, :data:`WINDOW_DAYS`)."""
        empty = np.zeros(0, dtype=np.int32)
        return cls((), 0, np.zeros((0, WINDOW_DAYS), dtype=np.int32), empty, empty, 0)


class Silence(NamedTuple):
    """A source of mentions that has brought nothing on the last complete days."""

    source: str
    """A channel, or words for several; empty for all exports together."""
    path: str
    """The export with its newest mention."""
    newest: int
    """The day of its newest mention, as :attr:`Mentions.newest`."""
    rows: tuple[int, ...]
    """Its mentions on each of the four weeks' days up to that one."""


class FileTally(NamedTuple):
    """Outcome of the rows of one file."""

    rows: int = 0
    bad: int = 0
    excluded: int = 0
    future: int = 0
    unfinished: int = 0
    old: int = 0
    naive: int = 0
    unknown_articles: int = 0
    unknown_channels: int = 0
    early_replies: int = 0
    unreadable_replies: int = 0
    recent: int = 0
    without_hour: int = 0
    shifted: int = 0
    """Counts of hours that do not begin when hours of the site's zone do."""
    shared: int = 0
    """Rows of other customers with one id, except for one of each id."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Outcome of the rows of all exports, as counts.

    ``rows`` is the sum of ``bad, missing, shared_ids, not_from_customers, future, unfinished, old, duplicates, copied,
    by_article, by_tag, by_text, unanswered`` and ``aggregated``; the others are properties that rows of these have.
    """

    files: int = 0
    rows: int = 0
    bad: int = 0
    """Not a record, or without a usable time."""
    missing: int = 0
    """Said to exist by the export, and not in it."""
    shared_ids: int = 0
    """Lost, because another customer's record has their id."""
    not_from_customers: int = 0
    """Sent by staff or a bot, or marked as spam."""
    future: int = 0
    """Later than now; ignored."""
    unfinished: int = 0
    """Of the hour that has not ended, where a row says only that hour; they count when it has."""
    old: int = 0
    """Nearly three years old or older; not counted."""
    naive: int = 0
    """Times without a zone."""
    duplicates: int = 0
    """Records exported more than once, each time but the last."""
    copied: int = 0
    """Social posts with a sentence that more than three accounts posted within a week."""
    unknown_articles: int = 0
    """With an article_id that is not public or doesn't exist."""
    undeclared_segments: int = 0
    unknown_channels: int = 0
    by_article: int = 0
    by_tag: int = 0
    by_text: int = 0
    unanswered: int = 0
    aggregated: int = 0
    """Rows of tables that were counted elsewhere."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Fresh customers by topic, segment and day. Day 0 is the oldest; ``today``, the day of ``now``, is not counted."""

    first_day: int
    """Day 0, in days since 1970-01-01, in the site's zone."""
    today: int
    oldest: int
    """First and last day with a mention; ``oldest`` is ``today`` when there is none."""
    newest: int
    topics: tuple[str, ...]
    """Public article ids, sorted."""
    segments: tuple[str, ...]
    """Segment n of ``counts`` has index n − 1 here; segment 0 is all customers. Declared segments come first."""
    declared: int
    counts: Counts = field(default_factory=partial(nothing, Counts))
    phrases: Phrases = field(default_factory=Phrases.none)
    hours: HourCounts = field(default_factory=partial(nothing, HourCounts))
    end_hour: int = 0
    """The hour up to which ``hours`` counts, in hours since 1970 (UTC)."""
    settled: bool = False
    """Whether everything that was read happened before ``end_hour``: later hours of the day have the same counts."""
    replies: ReplyCounts = field(default_factory=partial(nothing, ReplyCounts))
    """How long customers waited, in the last four weeks."""
    arrivals: Arrivals | None = None
    """How the counts came about, for the pins of past hours; only when they were asked for."""
    examples: bytes = b""
    """Result of ``learn`` for the resolved mentions."""
    silences: tuple[Silence, ...] = ()
    """What has brought nothing for two days or more, all exports together first."""
    reading: Reading = Reading()
    findings: tuple[Finding, ...] = ()

    def at_hour(self, hour: int) -> Mentions | None:
        """The counts at another hour of the same day; None where the exports have to be read for that."""
        if hour == self.end_hour:
            return self
        return replace(self, end_hour=hour) if self.settled and hour > self.end_hour else None

    def recent_customers(self, days: int, k: int) -> dict[str, int]:
        """Article → customers of the last complete ``days``, who count once a week; articles with fewer than ``k`` are
        left out."""
        recent = self.table(0)[:, -days:].sum(axis=1).tolist()
        return {topic: int(count) for topic, count in zip(self.topics, recent, strict=True) if count >= k}

    def table(self, segment: int) -> NDArray[np.float64]:
        """Fresh customers of a segment, of shape (topics, days from ``oldest`` to ``newest``)."""
        table = np.zeros((len(self.topics), max(self.newest - self.oldest + 1, 0)))
        chosen = (self.counts.segment == segment) & (self.counts.day >= self.oldest) & (self.counts.day <= self.newest)
        table[self.counts.topic[chosen], self.counts.day[chosen] - self.oldest] = self.counts.customers[chosen]
        return table

    def hour_table(self, segment: int, first: int, hours: int) -> NDArray[np.float32]:
        """Fresh customers of a segment, of shape (topics, channels with mentions, ``hours`` hours from ``first``).

        The topics of an hour are neighbours in memory.
        """
        channels = self.hour_channels()
        table = np.zeros((hours, len(channels), len(self.topics)), dtype=np.float32).T
        chosen = self.hours.segment == segment
        channel = np.searchsorted(channels, self.hours.channel[chosen])
        table[self.hours.topic[chosen], channel, self.hours.hour[chosen] - first] = self.hours.customers[chosen]
        return table

    def hour_channels(self) -> NDArray[np.int64]:
        """The codes of the channels in the counts by hours, in order."""
        return np.flatnonzero(np.bincount(self.hours.channel))


CODEC: Final = Codec(Mentions)
