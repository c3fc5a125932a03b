"""A channel that stops coming is told of; one that is closed at weekends and on holidays is not."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from kb_builder.errors import Severity
from kb_builder.mentions.settings import TrendingSettings
from kb_builder.trends.trends import findings
from tests.made_mentions import DAY, LONDON, NOW, Row, read, row, write_csv

TODAY = NOW.date()
SETTINGS = TrendingSettings()


def daily(channel: str, first: date, last: date, count: int = 8, *, closed: Iterable[int] = ()) -> list[Row]:
    """So many mentions on each day; none on the weekdays that are ``closed``."""
    days = [first + number * DAY for number in range((last - first).days + 1)]
    return [
        row(day, f"{channel}-{day}-{number}", "topic-a", channel=channel)
        for day in days
        if day.weekday() not in closed
        for number in range(count)
    ]


def told(path: Path, now: datetime = NOW) -> list[str]:
    found = findings(read(path, now=now, zone=LONDON, root=path.parent), SETTINGS, LONDON)
    stopped = [finding for finding in found if finding.code == "stopped-channel"]
    assert all(finding.severity is Severity.WARNING and finding.hint for finding in stopped)
    return [f"{finding.path}: {finding.message}" for finding in stopped]


@pytest.mark.parametrize(
    ("silent", "expected"),
    [
        (0, []),
        (1, []),
        (2, ["mentions.csv: no mentions from chat since 28 April, where about 16 are usual"]),
        (28, ["mentions.csv: no mentions from chat since 2 April, where about 220 are usual"]),
        (29, []),
    ],
)
def test_a_channel_that_stops_for_days_is_told_of_for_four_weeks(
    silent: int, expected: list[str], tmp_path: Path
) -> None:
    rows = daily("email", TODAY - 70 * DAY, TODAY - DAY)
    rows += daily("chat", TODAY - 70 * DAY, TODAY - (1 + silent) * DAY)
    assert told(write_csv(tmp_path / "mentions.csv", rows)) == expected


def test_a_channel_that_comes_again_is_not_told_of(tmp_path: Path) -> None:
    rows = daily("chat", TODAY - 40 * DAY, TODAY - 5 * DAY)
    rows.append(row(TODAY, "ann", "topic-a", channel="chat") | {"time": f"{TODAY}T07:00:00Z"})
    assert told(write_csv(tmp_path / "mentions.csv", rows + daily("email", TODAY - 40 * DAY, TODAY - DAY))) == []


def test_few_mentions_may_stay_away_by_chance(tmp_path: Path) -> None:
    rows = daily("post", TODAY - 40 * DAY, TODAY - 5 * DAY, 2) + daily("email", TODAY - 40 * DAY, TODAY - DAY)
    assert told(write_csv(tmp_path / "mentions.csv", rows)) == []


@pytest.mark.parametrize(("back", "stopped"), [(0, False), (1, False), (2, True)])
def test_closed_days_are_no_stop(back: int, stopped: bool, tmp_path: Path) -> None:
    # After Easter, the phone is answered again from Tuesday, 7 April: Friday to Monday are as Sundays.
    now = datetime.combine(date(2026, 4, 7) + back * DAY, time(9), UTC)
    rows = daily("email", now.date() - 50 * DAY, now.date() - DAY)
    rows += daily("phone", now.date() - 50 * DAY, date(2026, 4, 2), closed=(5, 6))
    assert bool(told(write_csv(tmp_path / "mentions.csv", rows), now)) is stopped


def test_exports_that_all_stop_are_one_line(tmp_path: Path) -> None:
    rows = daily("email", TODAY - 40 * DAY, TODAY - 4 * DAY) + daily("chat", TODAY - 40 * DAY, TODAY - 5 * DAY)
    path = write_csv(tmp_path / "mentions.csv", rows)
    assert told(path) == ["mentions.csv: no mentions since 27 April, where about 48 are usual"]


def test_a_table_that_stops_is_told_of(tmp_path: Path) -> None:
    days = [TODAY - back * DAY for back in range(4, 40)]
    path = tmp_path / "days.csv"
    path.write_text("topic,segment,day,customers\n" + "".join(f"topic-a,,{day},9\n" for day in days), encoding="utf-8")
    assert told(path) == ["days.csv: no mentions since 27 April, where about 27 are usual"]
    write_csv(tmp_path / "mentions.csv", daily("email", TODAY - 40 * DAY, TODAY - DAY))
    both = findings(read(path, tmp_path / "mentions.csv", zone=LONDON, root=tmp_path), SETTINGS, LONDON)
    messages = [(finding.path, finding.message) for finding in both if finding.code == "stopped-channel"]
    assert messages == [("days.csv", "no mentions from tables since 27 April, where about 27 are usual")]


def test_without_exports_nothing_is_told() -> None:
    assert findings(read(), SETTINGS, LONDON) == ()
