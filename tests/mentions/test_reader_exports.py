"""Exports of every form: their columns and zones, rows that can't be used, and where each row went."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb_builder.errors import InputError, Severity
from kb_builder.mentions.settings import Columns, ExportSettings, TrendingSettings
from tests.made_mentions import (
    DAY,
    LAST,
    LONDON,
    PARTS,
    TOPICS,
    customers,
    read,
    row,
    stream,
    write_csv,
)


def test_an_aggregate_table(tmp_path: Path) -> None:
    columns = ("topic", "segment", "day", "customers")
    rows = [
        {"topic": "topic-a", "segment": "islands", "day": "2026-04-30", "customers": "12"},
        {"topic": "topic-a", "segment": "", "day": "2026-04-30", "customers": "30"},
        {"topic": "late", "segment": "", "day": "2026-04-29", "customers": "7"},
        {"topic": "gone", "segment": "", "day": "2026-04-29", "customers": "7"},
        {"topic": "topic-b", "segment": "", "day": "2026-05-09", "customers": "7"},
    ]
    one = write_csv(tmp_path / "one.csv", rows, columns)
    two = write_csv(tmp_path / "two.csv", rows[:2], columns)
    mentions = read(one, two, segments=["islands"], settings=TrendingSettings(tags={"late": "topic-b"}))
    assert customers(mentions, "topic-a") == {LAST: 42}
    assert customers(mentions, "topic-a", 1) == {LAST: 12}
    assert customers(mentions, "topic-b") == {LAST - DAY: 7}
    assert (mentions.reading.unknown_articles, mentions.reading.future) == (1, 1)


def test_no_files() -> None:
    mentions = read()
    assert mentions.reading.rows == 0
    assert mentions.newest < mentions.oldest


def test_five_per_cent_of_bad_rows_warn_and_six_stop(tmp_path: Path) -> None:
    rows = [row(LAST, f"c{number}", "topic-a", id=str(number)) for number in range(100)]
    for number in (3, 30, 31, 70, 99):
        rows[number]["time"] = "soon"
    mentions = read(write_csv(tmp_path / "m.csv", rows), root=tmp_path)
    (finding,) = [each for each in mentions.findings if each.code == "bad-mentions"]
    assert mentions.reading.bad == 5
    assert (finding.path, finding.severity) == ("m.csv", Severity.WARNING)
    assert finding.message == "5 of 100 rows can't be used and were left out"
    assert finding.hint == "no usable time in the column time: row 5, 32, 33, 72, 101"
    rows[50]["time"] = ""
    with pytest.raises(InputError, match="6 of 100 rows can't be used") as caught:
        read(write_csv(tmp_path / "m.csv", rows))
    assert caught.value.exit_code == 2


def test_every_export_that_cannot_be_read_is_named_at_once(tmp_path: Path) -> None:
    """Those that can't be opened and those whose rows can't be read, however many there are."""
    write_csv(tmp_path / "good.csv", [row(LAST, "c", "topic-a")])
    broken = {"a.csv": b"foo,bar\n1,2\n", "b.json": b'{"x": [', "c.csv": b"\0\1\xff", "d.parquet": b"PAR1 no more"}
    for name, data in broken.items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError) as refused:
        read(*sorted(tmp_path.iterdir()), root=tmp_path)
    assert [finding.path for finding in refused.value.findings] == sorted(broken)


def test_columns_named_in_the_settings(tmp_path: Path) -> None:
    rows = [{"When": f"{LAST} 10:00Z", "Who": "ann", "About": "topic-a", "Region": "islands"}]
    path = write_csv(tmp_path / "m.csv", rows, ("When", "Who", "About", "Region"))
    settings = TrendingSettings(columns=Columns(time="When", customer_id="Who", article_id="About", segment="Region"))
    mentions = read(path, settings=settings, zone=LONDON, segments=["islands"])
    assert customers(mentions, "topic-a", 1) == {LAST: 1}


def test_an_empty_bytes_table_is_a_table() -> None:
    assert read().table(0).shape == (len(TOPICS), 0)


def test_each_export_is_read_by_its_own_columns_form_and_zone(tmp_path: Path) -> None:
    named = {
        "calls-*.csv": ExportSettings(
            columns=Columns(time="Started", customer_id="Number", article_id="About"),
            time_format="%m/%d/%Y %H:%M",
            time_zone="America/New_York",
        ),
        "notes.csv": ExportSettings(
            columns=Columns(time="Wann", customer_id="Kunde", article_id="Artikel"), time_format="%d.%m.%y"
        ),
    }
    (tmp_path / "calls-1.csv").write_text(f"Started,Number,About\n{LAST - DAY:%m/%d/%Y} 23:30,+1,topic-a\n")
    (tmp_path / "notes.csv").write_text(f"Wann,Kunde,Artikel\n{LAST:%d.%m.%y},ann,topic-b\n")
    mentions = read(*sorted(tmp_path.iterdir()), settings=TrendingSettings(exports=named))
    # Half past eleven in New York is the next day in London.
    assert sorted(customers(mentions, "topic-a")) == [LAST]
    assert sorted(customers(mentions, "topic-b")) == [LAST]
    assert mentions.reading.bad == 0


def test_a_pattern_that_fits_no_export_is_reported(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "m.csv", stream(days=3))
    named = TrendingSettings(exports={"call-*.csv": ExportSettings(), "m.csv": ExportSettings()})
    (found,) = (finding for finding in read(path, settings=named).findings if finding.code == "unused-export")
    assert found.message == "no export is named call-*.csv"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(100, 400), st.integers(1, 99))
def test_ids_that_many_customers_share_are_refused_and_exports_that_overlap_are_not(
    tmp_path: Path, count: int, share: int
) -> None:
    rows = [row(LAST - (number % 30) * DAY, f"c{number}", "topic-a", id=f"m{number}") for number in range(count)]
    changed = [{**each, "article_id": "topic-b"} for each in rows]
    assert read(write_csv(tmp_path / "again.csv", [*rows, *rows, *changed])).reading.bad == 0
    rounded = [{**each, "id": "360931000000"} if number < share else each for number, each in enumerate(rows)]
    path = write_csv(tmp_path / "rounded.csv", rounded)
    if share > 1 and share - 1 > count * 0.05:
        with pytest.raises(InputError, match=rf"{share - 1} of {count} rows share their id"):
            read(path)
    else:
        assert read(path).reading.rows == count


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 9), min_size=21, max_size=60))
def test_the_parts_of_the_reading_add_up(tmp_path: Path, kinds: list[int]) -> None:
    sentence = "@shop this is a scam, boycott them all, everybody"
    variants: list[dict[str, str]] = [
        {},
        {"id": "same", "customer_id": "ann"},
        {"id": "same", "customer_id": "ann", "article_id": "topic-b"},
        {"time": "2027-01-01T00:00:00Z"},
        {"time": "2019-01-01T00:00:00Z"},
        {"channel": "twitter", "text": sentence, "article_id": "", "id": ""},
        {"article_id": "", "tag": "late"},
        {"article_id": "nowhere", "text": "where is it"},
        {"time": "2019-01-01T00:00:00Z", "id": "same", "customer_id": "ann"},
        {"article_id": "", "text": "a parcel that is late", "segment": "moon"},
    ]
    rows = [
        {**row(LAST, f"c{number}", "topic-a", id=f"m{number}"), **variants[kind]} for number, kind in enumerate(kinds)
    ]
    path = write_csv(tmp_path / "m.csv", rows)
    reading = read(path, settings=TrendingSettings(tags={"late": "topic-c"})).reading
    assert reading.rows == len(rows) == sum(getattr(reading, part) for part in PARTS)


@pytest.mark.parametrize(
    ("time", "kept"), [("{day}", 0), ("{day}T02:30:00Z", 0), ("{day}T{hour:02}:30:00Z", 80), ("{day} 0:00", 0)]
)
def test_dates_and_import_times_are_not_counted_by_hours(tmp_path: Path, time: str, kept: int) -> None:
    rows = [
        row(LAST, f"c{number}", "topic-a", time=time.format(day=LAST - timedelta(days=number % 9), hour=number % 20))
        for number in range(80)
    ]
    mentions = read(write_csv(tmp_path / "m.csv", rows))
    assert mentions.counts.customers.sum() == 80
    assert mentions.hours.customers.sum() == kept
    assert [finding.code for finding in mentions.findings].count("times-without-hour") == (not kept)


@pytest.mark.parametrize(("dates", "told"), [(49, False), (60, True)])
def test_dates_among_times_are_told_with_their_number(tmp_path: Path, dates: int, told: bool) -> None:
    """A channel that is exported with dates alone stays out of hours, however many rows the others have."""
    times = [f"{LAST}" if number < dates else f"{LAST}T{number % 24:02}:30:00Z" for number in range(400)]
    rows = [row(LAST, f"c{number}", "topic-a", time=time) for number, time in enumerate(times)]
    mentions = read(write_csv(tmp_path / "m.csv", rows))
    assert mentions.hours.customers.sum() == 400 - dates
    said = [finding.message for finding in mentions.findings if finding.code == "times-without-hour"]
    assert [message.startswith("60 of the last 400 times have no time of day") for message in said] == [True] * told
