"""Count customers with DuckDB: remove duplicates and copies, assign topics, count.

A customer counts once per topic until seven days without a mention have passed (a *fresh* customer). A 64-bit mask
holds the days of one customer, topic and segment; ``days & ~(days << 1 | … | days << 7)`` are the fresh days, without
sorting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kb_builder.mentions.counted import COPIES, COPY_DAYS, QUIET_DAYS, UNANSWERED, Counts, HourCounts, ReplyCounts
from kb_builder.mentions.replies import first_second
from kb_builder.mentions.rows import AT_ONCE, USABLE, dictionary, numbers
from kb_builder.mentions.sql import Connection
from kb_builder.mentions.times import KEPT_DAYS, Clock

_CHANNELS: Final = 64
_CHUNK: Final = 56
_EARLIER: Final = " | ".join(f"(days << {distance})" for distance in range(1, QUIET_DAYS + 1))
"""The seven days after each day of a mask."""
_UNDECLARED: Final = 20


def drop_copies(connection: Connection) -> tuple[int, int]:
    """Create the view ``usable`` without duplicate records and copied posts; returns the numbers of both.

    Needs the ``repeated_ids`` of :func:`kb_builder.mentions.rows.find_repeated_ids`.

    Of records with the same id the latest counts; of those of one day the one with an article, then with a tag, since
    agents add both after the first export. The order of rows and files doesn't matter.
    """
    content = "hash(day, customer, topic, segment, other_segment, copied, tag, text)"
    connection.execute(
        f"CREATE TABLE repeated AS SELECT id, count(*) AS times, min({content}) <> max({content}) AS differ"
        f" FROM mentions SEMI JOIN repeated_ids USING (id) WHERE state = {USABLE} AND day >= 0 GROUP BY id"
    )
    duplicates, differing = numbers(connection, "SELECT sum(times - 1), count(*) FILTER (differ) FROM repeated")
    if differing:
        kept = ", ".join(("day", *_REST))
        order = {"day": "day", "known": "coalesce(topic, -2)", "tagged": "tag IS NOT NULL"}
        row = ", ".join(f"'{name}': {value}" for name, value in (order | {name: name for name in _REST}).items())
        connection.execute(
            "CREATE TABLE latest AS SELECT unnest(newest) FROM ("
            f" SELECT max({{{row}}}) AS newest FROM mentions WHERE state = {USABLE} AND day >= 0"
            " AND id IN (SELECT id FROM repeated WHERE differ) GROUP BY id);"
            "DELETE FROM mentions WHERE id IN (SELECT id FROM repeated WHERE differ);"
            f"INSERT INTO mentions (state, {kept}) SELECT {USABLE}, {kept} FROM latest;"
            "DROP TABLE latest"
        )
    connection.execute(
        "CREATE TABLE identical AS SELECT id, times FROM repeated WHERE NOT differ; DROP TABLE repeated;"
        "CREATE TABLE posts AS SELECT DISTINCT copied, day, customer FROM mentions"
        f" WHERE state = {USABLE} AND copied IN (SELECT copied FROM (SELECT DISTINCT copied, customer FROM mentions"
        f" WHERE state = {USABLE} AND copied IS NOT NULL) GROUP BY copied HAVING count(*) > {COPIES});"
        "CREATE TABLE copies AS SELECT copied, each.day FROM (SELECT DISTINCT copied, day FROM posts) AS each"
        f" JOIN posts USING (copied) WHERE posts.day BETWEEN each.day - {COPY_DAYS} AND each.day + {COPY_DAYS}"
        f" GROUP BY ALL HAVING count(DISTINCT customer) > {COPIES};"
        "DROP TABLE posts;"
        f"CREATE VIEW with_copies AS SELECT * FROM mentions WHERE state = {USABLE} AND day >= 0;"
        "CREATE VIEW usable AS SELECT * FROM with_copies ANTI JOIN copies USING (copied, day)"
    )
    left_out = "(SELECT * FROM with_copies SEMI JOIN copies USING (copied, day))"
    copied = _records(connection, left_out, "'copied'")
    return duplicates, copied.get("copied", 0)


def busiest_customers(connection: Connection) -> Mapping[int, tuple[int, int]]:
    """Number of each file → the rows of its most frequent customer, and of all customers."""
    rows = connection.execute(
        "SELECT file, max(times), sum(times) FROM (SELECT file, customer, count(*) AS times FROM mentions"
        f" WHERE state = {USABLE} GROUP BY file, customer) GROUP BY file ORDER BY file"
    ).fetchall()
    return {int(file): (int(most), int(total)) for file, most, total in rows}


def _records(connection: Connection, view: str, by: str) -> Mapping[str, int]:
    """The rows of a view by the value of ``by``; identical rows with one id are one record."""
    rows = connection.execute(
        f"SELECT {by}, sum(1.0 / coalesce(times, 1)) FROM {view} LEFT JOIN identical USING (id) GROUP BY 1"
    ).fetchall()
    return {str(value): round(count) for value, count in rows}


_REST: Final = (
    "hour", "arrived", "channel", "customer", "topic", "segment", "other_segment", "copied", "tag", "text", "asked",
    "waited", "open_wait",
)  # fmt: skip


def assign_tags(connection: Connection) -> None:
    """Create ``tag_topics``: tag or list of tags → topic of the first known tag, for mentions without an article."""
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


def texts_to_match(connection: Connection) -> tuple[int, Connection]:
    """The number of distinct texts with neither article nor known tag, and a cursor over (number, text)."""
    connection.execute(
        "CREATE TABLE texts AS SELECT hash(text) AS number, min(text) AS text FROM usable"
        " WHERE topic IS NULL AND text <> '' AND (tag IS NULL OR tag NOT IN (SELECT tag FROM tag_topics))"
        " GROUP BY hash(text)"
    )
    (count,) = numbers(connection, "SELECT count(*) FROM texts")
    return count, connection.cursor().execute("SELECT number, text FROM texts ORDER BY number")


def assign_topics(connection: Connection, numbers: NDArray[np.uint64], topics: NDArray[np.int32]) -> None:
    """Create the views ``answered`` (usable mentions with a topic: given, by tag, or by text) and ``unanswered``.

    ``numbers`` and ``topics`` are parallel: the topic of the text with that number.
    """
    connection.register("text_matches", {"number": numbers, "topic": topics})
    connection.execute(
        f"""
        CREATE TABLE text_topics AS SELECT number, topic FROM text_matches;
        CREATE VIEW classified AS {_classified("usable")};
        CREATE VIEW answered AS SELECT * FROM classified WHERE topic_source IS NOT NULL;
        CREATE VIEW answered_with_copies AS SELECT * FROM ({_classified("with_copies")}) WHERE topic_source IS NOT NULL;
        CREATE VIEW unanswered AS SELECT customer, day, text FROM classified WHERE topic_source IS NULL
        """
    )
    connection.unregister("text_matches")


def _classified(mentions: str) -> str:
    return f"""
        SELECT m.* EXCLUDE (topic),
            CASE WHEN m.topic >= 0 THEN 'article' WHEN tag_topics.topic IS NOT NULL THEN 'tag'
                WHEN text_topics.topic IS NOT NULL THEN 'text' END AS topic_source,
            coalesce(m.topic, tag_topics.topic, text_topics.topic) AS topic
        FROM {mentions} AS m LEFT JOIN tag_topics ON m.topic IS NULL AND m.tag = tag_topics.tag
            LEFT JOIN text_topics ON m.topic IS NULL AND m.text <> '' AND hash(m.text) = number
        """


def span(connection: Connection) -> tuple[int, int]:
    """First and last complete day with a mention; without any, today and yesterday."""
    days = f"SELECT day FROM usable WHERE day < {KEPT_DAYS} UNION ALL"
    days += f" SELECT day FROM ready_counts WHERE state = {USABLE} AND day BETWEEN 0 AND {KEPT_DAYS - 1}"
    oldest, newest = numbers(
        connection, f"SELECT coalesce(min(day), {KEPT_DAYS}), coalesce(max(day), {KEPT_DAYS - 1}) FROM ({days})"
    )
    return oldest, newest


def topic_sources(connection: Connection) -> Mapping[str, int]:
    """Usable mentions by the source of their topic: ``article``, ``tag``, ``text`` or ``none``."""
    return _records(connection, "classified", "coalesce(topic_source, 'none')")


def aggregated(connection: Connection) -> int:
    """Rows of aggregate tables that count."""
    of_customers = f"(SELECT count(*) FROM ready_counts WHERE state = {USABLE} AND day >= 0)"
    of_replies = f"(SELECT count(*) FROM ready_replies WHERE state = {USABLE})"
    return numbers(connection, f"SELECT {of_customers} + {of_replies}")[0]


def undeclared_segments(connection: Connection, fewest: int) -> tuple[str, ...]:
    """The 20 largest undeclared segments with at least ``fewest`` customers.

    Only valid slugs are returned, so that no other content of the column is shown.
    """
    slug = "regexp_full_match(other_segment, '[a-z][a-z0-9-]{0,31}')"
    rows = connection.execute(
        f"SELECT other_segment FROM (SELECT other_segment, customer FROM answered WHERE {slug}"
        " UNION ALL SELECT other_segment, unnest(range(customers)) FROM ready_counts"
        f" WHERE {slug} AND state = {USABLE})"
        f" GROUP BY other_segment HAVING count(DISTINCT customer) >= {fewest}"
        f" ORDER BY count(DISTINCT customer) DESC, other_segment LIMIT {_UNDECLARED}"
    ).fetchall()
    return tuple(sorted(str(row[0]) for row in rows))


def in_undeclared_segments(connection: Connection) -> int:
    """The number of rows that name a segment which is not declared."""
    counted = f"SELECT count(*) FROM mentions WHERE state = {USABLE} AND other_segment IS NOT NULL"
    return numbers(connection, counted)[0]


def count(
    connection: Connection, segments: Iterable[str], declared: int, first_hour: int, end_hour: int
) -> tuple[Counts, HourCounts]:
    """Fresh customers by topic, segment and day, and by hour from ``first_hour`` to before ``end_hour``.

    ``segments`` are numbered after the ``declared`` ones.
    """
    dictionary(connection, "more_segments", {name: declared + 1 + index for index, name in enumerate(segments)})
    connection.execute(
        "CREATE TABLE fresh_days (topic INTEGER, segment SMALLINT, day SMALLINT, customers INTEGER);"
        "CREATE TABLE fresh_hours (topic INTEGER, segment SMALLINT, channel TINYINT, hour INTEGER, customers INTEGER)"
    )
    (rows,) = numbers(connection, "SELECT count(*) FROM usable")
    parts = rows // AT_ONCE + 1
    for part in range(parts):
        connection.execute(
            f"""
            CREATE TABLE days AS
                SELECT topic, coalesce(segment, more_segments.code, -1) AS segment, customer, day,
                    CASE WHEN hour < {end_hour} THEN hour::BIGINT * {_CHANNELS} + channel END AS first FROM answered
                LEFT JOIN more_segments ON more_segments.name = other_segment WHERE customer % {parts} = {part};
            CREATE TABLE masks AS SELECT topic, segment, customer, chunk, bit_or(1::UBIGINT << bit) AS days FROM (
                SELECT *, day // {_CHUNK} AS chunk, day % {_CHUNK} + {QUIET_DAYS} AS bit FROM days
                UNION ALL SELECT *, day // {_CHUNK} + 1, day % {_CHUNK} - {_CHUNK - QUIET_DAYS} FROM days
                WHERE day % {_CHUNK} >= {_CHUNK - QUIET_DAYS})
            GROUP BY topic, segment, customer, chunk
            """
        )
        whole = "SELECT topic, 0 AS segment, chunk, bit_or(days) AS days FROM masks GROUP BY topic, customer, chunk"
        _add_days(connection, whole)
        _add_days(connection, "SELECT topic, segment, chunk, days FROM masks WHERE segment > 0")
        _add_hours(connection)
        connection.execute("DROP TABLE masks; DROP TABLE days")
    _add_ready(connection, first_hour, end_hour)
    return Counts(*_summed(connection, "fresh_days")), HourCounts(*_summed(connection, "fresh_hours"))


def _add_hours(connection: Connection) -> None:
    """Customers by topic, segment, channel and hour, for the fresh days in ``masks`` and the mentions in ``days``.

    Hours are kept of the last weeks only, and so are the masks that are looked at.
    """
    recent = f"chunk >= (SELECT min(day) // {_CHUNK} FROM days WHERE first IS NOT NULL)"
    for segment, where in (("0", "true"), ("segment", "segment > 0")):
        keys = "topic, customer" if segment == "0" else "topic, segment, customer"
        connection.execute(
            f"""
            INSERT INTO fresh_hours
            SELECT topic, {segment} AS segment, first % {_CHANNELS} AS channel, first // {_CHANNELS} AS hour, count(*)
            FROM (SELECT {keys}, day, min(first) AS first FROM days WHERE first IS NOT NULL AND {where} GROUP BY ALL)
            JOIN (SELECT {keys}, chunk, days & ~({_EARLIER}) AS days FROM (
                SELECT {keys}, chunk, bit_or(days) AS days FROM masks WHERE {where} AND {recent} GROUP BY ALL))
            USING ({keys})
            WHERE chunk = day // {_CHUNK} AND (days >> (day % {_CHUNK} + {QUIET_DAYS})) & 1 = 1 GROUP BY ALL
            """
        )


def _add_days(connection: Connection, masks: str) -> None:
    """Customers by topic, segment and day from day masks, whose lowest seven bits belong to the previous chunk.

    Reads the lowest bit of all masks, then the next: fresh days are a week apart, so most masks have few.
    """
    own = (1 << (_CHUNK + QUIET_DAYS)) - (1 << QUIET_DAYS)
    connection.execute(
        f"CREATE TABLE fresh AS SELECT topic, segment, chunk, (days & ~({_EARLIER}) & {own}::UBIGINT)::BIGINT AS days"
        f" FROM ({masks})"
    )
    while numbers(connection, "SELECT count(*) FROM fresh WHERE days <> 0")[0]:
        connection.execute(
            "INSERT INTO fresh_days"
            f" SELECT topic, segment, chunk * {_CHUNK} + bit_count(xor(days, days - 1)) - {QUIET_DAYS + 1} AS day,"
            " count(*) FROM fresh WHERE days <> 0 GROUP BY ALL;"
            "CREATE OR REPLACE TABLE fresh AS SELECT topic, segment, chunk, days & (days - 1) AS days"
            " FROM fresh WHERE days & (days - 1) <> 0"
        )
    connection.execute("DROP TABLE fresh")


def _add_ready(connection: Connection, first_hour: int, end_hour: int) -> None:
    """Counts of aggregate tables, by hour from ``first_hour`` to before ``end_hour`` and of an unknown channel.

    A repeated line counts once, and a customer who is in a table of hours and in one of days as well. Of a table that
    repeats the exports counts what is beyond those in ``fresh_days`` and ``fresh_hours``, so that the larger of both
    counts does.
    """
    if not numbers(connection, "SELECT count(*) FROM ready_counts")[0]:
        return
    connection.execute(
        f"""
        CREATE TABLE lines AS SELECT topic, coalesce(segment, more_segments.code, -1) AS segment, other_segment, day,
                hour, max(customers) AS customers, bool_or(file IN (FROM repeating)) AS repeats FROM ready_counts
            LEFT JOIN more_segments ON more_segments.name = other_segment
            WHERE state = {USABLE} AND topic >= 0 AND day >= 0 GROUP BY ALL;
        UPDATE lines SET customers = greatest(0, lines.customers - timed.customers) FROM (
            SELECT topic, segment, other_segment, day, sum(customers) AS customers FROM lines
            WHERE hour IS NOT NULL GROUP BY ALL) AS timed
            WHERE lines.hour IS NULL AND lines.topic = timed.topic AND lines.segment = timed.segment
            AND lines.other_segment IS NOT DISTINCT FROM timed.other_segment AND lines.day = timed.day;
        CREATE VIEW ready AS SELECT * REPLACE (0 AS segment) FROM lines UNION ALL FROM lines WHERE segment > 0
        """
    )
    in_hours = f"hour >= {first_hour} AND hour < {end_hour}"
    for table, moment, key, where in (
        ("fresh_days", "day", "day", "true"),
        ("fresh_hours", "hour", "0, hour", in_hours),
    ):
        connection.execute(
            f"""
            INSERT INTO {table} SELECT topic, segment, {key}, customers - coalesce(own, 0) FROM (
                SELECT topic, segment, {moment}, repeats, sum(customers) AS customers FROM ready
                WHERE {where} GROUP BY ALL)
            LEFT JOIN (SELECT topic, segment, {moment}, true AS repeats, sum(customers) AS own FROM {table}
                GROUP BY ALL) USING (topic, segment, {moment}, repeats)
            WHERE customers > coalesce(own, 0)
            """
        )
    connection.execute("DROP VIEW ready; DROP TABLE lines")


def _summed(connection: Connection, table: str) -> list[NDArray[np.int32]]:
    """The columns of a table of keys and, last, customers, with distinct keys in their order."""
    found = connection.execute(
        f"SELECT * EXCLUDE (customers), sum(customers)::INTEGER AS customers FROM {table} GROUP BY ALL ORDER BY ALL"
    ).fetchnumpy()
    return [np.asarray(column, dtype=np.int32) for column in found.values()]


def is_past(connection: Connection, clock: Clock) -> bool:
    """Whether no usable mention is of the hour that has not ended, and no reply later than now."""
    later = f"asked + waited > {clock.minute}"
    mentions = f"SELECT count(*) FROM mentions WHERE state = {USABLE} AND (hour >= {clock.hour} OR {later})"
    counts = f"SELECT count(*) FROM ready_counts WHERE state = {USABLE} AND hour >= {clock.hour}"
    replies = f"SELECT count(*) FROM ready_replies WHERE state = {USABLE} AND {later}"
    return numbers(connection, f"SELECT ({mentions}) + ({counts}) + ({replies})") == (0,)


def reply_counts(connection: Connection, clock: Clock) -> ReplyCounts:
    """Counts of the usable mentions and of tables that were counted elsewhere.

    The versions of one record count once, with the reply that one of them has; a repeated line counts once, and of a
    table that repeats the exports only lines that these lack. A reply after now has not come yet.
    """
    first, end = (second // 60 for second in first_second(clock))
    come = f"asked + coalesce(waited, {clock.minute}) <= {clock.minute}"
    segment = "coalesce(segment, more_segments.code, 0)"
    columns = connection.execute(
        f"""
        WITH measured AS (SELECT usable.id, channel, {segment} AS segment, asked,
                CASE WHEN {come} THEN waited ELSE {UNANSWERED} END AS waited, open_wait FROM usable
            LEFT JOIN more_segments ON more_segments.name = other_segment WHERE asked IS NOT NULL),
        own AS (SELECT channel, segment, asked, waited, open_wait::INTEGER AS open_wait, sum(replies) AS replies FROM (
                SELECT max(channel) AS channel, max(segment) AS segment, min(asked) AS asked,
                    coalesce(min(waited) FILTER (waited >= 0), min(waited)) AS waited,
                    bool_or(open_wait) AS open_wait, 1 AS replies
                FROM measured WHERE id IS NOT NULL GROUP BY id
                UNION ALL SELECT * EXCLUDE (id), 1 FROM measured WHERE id IS NULL) GROUP BY ALL),
        lines AS (SELECT channel, called, {segment} AS segment, other_segment, asked, waited,
                max(replies) AS replies, bool_or(file IN (FROM repeating)) AS repeats
            FROM ready_replies LEFT JOIN more_segments ON more_segments.name = other_segment
            WHERE state = {USABLE} AND asked >= {first} AND asked < {end} GROUP BY ALL),
        theirs AS (SELECT channel, segment, asked, CASE WHEN {come} THEN waited ELSE {UNANSWERED} END AS waited,
                0 AS open_wait, repeats, sum(replies) AS replies FROM lines GROUP BY ALL)
        SELECT channel, segment, asked, waited, open_wait, sum(replies) AS replies FROM (FROM own
            UNION ALL SELECT theirs.* EXCLUDE (repeats, replies), theirs.replies - coalesce(own.replies, 0) AS replies
            FROM theirs LEFT JOIN (SELECT *, true AS repeats FROM own) AS own
                USING (channel, segment, asked, waited, repeats)
            WHERE theirs.replies > coalesce(own.replies, 0)
        ) GROUP BY ALL ORDER BY ALL
        """
    ).fetchnumpy()
    return ReplyCounts(*(np.asarray(columns[name], dtype=np.int32) for name in ReplyCounts._fields))
