"""Write three months of made-up mentions for the demo shop: what its customers would have said, on every channel.

    python scripts/demo_mentions.py --out content/mentions/demo.csv [--end 2026-11-20] [--seed 7]

The last day is yesterday unless ``--end`` names one. The same end and seed give the same bytes. Nobody in it exists:
customers are invented numbers, sentences are put together from the templates of `demo_texts`.

What it holds, for those who look at the pins: a weekly cycle and the peak before Christmas (they trend nothing), bursts
that go on at the end (`BURSTS` with a last day of 0), bursts that are over, one burst that no article answers, one
brigade of identical posts, customers who write twice, and rows exported twice.
"""

import argparse
import csv
import math
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from demo_texts import (
    BRIGADE,
    CLOSINGS,
    DETAILS,
    GAP,
    ISLANDS,
    ITEMS,
    ONLY_IN,
    OPENINGS,
    PEOPLE,
    SPAM,
    TAGS,
    TOPICS,
    WEEKDAYS,
)

DAYS = 90
A_DAY = 300
"""Mentions on an ordinary weekday, all segments together."""
COLUMNS = ("id", "time", "channel", "segment", "customer_id", "text", "article_id", "tag", "first_reply_at")

SEGMENTS: dict[str, float] = {"": 0.66, "plus": 0.12, "business": 0.10, "northern-ireland": 0.06, "islands": 0.06}
"""Segment → share of the mentions; most customers belong to none."""
CUSTOMERS = 30_000
CHANNELS = {
    "email": 0.30,
    "chat": 0.27,
    "phone": 0.18,
    "whatsapp": 0.10,
    "sms": 0.05,
    "twitter": 0.06,
    "facebook": 0.04,
}
REPLIES = {
    "email": (range(7), 0, 24, 340.0, 0.75),
    "chat": (range(7), 8, 22, 1.1, 0.6),
    "phone": (range(6), 8, 20, 1.6, 0.6),
    "whatsapp": (range(6), 8, 20, 14.0, 0.6),
    "sms": (range(6), 8, 20, 11.0, 0.6),
    "twitter": (range(5), 9, 18, 95.0, 0.8),
    "facebook": (range(5), 9, 18, 60.0, 0.6),
}
"""Channel → its days, hours, the usual minutes to the first reply, and how much they vary. X keeps few promises."""
NEVER_ANSWERED = 0.01
WEEK = (1.20, 1.10, 1.05, 1.00, 1.00, 0.85, 0.80)
"""Monday to Sunday."""
HOURS = (1, 0, 0, 0, 0, 0, 1, 3, 7, 10, 11, 10, 9, 8, 8, 8, 8, 8, 9, 10, 9, 7, 4, 2)


class Burst(NamedTuple):
    """``factor`` times the usual from ``first`` to ``last`` days before the end; ``segment`` None means everywhere."""

    topic: str
    segment: str | None
    factor: float
    first: int
    last: int


BURSTS = (
    Burst("late-parcel", None, 3.6, 2, 0),
    Burst("discount-code", None, 3.8, 2, 0),
    Burst("island-delivery", "islands", 6.0, 5, 0),
    Burst("invoice-missing", "business", 4.5, 4, 0),
    Burst("northern-ireland-delivery", "northern-ireland", 4.0, 2, 0),
    Burst("gift-card-problem", None, 4.0, 24, 20),
    Burst("payment-problem", None, 5.0, 46, 45),
    Burst("registration-problems", None, 5.0, 63, 59),
)
GAP_DAYS, GAP_A_DAY, GAP_RARELY = 5, 9.0, 0.15
BRIGADE_DAY, BRIGADE_ACCOUNTS = 1, 60


@dataclass(frozen=True, slots=True)
class Mention:
    time: datetime
    channel: str
    segment: str
    customer: str
    text: str
    article: str
    tag: str


