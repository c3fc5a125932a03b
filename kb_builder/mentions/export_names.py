"""Recognises exports by their names."""

from typing import Final

SUFFIXES: Final = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".xls")
PACKED: Final = (".gz", ".zst")


def is_export(name: str) -> bool:
    """Whether the name of a file is one of an export."""
    lower = name.lower()
    if lower.rpartition("/")[2].startswith("~$"):  # a spreadsheet program writes it beside a file that is open
        return False
    for packed in PACKED:
        lower = lower.removesuffix(packed)
    return lower.endswith(SUFFIXES)
