"""Pins of past hours are those that builds at these hours would have shown."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kb_builder.mentions.settings import TrendingSettings
from kb_builder.trends import pin_finder
from kb_builder.trends.pin_finder import PinFinder
from kb_builder.trends.trends import FoundTrends, find_trends
from tests.made_mentions import COLUMNS, TOPICS, articles, read, write_csv

Row = dict[str, str]
NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
SETTINGS = TrendingSettings(segments={"islands": "Islands"})
DELAYS = {"email": 2.5, "chat": 0.1, "twitter": 0.2, "phone": 26.0}


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    """Eight weeks of office hours, a burst in the last night, a topic that peaks on the first of each month, and late
    exports; customers return now and then."""
    rng = np.random.default_rng(7)
    found = []

    def add(topic: str, when: datetime, channel: str, text: str = "") -> None:
        exported = when + timedelta(hours=float(rng.exponential(DELAYS[channel])))
        number = len(found)
        found.append(
            {
                "id": f"m{number}",
                "time": stamp(when),
                "exported_at": stamp(exported),
                "channel": channel,
                "segment": "islands" if number % 3 == 0 else "",
                "customer_id": f"c{rng.integers(4000)}",
                "article_id": topic,
                "text": text,
            }
        )

    for day in range(60):
        for topic in TOPICS:
            for _ in range(int(rng.poisson(14))):
                when = NOW - timedelta(days=60 - day, hours=float(rng.normal(0, 4)))
                add(topic, when, str(rng.choice(list(DELAYS))))
    for number in range(70):
        add("topic-c", NOW - timedelta(hours=20) + timedelta(minutes=7 * number), "chat")
        add(
            "topic-e",
            NOW - timedelta(hours=9, minutes=number),
            "twitter",
            "@shop is a scam, boycott them all, everybody!",
        )
    # A sentence of the weeks before and one of the days before are said again.
    for text, days in (("still no parcel, and nobody says why", 9), ("where is the parcel of yesterday", 5)):
        for hours in (0, 3, 4, days * 24, days * 24 + 2, days * 24 + 30):
            add("topic-f", NOW - timedelta(hours=hours, minutes=50), "twitter", text)
    for number in range(60):
        add("topic-h", datetime(2026, 4, 1, 6, tzinfo=UTC) + timedelta(minutes=11 * number), "chat")
        if number % 2:
            add("topic-h", NOW - timedelta(minutes=7 * number), "chat")
    return found


def trends(path: Path, now: datetime, history_hours: int = 0) -> FoundTrends:
    counted = read(path, now=now, zone=LONDON, settings=SETTINGS, segments=["islands"], history_hours=history_hours)
    return find_trends(PinFinder(counted, articles(), SETTINGS, LONDON), now, history_hours=history_hours)


def as_built(rows: list[Row], tmp_path: Path, now: datetime) -> Mapping[str, tuple[str, ...]]:
    """The pins of a build at ``now`` from the export as it was then."""
    known = [row for row in rows if row["exported_at"] <= stamp(now) and row["time"] <= stamp(now)]
    shown = trends(write_csv(tmp_path / "then.csv", known), now).shown
    return {scope: tuple(pin.id for pin in pins) for scope, pins in shown.items()}


def test_past_hours_are_as_builds_at_these_hours(rows: list[Row], tmp_path: Path) -> None:
    path = write_csv(tmp_path / "all.csv", rows, (*COLUMNS, "exported_at"))
    hours = trends(path, NOW + timedelta(minutes=20), 26).hours
    assert list(hours) == [f"{NOW - timedelta(hours=back):%Y-%m-%dT%H:%MZ}" for back in range(25, -1, -1)]
    for back in (0, 2, 3, 8, 9, 10, 12, 16, 17, 18, 19, 25):
        hour = NOW - timedelta(hours=back)
        assert hours[f"{hour:%Y-%m-%dT%H:%MZ}"] == as_built(rows, tmp_path, hour)
    assert not [scope for shown in hours.values() for scope, ids in shown.items() if "topic-h" in ids]
    assert hours["2026-04-30T12:00Z"]["all"] == ()
    assert hours["2026-04-30T16:00Z"]["all"] == ("topic-c",)


def test_a_segment_is_scanned_by_hours_from_as_many_customers_as_at_a_build(
    rows: list[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The islands' last four weeks have so many; days that are still to come are none of them.
    monkeypatch.setattr(pin_finder, "HOURLY_SEGMENT", 54)
    path = write_csv(tmp_path / "all.csv", rows, (*COLUMNS, "exported_at"))
    hours = trends(path, NOW + timedelta(minutes=20), 26).hours
    for back in (13, 15, 24):
        hour = NOW - timedelta(hours=back)
        assert hours[f"{hour:%Y-%m-%dT%H:%MZ}"] == as_built(rows, tmp_path, hour)
    assert hours["2026-04-30T18:00Z"]["islands"] == ("topic-c",)


def test_rows_that_are_exported_later_are_not_counted(rows: list[Row], tmp_path: Path) -> None:
    path = write_csv(tmp_path / "all.csv", rows, (*COLUMNS, "exported_at"))
    now = NOW - timedelta(hours=10)
    shown = {scope: tuple(pin.id for pin in pins) for scope, pins in trends(path, now).shown.items()}
    assert shown == as_built(rows, tmp_path, now)


def test_a_pin_of_hours_says_since_when_and_ends_soon(rows: list[Row], tmp_path: Path) -> None:
    path = write_csv(tmp_path / "all.csv", rows, (*COLUMNS, "exported_at"))
    now = NOW - timedelta(hours=15, minutes=-20)
    (pin,) = [pin for pin in trends(path, now).pins if pin.segment is None]
    assert pin.began is not None
    assert pin.began.date() == pin.since
    assert pin.until == now.replace(minute=0) + timedelta(hours=4)
    assert "this afternoon" in pin.why
    assert pin.day == pin.began.date()


def test_an_export_that_stops_coming_ends_hourly_pins_first(rows: list[Row], tmp_path: Path) -> None:
    stopped = NOW - timedelta(hours=15)
    known = [row for row in rows if row["time"] <= stamp(stopped)]
    path = write_csv(tmp_path / "stopped.csv", known)
    assert [pin.id for pin in trends(path, stopped).shown["all"]] == ["topic-c"]
    later = trends(path, stopped + timedelta(hours=7))
    assert not [pin for pin in later.pins if pin.began]
