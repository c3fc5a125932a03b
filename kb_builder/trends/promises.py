"""How the response times that ``contact.yml`` promises are kept, from the waits of the last four weeks.

The clock of a channel runs only while it is open: a question of Friday night waits from Monday morning on. A promised
day is a day on which the channel is open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kb_builder.errors import counted
from kb_builder.mentions.channels import CHANNEL_CODES, CHANNEL_NAMES
from kb_builder.mentions.counted import REPLY_DAYS, UNANSWERED, Mentions, ReplyCounts
from kb_builder.model import Channel, Contact, Promise

FEWEST_QUESTIONS: Final = 20
"""Shares of fewer questions are never shown."""
HONEST: Final = 0.9
"""The share of questions that a suggested time is kept for."""

_DAY: Final = 24 * 60
_AFTER: Final = timedelta(days=REPLY_DAYS + 14)
"""Opening hours are known until so long after the first question; two weeks without any are a closed channel."""
_STEPS: Final = (
    *((number, "minute") for number in (1, 2, 3, 5, 10, 15, 20, 30, 45)),
    *((number, "hour") for number in (1, 2, 3, 4, 6, 8, 12)),
    *((number, "day") for number in (1, 2, 3, 4, 5, 7, 10, 14, 21, 28)),
)
"""Times that a page would promise."""


class _OpenTime:
    """Counts the minutes that a channel is open."""

    def __init__(self, channel: Channel | None, zone: ZoneInfo, first: int) -> None:
        """``first`` is the first minute, in minutes since 1970, that will be asked for."""
        self.always = channel is None or channel.always
        self.day = _DAY
        if channel is None or channel.always:
            return
        spans: list[list[float]] = []
        start = datetime.fromtimestamp(first * 60, zone).date() - timedelta(days=1)
        for opens, closes in sorted(_spans(channel, zone, start, start + _AFTER)):
            if spans and opens <= spans[-1][1]:
                spans[-1][1] = max(spans[-1][1], closes)
            else:
                spans.append([opens, closes])
        table = np.array(spans or [[0.0, 0.0]])
        self._moments = table.ravel()
        lengths = table[:, 1] - table[:, 0]
        self._open = np.repeat(np.cumsum(lengths), 2)
        self._open[::2] -= lengths
        self.always = not lengths.sum()
        if not self.always:
            open_days = {day for hours in channel.hours for day in hours.days}
            week = sum(len(hours.days) * (hours.closes - hours.opens) for hours in channel.hours)
            self.day = min(_DAY, round(week / len(open_days)))

    def between(self, start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.always:
            return end - start
        return np.asarray(
            np.interp(end, self._moments, self._open) - np.interp(start, self._moments, self._open), np.float64
        )

    def minutes(self, number: int, unit: str) -> int:
        """A time in words as open minutes."""
        return number * {"minute": 1, "hour": 60}.get(unit, self.day)


@dataclass(frozen=True, slots=True)
class _Channel:
    """A kind of channel to measure, and its row in the contact file if it has one."""

    kind: str
    channel: Channel | None
    position: int | None
    clock: _OpenTime
    newest: int
    """The newest minute in the exports."""

    def promise(self, replies: ReplyCounts, segment: str | None) -> Promise | None:
        """The promise to ``segment`` as kept in ``replies``; None for too few questions, and without any reply."""
        replies = _chosen(replies, replies.waited >= UNANSWERED)
        answered = replies.waited != UNANSWERED
        asked = replies.asked.astype(np.float64)
        until = np.where(answered, asked + replies.waited, np.maximum(self.newest, asked))
        waits = np.where(replies.open_wait == 1, replies.waited, self.clock.between(asked, until)).round()
        words = self.channel.response_time if self.channel else ""
        number, _, unit = words.partition(" ")
        within = self.clock.minutes(int(number), unit.removesuffix("s")) if self.channel else 0
        # A customer who has waited less than promised may still be answered in time.
        counts = np.where(answered | (waits > within), replies.replies, 0)
        total = int(counts.sum())
        if total < FEWEST_QUESTIONS or not answered.any():
            return None
        in_time = int(counts[answered & (waits <= within)].sum())
        return Promise(
            channel=self.kind,
            label=self.channel.label if self.channel else self.kind.replace("_", " ").capitalize(),
            segment=segment,
            promised=words,
            questions=total,
            unanswered=int(counts[~answered].sum()),
            share=round(in_time / total, 4) if self.channel else None,
            median=_quantile(waits[answered], counts[answered], 0.5),
            most=_quantile(waits[answered], counts[answered], 0.9),
            honest=_honest(np.where(answered, waits, np.inf), counts, self.clock),
            position=self.position,
        )


def measure(mentions: Mentions, contact: Contact, zone: ZoneInfo) -> tuple[Promise, ...]:
    """The channels of ``contact`` in its order, then others, each for everybody and then for segments.

    What fewer than 20 customers asked, and channels without any reply, are left out.
    """
    replies = mentions.replies
    known = [channel for channel in contact.channels if channel.kind in CHANNEL_CODES]
    rest = sorted({CHANNEL_NAMES[code] for code in set(replies.channel.tolist()) & CHANNEL_NAMES.keys()}
                  - {channel.kind for channel in known})  # fmt: skip
    found = []
    asked: Iterable[tuple[str, Channel | None]] = (
        *((channel.kind, channel) for channel in known), *((kind, None) for kind in rest),
    )  # fmt: skip
    for kind, channel in asked:
        own = _chosen(replies, replies.channel == CHANNEL_CODES[kind])
        if not (own.waited >= 0).any():
            continue
        measured = _Channel(
            kind,
            channel,
            contact.channels.index(channel) if channel else None,
            _OpenTime(channel, zone, int(own.asked.min())),
            int((own.asked + np.maximum(own.waited, 0)).max()),
        )
        for number, segment in enumerate((None, *mentions.segments)):
            part = own if segment is None else _chosen(own, own.segment == number)
            promise = measured.promise(part, segment)
            if promise is not None:
                found.append(promise)
    return tuple(found)


def _honest(waits: NDArray[np.float64], counts: NDArray[np.int32], clock: _OpenTime) -> str:
    for number, unit in _STEPS:
        if counts[waits <= clock.minutes(number, unit)].sum() >= HONEST * counts.sum():
            return counted(number, unit)
    return ""


def _quantile(waits: NDArray[np.float64], counts: NDArray[np.int32], share: float) -> int:
    """The shortest wait that at least ``share`` of the replies didn't exceed."""
    order = np.argsort(waits, kind="stable")
    reached = np.searchsorted(np.cumsum(counts[order]), share * counts.sum())
    return int(waits[order][min(int(reached), len(order) - 1)])


def _chosen(replies: ReplyCounts, where: NDArray[np.bool_]) -> ReplyCounts:
    return ReplyCounts(*(column[where] for column in replies))


def _spans(channel: Channel, zone: ZoneInfo, first: date, last: date) -> Sequence[tuple[float, float]]:
    """The opening hours between two dates, in minutes since 1970."""
    days = (first + timedelta(days=distance) for distance in range((last - first).days))
    return [
        (_minute(day, hours.opens, zone), _minute(day, hours.closes, zone))
        for day in days
        for hours in channel.hours
        if day.weekday() in hours.days and day not in channel.closed
    ]


def _minute(day: date, minutes: int, zone: ZoneInfo) -> float:
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).timestamp() / 60
