"""Phrases of unanswered mentions, for staff. Each needs at least five customers."""

from __future__ import annotations

from typing import Final

import numpy as np

from kb_builder.mentions.counted import WINDOW_DAYS, Phrases
from kb_builder.mentions.rows import numbers
from kb_builder.mentions.sql import Connection

RECENT_DAYS: Final = 14

_SAMPLE: Final = 300_000
_CANDIDATES: Final = 400
_BACKGROUND: Final = 200
_LONGEST_WORD: Final = 30
_TOKEN: Final = "[\\pL\\pN\\pM]+"
_MANY_DIGITS: Final = "\\d{5,}"


def phrases(connection: Connection, newest: int, fewest: int) -> Phrases:
    """Phrases in the unanswered mentions of the eleven weeks up to the day ``newest``."""
    first = newest - WINDOW_DAYS + 1
    (total,) = numbers(connection, f"SELECT count(*) FROM unanswered WHERE day BETWEEN {first} AND {newest}")
    if not total:
        return Phrases.none()
    nth = total // _SAMPLE + 1
    words = f"list_filter(regexp_extract_all(lower(text), '{_TOKEN}'), lambda w: length(w) <= {_LONGEST_WORD}"
    words += f" AND NOT regexp_matches(w, '{_MANY_DIGITS}'))"
    connection.execute(
        f"""
        CREATE TABLE said AS SELECT DISTINCT customer, day - {first} AS day, unnest(
                list_filter(words, lambda w: length(w) > 2)
                || list_transform(range(1, len(words)), lambda i: words[i] || ' ' || words[i + 1])
                || list_transform(range(1, len(words) - 1),
                    lambda i: words[i] || ' ' || words[i + 1] || ' ' || words[i + 2])) AS phrase
        FROM (SELECT customer, day, {words} AS words FROM unanswered
            WHERE day BETWEEN {first} AND {newest} AND customer % {nth} = 0 AND text <> '');
        CREATE TABLE shared AS SELECT * FROM said SEMI JOIN (
            SELECT phrase FROM said GROUP BY phrase HAVING count(DISTINCT customer) >= {fewest}) USING (phrase);
        CREATE TABLE fresh_said AS SELECT phrase, customer, day FROM (SELECT *, lag(day) OVER (
            PARTITION BY phrase, customer ORDER BY day) AS before FROM shared) WHERE coalesce(day - before, 99) > 7
        """
    )
    recent = f"count(*) FILTER (day >= {WINDOW_DAYS - RECENT_DAYS})"
    before = f"count(*) FILTER (day < {WINDOW_DAYS - RECENT_DAYS}) * {RECENT_DAYS / (WINDOW_DAYS - RECENT_DAYS)}"
    candidates = _names(
        connection,
        f"SELECT phrase FROM fresh_said GROUP BY phrase HAVING {recent} >= {fewest} AND {recent} >= 1.4 * {before}"
        f" ORDER BY {recent} - {before} DESC, phrase LIMIT {_CANDIDATES}",
    )
    background = _names(
        connection,
        "SELECT phrase FROM fresh_said WHERE NOT contains(phrase, ' ') GROUP BY phrase"
        f" ORDER BY count(*) DESC, phrase LIMIT {_BACKGROUND + _CANDIDATES}",
    )
    known = set(candidates)
    names = (*candidates, *[name for name in background if name not in known][:_BACKGROUND])
    (tested,) = numbers(connection, "SELECT count(DISTINCT phrase) FROM shared")
    connection.execute(
        "CREATE TABLE chosen AS SELECT unnest(?) AS phrase, unnest(range(?)) AS number", [list(names), len(names)]
    )
    daily = connection.execute(
        "SELECT number, day, count(*) AS customers FROM fresh_said JOIN chosen USING (phrase) GROUP BY ALL"
    ).fetchnumpy()
    counts = np.zeros((len(names), WINDOW_DAYS), dtype=np.int32)
    counts[daily["number"].astype(np.int64), daily["day"].astype(np.int64)] = daily["customers"]
    speakers = connection.execute(
        "SELECT DISTINCT number, dense_rank() OVER (ORDER BY customer) AS speaker"
        " FROM shared JOIN chosen USING (phrase)"
        f" WHERE number < {len(candidates)} AND day >= {WINDOW_DAYS - RECENT_DAYS} ORDER BY ALL"
    ).fetchnumpy()
    return Phrases(
        names,
        len(candidates),
        counts,
        speakers["number"].astype(np.int32),
        speakers["speaker"].astype(np.int32),
        tested,
    )


def _names(connection: Connection, query: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(query).fetchall()]
