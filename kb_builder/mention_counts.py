"""Rows in, customers out: mentions are reduced to numbers, freed of copies, and counted by DuckDB.

A customer counts once for a topic until silent for seven days. A 64-bit mask holds the days of one customer, topic and
segment; ``days & ~(days << 1 | … | days << 7)`` are the fresh ones, without sorting anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb_builder.mention_files import Export
from kb_builder.mention_formats import CHANNELS, SOCIAL
from kb_builder.mention_times import KEPT_DAYS, Clock, day_sql, seconds_sql, sql_text

if TYPE_CHECKING:
    import duckdb

COPIES: Final = 3
"""The same sentence from more social accounts than this counts for nobody."""
SHORTEST_COPY: Final = 30
LONGEST_TEXT: Final = 2000

_UNKNOWN: Final = -1
_USABLE, _BAD, _PASSED, _FUTURE = range(4)
_CHUNK: Final = 56
_QUIET_DAYS: Final = 7
_AT_ONCE: Final = 4_000_000
_UNDECLARED: Final = 20
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


class Counts(NamedTuple):
    """Fresh customers, as arrays of one length: topic, segment (0 is everybody), day (0 is the oldest), customers."""

    topic: NDArray[np.int32]
    segment: NDArray[np.int32]
    day: NDArray[np.int32]
    customers: NDArray[np.int32]


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
    _dictionary(connection, "ids", {**{old: code[new] for old, new in aliases.items() if new in code}, **code})
    _dictionary(connection, "tags", {tag: code[topic] for tag, topic in tags.items() if topic in code})
    _dictionary(connection, "segments", {name: index + 1 for index, name in enumerate(segments)})
    _dictionary(connection, "channels", {name: int(channel in SOCIAL) for name, channel in CHANNELS.items()})
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
            CASE WHEN passed THEN {_PASSED} WHEN broken OR seconds IS NULL THEN {_BAD}
                WHEN seconds > {int(clock.now.timestamp())} THEN {_FUTURE} ELSE {_USABLE} END,
            CASE WHEN raw.id IS NOT NULL THEN hash({sql_text(export.format.tool)}, raw.id) END,
            {day_sql("seconds", clock)},
            {CUSTOMER},
            CASE WHEN ids.code IS NOT NULL THEN ids.code WHEN article_id IS NOT NULL THEN {_UNKNOWN} END,
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
        _numbers(connection, f"SELECT count(DISTINCT line) FROM {export.rejects}")[0] if export.rejects else 0
        for export in exports
    ]
    usable = f"state = {_USABLE}"
    found = {
        int(file): FileTally(*map(int, numbers))
        for file, *numbers in connection.execute(
            f"""
            SELECT file, count(*), count(*) FILTER (state = {_BAD}), count(*) FILTER (state = {_PASSED}),
                count(*) FILTER (state = {_FUTURE}), count(*) FILTER ({usable} AND day < 0),
                count(*) FILTER ({usable} AND naive), count(*) FILTER ({usable} AND topic = {_UNKNOWN}),
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


