"""Rows in: mentions are reduced to numbers as they are read, and what became of every row is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from kb_builder.mentions.files import Export
from kb_builder.mentions.formats import CHANNELS, SOCIAL
from kb_builder.mentions.times import Clock, day_sql, seconds_sql, sql_text

if TYPE_CHECKING:
    import duckdb

SHORTEST_COPY: Final = 30
"""Letters of a sentence from which it can be told from a common phrase."""
LONGEST_TEXT: Final = 2000
UNKNOWN: Final = -1
"""The topic of a mention whose article is none of the public ones."""
USABLE, BAD, PASSED, FUTURE = range(4)
"""What became of a row."""

_SHOWN_ROWS: Final = 10
_NO_RECORD: Final = "no readable record"
_REJECTED: Final = {
    "MISSING COLUMNS": "too few columns",
    "TOO MANY COLUMNS": "too many columns",
    "UNQUOTED VALUE": "a quote that does not end or stands inside a value",
    "LINE SIZE OVER MAXIMUM": "a record too long to be one",
    "INVALID ENCODING": "not UTF-8",
}
"""What the engine calls a record it can't parse → what it lacks."""


class FileTally(NamedTuple):
    """What became of the rows of one file."""

    rows: int = 0
    bad: int = 0
    passed: int = 0
    future: int = 0
    old: int = 0
    naive: int = 0
    unknown_articles: int = 0
    strange_channels: int = 0


def make_tables(
    connection: duckdb.DuckDBPyConnection,
    topics: Sequence[str],
    aliases: Mapping[str, str],
    tags: Mapping[str, str],
    segments: Sequence[str],
) -> None:
    """The dictionaries that rows are joined with, and the tables that rows come to."""
    code = {topic: index for index, topic in enumerate(topics)}
    dictionary(connection, "ids", {**{old: code[new] for old, new in aliases.items() if new in code}, **code})
    dictionary(connection, "tags", {tag: code[topic] for tag, topic in tags.items() if topic in code})
    dictionary(connection, "segments", {name: index + 1 for index, name in enumerate(segments)})
    dictionary(connection, "channels", {name: int(channel in SOCIAL) for name, channel in CHANNELS.items()})
    connection.execute(
        "CREATE TABLE mentions (file SMALLINT, state TINYINT, id UBIGINT, day SMALLINT, customer UBIGINT,"
        " topic INTEGER, segment INTEGER, other_segment VARCHAR, copied UBIGINT, tag VARCHAR, text VARCHAR,"
        " naive BOOLEAN, strange_channel BOOLEAN);"
        "CREATE TABLE ready_counts (file SMALLINT, state TINYINT, topic INTEGER, segment INTEGER,"
        " other_segment VARCHAR, day SMALLINT, customers BIGINT)"
    )


def load(connection: duckdb.DuckDBPyConnection, number: int, export: Export, clock: Clock) -> None:
    """Add the rows of ``export`` to ``mentions``; those of an aggregate table to ``ready_counts``.

    The text of a mention that came with a known article is not kept.
    """
    if export.is_aggregate:
        _load_counts(connection, number, export, clock)
        return
    connection.execute(
        f"""
        INSERT INTO mentions
        SELECT {number},
            CASE WHEN passed THEN {PASSED} WHEN broken OR seconds IS NULL THEN {BAD}
                WHEN seconds > {int(clock.now.timestamp())} THEN {FUTURE} ELSE {USABLE} END,
            CASE WHEN raw.id IS NOT NULL THEN hash({sql_text(export.format.tool)}, raw.id) END,
            {day_sql("seconds", clock)},
            {CUSTOMER},
            CASE WHEN ids.code IS NOT NULL THEN ids.code WHEN article_id IS NOT NULL THEN {UNKNOWN} END,
            segments.code,
            CASE WHEN segments.code IS NULL THEN lower(raw.segment) END,
            CASE WHEN channel_code = 1 THEN {sentence_sql("text")} END,
            CASE WHEN article_id IS NULL THEN lower(raw.tag) END,
            CASE WHEN ids.code IS NULL THEN {clean_sql("text")} END,
            naive,
            raw.channel <> '' AND channel_code IS NULL
        FROM (SELECT rows.*, {seconds_sql(clock)}, channels.code AS channel_code FROM ({export.rows}) AS rows
            LEFT JOIN channels ON channels.name = regexp_replace(lower(rows.channel), '[^a-z0-9]+', '_', 'g')) AS raw
        LEFT JOIN ids ON ids.name = raw.article_id
        LEFT JOIN segments ON segments.name = lower(raw.segment)
        """
    )


