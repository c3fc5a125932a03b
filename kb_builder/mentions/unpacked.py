"""Which files are exports by their names, and a file that the engine can read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

SUFFIXES: Final = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".xls")
PACKED: Final = (".gz", ".zst")
PREAMBLE: Final = 50
"""Most lines that a report writes before its header."""
AreColumns: TypeAlias = Callable[[Iterable[str]], bool]
"""Whether names of columns, or dotted paths of a JSON object, are those of a mention."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file that the engine can read. ``kind`` is ``csv``, ``jsonl`` or ``parquet``.

    ``rows`` is the number of rows where unpacking counted them, else -1; ``announced`` is what an API said there are,
    ``continues`` whether it said that this is not the last page; ``skipped`` counts lines before the header, ``others``
    filled sheets that were not read. ``delimiter`` is empty if unknown.
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


def is_export(name: str) -> bool:
    """Whether the name of a file is one of an export."""
    lower = name.lower()
    if lower.rpartition("/")[2].startswith("~$"):  # a spreadsheet program writes it beside a file that is open
        return False
    for packed in PACKED:
        lower = lower.removesuffix(packed)
    return lower.endswith(SUFFIXES)
