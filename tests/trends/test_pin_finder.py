"""What must not be pinned by days and hours together, in streams in which true bursts are pinned within hours."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kb_builder.mentions.settings import TrendingSettings
from kb_builder.trends.pin_finder import PinFinder
from kb_builder.trends.trends import FoundTrends, find_trends
from tests.made_hours import (
    BILLING,
    HOUR,
    MONDAY_BURST,
    SMALL,
    TOPICS,
    WEEKEND_BURST,
    Stream,
    held_back,
    mention,
    several,
)
from tests.made_mentions import COLUMNS, LONDON, Row, articles, read, write_csv

SPRING, AUTUMN = date(2026, 3, 30), date(2026, 10, 26)
"""Mondays after the changes of the clock."""
LOOKS = 70
"""Hours from Friday evening to Monday afternoon, each as a build at that hour."""
SOON = 4
TARGET, OTHER = TOPICS[6], TOPICS[7]
THINGS = "shirt lamp sofa book bike rug chair clock".split()
TEXTS = [f"My {one} and the {other} never came and nobody answers" for one in THINGS for other in THINGS]

Change = Callable[[Stream], Sequence[Row]]


# Chance pins something on a quiet day now and then: in spring's stream 5, the topic of the night.
@pytest.fixture(
    scope="module",
    params=[
        (1, SPRING),
        (2, AUTUMN),
        *(
            pytest.param((seed, day), marks=pytest.mark.exhaustive)
            for seed in (3, 4, 6, 7, 8)
            for day in (SPRING, AUTUMN)
        ),
    ],
    ids=str,
)
def stream(request: pytest.FixtureRequest) -> Stream:
    return Stream(*request.param)


@pytest.fixture(scope="module")
def usual(stream: Stream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("usual") / "usual.csv", [*stream.usual, *stream.bursts])


def written(path: Path, rows: Sequence[Row]) -> Path:
    return write_csv(path, rows, (*COLUMNS, "exported_at"))


def trends(stream: Stream, *paths: Path, ids: Sequence[str] = TOPICS, **settings: Any) -> FoundTrends:
    rules = TrendingSettings(slots=8, **settings)
    counted = read(*paths, settings=rules, now=stream.now, zone=LONDON, articles=ids, history_hours=LOOKS)
    finder = PinFinder(counted, articles(ids), rules, LONDON)
    return find_trends(finder, stream.now, history=3, history_hours=LOOKS)


def pinned(found: FoundTrends) -> dict[str, datetime]:
    """Topic → the first hour at which it was pinned, the end of a day for those of the daily lists."""
    first: dict[str, datetime] = {}
    for hour, shown in found.hours.items():
        for id in shown["all"]:
            first.setdefault(id, datetime.fromisoformat(hour))
    for day, shown in found.days.items():
        for id in shown["all"]:
            first.setdefault(id, datetime.combine(date.fromisoformat(day), datetime.max.time(), LONDON).astimezone(UTC))
    return first


def check_only_bursts_are_pinned(stream: Stream, found: FoundTrends) -> None:
    first = pinned(found)
    assert set(first) == {WEEKEND_BURST, MONDAY_BURST}
    assert first[WEEKEND_BURST] - stream.local(-2, 10, 10) <= SOON * HOUR
    assert first[MONDAY_BURST] - stream.local(0, 9, 20) <= SOON * HOUR


def test_neither_habits_nor_backlogs_nor_billing_days_nor_nightly_exports_nor_changes_of_the_clock(
    stream: Stream, usual: Path
) -> None:
    check_only_bursts_are_pinned(stream, trends(stream, usual))


def newsletter(stream: Stream) -> Sequence[Row]:
    """Four times as many mentions of every topic for two hours."""
    hours = (stream.local(0, 12), stream.local(0, 13))
    return [
        row
        for topic in TOPICS
        for hour in hours
        if (more := round(3 * stream.rate(topic, hour)))
        for row in several(topic, hour, HOUR, more, "email")
    ]


def few_at_night(stream: Stream) -> Sequence[Row]:
    return several(SMALL, stream.local(-1, 3), HOUR, 3, "chat")


def spam(stream: Stream) -> Sequence[Row]:
    copies = [f"@shop{number} scam, boycott them all, everybody! https://t.co/{number}" for number in range(60)]
    return several(TARGET, stream.local(0, 10), 2 * HOUR, 60, "twitter", texts=copies)


def brigade(stream: Stream) -> Sequence[Row]:
    return several(TARGET, stream.local(0, 10), 3 * HOUR, 200, "twitter", customers=4, texts=TEXTS)


@pytest.mark.parametrize("change", [newsletter, few_at_night, spam, brigade])
def test_what_comes_on_top_of_the_usual_is_not_pinned(
    stream: Stream, usual: Path, tmp_path: Path, change: Change
) -> None:
    check_only_bursts_are_pinned(stream, trends(stream, usual, written(tmp_path / "more.csv", change(stream))))


def test_a_channel_that_stalls_for_two_days_and_comes_at_once_is_not_pinned(stream: Stream, tmp_path: Path) -> None:
    rows = [*held_back(stream.usual, "chat", stream.local(-2, 6), stream.local(0, 6)), *stream.bursts]
    check_only_bursts_are_pinned(stream, trends(stream, written(tmp_path / "stalled.csv", rows)))


def test_a_topic_under_its_new_id_is_not_pinned(stream: Stream, tmp_path: Path) -> None:
    renamed, new = stream.local(-2, 0), "topic-new"
    rows = [
        {**row, "article_id": new} if row["article_id"] == OTHER and row["time"] >= f"{renamed:%Y-%m-%dT%H}" else row
        for row in [*stream.usual, *stream.bursts]
    ]
    ids = [id for id in TOPICS if id != OTHER] + [new]
    path = written(tmp_path / "renamed.csv", rows)
    check_only_bursts_are_pinned(stream, trends(stream, path, ids=ids, aliases={OTHER: new}))


def test_the_same_from_many_customers_in_their_own_words_and_for_the_first_time_is_pinned(
    stream: Stream, tmp_path: Path
) -> None:
    """What the others plant is left out for what it is, not for being too small to be seen."""
    before = f"{stream.billing_day - timedelta(days=9)}"
    rows = [
        row
        for row in stream.usual
        if row["article_id"] != BILLING or row["time"][8:10] != f"{stream.billing_day.day}" or row["time"] > before
    ]
    rows += [
        *stream.bursts,
        *several(TARGET, stream.local(0, 10), 2 * HOUR, 60, "twitter", texts=TEXTS),
        *several(OTHER, stream.local(0, 10), 3 * HOUR, 200, "twitter"),
    ]
    rows += [mention(SMALL, stream.local(-1, 3, minute), "chat", f"night-{minute}") for minute in range(0, 56, 7)]
    found = pinned(trends(stream, written(tmp_path / "true.csv", rows)))
    assert set(found) == {WEEKEND_BURST, MONDAY_BURST, BILLING, TARGET, OTHER, SMALL}
