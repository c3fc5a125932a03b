"""A hundred days of mentions by the minute, made up for tests: what is usual at a shop, and what may come on top."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np

from tests.made_mentions import LONDON, Row

HOUR = timedelta(hours=1)
TOPICS = tuple(f"topic-{letter}" for letter in "abcdefghijklmnop")
LUNCH, NIGHT, BILLING = TOPICS[:3]
"""Topics that are asked about at noon, at night, and on one day of the month."""
WEEKEND_BURST, MONDAY_BURST = TOPICS[3:5]
SMALL = TOPICS[5]
DAYS = 100
_OFFICE = np.array([1, 1, 0, 0, 0, 1, 3, 9, 17, 21, 21, 19, 17, 18, 19, 18, 17, 15, 10, 7, 5, 3, 2, 1]) / 225
_AT_NIGHT = np.roll(_OFFICE, 12)
_WEEK = (1.1, 1.1, 1.05, 1.05, 1.0, 0.7, 0.6)
_CHANNELS = ("email", "chat", "phone", "twitter")
_NIGHTLY = timedelta(hours=26, minutes=30)
"""Calls reach the export at half past two in the night after they were made."""


@dataclass(frozen=True)
class Stream:
    """The last ``DAYS`` days before ``monday``, and that day until the afternoon; its weekend has a day on which the
    clock changes or may change."""

    seed: int
    monday: date

    def local(self, weekday: int, hour: int, minute: int = 0) -> datetime:
        """A moment of the last days: 0 is the Monday, −1 the Sunday before."""
        day = self.monday + timedelta(days=weekday)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON).astimezone(UTC)

    @property
    def now(self) -> datetime:
        return self.local(0, 17)

    @property
    def billing_day(self) -> date:
        """The Saturday; on its day of the month there is a peak in each month."""
        return self.monday - timedelta(days=2)

    @cached_property
    def rates(self) -> dict[str, float]:
        """Topic → mentions a day."""
        rates = np.random.default_rng(self.seed).uniform(8, 36, len(TOPICS)).tolist()
        return {**dict(zip(TOPICS, rates, strict=True)), SMALL: 2.0}

    def rate(self, topic: str, moment: datetime) -> float:
        """Usual mentions in the hour from ``moment`` on."""
        local = moment.astimezone(LONDON)
        rate = (
            self.rates[topic] * _WEEK[local.weekday()] * float((_AT_NIGHT if topic == NIGHT else _OFFICE)[local.hour])
        )
        if local.weekday() == 0 and 8 <= local.hour < 11:
            rate *= 2.2
        if topic == LUNCH and local.hour in (12, 13):
            rate *= 5
        if topic == BILLING and local.day == self.billing_day.day:
            rate *= 7
        return rate

    @cached_property
    def usual(self) -> list[Row]:
        """Office hours, one topic's lunch and one's nights, Monday's backlog, billing days, and calls that are exported
        at night."""
        rng = np.random.default_rng(self.seed)
        rows: list[Row] = []
        begin = self.now - timedelta(days=DAYS)
        for number in range(DAYS * 24):
            moment = begin + number * HOUR
            for topic in TOPICS:
                for _ in range(int(rng.poisson(self.rate(topic, moment)))):
                    channel = _CHANNELS[int(rng.choice(4, p=(0.4, 0.3, 0.15, 0.15)))]
                    when = moment + float(rng.uniform(0, 1)) * HOUR
                    rows.append(mention(topic, when, channel, f"{topic}-{len(rows)}"))
        return rows

    @property
    def bursts(self) -> list[Row]:
        """True bursts: fourteen customers more an hour on Saturday, and fifteen on Monday."""
        return [
            *several(WEEKEND_BURST, self.local(-2, 10, 10), 10 * HOUR, 140, "chat"),
            *several(MONDAY_BURST, self.local(0, 9, 20), 7 * HOUR, 105, "email"),
        ]


def mention(
    topic: str, when: datetime, channel: str, customer: str, text: str = "", exported: datetime | None = None
) -> Row:
    """A row that reaches the export within minutes, or, if it is a call, in the night."""
    if exported is None:
        midnight = when.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
        exported = midnight + _NIGHTLY if channel == "phone" else when + timedelta(minutes=3)
    return {
        "id": f"{topic}-{customer}-{when.timestamp():.0f}-{channel}",
        "time": _stamp(when),
        "exported_at": _stamp(exported),
        "channel": channel,
        "customer_id": customer,
        "article_id": topic,
        "text": text,
    }


def several(
    topic: str,
    begin: datetime,
    span: timedelta,
    rows: int,
    channel: str,
    *,
    customers: int = 0,
    texts: Sequence[str] = ("",),
) -> list[Row]:
    """``rows`` mentions evenly over ``span``, of so many customers in turn, each row another one by default."""
    return [
        mention(
            topic, begin + number * span / rows, channel, f"extra-{begin:%d%H}-{number % (customers or rows)}",
            texts[number % len(texts)],
        )
        for number in range(rows)
    ]  # fmt: skip


def held_back(rows: Iterable[Row], channel: str, first: datetime, until: datetime) -> list[Row]:
    """``rows`` with a channel that stalls: what came from ``first`` on is exported at once at ``until``."""
    stalled = (_stamp(first), _stamp(until))
    return [
        {**row, "exported_at": stalled[1]}
        if row["channel"] == channel and stalled[0] <= row["exported_at"] < stalled[1]
        else row
        for row in rows
    ]


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
