"""The statement that counts customers in a team's own engine, transpiled by SQLGlot from one DuckDB statement."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

from kb_builder.errors import InputError, did_you_mean

Per: TypeAlias = Literal["day", "hour", "reply"]
DIALECTS: Final = MappingProxyType(
    {name: name for name in ("bigquery", "databricks", "duckdb", "postgres", "redshift", "snowflake", "spark", "trino")}
    | {"postgresql": "postgres"}
)
"""Value of ``--sql`` → SQLGlot's name."""

_CUSTOMERS: Final = """
WITH visit_days AS (
  SELECT
    article_id AS topic,
    COALESCE(segment, '') AS segment,
    COALESCE(customer_id, text, id) AS customer,
    CAST(time AT TIME ZONE '{zone}' AS DATE) AS local_day,
    MIN(time) AS first_time
  FROM mentions
  WHERE article_id IS NOT NULL
  GROUP BY 1, 2, 3, 4
), visits AS (
  SELECT
    topic,
    segment,
    local_day,
    first_time,
    DATE_DIFF(
      'day', LAG(local_day) OVER (PARTITION BY topic, segment, customer ORDER BY local_day), local_day
    ) AS silent
  FROM visit_days
)
SELECT topic, segment, {moment} AS {per}, COUNT(*) AS customers
FROM visits
WHERE silent IS NULL OR silent > 7
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
"""
_HOUR: Final = "DATE_TRUNC('hour', first_time)"
_PART_HOUR: Final = "DATE_TRUNC('hour', first_time + INTERVAL '{minutes}' MINUTE) - INTERVAL '{minutes}' MINUTE"
"""Hours of zones such as India's, whose days begin at half past: full hours of UTC would hold customers of two days."""
_WAITS: Final = """
WITH questions AS (
  SELECT
    MAX(channel) AS channel,
    MAX(segment) AS segment,
    MIN(time) AS asked,
    COALESCE(MIN(CASE WHEN first_reply_at >= time THEN first_reply_at END), MIN(first_reply_at)) AS replied
  FROM mentions
  WHERE id IS NOT NULL
  GROUP BY id
  UNION ALL
  SELECT channel, segment, time AS asked, first_reply_at AS replied
  FROM mentions
  WHERE id IS NULL
), waits AS (
  SELECT
    channel,
    COALESCE(segment, '') AS segment,
    DATE_TRUNC('minute', asked) AS asked,
    DATE_DIFF('second', asked, replied) AS seconds
  FROM questions
)
SELECT
  channel,
  segment,
  asked,
  CASE WHEN seconds < 0 THEN -1 ELSE CAST(CEIL(seconds / 60.0) AS INT) END AS waited,
  COUNT(*) AS replies
FROM waits
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
"""


def counting_statement(dialect: str, zone: str, per: Per) -> str:
    """SQL that counts fresh customers of the table ``mentions`` by topic, segment and day or hour; or, per reply, its
    questions by channel, segment, minute and the minutes that the first reply took.

    ``time`` and ``first_reply_at`` are timestamps with a time zone. Days are those of the time zone ``zone``, hours and
    minutes are UTC; hours begin when those of ``zone`` do.

    Raises :class:`InputError` for an unknown dialect and without SQLGlot.
    """
    if dialect not in DIALECTS:
        known = f"known: {', '.join(sorted(set(DIALECTS.values())))}"
        raise InputError(f'unknown SQL dialect "{dialect}"', hint=f"{did_you_mean(dialect, DIALECTS)} {known}".strip())
    try:
        import sqlglot
    except ImportError:
        raise InputError("--sql needs SQLGlot", hint='pip install "kb-builder[sql]"') from None
    statement = _WAITS
    if per != "reply":
        moment = "local_day" if per == "day" else _hour(zone)
        statement = _CUSTOMERS.format(zone=zone.replace("'", "''"), moment=moment, per=per)
    tree = sqlglot.parse_one(statement, read="duckdb")
    if DIALECTS[dialect] == "bigquery":
        # BigQuery's DATE_DIFF has no seconds.
        for node in tree.find_all(sqlglot.exp.DateDiff):
            if node.args["unit"].name.upper() == "SECOND":
                node.replace(sqlglot.exp.TimestampDiff(**node.args))
    return tree.sql(DIALECTS[dialect], pretty=True)


def _hour(zone: str) -> str:
    offset = datetime(2026, 1, 1, tzinfo=ZoneInfo(zone)).utcoffset() or timedelta()
    minutes = offset // timedelta(minutes=1) % 60
    return _PART_HOUR.format(minutes=minutes) if minutes else _HOUR
