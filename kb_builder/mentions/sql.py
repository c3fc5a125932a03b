"""The connection to the engine, and pieces of SQL: literals, and texts that may hold a time."""

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import duckdb  # it takes a tenth of a second

Connection: TypeAlias = "duckdb.DuckDBPyConnection"

NOT_READ: Final = "'nan'::DOUBLE"
"""SQL: the wait of a value that is not empty and can't be read."""


def sql_text(text: str) -> str:
    """``text`` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def may_be_time(value: str) -> str:
    """SQL: whether a text may hold a time; tools write zeros, dashes or words where there is none."""
    return f"regexp_matches({value}, '[1-9]')"
