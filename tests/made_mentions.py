"""Mentions made up for tests: seeded streams, files in any order, and a short way to read them."""

import csv
import json
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from kb_builder.mentions.counted import Mentions
from kb_builder.mentions.progress import Progress
from kb_builder.mentions.reader import ExportFiles, Subjects, read_mentions
from kb_builder.mentions.settings import TrendingSettings
from kb_builder.mentions.text_use import TextUse
from kb_builder.model import Article

COLUMNS = ("id", "time", "channel", "segment", "customer_id", "article_id", "tag", "text")
NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
LAST = date(2026, 4, 30)
"""The last complete day before NOW."""
LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
TOPICS = tuple(f"topic-{letter}" for letter in "abcdefghijkl")

PARTS = (
    "bad missing shared_ids not_from_customers future unfinished old duplicates copied by_article by_tag by_text"
    " unanswered aggregated"
).split()
"""The counts of a reading that add up to its rows."""

Row = dict[str, str]


def row(day: date, customer: str, article: str = "", **more: str) -> Row:
    """A mention at noon UTC. Without an ``id`` of its own it gets one from everything else."""
    made = {"time": f"{day}T12:00:00Z", "channel": "email", "customer_id": customer, "article_id": article, **more}
    return {"id": "-".join((str(day), customer, article, *more.values())), **made}


def stream(
    *, days: int = 60, rate: float = 8, topics: Sequence[str] = TOPICS, seed: int = 2, last: date = LAST
) -> list[Row]:
    """A quiet stream: every topic about ``rate`` customers a day, each of them once."""
    rng = np.random.default_rng(seed)
    rows = []
    for back in range(days - 1, -1, -1):
        day = last - timedelta(days=back)
        for topic in topics:
            rows += [row(day, f"c-{topic}-{back}-{number}", topic) for number in range(int(rng.poisson(rate)))]
    return rows


def burst(topic: str, first: date, last: date, customers: int, **more: str) -> list[Row]:
    """So many new customers on each day from ``first`` to ``last``."""
    days = (last - first).days + 1
    return [
        row(first + timedelta(days=number), f"b-{topic}-{number}-{customer}", topic, **more)
        for number in range(days)
        for customer in range(customers)
    ]


def write_csv(path: Path, rows: Iterable[Mapping[str, str]], columns: Sequence[str] = COLUMNS) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_jsonl(path: Path, objects: Iterable[object]) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in objects), encoding="utf-8")
    return path


def read(
    *paths: Path,
    settings: TrendingSettings = TrendingSettings(),  # noqa: B008
    now: datetime = NOW,
    zone: ZoneInfo = ZoneInfo("UTC"),  # noqa: B008
    articles: Collection[str] = TOPICS,
    segments: Collection[str] = (),
    root: Path | None = None,
    progress: Progress | None = None,
    history_hours: int = 0,
    **texts: Any,
) -> Mentions:
    """``read_mentions`` as of NOW, in UTC, of TOPICS, unless given otherwise; ``texts`` are fields of ``TextUse``."""
    with tempfile.TemporaryDirectory() as scratch:
        return read_mentions(
            ExportFiles(paths, settings, now, zone, root),
            Subjects.of(articles, segments),
            texts=TextUse(**{"phrases": True} | texts),
            scratch=Path(scratch),
            progress=progress,
            history_hours=history_hours,
        )


def articles(ids: Iterable[str] = TOPICS) -> tuple[Article, ...]:
    return tuple(
        Article(
            id=id,
            path=f"content/articles/faq/{id}.md",
            url=f"faq/{id}/",
            title=f"About {id}",
            body="",
            body_line=1,
            answer=f"This is the answer for {id}. It has two sentences.",
        )
        for id in ids
    )


def customers(mentions: Mentions, topic: str, segment: int = 0) -> dict[date, int]:
    """Fresh customers of a topic by day, days without any left out."""
    number = mentions.topics.index(topic)
    chosen = (mentions.counts.topic == number) & (mentions.counts.segment == segment)
    return {
        date(1970, 1, 1) + timedelta(days=mentions.first_day + int(day)): int(count)
        for day, count in zip(mentions.counts.day[chosen], mentions.counts.customers[chosen], strict=True)
    }


def people(path: Path, topic: str = TOPICS[0]) -> int:
    """Fresh customers of a topic in one export, over all days."""
    return sum(customers(read(path), topic).values())
