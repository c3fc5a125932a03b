"""A table counted elsewhere beside the export it was counted from, and beside exports of other customers."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from kb_builder.errors import Severity
from kb_builder.mentions.counted import Mentions
from kb_builder.mentions.warehouse import Per, counting_statement
from tests.made_mentions import DAY, LAST, LONDON, TOPICS, Row, read, stream, write_csv

SEGMENTS = ["islands"]
COLUMNS = ("id", "time", "channel", "segment", "customer_id", "article_id", "text", "first_reply_at")


def made(*, days: int = 40, rate: float = 3, seed: int = 2) -> list[Row]:
    """Some customers are of a segment, some are silent about the article they ask for, and some got a reply."""
    rows = stream(days=days, rate=rate, topics=TOPICS[:5], seed=seed)
    rng = np.random.default_rng(seed)
    for each in rows:
        each["time"] = each["time"].replace("T12:00", f"T{rng.integers(24):02}:{rng.integers(60):02}")
        each["segment"] = "islands" if rng.random() < 0.3 else ""
        each["text"] = ""
        each["first_reply_at"] = each["time"].replace(":00Z", ":59Z") if rng.random() < 0.8 else ""
    return rows


def in_warehouse(rows: Sequence[Row], folder: Path, per: Per) -> Path:
    """What the statement counts of ``rows``."""
    folder.mkdir()
    export = write_csv(folder / "rows.csv", rows, COLUMNS)
    table = folder / f"{per}.csv"
    types = ", ".join(f"'{name}': '{'TIMESTAMPTZ' if name in COLUMNS[1::6] else 'VARCHAR'}'" for name in COLUMNS)
    duckdb.connect().execute(
        "SET TimeZone = 'UTC';"
        f"CREATE VIEW mentions AS FROM read_csv('{export}', header = true, columns = {{{types}}});"
        f"COPY ({counting_statement('duckdb', LONDON.key, per)}) TO '{table}' (HEADER)"
    )
    return table


def counts(mentions: Mentions) -> list[object]:
    first = int(mentions.hours.hour.min(initial=mentions.end_hour))
    # The first day of hourly counts is not whole.
    hours = mentions.hour_table(1, first, mentions.end_hour - first).sum(axis=1)[:, 24:]
    return [mentions.table(0).tolist(), mentions.table(1).tolist(), hours.tolist(), sum(mentions.replies.replies)]


@pytest.mark.parametrize("per", ["day", "hour", "reply"])
def test_an_export_and_the_table_made_of_it_count_every_customer_once(per: Per, tmp_path: Path) -> None:
    export = write_csv(tmp_path / "mentions.csv", made(), COLUMNS)
    alone = read(export, zone=LONDON, segments=SEGMENTS)
    table = in_warehouse(made(), tmp_path / "warehouse", per)
    both = read(export, table, zone=LONDON, segments=SEGMENTS, root=tmp_path)
    assert counts(both) == counts(alone)
    (finding,) = [each for each in both.findings if each.code == "repeated-counts"]
    assert (finding.path, finding.severity) == (f"warehouse/{per}.csv", Severity.WARNING)
    assert "nobody counts twice" in finding.message


def test_days_before_the_export_count_from_the_table(tmp_path: Path) -> None:
    rows = made()
    newer = [each for each in rows if each["time"] >= str(LAST - 20 * DAY)]
    table = in_warehouse(rows, tmp_path / "warehouse", "hour")
    both = read(write_csv(tmp_path / "new.csv", newer, COLUMNS), table, zone=LONDON, segments=SEGMENTS)
    assert counts(both)[:2] == counts(read(table, zone=LONDON, segments=SEGMENTS))[:2]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rate", [0.3, 1, 30])
def test_a_table_of_other_customers_counts_beside_the_export(seed: int, rate: float, tmp_path: Path) -> None:
    export = write_csv(tmp_path / "mentions.csv", made(days=25, rate=rate, seed=seed), COLUMNS)
    others = in_warehouse(made(days=25, rate=rate, seed=seed + 50), tmp_path / "warehouse", "hour")
    one, two, both = (read(*paths, zone=LONDON, segments=SEGMENTS) for paths in ([export], [others], [export, others]))
    assert (both.table(0).sum(axis=1) == one.table(0).sum(axis=1) + two.table(0).sum(axis=1)).all()
    assert not [each for each in both.findings if each.code == "repeated-counts"]


def test_what_a_warehouse_knows_more_of_counts_as_the_larger_number(tmp_path: Path) -> None:
    rows = made()
    later = [
        each | {"id": f"m{number}", "customer_id": f"x{number}"}
        for number, each in enumerate(made(seed=9))
        if each["time"] >= str(LAST - timedelta(days=2))
    ]
    table = in_warehouse([*rows, *later], tmp_path / "warehouse", "day")
    both = read(write_csv(tmp_path / "m.csv", rows, COLUMNS), table, zone=LONDON)
    assert (both.table(0) == read(table, zone=LONDON).table(0)).all()
