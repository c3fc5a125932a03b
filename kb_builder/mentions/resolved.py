"""Resolved mentions: those that support answered with an article. Their texts go to a learner and are not stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final

from kb_builder.mentions.export import Export
from kb_builder.mentions.files import engine_errors
from kb_builder.mentions.rows import CHANNEL_NAME, CUSTOMER, SOCIAL_CODES, clean_sql, sentence_sql
from kb_builder.mentions.sql import Connection
from kb_builder.mentions.text_use import Resolved
from kb_builder.mentions.times import TIME, Clock, timed_sql

LEARNED_CUSTOMERS: Final = 200
"""A sample of at most about this many customers per article; more add nothing."""
MENTIONS_EACH: Final = 3
"""Mentions of one customer per article."""

_FETCHED: Final = 10_000
_SAMPLED: Final = "hash(coalesce(customer_id, id, concat_ws(' ', time, channel, article_id, tag)))"
"""Chooses customers for the sample. It doesn't depend on the text, so that no word decides who is in it."""


def resolved_mentions(
    connection: Connection,
    exports: Sequence[Export],
    topics: Sequence[str],
    clock: Clock,
    reading: Callable[[int], AbstractContextManager[None]],
    since: datetime | None = None,
) -> Iterator[Resolved]:
    """The sampled resolved mentions, without copied posts and repeated records, in no particular order.

    Reads the exports again, because texts of resolved mentions are not stored. ``reading(size)`` reports progress.
    With ``since``, only mentions after that moment.
    """
    connection.execute(
        f"CREATE TABLE sampled AS SELECT topic, approx_count_distinct(customer) // {LEARNED_CUSTOMERS} + 1 AS nth"
        " FROM mentions WHERE topic >= 0 GROUP BY topic;"
        # The rows are counted, and take the memory that reading them again needs.
        "DROP TABLE mentions"
    )
    first = int(since.timestamp()) + 1 if since else 0
    for export in exports:
        answered = f"""
            SELECT ids.code AS topic, {CUSTOMER} AS customer, customer_id, raw.id, time, {clean_sql("text")} AS text,
                CASE WHEN channels.code IN ({SOCIAL_CODES}) THEN {sentence_sql("text")} END AS copied
            FROM ({export.rows_again}) AS raw JOIN ids ON ids.name = raw.article_id
            JOIN sampled ON sampled.topic = ids.code AND {_SAMPLED} % nth = 0
            LEFT JOIN channels ON channels.name = {CHANNEL_NAME.format("raw")}
            WHERE NOT excluded AND NOT broken
        """
        with engine_errors(export.shown), reading(export.size):
            if export.is_aggregate:
                continue
            cursor = connection.cursor().execute(
                f"""
                SELECT DISTINCT topic, person, text FROM (
                    SELECT topic, CASE WHEN customer_id IS NULL THEN '' ELSE customer::VARCHAR END AS person, text
                    FROM ({timed_sql(answered, export.clock(clock), TIME)}) ANTI JOIN copies USING (copied)
                    WHERE seconds BETWEEN {first} AND {int(clock.now.timestamp())}
                    QUALIFY customer_id IS NULL OR dense_rank() OVER (
                        PARTITION BY topic, customer ORDER BY hash(id, time)) <= {MENTIONS_EACH}
                )
                """
            )
            while rows := cursor.fetchmany(_FETCHED):
                for topic, person, text in rows:
                    yield topics[topic], person, text or ""
