"""Load exports into DuckDB tables of numbers, and count the outcome of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from kb_builder.mentions.channels import CHANNEL_CODES, CHANNELS, SOCIAL
from kb_builder.mentions.counted import EARLY, UNREADABLE, FileTally
from kb_builder.mentions.export import NOT_UTF8, Export
from kb_builder.mentions.formats import AGGREGATE
from kb_builder.mentions.replies import loading_sql
from kb_builder.mentions.rounded_ids import ROUNDED
from kb_builder.mentions.sql import Connection, sql_text
from kb_builder.mentions.time_forms import form_of
from kb_builder.mentions.times import (
    DAY,
    FIRST_SECOND,
    HOUR_DAYS,
    KEPT_DAYS,
    TIME,
    Clock,
    Moment,
    day_sql,
    has_hour_sql,
    local_sql,
    timed_sql,
)

SHORTEST_COPY: Final = 30
"""Fewest letters of a sentence that is checked for copies; shorter ones are common phrases."""
LONGEST_TEXT: Final = 2000
UNKNOWN: Final = -1
"""The topic of a mention whose article is not public or doesn't exist."""
USABLE, BAD, EXCLUDED, FUTURE, FAR, UNFINISHED = range(6)
"""States of a row. ``FAR`` is more than a year after now, until :func:`judge_far_times`. ``UNFINISHED`` is of the hour
that now is in, and counts when that has ended."""

_SHOWN_ROWS: Final = 10
FEWEST_TIMES: Final = 50
AT_ONCE: Final = 4_000_000
"""Rows that are grouped or sorted at once."""
_YEAR: Final = 366 * DAY
_NO_TIME: Final = f"coalesce(seconds < {FIRST_SECOND}, true)"
"""SQL: whether a row has no time, or one that was read in the wrong form."""
_UNREADABLE: Final = "no readable record"
_REJECTED: Final = {
    "MISSING COLUMNS": "too few columns",
    "TOO MANY COLUMNS": "too many columns",
    "UNQUOTED VALUE": "a quote that does not end, or is inside a value",
    "LINE SIZE OVER MAXIMUM": "a record too long to be one",
    "INVALID ENCODING": NOT_UTF8,
}
"""DuckDB's error type of an unparsable record → what is wrong with it."""


def make_tables(
    connection: Connection,
    topics: Sequence[str],
    aliases: Mapping[str, str],
    tags: Mapping[str, str],
    segments: Sequence[str],
) -> None:
    """Create the dictionaries that rows are joined with, and the tables for the rows."""
    code = {topic: index for index, topic in enumerate(topics)}
    dictionary(connection, "ids", {**{old: code[new] for old, new in aliases.items() if new in code}, **code})
    dictionary(connection, "tags", {tag: code[topic] for tag, topic in tags.items() if topic in code})
    dictionary(connection, "segments", {name: index + 1 for index, name in enumerate(segments)})
    dictionary(connection, "channels", {name: CHANNEL_CODES[channel] for name, channel in CHANNELS.items()})
    connection.execute(
        "CREATE TABLE mentions (file SMALLINT, state TINYINT, id UBIGINT, day SMALLINT, hour INTEGER, arrived INTEGER,"
        " channel TINYINT, customer UBIGINT,"
        " topic INTEGER, segment INTEGER, other_segment VARCHAR, copied UBIGINT, tag VARCHAR, text VARCHAR,"
        " asked INTEGER, waited INTEGER, open_wait BOOLEAN, naive BOOLEAN, unknown_channel BOOLEAN);"
        "CREATE TABLE ready_counts (file SMALLINT, state TINYINT, topic INTEGER, segment INTEGER,"
        " other_segment VARCHAR, day SMALLINT, hour INTEGER, customers BIGINT, shifted BOOLEAN);"
        "CREATE TABLE ready_replies (file SMALLINT, state TINYINT, channel TINYINT, called VARCHAR, segment INTEGER,"
        " other_segment VARCHAR, asked INTEGER, waited INTEGER, replies BIGINT, unknown_channel BOOLEAN)"
    )


