"""Tables counted elsewhere that repeat the exports they were counted from.

A team that begins to count in its warehouse often leaves the export where it was. A table names no channel, so one of
phone calls beside an export of e-mails must count in full: what tells them apart are the counts. Those of a table made
from an export are the same on nearly every day; those of other customers are the same by chance, fewer than two in
five days where numbers are small, and fewer where they are large.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from kb_builder.errors import Finding, Severity
from kb_builder.mentions.counted import QUIET_DAYS
from kb_builder.mentions.export import Export
from kb_builder.mentions.rows import USABLE
from kb_builder.mentions.sql import Connection
from kb_builder.mentions.times import KEPT_DAYS

FEWEST_LINES: Final = 20
"""Lines of a table from which their likeness says something."""
_ALIKE: Final = 0.75
"""The share of a table's lines that the exports have too, from which it repeats them."""
_CLOSE: Final = 0.02
"""By how much two counts of the same customers may differ: a warehouse leaves out other spam than we do."""
_COMPARED_DAYS: Final = 35


class Repeated(NamedTuple):
    """How much of a table of counts the exports have too."""

    file: int
    lines: int
    """Lines on days of the exports."""
    same: int


def find_repeated(connection: Connection) -> Sequence[Repeated]:
    """Create ``repeating``, the numbers of the files whose counts are those of the exports, and return them."""
    connection.execute("CREATE TABLE repeating (file SMALLINT)")
    counted = "SELECT EXISTS (FROM ready_counts), EXISTS (FROM ready_replies), EXISTS (FROM mentions)"
    customers, replies, own = connection.execute(counted).fetchall()[0]
    compared: list[str] = []
    if own and customers:
        compared += [_customers_sql("topic_source = 'article'"), _customers_sql("topic_source <> 'text'")]
    if own and replies:
        compared.append(_REPLIES)
    found: dict[int, Repeated] = {}
    for query in compared:
        for file, lines, same in connection.execute(query).fetchall():
            if lines >= FEWEST_LINES and same >= _ALIKE * lines:
                found.setdefault(int(file), Repeated(int(file), int(lines), int(same)))
    for file in found:
        connection.execute("INSERT INTO repeating VALUES (?)", [file])
    return [found[file] for file in sorted(found)]


def notes(repeated: Sequence[Repeated], exports: Sequence[Export]) -> list[Finding]:
    """A warning for each table that repeats the exports."""
    return [
        Finding(
            exports[each.file].shown,
            0,
            "repeated-counts",
            Severity.WARNING,
            f"{each.same:,} of {each.lines:,} counts are those of the other exports: nobody counts twice, the larger"
            " of two counts does",
            "leave either the table or the export it was counted from where kb reads exports",
        )
        for each in repeated
    ]


_PART: Final = "coalesce(segment::VARCHAR, other_segment, '')"


def _customers_sql(where: str) -> str:
    """SQL: file, its counts by topic, segment and day on days of the mentions that fit ``where``, and how many of those
    counts are the same. Only complete days are compared."""
    first = KEPT_DAYS - _COMPARED_DAYS
    return f"""
        WITH visits AS (SELECT DISTINCT topic, {_PART} AS part, customer, day FROM answered
            WHERE {where} AND day >= {first - QUIET_DAYS}),
        own AS (SELECT topic, part, day, count(*) AS customers FROM (
                SELECT *, day - lag(day) OVER (PARTITION BY topic, part, customer ORDER BY day) AS silent FROM visits)
            WHERE coalesce(silent > {QUIET_DAYS}, true) GROUP BY ALL),
        theirs AS (SELECT file, topic, part, day, sum(customers) AS customers FROM (
                SELECT DISTINCT file, topic, {_PART} AS part, day, hour, customers FROM ready_counts
                WHERE state = {USABLE} AND topic >= 0 AND customers > 0 AND day >= {first} AND day < {KEPT_DAYS})
            GROUP BY ALL)
        SELECT file, count(*), count(*) FILTER (
            abs(theirs.customers - own.customers) <= {_CLOSE} * greatest(theirs.customers, own.customers))
        FROM theirs LEFT JOIN own USING (topic, part, day) WHERE day IN (SELECT day FROM own) GROUP BY file
    """


_REPLIES: Final = f"""
    SELECT file, count(*), count(own.asked) FROM (
        SELECT DISTINCT file, channel, asked, waited FROM ready_replies WHERE state = {USABLE}
        AND asked BETWEEN (SELECT min(asked) FROM usable) AND (SELECT max(asked) FROM usable)) AS theirs
    LEFT JOIN (
        SELECT DISTINCT channel, asked, coalesce(waited, -1) AS waited FROM usable WHERE asked IS NOT NULL) AS own
        ON own.channel = theirs.channel AND own.asked = theirs.asked AND own.waited = coalesce(theirs.waited, -1)
    GROUP BY file
"""
"""SQL: file, its lines within the time of the exports' questions, and how many of these the exports have too."""