CUSTOMER: Final = "hash(coalesce(customer_id, text, id, concat_ws(' ', time, channel, article_id, tag)))"
"""A number for a customer. Without a customer_id the same words are the same customer; then the id, then the row."""


def clean_sql(column: str) -> str:
    """Text without markup, links, addresses and handles, on one line, cut at 2,000 characters."""
    marks = " OR ".join(f"contains({column}, {mark})" for mark in ("'@'", "'://'", "'<'", "'  '", "chr(10)", "chr(9)"))
    # Most texts have none of the marks, and the expression costs as much as all the rest of a row.
    bare = f"trim(regexp_replace({column}, '(?:<[^<>]*>|https?://\\S+|\\S*@\\S+|\\s)+', ' ', 'g'))"
    clean = f"CASE WHEN {marks} THEN {bare} ELSE {column} END"
    return f"CASE WHEN strlen({column}) > {LONGEST_TEXT} THEN left({clean}, {LONGEST_TEXT}) ELSE {clean} END"


def sentence_sql(column: str) -> str:
    """A hash of the letters of a text without links, handles and digits: what copies have in common. NULL if short."""
    clean = f"lower({clean_sql(column)})"
    length = f"length(trim(regexp_replace({clean}, '[\\d\\s]+', ' ', 'g')))"
    return f"CASE WHEN {length} >= {SHORTEST_COPY} THEN hash(regexp_replace({clean}, '^rt |[^\\pL]+', '', 'g')) END"


def bad_rows(connection: duckdb.DuckDBPyConnection, export: Export, clock: Clock) -> tuple[tuple[int, str], ...]:
    """Numbers of the first unusable rows of a file, the header counted where there is one, and what each lacks."""
    rejected: dict[int, str] = {}
    if export.rejects:
        query = f"SELECT line, min(error_type::VARCHAR) FROM {export.rejects} GROUP BY line ORDER BY line"
        rows = connection.execute(f"{query} LIMIT {_SHOWN_ROWS}").fetchall()
        rejected = {int(line): _REJECTED.get(str(kind), _NO_RECORD) for line, kind in rows}
    lacks = f"CASE WHEN broken THEN {sql_text(_NO_RECORD)} WHEN seconds IS NULL AND NOT passed THEN"
    lacks += f" {sql_text(f'no usable time in the column {export.time_column}')} END"
    if export.is_aggregate:
        lacks = f"CASE WHEN broken THEN {sql_text(_NO_RECORD)}"
        for column, wrong in _bad_count_columns("day").items():
            lacks += f" WHEN {wrong} THEN {sql_text(f'no usable {column}')}"
        lacks += " END"
    rows = connection.execute(
        f"SELECT number, {lacks} AS lack FROM (SELECT row_number() OVER () + {export.header_rows} AS number, *"
        f"{'' if export.is_aggregate else ', ' + seconds_sql(clock)} FROM ({export.again}))"
        f" WHERE lack IS NOT NULL ORDER BY number LIMIT {_SHOWN_ROWS}"
    ).fetchall()
    # The engine numbers only the records that it could read.
    found = rejected.copy()
    for number, lack in rows:
        for line in rejected:
            number += line <= number
        found[number] = str(lack)
    return tuple(sorted(found.items())[:_SHOWN_ROWS])


