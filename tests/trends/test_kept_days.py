"""Pins from kept days are the pins of a finder that keeps nothing, whatever was built before."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kb_builder.mentions.counted import Counts, HourCounts, Mentions, Phrases
from kb_builder.mentions.settings import TrendingSettings
from kb_builder.model import Article
from kb_builder.system.codec import Codec, Value
from kb_builder.system.store import Store
from kb_builder.trends.bursts import Scan
from kb_builder.trends.estimates import Burst
from kb_builder.trends.kept_days import KeptDays, content
from kb_builder.trends.pin_finder import PinFinder
from kb_builder.trends.rules import Rules
from kb_builder.trends.trends import FoundTrends, find_trends
from tests.made_mentions import articles

UTC_ZONE = ZoneInfo("UTC")
IDS = tuple(f"topic-{number:02}" for number in range(12))
FIRST = (datetime(2026, 2, 2, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days
DAYS = 60
NOON = (DAYS - 2) * 24 + 12
"""Hours from the first day until noon of the last but one."""
PLAIN = TrendingSettings(segments={"pro": "Pro"})

Rows = dict[str, NDArray[np.int32]]


def stream(seed: int) -> Rows:
    """Customers as parallel arrays: their topic, hour, channel, and the hour at which they are in the export."""
    rng = np.random.default_rng(seed)
    rate = np.full((len(IDS), 2, DAYS * 24), 1.2)
    for topic in range(5):
        start = int(rng.integers(NOON - 200, NOON + 20))
        rate[topic, :, start : start + int(rng.integers(2, 60))] *= float(rng.uniform(2, 12))
    customers = rng.poisson(rate).ravel()
    topic, channel, hour = (np.repeat(place.ravel(), customers) for place in np.indices(rate.shape))
    late = rng.choice([0, 1, 9, 30, 300], len(hour), p=(0.9, 0.05, 0.03, 0.015, 0.005))
    columns = {"topic": topic, "channel": channel, "hour": hour, "known": hour + late}
    return {name: column.astype(np.int32) for name, column in columns.items()}


def counted(rows: Rows, end: int) -> Mentions:
    """What an export at the hour ``end`` holds, for all customers and for a segment that all belong to."""
    known = {name: column[rows["known"] < end] for name, column in rows.items()}
    (topic, hour, channel), customers = np.unique(
        np.stack([known["topic"], known["hour"], known["channel"]]), axis=1, return_counts=True
    )
    complete = known["hour"] < end // 24 * 24
    (day_topic, day), by_day = np.unique(
        np.stack([known["topic"], known["hour"] // 24])[:, complete], axis=1, return_counts=True
    )

    def twice(*columns: NDArray[np.int64]) -> list[NDArray[np.int32]]:
        segment = np.repeat([0, 1], len(columns[0]))
        first, *others = (np.tile(column, 2) for column in columns)
        return [column.astype(np.int32) for column in (first, segment, *others)]

    return Mentions(
        first_day=FIRST,
        today=end // 24,
        oldest=0,
        newest=end // 24 - 1,
        topics=IDS,
        segments=("pro",),
        declared=1,
        counts=Counts(*twice(day_topic, day, by_day)),
        phrases=Phrases.none(),
        hours=HourCounts(*twice(topic, channel, hour + FIRST * 24, customers)),
        end_hour=end + FIRST * 24,
    )


def found(
    rows: Rows,
    end: int,
    kept: Store | None = None,
    *,
    items: Sequence[Article] = articles(IDS),
    rules: TrendingSettings = PLAIN,
) -> FoundTrends:
    now = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=end + FIRST * 24)
    trends = find_trends(PinFinder(counted(rows, end), items, rules, UTC_ZONE, kept), now)
    return replace(trends, reading=None)  # type: ignore[arg-type]


class Noted(Store):
    """A store that notes what is put into it."""

    def __init__(self) -> None:
        super().__init__()
        self.saved: Counter[str] = Counter()

    def save(self, kind: str, key: str, value: Value, codec: Codec[Value]) -> None:
        self.saved[kind] += 1
        super().save(kind, key, value, codec)


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 1000), st.lists(st.integers(NOON - 60, NOON + 30), min_size=2, max_size=3))
def test_kept_days_give_the_pins_that_are_found_without(seed: int, ends: list[int]) -> None:
    rows, kept = stream(seed), Store()
    for end in ends:
        assert found(rows, end, kept) == found(rows, end)


def test_bursts_are_pinned_from_kept_days() -> None:
    rows, kept = stream(0), Noted()
    first = found(rows, NOON, kept)
    assert {pin.segment for pin in first.pins} == {None, "pro"}
    assert any(pin.began for pin in first.pins)
    kept.saved.clear()
    assert found(rows, NOON, kept) == first
    assert kept.saved == {}


@pytest.mark.parametrize(
    ("back", "again"),
    # Windows of 48 hours reach into two days more; the last day is not over. Baselines are of what is a week old.
    [(30, {"bursts": 1, "hour-looks": 1, "whole-day": 1}), (78, {"bursts": 3, "hour-looks": 3, "whole-day": 1})],
)
def test_a_late_row_changes_the_days_that_are_compared_with_its_day(back: int, again: dict[str, int]) -> None:
    rows, kept = stream(3), Noted()
    found(rows, NOON, kept)
    kept.saved.clear()
    late = {"topic": 7, "channel": 1, "hour": NOON - back, "known": NOON - back}
    more = {name: np.append(column, np.int32(late[name])) for name, column in rows.items()}
    assert found(more, NOON, kept) == found(more, NOON)
    # The segment has the same customers, and finds what was kept for all.
    assert kept.saved == again


@pytest.mark.parametrize("begins", [1, 20])
def test_days_are_found_again_when_an_export_begins_later(begins: int) -> None:
    """A rolling export loses its oldest day each day, and no other day is computed again."""
    days = 170
    counts = np.random.default_rng(4).poisson(9.0, (12, days)).astype(np.float64)
    counts[3, -20:-16] *= 6
    counts[5, -2:] *= 5
    months = np.arange(days) - 30
    kept = Noted()

    def bursts(begins: int, storage: Store | None) -> tuple[Burst, ...]:
        scan = Scan(
            counts[:, begins:], np.arange(begins, days) % 7, Rules(),
            month_before=(months[begins:] - begins).tolist(), kept=KeptDays(storage, first_day=begins),
        )  # fmt: skip
        return tuple(burst.moved(begins) for day in (days - 18, days - 1) for burst in scan.bursts(day - begins))

    first = bursts(0, kept)
    assert {burst.topic for burst in first} == {3, 5}
    kept.saved.clear()
    assert bursts(begins, kept) == first == bursts(begins, None)
    assert kept.saved == {}


def test_what_an_article_or_a_setting_rules_out_is_not_pinned_from_kept_days() -> None:
    rows, kept = stream(3), Store()
    pinned = found(rows, NOON, kept).pins[0].id
    items = tuple(replace(item, trending=item.id != pinned) for item in articles(IDS))
    never = PLAIN.model_copy(update={"never": (pinned,)})
    for changed in (found(rows, NOON, kept, items=items), found(rows, NOON, kept, rules=never)):
        assert pinned not in {pin.id for pin in changed.pins}
    assert found(rows, NOON, kept).pins[0].id == pinned


def test_content_is_that_of_arrays_with_their_types_and_shapes() -> None:
    ones = np.ones((2, 3), dtype=np.float32)
    assert content(ones) == content(ones.copy()) == content(np.ones((3, 2), dtype=np.float32).T)
    others = [ones.reshape(3, 2), ones.astype(np.float64), ones * 2, ones[:0]]
    assert len({content(each) for each in (ones, *others)}) == 5
    assert content(ones, ones) != content(np.concatenate([ones, ones]))