def season(day: date) -> float:
    """How busy a shop is on ``day`` beside an ordinary one: Black Friday, the weeks to Christmas, returns after it."""
    fourth_thursday = 22 + (3 - date(day.year, 11, 1).weekday()) % 7
    black_friday = date(day.year, 11, fourth_thursday + 1)
    since = (day - black_friday).days
    if -4 <= since <= 4:
        return (1.3, 1.4, 1.5, 1.8, 2.6, 2.1, 1.9, 2.3, 1.7)[since + 4]
    if day.month == 12:
        return 0.35 if day.day in (25, 26) else 1.6 + 0.02 * day.day if day.day < 21 else 1.2
    if day.month == 11:
        return 1.0 + 0.01 * day.day
    return 1.3 if day.month == 1 and day.day < 15 else 1.0


def poisson(rng: random.Random, mean: float) -> int:
    """A Poisson number by counting exponential steps: its own, so that a new numpy does not change the demo."""
    count, left = 0, mean
    while (left := left - rng.expovariate(1.0)) > 0:
        count += 1
    return count


def rates(segment: str) -> dict[str, float]:
    """Topic → share of what ``segment`` says; they add up to one and fall off as the rank to the power 0.9."""
    weights = {topic: (rank + 1) ** -0.9 for rank, topic in enumerate(TOPICS)}
    own = ONLY_IN.get(segment, {})
    left = 1 - 0.05 * len(own)
    total = sum(weights.values())
    return {topic: left * weight / total for topic, weight in weights.items()} | dict.fromkeys(own, 0.05)


def factor(topic: str, segment: str, days_ago: int) -> float:
    """The factor of bursts on a topic's rate."""
    running = (
        burst.factor
        for burst in BURSTS
        if burst.topic == topic and burst.segment in (None, segment) and burst.last <= days_ago <= burst.first
    )
    return math.prod(running)