def drop_copies(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Settle what was exported twice and find the sentences that too many accounts repeat; both are counted.

    Of records with one id the latest counts, and of several of one day the one that says most of its article, since
    agents set articles and tags after a ticket was first exported; whatever the order of rows and files. From here on
    ``usable`` holds the mentions that count.
    """
    content = "hash(day, customer, topic, segment, other_segment, copied, tag, text)"
    connection.execute(
        f"CREATE TABLE repeated AS SELECT id, count(*) AS times, min({content}) <> max({content}) AS differ"
        f" FROM mentions WHERE state = {_USABLE} AND id IS NOT NULL GROUP BY id HAVING count(*) > 1"
    )
    duplicates, differing = _numbers(connection, "SELECT sum(times - 1), count(*) FILTER (differ) FROM repeated")
    if differing:
        kept = ", ".join(("day", *_REST))
        order = {"day": "day", "known": "coalesce(topic, -2)", "tagged": "tag IS NOT NULL"}
        row = ", ".join(f"'{name}': {value}" for name, value in (order | {name: name for name in _REST}).items())
        connection.execute(
            "CREATE TABLE latest AS SELECT unnest(newest) FROM ("
            f" SELECT max({{{row}}}) AS newest FROM mentions WHERE state = {_USABLE}"
            " AND id IN (SELECT id FROM repeated WHERE differ) GROUP BY id);"
            "DELETE FROM mentions WHERE id IN (SELECT id FROM repeated WHERE differ);"
            f"INSERT INTO mentions (state, {kept}) SELECT {_USABLE}, {kept} FROM latest;"
            "DROP TABLE latest"
        )
    connection.execute(
        "DROP TABLE repeated;"
        "CREATE TABLE copies AS SELECT copied FROM (SELECT DISTINCT copied, customer FROM mentions"
        f" WHERE state = {_USABLE} AND copied IS NOT NULL) GROUP BY copied HAVING count(*) > {COPIES};"
        f"CREATE VIEW usable AS SELECT * FROM mentions WHERE state = {_USABLE} AND day >= 0"
        " AND (copied IS NULL OR copied NOT IN (SELECT copied FROM copies))"
    )
    (copied,) = _numbers(connection, "SELECT count(*) FROM mentions WHERE copied IN (SELECT copied FROM copies)")
    return duplicates, copied


_REST: Final = ("customer", "topic", "segment", "other_segment", "copied", "tag", "text")


def settle_tags(connection: duckdb.DuckDBPyConnection) -> None:
    """``tag_topics``: the topic of every tag, or list of tags, of a mention without an article; the first one known."""
    marks = '[,;|\\[\\]"]+'
    connection.execute(
        f"""
        CREATE TABLE tag_topics AS
        SELECT tag, arg_min(code, place) AS topic FROM (
            SELECT tag, unnest(parts) AS part, generate_subscripts(parts, 1) AS place FROM (
                SELECT tag, [tag] || list_transform(string_split_regex(tag, '{marks}'), lambda part: trim(part))
                    || string_split_regex(tag, '[\\s{marks[1:]}') AS parts
                FROM (SELECT DISTINCT tag FROM mentions WHERE topic IS NULL AND tag IS NOT NULL)))
        JOIN tags ON tags.name = part GROUP BY tag
        """
    )


def texts_to_match(connection: duckdb.DuckDBPyConnection) -> tuple[int, duckdb.DuckDBPyConnection]:
    """How many different texts have neither article nor tag, and a cursor over (number, text)."""
    connection.execute(
        "CREATE TABLE texts AS SELECT hash(text) AS number, min(text) AS text FROM usable"
        " WHERE topic IS NULL AND text <> '' AND (tag IS NULL OR tag NOT IN (SELECT tag FROM tag_topics))"
        " GROUP BY hash(text)"
    )
    (count,) = _numbers(connection, "SELECT count(*) FROM texts")
    return count, connection.cursor().execute("SELECT number, text FROM texts ORDER BY number")


def settle_topics(
    connection: duckdb.DuckDBPyConnection, numbers: NDArray[np.uint64], topics: NDArray[np.int32]
) -> None:
    """``answered``: usable mentions with a topic, given, by tag or by the text of that number; ``open``: the others."""
    connection.register("text_matches", {"number": numbers, "topic": topics})
    connection.execute(
        """
        CREATE TABLE text_topics AS SELECT number, topic FROM text_matches;
        CREATE VIEW told AS SELECT usable.* EXCLUDE (topic),
            CASE WHEN usable.topic >= 0 THEN 'article' WHEN tag_topics.topic IS NOT NULL THEN 'tag'
                WHEN text_topics.topic IS NOT NULL THEN 'text' END AS told_by,
            coalesce(usable.topic, tag_topics.topic, text_topics.topic) AS topic
        FROM usable LEFT JOIN tag_topics ON usable.topic IS NULL AND usable.tag = tag_topics.tag
            LEFT JOIN text_topics ON usable.topic IS NULL AND usable.text <> '' AND hash(usable.text) = number;
        CREATE VIEW answered AS SELECT * FROM told WHERE told_by IS NOT NULL;
        CREATE VIEW open AS SELECT customer, day, text FROM told WHERE told_by IS NULL
        """
    )
    connection.unregister("text_matches")


def span(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """First and last complete day with a mention; the day of now and the one before it when there is none."""
    days = f"SELECT day FROM usable WHERE day < {KEPT_DAYS} UNION ALL"
    days += f" SELECT day FROM ready_counts WHERE state = {_USABLE} AND day BETWEEN 0 AND {KEPT_DAYS - 1}"
    oldest, newest = _numbers(
        connection, f"SELECT coalesce(min(day), {KEPT_DAYS}), coalesce(max(day), {KEPT_DAYS - 1}) FROM ({days})"
    )
    return oldest, newest


def told_by(connection: duckdb.DuckDBPyConnection) -> Mapping[str, int]:
    """How many usable mentions got their topic from a ``tag`` or their ``text``, and how many got ``none``."""
    rows = connection.execute("SELECT coalesce(told_by, 'none'), count(*) FROM told GROUP BY ALL").fetchall()
    return {str(how): int(count) for how, count in rows}


def undeclared_segments(connection: duckdb.DuckDBPyConnection, fewest: int) -> tuple[tuple[str, ...], int]:
    """Names of segments that at least ``fewest`` customers have though nobody declared them, the biggest 20; and how
    many rows have any. A name that doesn't look like one is never given back."""
    slug = "regexp_full_match(other_segment, '[a-z][a-z0-9-]{0,31}')"
    rows = connection.execute(
        f"SELECT other_segment FROM (SELECT other_segment, customer FROM answered WHERE {slug}"
        " UNION ALL SELECT other_segment, unnest(range(customers)) FROM ready_counts"
        f" WHERE {slug} AND state = {_USABLE})"
        f" GROUP BY other_segment HAVING count(DISTINCT customer) >= {fewest}"
        f" ORDER BY count(DISTINCT customer) DESC, other_segment LIMIT {_UNDECLARED}"
    ).fetchall()
    (count,) = _numbers(
        connection, f"SELECT count(*) FROM mentions WHERE state = {_USABLE} AND other_segment IS NOT NULL"
    )
    return tuple(sorted(str(row[0]) for row in rows)), count


def count(connection: duckdb.DuckDBPyConnection, segments: Iterable[str], declared: int) -> Counts:
    """Fresh customers of every topic, segment and day. ``segments`` come after the ``declared`` ones."""
    _dictionary(connection, "more_segments", {name: declared + 1 + index for index, name in enumerate(segments)})
    (rows,) = _numbers(connection, "SELECT count(*) FROM usable")
    parts = rows // _AT_ONCE + 1
    found = [_ready(connection)]
    for part in range(parts):
        connection.execute(
            f"""
            CREATE TABLE masks AS WITH days AS (
                SELECT topic, coalesce(segment, more_segments.code, -1) AS segment, customer, day FROM answered
                LEFT JOIN more_segments ON more_segments.name = other_segment WHERE customer % {parts} = {part})
            SELECT topic, segment, customer, chunk, bit_or(1::UBIGINT << bit) AS days FROM (
                SELECT *, day // {_CHUNK} AS chunk, day % {_CHUNK} + {_QUIET_DAYS} AS bit FROM days
                UNION ALL SELECT *, day // {_CHUNK} + 1, day % {_CHUNK} - {_CHUNK - _QUIET_DAYS} FROM days
                WHERE day % {_CHUNK} >= {_CHUNK - _QUIET_DAYS})
            GROUP BY topic, segment, customer, chunk
            """
        )
        whole = "SELECT topic, 0 AS segment, chunk, bit_or(days) AS days FROM masks GROUP BY topic, customer, chunk"
        found += _fresh(connection, whole)
        found += _fresh(connection, "SELECT topic, segment, chunk, days FROM masks WHERE segment > 0")
        connection.execute("DROP TABLE masks")
    return _summed(found)


def _fresh(connection: duckdb.DuckDBPyConnection, masks: str) -> Iterator[Counts]:
    """Customers by topic, segment and day out of day masks whose lowest seven bits belong to the chunk before.

    Takes the lowest bit of all masks, then the next: fresh days lie a week apart, so that few masks have many.
    """
    heard = " | ".join(f"(days << {distance})" for distance in range(1, _QUIET_DAYS + 1))
    own = (1 << (_CHUNK + _QUIET_DAYS)) - (1 << _QUIET_DAYS)
    connection.execute(
        f"CREATE TABLE fresh AS SELECT topic, segment, chunk, (days & ~({heard}) & {own}::UBIGINT)::BIGINT AS days"
        f" FROM ({masks})"
    )
    while True:
        columns = connection.execute(
            f"SELECT topic, segment, chunk * {_CHUNK} + bit_count(xor(days, days - 1)) - {_QUIET_DAYS + 1} AS day,"
            " count(*) AS customers FROM fresh WHERE days <> 0 GROUP BY ALL"
        ).fetchnumpy()
        if not len(columns["day"]):
            break
        yield Counts(*(np.asarray(columns[name], dtype=np.int32) for name in Counts._fields))
        connection.execute(
            "CREATE OR REPLACE TABLE fresh AS SELECT topic, segment, chunk, days & (days - 1) AS days"
            " FROM fresh WHERE days & (days - 1) <> 0"
        )
    connection.execute("DROP TABLE fresh")


def _ready(connection: duckdb.DuckDBPyConnection) -> Counts:
    """What came counted already. The same line in two files, or twice, is one line."""
    columns = connection.execute(
        f"""
        WITH lines AS (SELECT topic, coalesce(segment, more_segments.code, -1) AS segment, other_segment, day,
                max(customers) AS customers FROM ready_counts
            LEFT JOIN more_segments ON more_segments.name = other_segment
            WHERE state = {_USABLE} AND topic >= 0 AND day >= 0 GROUP BY ALL)
        SELECT topic, 0 AS segment, day, sum(customers)::INTEGER AS customers FROM lines GROUP BY topic, day
        UNION ALL SELECT topic, segment, day, customers::INTEGER FROM lines WHERE segment > 0
        """
    ).fetchnumpy()
    return Counts(*(np.asarray(columns[name], dtype=np.int32) for name in Counts._fields))


def _summed(parts: Sequence[Counts]) -> Counts:
    keys = np.stack([np.concatenate([getattr(part, name) for part in parts]) for name in Counts._fields[:3]])
    customers = np.concatenate([part.customers for part in parts])
    unique, place = np.unique(keys, axis=1, return_inverse=True)
    summed = np.bincount(place.ravel(), weights=customers, minlength=unique.shape[1]).astype(np.int32)
    return Counts(unique[0], unique[1], unique[2], summed)


def _load_counts(connection: duckdb.DuckDBPyConnection, number: int, export: Export, clock: Clock) -> None:
    today = clock.today - clock.first_day
    connection.execute(
        f"""
        INSERT INTO ready_counts
        SELECT {number},
            CASE WHEN {_bad_count_sql("raw.day")} THEN {_BAD} WHEN date > {today} THEN {_FUTURE} ELSE {_USABLE} END,
            coalesce(ids.code, tags.code, {_UNKNOWN}), segments.code,
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


def _dictionary(connection: duckdb.DuckDBPyConnection, table: str, codes: Mapping[str, int]) -> None:
    connection.execute(f"CREATE TABLE {table} (name VARCHAR, code INTEGER)")
    connection.execute(
        f"INSERT INTO {table} SELECT unnest(?::VARCHAR[]), unnest(?::INTEGER[])", [list(codes), list(codes.values())]
    )


def _numbers(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    return tuple(int(value or 0) for row in connection.execute(query).fetchall() for value in row)
