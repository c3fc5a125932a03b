"""What was read at one hour of a day serves the later ones, unless something is as late as that."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kb_builder.mentions.counted import CODEC
from tests.made_mentions import COLUMNS, DAY, LAST, NOW, TOPICS, Row, read, row, stream, write_csv

HOURS = (1, 2, 7, 14)
"""Hours after NOW, nine o'clock, that are of the same day in UTC."""
PAST: dict[str, list[Row]] = {
    "the days before": [],
    "the hour that just ended": [row(LAST + DAY, "ann", TOPICS[0], time="2026-05-01T08:59:59Z")],
    "a date without a time of day": [row(LAST + DAY, "ann", TOPICS[0], time="2026-05-01")],
    "the first hour that is counted": [row(LAST, "ann", TOPICS[0], time="2026-03-09T01:30:00Z")],
    "a question that waits": [row(LAST, "ann", TOPICS[0], first_reply_at="")],
    "a reply of this minute": [row(LAST, "ann", TOPICS[0], first_reply_at="2026-05-01T09:00:00Z")],
}
LATE: dict[str, list[Row]] = {
    "the hour that has not ended": [row(LAST + DAY, "ann", TOPICS[0], time="2026-05-01T09:00:00Z")],
    "a later hour": [row(LAST + DAY, "ann", TOPICS[0], time="2026-05-01T11:30:00Z")],
    "tomorrow": [row(LAST + 2 * DAY, "ann", TOPICS[0])],
    "a reply to come": [row(LAST, "ann", TOPICS[0], first_reply_at="2026-05-01T10:20:00Z")],
    "a row of a later export": [row(LAST, "ann", TOPICS[0], exported_at="2026-05-01T10:20:00Z")],
}
TABLES = {
    "hour,topic,customers\n2026-05-01T08:00:00Z,topic-a,7\n": True,
    "hour,topic,customers\n2026-05-01T10:00:00Z,topic-a,7\n": False,
    "asked,waited,channel,replies\n2026-04-30T10:00:00Z,30,email,4\n": True,
    "asked,waited,channel,replies\n2026-04-30T10:00:00Z,1400,email,4\n": False,
}
"""Tables that were counted elsewhere → whether they end before nine o'clock."""


def check(path: Path, *, settled: bool, zone: ZoneInfo = ZoneInfo("UTC")) -> None:  # noqa: B008
    found = read(path, zone=zone)
    assert found.settled is settled
    for hours in HOURS:
        now = NOW + timedelta(hours=hours)
        fresh, kept = read(path, now=now, zone=zone), found.at_hour(found.end_hour + hours)
        assert (kept is None) is not settled
        if kept is not None:
            assert CODEC.encode(kept) == CODEC.encode(fresh)


def written(tmp_path: Path, rows: list[Row], last: date = LAST) -> Path:
    more = dict.fromkeys(name for each in rows for name in each if name not in COLUMNS)
    before = stream(days=70, rate=0.3, last=last)
    for number, each in enumerate(before):  # at one time of day it would be a nightly import
        each["time"] = each["time"].replace("T12", f"T{number % 24:02}")
    return write_csv(tmp_path / "m.csv", [*before, *rows], (*COLUMNS, *more))


@pytest.mark.parametrize("rows", PAST.values(), ids=PAST)
def test_what_is_past_counts_the_same_all_day(tmp_path: Path, rows: list[Row]) -> None:
    check(written(tmp_path, rows), settled=True)


@pytest.mark.parametrize("rows", LATE.values(), ids=LATE)
def test_what_is_later_is_read_again(tmp_path: Path, rows: list[Row]) -> None:
    check(written(tmp_path, rows), settled=False)


@pytest.mark.parametrize("table", TABLES)
def test_tables_count_the_same_when_they_are_past(tmp_path: Path, table: str) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(table, encoding="utf-8")
    check(path, settled=TABLES[table])


def test_on_the_day_when_clocks_change_it_is_the_same(tmp_path: Path) -> None:
    at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # half an hour before London's summer time ends
    zone = ZoneInfo("Europe/London")
    path = written(tmp_path, [], last=at.date() - DAY)
    found = read(path, now=at, zone=zone)
    for hours in (1, 2, 12):
        kept = found.at_hour(found.end_hour + hours)
        assert kept is not None
        assert CODEC.encode(kept) == CODEC.encode(read(path, now=at + timedelta(hours=hours), zone=zone))


def test_an_earlier_hour_is_read() -> None:
    found = read()
    assert found.at_hour(found.end_hour) is found
    assert found.at_hour(found.end_hour - 1) is None