def load(connection: Connection, number: int, export: Export, clock: Clock) -> None:
    """Add the rows of ``export`` to ``mentions``; those of an aggregate table to ``ready_counts`` or ``ready_replies``.

    The text of a mention with a known article is not stored. ``hour`` is in hours since 1970 (UTC), NULL for mentions
    without a time of day or before ``clock.first_hour``; ``arrived`` is the first full hour after the export of a row.
    """
    clock = export.clock(clock)
    if export.is_aggregate:
        load_counted = _load_counts if export.format.name == AGGREGATE else _load_replies
        load_counted(connection, number, export, clock)
        return
    now = int(clock.now.timestamp())
    moments, arrived, later = [TIME], "NULL", f"seconds > {now}"
    if export.has("exported_at"):
        moments.append(Moment("exported_at", "exported", "exported_naive"))
        arrived = "ceil(exported / 3600.0)::INTEGER"
        later += f" OR exported > {now}"
    measured = "NULL, NULL, NULL"
    if export.has("first_reply_at") or export.has("reply_minutes"):
        measured = loading_sql(clock, has_hour_sql("raw.time", clock))
        moments.append(Moment("first_reply_at", "replied", "replied_naive"))
    hour = f"CASE WHEN {has_hour_sql('raw.time', clock)} AND seconds >= {clock.first_hour * 3600}"
    connection.execute(
        f"""
        INSERT INTO mentions
        SELECT {number},
            CASE WHEN excluded THEN {EXCLUDED} WHEN broken OR {_NO_TIME} THEN {BAD}
                WHEN seconds > {now + _YEAR} THEN {FAR}
                WHEN {later} THEN {FUTURE} WHEN {arrived} > {clock.hour} THEN {UNFINISHED} ELSE {USABLE} END,
            CASE WHEN raw.id IS NOT NULL THEN hash({sql_text(export.format.tool)}, raw.id) END,
            {day_sql("seconds", clock)},
            {hour} THEN (seconds // 3600)::INTEGER END,
            {arrived},
            coalesce(channel_code, 0),
            {CUSTOMER},
            CASE WHEN ids.code IS NOT NULL THEN ids.code WHEN article_id IS NOT NULL THEN {UNKNOWN} END,
            segments.code,
            CASE WHEN segments.code IS NULL THEN lower(raw.segment) END,
            CASE WHEN channel_code IN ({SOCIAL_CODES}) THEN {sentence_sql("text")} END,
            CASE WHEN article_id IS NULL THEN lower(raw.tag) END,
            CASE WHEN ids.code IS NULL THEN {clean_sql("text")} END,
            {measured},
            naive,
            raw.channel <> '' AND channel_code IS NULL
        FROM (SELECT rows.*, channels.code AS channel_code
            FROM ({timed_sql(export.rows, clock, *moments)}) AS rows
            LEFT JOIN channels ON channels.name = {CHANNEL_NAME.format("rows")}) AS raw
        LEFT JOIN ids ON ids.name = raw.article_id
        LEFT JOIN segments ON segments.name = lower(raw.segment)
        """
    )


CHANNEL_NAME: Final = "regexp_replace(lower({}.channel), '[^a-z0-9]+', '_', 'g')"
SOCIAL_CODES: Final = ", ".join(str(CHANNEL_CODES[name]) for name in sorted(SOCIAL))
CUSTOMER: Final = "hash(coalesce(customer_id, text, id, concat_ws(' ', time, channel, article_id, tag)))"
"""Identifies a customer: by customer_id, else the text, else the id, else the whole row."""


_ENTITIES: Final = {
    "&#39;": "'", "&#x27;": "'", "&apos;": "'", "&rsquo;": "’", "&quot;": '"', "&lt;": "<", "&gt;": ">", "&amp;": "&",
}  # fmt: skip
"""Entities in texts exported as HTML → what they mean; ``&amp;`` last, so that nothing is decoded twice."""


def clean_sql(column: str) -> str:
    """Text without markup, links, addresses and handles, on one line, cut at a word within 2,000 characters."""
    signs = ("'@'", "'://'", "'<'", "'&'", "'  '", "chr(10)", "chr(9)")
    marks = " OR ".join(f"contains({column}, {sign})" for sign in signs)
    # The replacement costs as much as the rest of a row, and most texts have none of the signs.
    bare = f"trim(regexp_replace({column}, '(?:<[^<>]*>|&nbsp;|https?://\\S+|\\S*@\\S+|\\s)+', ' ', 'g'))"
    decoded = bare
    for entity, character in _ENTITIES.items():
        decoded = f"replace({decoded}, {sql_text(entity)}, {sql_text(character)})"
    bare = f"CASE WHEN contains({column}, '&') THEN {decoded} ELSE {bare} END"
    clean = f"CASE WHEN {marks} THEN {bare} ELSE {column} END"
    # Half of a word could be another word, which nobody wrote; after a whole one there is a space.
    whole = f"regexp_replace(left(({clean}) || ' ', {LONGEST_TEXT + 1}), '\\s\\S{{1,40}}$', '')"
    cut = f"rtrim(left({whole}, {LONGEST_TEXT}))"
    return f"CASE WHEN strlen({column}) > {LONGEST_TEXT} THEN {cut} ELSE {clean} END"


