"""Changes of the counts as rows arrived: what a build at an earlier hour would have counted.

A row is visible from the hour after it was written and exported; copied social posts become invisible when too many
accounts have posted the sentence. Whenever the visible rows of a customer change, so may the days on which the customer
counts, and the hour and channel of the first mention of such a day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kb_builder.mentions.counted import COPIES, COPY_DAYS, QUIET_DAYS, Arrivals
from kb_builder.mentions.sql import Connection

_Row: TypeAlias = tuple[int, int, int, int, int]
"""Day, hour (−1 when unknown), channel, and the hours from which and until which the row is visible."""
HISTORY_DAYS: Final = 80
"""Days before the first past hour whose counts its pins may depend on."""
_NEVER: Final = 1 << 30


def arrivals(connection: Connection, first_day: int, first_hour: int) -> Arrivals:
    """Changes of the counts from the day ``first_day`` on. ``first_hour`` is the hour at which day 0 begins."""
    connection.execute(
        f"""
        CREATE TABLE seen AS SELECT topic, coalesce(segment, more_segments.code, -1) AS segment, customer, day,
            coalesce(hour, -1) AS hour, channel, copied,
            greatest(coalesce(arrived, 0), coalesce(hour + 1, {first_hour} + (day + 1) * 24)) AS arrived
        FROM answered_with_copies LEFT JOIN more_segments ON more_segments.name = other_segment
        WHERE day >= {first_day - QUIET_DAYS};
        CREATE TABLE posts AS SELECT copied, day, customer, min(arrived) AS arrived FROM seen
        WHERE copied IN (SELECT copied FROM copies) GROUP BY ALL;
        CREATE TABLE removals AS SELECT copied, day, list_sort(list(arrived))[{COPIES + 1}] AS removed FROM (
            SELECT copied, each.day, customer, min(arrived) AS arrived
            FROM (SELECT DISTINCT copied, day FROM posts) AS each JOIN posts USING (copied)
            WHERE posts.day BETWEEN each.day - {COPY_DAYS} AND each.day + {COPY_DAYS} GROUP BY ALL)
        GROUP BY ALL HAVING count(*) > {COPIES}
        """
    )
    parts = [_changes(connection, "0"), _changes(connection, "segment")]
    table = np.concatenate(parts)
    table = table[table[:, 3] >= first_day]
    order = np.lexsort(table.T[::-1])
    return Arrivals(*table[order].T.astype(np.int32))


def _changes(connection: Connection, segment: str) -> NDArray[np.int64]:
    where = "true" if segment == "0" else "segment > 0"
    columns = connection.execute(
        f"""
        SELECT topic, {segment} AS segment, customer, day, hour, channel, min(arrived) AS arrived,
            coalesce(removed, {_NEVER}) AS removed
        FROM seen LEFT JOIN removals USING (copied, day) WHERE {where} AND arrived < coalesce(removed, {_NEVER})
        GROUP BY topic, {segment if segment != "0" else "customer"}, customer, day, hour, channel, removed
        ORDER BY topic, segment, customer, day, hour, channel, arrived
        """
    ).fetchnumpy()
    rows = np.stack([np.asarray(columns[name], dtype=np.int64) for name in _COLUMNS], axis=1)
    customer = np.asarray(columns["customer"])
    if not len(rows):
        return np.zeros((0, 7), dtype=np.int64)
    same = (rows[1:, :2] == rows[:-1, :2]).all(axis=1) & (customer[1:] == customer[:-1])
    edges = np.flatnonzero(np.concatenate([[True], ~same, [True]]))
    alone = edges[:-1][(np.diff(edges) == 1) & (rows[edges[:-1], 6] == _NEVER)]
    single = np.concatenate([rows[alone][:, [5, 0, 1, 2, 3, 4]], np.ones((len(alone), 1), dtype=np.int64)], axis=1)
    lone = set(alone.tolist())
    several = [
        (arrived, *rows[start, :2].tolist(), *key, change)
        for start, end in pairwise(edges.tolist())
        if start not in lone
        for arrived, key, change in _history([tuple(row) for row in rows[start:end, 2:].tolist()])
    ]
    return np.concatenate([single, np.array(several, dtype=np.int64).reshape(-1, 7)])


_COLUMNS = ("topic", "segment", "day", "hour", "channel", "arrived", "removed")


def _history(rows: Sequence[_Row]) -> Iterator[tuple[int, tuple[int, int, int], int]]:
    """(hour, (day, hour, channel), ±1) whenever the fresh days of a customer change. ``rows`` are in order."""
    before: set[tuple[int, int, int]] = set()
    for moment in sorted({hour for row in rows for hour in row[3:]} - {_NEVER}):
        first: dict[int, tuple[int, int, int]] = {}
        for day, hour, channel, arrived, removed in rows:
            known = first.get(day)
            if arrived <= moment < removed and (known is None or known[1] < 0 <= hour):
                first[day] = (day, hour, channel)
        days = sorted(first)
        fresh = {first[day] for last, day in pairwise([-_NEVER, *days]) if day - last > QUIET_DAYS}
        yield from ((moment, key, 1) for key in sorted(fresh - before))
        yield from ((moment, key, -1) for key in sorted(before - fresh))
        before = fresh