class Crowd:
    """Everything that chance decides: who writes, when, where and in which words."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def moment(self, day: date) -> datetime:
        hour = self.rng.choices(range(24), HOURS)[0]
        return datetime(
            day.year, day.month, day.day, hour, self.rng.randrange(60), self.rng.randrange(60), tzinfo=UTC
        )  # fmt: skip

    def channel(self) -> str:
        return self.rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]

    def customer(self, segment: str) -> str:
        """Customers keep their segment: its name is part of the draw, not of the number."""
        pool = max(1, round(CUSTOMERS * SEGMENTS[segment]))
        first = 100_000 + sum(round(CUSTOMERS * share) for name, share in SEGMENTS.items() if name < segment)
        return f"c{first + self.rng.randrange(pool)}"

    def words(self, templates: tuple[str, ...], channel: str) -> str:
        rng = self.rng
        said = rng.choice(templates)
        if rng.random() < (0.9 if channel in ("twitter", "facebook") else 0.4):
            said += ", " + rng.choice(DETAILS)
        said = said.format(
            item=rng.choice(ITEMS),
            n=rng.randint(2, 9),
            weekday=rng.choice(WEEKDAYS),
            island=rng.choice(ISLANDS),
            person=rng.choice(PEOPLE),
        )
        if channel in ("sms", "whatsapp", "twitter", "chat") and rng.random() < 0.25:
            said = self._slip(said)
        if channel in ("email", "facebook"):
            said = said[0].upper() + said[1:]
        return rng.choice(OPENINGS[channel]) + said + rng.choice(CLOSINGS[channel])

    def _slip(self, text: str) -> str:
        """Two neighbouring letters of ``text`` swapped, or one left out."""
        at = self.rng.randrange(1, len(text) - 1)
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :] if at % 2 else text[:at] + text[at + 1 :]

    def mention(self, topic: str, templates: tuple[str, ...], segment: str, customer: str, day: date) -> Mention:
        channel = self.channel()
        resolved = self.rng.random() < 0.72
        tag = TAGS.get(topic, "") if self.rng.random() < 0.5 else ""
        text = self.words(templates, channel)
        return Mention(self.moment(day), channel, segment, customer, text, topic if resolved else "", tag)

    def day(self, day: date, days_ago: int) -> Iterator[Mention]:
        """The messages of ``day``, second messages of the days after it included."""
        level = A_DAY * season(day) * WEEK[day.weekday()] * self.rng.gammavariate(80, 1 / 80)
        for segment, share in SEGMENTS.items():
            for topic, rate in rates(segment).items():
                templates = ONLY_IN.get(segment, {}).get(topic) or TOPICS[topic]
                for _ in range(poisson(self.rng, level * share * rate * factor(topic, segment, days_ago))):
                    customer = self.customer(segment)
                    yield self.mention(topic, templates, segment, customer, day)
                    wait = self.rng.randint(1, 3)
                    if self.rng.random() < 0.12 and wait <= days_ago:
                        yield self.mention(topic, templates, segment, customer, day + timedelta(days=wait))
        for _ in range(poisson(self.rng, GAP_A_DAY if days_ago < GAP_DAYS else GAP_RARELY)):
            channel = self.channel()
            yield Mention(self.moment(day), channel, "", self.customer(""), self.words(GAP, channel), "", "")
        for _ in range(poisson(self.rng, 1.5)):
            channel = self.rng.choice(("twitter", "facebook"))
            yield Mention(self.moment(day), channel, "", self.customer(""), self.rng.choice(SPAM), "", "")
        if days_ago == BRIGADE_DAY:
            for _ in range(BRIGADE_ACCOUNTS):
                yield Mention(self.moment(day), "twitter", "", self.customer(""), BRIGADE, "price-match", "")


def first_reply(rng: random.Random, asked: datetime, channel: str, end: datetime) -> str:
    """When the team replied, in its opening hours; empty for what has no reply at the end of the export."""
    days, opens, closes, usual, spread = REPLIES[channel]
    wait = timedelta(minutes=usual * math.exp(rng.gauss(0, spread)))
    if rng.random() < NEVER_ANSWERED:
        return ""
    reply = asked
    while True:
        start = reply.replace(hour=opens, minute=0, second=0)
        end_of_day = start + timedelta(hours=closes - opens)
        reply = max(reply, start)
        if reply.weekday() in days and reply < end_of_day:
            if reply + wait <= end_of_day:
                break
            wait -= end_of_day - reply
        reply = start + timedelta(days=1)
    reply += wait
    return reply.replace(microsecond=0).isoformat().replace("+00:00", "Z") if reply < end else ""


def mentions(end: date, seed: int) -> list[tuple[str, ...]]:
    """Rows of the export, ordered by time; about one in two hundred is there twice, as exports have it."""
    crowd, team = Crowd(seed), random.Random(seed)
    until = datetime(end.year, end.month, end.day, tzinfo=UTC) + timedelta(days=1)
    said = [
        mention
        for days_ago in range(DAYS - 1, -1, -1)
        for mention in crowd.day(end - timedelta(days=days_ago), days_ago)
    ]
    said.sort(key=lambda mention: (mention.time, mention.customer, mention.text))
    rows: list[tuple[str, ...]] = []
    for number, one in enumerate(said, start=1):
        row = (
            f"m{number:06}",
            one.time.isoformat().replace("+00:00", "Z"),
            one.channel,
            one.segment,
            one.customer,
            one.text,
            one.article,
            one.tag,
            first_reply(team, one.time, one.channel, until),
        )
        rows += [row] * (2 if crowd.rng.random() < 0.005 else 1)
    return rows


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Write made-up mentions for the demo shop.")
    parser.add_argument("--out", type=Path, required=True, help="the CSV file to write")
    parser.add_argument("--end", type=date.fromisoformat, help="the last day, as YYYY-MM-DD (yesterday)")
    parser.add_argument("--seed", type=int, default=7, help="another seed, other mentions (7)")
    options = parser.parse_args(arguments)
    end = options.end or datetime.now(UTC).date() - timedelta(days=1)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    rows = mentions(end, options.seed)
    with options.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    print(f"{len(rows)} mentions up to {end} in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