def sentence_sql(column: str) -> str:
    """Hash of a text's letters without links, handles and digits, equal for copies; NULL for short texts."""
    clean = f"lower({clean_sql(column)})"
    length = f"length(trim(regexp_replace({clean}, '[\\d\\s]+', ' ', 'g')))"
    return f"CASE WHEN {length} >= {SHORTEST_COPY} THEN hash(regexp_replace({clean}, '^rt |[^\\pL]+', '', 'g')) END"


def bad_rows(connection: Connection, export: Export, clock: Clock) -> tuple[tuple[int, str], ...]:
    """(row number, what is wrong) of the first unusable rows of a file; a header is row 1."""
    clock = export.clock(clock)
    rejected: dict[int, str] = {}
    if export.rejects:
        query = f"SELECT line, min(error_type::VARCHAR) FROM {export.rejects} GROUP BY line ORDER BY line"
        rows = connection.execute(f"{query} LIMIT {_SHOWN_ROWS}").fetchall()
        rejected = {int(line): _REJECTED.get(str(kind), _UNREADABLE) for line, kind in rows}
    no_time = f"no usable time in the column {export.time_column}"
    far = f"a time before 1990 or more than a year from now in the column {export.time_column}"
    problems = f"CASE WHEN broken THEN {sql_text(_UNREADABLE)} WHEN excluded THEN NULL"
    problems += f" WHEN seconds < {FIRST_SECOND} OR seconds > {int(clock.now.timestamp()) + _YEAR}"
    problems += f" THEN {sql_text(far)} WHEN seconds IS NULL THEN {sql_text(no_time)} END"
    if export.is_aggregate:
        problems = f"CASE WHEN broken THEN {sql_text(_UNREADABLE)}"
        for column, wrong in _bad_columns(export).items():
            problems += f" WHEN {wrong} THEN {sql_text(f'no usable {column}')}"
        problems += " END"
    written = "CAST(NULL AS VARCHAR)" if export.is_aggregate else "time"
    before = export.found.skipped + (export.found.kind == "csv")
    numbered = f"SELECT row_number() OVER () + {before} AS number, * FROM ({export.rows_again})"
    if not export.is_aggregate:
        numbered = timed_sql(numbered, clock, TIME)
    rows = connection.execute(
        f"SELECT number, {problems} AS problem, {written} FROM ({numbered}) AS raw"
        f" WHERE problem IS NOT NULL ORDER BY number LIMIT {_SHOWN_ROWS}"
    ).fetchall()
    # Unparsable records have no row number, so add those that come before.
    found = rejected.copy()
    for number, problem, time in rows:
        for line in rejected:
            number += line <= number
        form = form_of(str(time)) if problem in (no_time, far) else ""
        found[number] = f"{problem}, written like {form}" if "9" in form else str(problem)
    return tuple(sorted(found.items())[:_SHOWN_ROWS])


def has_rounded_ids(connection: Connection, export: Export) -> bool:
    """Whether a file has an id as a spreadsheet abbreviates long numbers."""
    query = f"SELECT count(*) FROM ({export.rows_again}) WHERE regexp_full_match(trim(id), {sql_text(ROUNDED)})"
    return numbers(connection, query)[0] > 0


def judge_far_times(connection: Connection) -> None:
    """Decide on the times more than a year after now: those of a few rows are wrong, those of most rows of a file say
    that the clock is behind."""
    connection.execute(
        f"""
        UPDATE mentions SET state = CASE WHEN file IN (SELECT file FROM mentions GROUP BY file
            HAVING 2 * count(*) FILTER (state = {FAR}) > count(*)) THEN {FUTURE} ELSE {BAD} END
        WHERE state = {FAR}
        """
    )


