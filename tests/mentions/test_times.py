from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb_builder.mentions.sql import sql_text
from kb_builder.mentions.times import day_of, offset_sql, time_sql


def one_row(query: str) -> tuple[Any, ...]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        (row,) = connection.execute(query).fetchall()
    return tuple(row)


def parsed(text: str, time_format: str | None = None) -> tuple[int | None, bool | None]:
    when = time_sql("t", time_format)
    seconds, naive = one_row(f"SELECT {when.seconds}, {when.naive} FROM (SELECT {sql_text(text)} AS t)")
    return seconds, naive


MOMENT = int(datetime(2026, 3, 2, 10, 0, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T10:00:00Z",
        "2026-03-02T10:00:00.999Z",
        "2026-03-02T12:00:00+02:00",
        "2026-03-02T15:30:00+0530",
        "2026-03-02T03:00:00-07",
        "2026-03-02 10:00:00 +0000",
        "2026-03-02 10:00:00 UTC",
        "2026-03-02 11:00:00 Europe/Berlin",
        "20260302T100000Z",
        "Mon Mar 02 10:00:00 +0000 2026",
        "Mon, 02 Mar 2026 11:00:00 +0100",
        "2026-03-02T10:00:00Z ",
        " 2026-03-02T10:00:00.5Z",
        "2026-03-02T10:00:00,5Z",
        "2026-03-02T10:00:00z",
        "2026-03-02 10:00:00 GMT",
        "2026-03-02 05:00:00 EST",
        "2026-03-02 12:00:00 UTC+02:00",
        "2026-03-02 12:00:00 GMT+2",
        "2026-03-02T11:00:00+01:00[Europe/Berlin]",
        "Mon, 02 Mar 2026 10:00:00 GMT",
        "Mon, 2 Mar 2026 12:00:00 +02:00",
        "Mon Mar 02 2026 12:00:00 GMT+0200 (Eastern European Standard Time)",
        "Mon Mar  2 10:00:00 UTC 2026",
        "Mar 2, 2026 2:00:00 AM PST",
        "1772445600",
        "1.7724456E9",
        "1.7724456e+12",
        "1772445600123456789",
        "1772445600.75",
        "1772445600123",
        "1772445600123456",
    ],
)
def test_times_with_a_zone(text: str) -> None:
    assert parsed(text) == (MOMENT, False)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02 10:00",
        "2026-03-02T10:00:00",
        "2026/03/02 10:00:00.5",
        "2026-3-2 10:00",
        "02 Mar 2026 10:00",
        "2 March 2026 10:00",
        "02-Mar-2026 10:00:00",
        "Monday, March 2, 2026 10:00 AM",
        "Mon, 02 Mar 2026 10:00:00",
        "Mar 2, 2026, 10:00:00 AM",
        "Mar 2, 2026 at 10:00 AM",
        "Mar. 2, 2026 10:00\u202fAM",
        "Mon Mar  2 10:00:00 2026",
        " 2026-03-02 10:00 ",
        "2026-03-02 10:00:00,5",
        "2026-03-02 10:00:00 BST",
        "2026-03-02 10:00:00 IST",
        "02 Mar, 2026 10:00 AM",
        "Mar 02, 2026 10:00 AM",
        "2026-03-02 10:00 AM",
        "02.03.2026 10:00",
    ],
)
def test_times_without_a_zone_are_local(text: str) -> None:
    assert parsed(text) == (MOMENT, True)


def test_a_date_is_its_first_moment() -> None:
    assert parsed("2026-03-02") == (MOMENT - 10 * 3600, True)
    assert parsed("20260302") == (MOMENT - 10 * 3600, True)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "12", "epoch", "infinity", "now", "2026-02-30", "2026-03-02T25:00:00Z", "03/02/2026 10:00", "-1"],
)
def test_other_text_is_not_a_time(text: str) -> None:
    assert parsed(text)[0] is None


def test_a_configured_format() -> None:
    assert parsed("02/03/2026 10:00", "%d/%m/%Y %H:%M") == (MOMENT, True)
    assert parsed("03/02/2026 12:00 +0200", "%m/%d/%Y %H:%M %z") == (MOMENT, False)
    assert parsed("03/02/2026 10:00", "%d/%m/%Y %H:%M:%S") == (None, True)


def test_a_configured_format_does_not_break_other_exports() -> None:
    assert parsed("2026-03-02T10:00:00Z", "%d/%m/%Y %H:%M") == (MOMENT, False)
    assert parsed("2026-03-02 10:00", "%d/%m/%Y %H:%M %z") == (MOMENT, True)


FIRST = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp())
LAST = int(datetime(2026, 12, 1, tzinfo=UTC).timestamp())


@settings(max_examples=60)
@given(
    st.sampled_from(
        ["Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC", "Africa/Cairo"]
    ),
    st.integers(FIRST, LAST),
)
def test_offsets_are_those_of_the_zone(name: str, second: int) -> None:
    zone = ZoneInfo(name)
    moment = datetime.fromtimestamp(second, zone)
    distance = moment.utcoffset()
    assert distance is not None
    assert one_row(f"SELECT {offset_sql('s', zone, FIRST, LAST)} FROM (SELECT {second} AS s)") == (
        distance.total_seconds(),
    )
    local = int(moment.replace(tzinfo=UTC).timestamp())
    (back,) = one_row(f"SELECT s - ({offset_sql('s', zone, FIRST, LAST, local=True)}) FROM (SELECT {local} AS s)")
    assert datetime.fromtimestamp(back, zone).replace(tzinfo=None) == moment.replace(tzinfo=None)


def test_the_day_of_a_moment_is_the_zones() -> None:
    moment = datetime(1970, 1, 2, 23, 30, tzinfo=UTC)
    assert day_of(moment, ZoneInfo("UTC")) == 1
    assert day_of(moment, ZoneInfo("Asia/Tokyo")) == 2


def test_a_quote_in_a_text_stays_a_text() -> None:
    assert one_row("SELECT " + sql_text("it's")) == ("it's",)