def tally(connection: duckdb.DuckDBPyConnection, exports: Sequence[Export]) -> list[FileTally]:
    """What became of the rows of each file, in the order of ``exports``."""
    rejected = [
        numbers(connection, f"SELECT count(DISTINCT line) FROM {export.rejects}")[0] if export.rejects else 0
        for export in exports
    ]
    usable = f"state = {USABLE}"
    found = {
        int(file): FileTally(*map(int, numbers))
        for file, *numbers in connection.execute(
            f"""
            SELECT file, count(*), count(*) FILTER (state = {BAD}), count(*) FILTER (state = {PASSED}),
                count(*) FILTER (state = {FUTURE}), count(*) FILTER ({usable} AND day < 0),
                count(*) FILTER ({usable} AND naive), count(*) FILTER ({usable} AND topic = {UNKNOWN}),
                count(*) FILTER ({usable} AND strange_channel)
            FROM (SELECT file, state, day, naive, topic, strange_channel FROM mentions
                UNION ALL SELECT file, state, day, false, topic, false FROM ready_counts) GROUP BY file
            """
        ).fetchall()
    }
    tallies = [found.get(number, FileTally()) for number in range(len(exports))]
    return [
        each._replace(rows=each.rows + more, bad=each.bad + more) for each, more in zip(tallies, rejected, strict=True)
    ]


def _load_counts(connection: duckdb.DuckDBPyConnection, number: int, export: Export, clock: Clock) -> None:
    today = clock.today - clock.first_day
    connection.execute(
        f"""
        INSERT INTO ready_counts
        SELECT {number},
            CASE WHEN {_bad_count_sql("raw.day")} THEN {BAD} WHEN date > {today} THEN {FUTURE} ELSE {USABLE} END,
            coalesce(ids.code, tags.code, {UNKNOWN}), segments.code,
            CASE WHEN segments.code IS NULL THEN lower(raw.segment) END,
            greatest(-1, date)::SMALLINT, try_cast(split_part(customers, '.', 1) AS BIGINT)
        FROM (SELECT *, least({today} + 1, date_diff('day', DATE '1970-01-01', try_cast(day[:10] AS DATE))
                - {clock.first_day}) AS date FROM ({export.rows})) AS raw
        LEFT JOIN ids ON ids.name = raw.topic LEFT JOIN tags ON tags.name = lower(raw.topic)
        LEFT JOIN segments ON segments.name = lower(raw.segment)
        """
    )


def _bad_count_columns(day: str) -> Mapping[str, str]:
    """Column of the aggregate table → SQL for a value in it that can't be used."""
    date = f"regexp_matches({day}, '^\\d{{4}}-\\d{{2}}-\\d{{2}}($|[T ])') AND try_cast({day}[:10] AS DATE) IS NOT NULL"
    # Data frames make 12.0 of 12 as soon as one number of a column is missing.
    count = "regexp_full_match(customers, '\\d{1,9}(?:\\.0+)?')"
    return {
        "topic": "topic IS NULL",
        "day": f"NOT coalesce({date}, false)",
        "customers": f"NOT coalesce({count}, false)",
    }


def _bad_count_sql(day: str) -> str:
    return " OR ".join(("broken", *_bad_count_columns(day).values()))


def dictionary(connection: duckdb.DuckDBPyConnection, table: str, codes: Mapping[str, int]) -> None:
    connection.execute(f"CREATE TABLE {table} (name VARCHAR, code INTEGER)")
    connection.execute(
        f"INSERT INTO {table} SELECT unnest(?::VARCHAR[]), unnest(?::INTEGER[])", [list(codes), list(codes.values())]
    )


def numbers(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    return tuple(int(value or 0) for row in connection.execute(query).fetchall() for value in row)