def ignore_import_times(connection: Connection) -> None:
    """Remove the hours of files in which most times are in one hour of the day: dates, or times of a nightly import."""
    connection.execute(
        f"""
        UPDATE mentions SET hour = NULL WHERE file IN (SELECT file FROM (
            SELECT file, count(*) AS times FROM mentions WHERE state = {USABLE} AND hour IS NOT NULL
            GROUP BY file, hour % 24
        ) GROUP BY file HAVING sum(times) >= {FEWEST_TIMES} AND max(times) > sum(times) / 2)
        """
    )


def find_repeated_ids(connection: Connection) -> None:
    """Create ``repeated_ids``, the ids that several usable rows have, of whatever file.

    Nearly all ids are of one row. Sorted here, in parts, they take a tenth of the time of the engine's groups, and a
    bounded part of its memory.
    """
    connection.execute("CREATE TABLE repeated_ids (id UBIGINT)")
    parts = numbers(connection, "SELECT count(*) FROM mentions")[0] // AT_ONCE + 1
    for part in range(parts):
        found = connection.execute(
            f"SELECT id FROM mentions WHERE state = {USABLE} AND day >= 0 AND id % {parts} = {part}"
        ).fetchnumpy()
        ids = np.sort(np.asarray(found["id"]))
        connection.register("repeated_part", {"id": np.unique(ids[1:][ids[1:] == ids[:-1]])})
        connection.execute("INSERT INTO repeated_ids SELECT id FROM repeated_part")
        connection.unregister("repeated_part")


def tally(connection: Connection, exports: Sequence[Export]) -> list[FileTally]:
    """Outcome of the rows of each file, in the order of ``exports``."""
    usable = f"state = {USABLE}"
    recent = f"{usable} AND day >= {KEPT_DAYS - HOUR_DAYS}"
    found = {
        int(file): FileTally(*map(int, numbers))
        for file, *numbers in connection.execute(
            f"""
            SELECT file, count(*), count(*) FILTER (state = {BAD}), count(*) FILTER (state = {EXCLUDED}),
                count(*) FILTER (state = {FUTURE}), count(*) FILTER (state = {UNFINISHED}),
                count(*) FILTER ({usable} AND day < 0),
                count(*) FILTER ({usable} AND naive), count(*) FILTER ({usable} AND topic = {UNKNOWN}),
                count(*) FILTER ({usable} AND unknown_channel), count(*) FILTER ({usable} AND waited = {EARLY}),
                count(*) FILTER ({usable} AND waited = {UNREADABLE}),
                count(*) FILTER ({recent}), count(*) FILTER ({recent} AND hour IS NULL),
                count(*) FILTER ({usable} AND shifted)
            FROM (SELECT file, state, day, hour, naive, topic, unknown_channel, waited, false AS shifted FROM mentions
                UNION ALL SELECT file, state, day, 0, false, topic, false, NULL, shifted FROM ready_counts
                UNION ALL SELECT file, state, {KEPT_DAYS}, 0, false, NULL, unknown_channel, waited, false
                FROM ready_replies)
            GROUP BY file
            """
        ).fetchall()
    }
    shared = _shared_ids(connection)
    tallies = []
    for number, export in enumerate(exports):
        rejected = f"SELECT count(DISTINCT line) FROM {export.rejects}"
        more = numbers(connection, rejected)[0] if export.rejects else 0
        each = found.get(number, FileTally())
        tallies.append(each._replace(rows=each.rows + more, bad=each.bad + more, shared=shared.get(number, 0)))
    return tallies


def _shared_ids(connection: Connection) -> Mapping[int, int]:
    """Number of a file → its rows that have the id of another customer's row in the same file.

    A record that changed between two exports keeps its customer or its day, and rows exported twice keep both.
    """
    rows = connection.execute(
        "SELECT file, sum(customers - 1) FROM (SELECT file, count(DISTINCT customer) AS customers FROM mentions"
        f" SEMI JOIN repeated_ids USING (id) WHERE state = {USABLE} AND day >= 0 GROUP BY file, id"
        " HAVING min(customer) <> max(customer) AND (min(day) <> max(day) OR customers > 2))"
        " GROUP BY file ORDER BY file"
    ).fetchall()
    return {int(file): int(lost) for file, lost in rows}


