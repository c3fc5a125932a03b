"""A file in a form that the engine, DuckDB, can read, and what was learned about it on the way there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

PREAMBLE: Final = 50
"""Most lines that a report writes before its header."""
AreColumns: TypeAlias = Callable[[Iterable[str]], bool]
"""Whether names of columns, or dotted paths of a JSON object, are those of a mention."""


@dataclass(frozen=True, slots=True)
class EngineFile:
    """A file that the engine can read. ``kind`` is ``csv``, ``jsonl`` or ``parquet``.

    ``rows`` is the number of rows where conversion counted them, else -1; ``announced`` is what an API said there are
    (0 if nothing), ``continues`` whether it said that this is not the last page; ``skipped`` counts lines before the
    header, ``others`` filled sheets of other columns, which are not read. ``delimiter`` is empty if unknown.
    """

    path: Path
    kind: str
    rows: int = -1
    announced: int = 0
    continues: bool | None = None
    """None where nothing was said about a next page."""
    skipped: int = 0
    others: int = 0
    delimiter: str = ""