def _load_counts(connection: Connection, number: int, export: Export, clock: Clock) -> None:
    # Hours begin at half past where the zone's do; their customers count in the full hour that begins within them.
    today, now = clock.today - clock.first_day, int(clock.now.timestamp())
    connection.execute(
        f"""
        INSERT INTO ready_counts
        SELECT {number},
            CASE WHEN {_bad_sql(export)} THEN {BAD}
                WHEN date > {today} OR begin > {now} THEN {FUTURE}
                WHEN begin + 3600 > {now} THEN {UNFINISHED} ELSE {USABLE} END,
            coalesce(ids.code, tags.code, {UNKNOWN}), segments.code,
            CASE WHEN segments.code IS NULL THEN lower(raw.segment) END,
            greatest(-1, date)::SMALLINT, ceil(begin / 3600)::INTEGER, {_count_sql("customers")},
            coalesce({local_sql("begin", clock)} % 3600 <> 0, false)
        FROM (SELECT *, CASE WHEN by_hour THEN {day_sql("begin", clock)}
                ELSE least({today} + 1, date_diff('day', DATE '1970-01-01', try_cast(day[:10] AS DATE))
                    - {clock.first_day}) END AS date
            FROM (SELECT *, CASE WHEN by_hour THEN epoch_us(try_cast(day AS TIMESTAMPTZ)) // 1000000 END AS begin
                FROM ({export.rows}))) AS raw
        LEFT JOIN ids ON ids.name = raw.topic LEFT JOIN tags ON tags.name = lower(raw.topic)
        LEFT JOIN segments ON segments.name = lower(raw.segment)
        """
    )


def _load_replies(connection: Connection, number: int, export: Export, clock: Clock) -> None:
    now = int(clock.now.timestamp()) // 60
    connection.execute(
        f"""
        INSERT INTO ready_replies
        SELECT {number},
            CASE WHEN {_bad_sql(export)} THEN {BAD} WHEN minute > {now} THEN {FUTURE} ELSE {USABLE} END,
            coalesce(channels.code, 0), lower(raw.channel), segments.code,
            CASE WHEN segments.code IS NULL THEN lower(raw.segment) END,
            minute, CASE WHEN wait < 0 THEN {EARLY} ELSE wait END, {_count_sql("replies")},
            channel <> '' AND channels.code IS NULL
        FROM (SELECT *, (epoch_us(try_cast(asked AS TIMESTAMPTZ)) // 60000000)::INTEGER AS minute,
                {_count_sql("waited")}::INTEGER AS wait FROM ({export.rows})) AS raw
        LEFT JOIN channels ON channels.name = {CHANNEL_NAME.format("raw")}
        LEFT JOIN segments ON segments.name = lower(raw.segment)
        """
    )


_MOMENT: Final = "regexp_matches({0}, '^\\d{{4}}-\\d{{2}}-\\d{{2}}($|[T ])') AND try_cast({0}{1}) IS NOT NULL"
_COUNT: Final = "regexp_full_match({}, '\\d{{1,9}}(?:\\.0+)?')"
"""Data frames write 12 as 12.0 when a number of the column is missing."""


def _count_sql(column: str) -> str:
    return f"try_cast(split_part({column}, '.', 1) AS BIGINT)"


def _bad_columns(export: Export) -> Mapping[str, str]:
    """Column of an aggregate table → SQL for an unusable value in it, of a row that is called ``raw``."""
    if export.format.name == AGGREGATE:
        needed = {"day": _MOMENT.format("raw.day", "[:10] AS DATE"), "customers": _COUNT.format("raw.customers")}
        found = {"topic": "raw.topic IS NULL"}
    else:
        needed = {"asked": _MOMENT.format("raw.asked", " AS TIMESTAMPTZ"), "replies": _COUNT.format("raw.replies")}
        wait = _COUNT.format("ltrim(raw.waited, '-')")
        found = {"waited": f"NOT (raw.waited IS NULL OR {wait})"}
    return found | {column: f"NOT coalesce({usable}, false)" for column, usable in needed.items()}


def _bad_sql(export: Export) -> str:
    return " OR ".join(("broken", *_bad_columns(export).values()))


def dictionary(connection: Connection, table: str, codes: Mapping[str, int]) -> None:
    """Create ``table`` with the columns ``name`` and ``code``."""
    connection.execute(f"CREATE TABLE {table} (name VARCHAR, code INTEGER)")
    connection.execute(
        f"INSERT INTO {table} SELECT unnest(?::VARCHAR[]), unnest(?::INTEGER[])", [list(codes), list(codes.values())]
    )


def numbers(connection: Connection, query: str) -> tuple[int, ...]:
    """Every number that ``query`` returns, row by row; NULL is 0."""
    return tuple(int(value or 0) for row in connection.execute(query).fetchall() for value in row)
