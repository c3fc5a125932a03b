"""Findings about search: what it can't learn from, and names that it leaves out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kb_builder.errors import Finding, Severity
from kb_builder.mentions.export_names import is_export
from kb_builder.system import source_files

MENTIONS_FOLDER: Final = "content/mentions"
UNTRAINED: Final = "search-not-trained"


def untrained(config_file: str, questions: int) -> tuple[Finding, ...]:
    """A note if there are ``questions`` that search does not learn from, for want of a library."""
    if not questions:
        return ()
    message = f"search does not learn from {questions:,} phrasings: scikit-learn is not installed"
    hint = "pip install 'kb-builder[learn]', or set the option search: {learn: false}"
    return (Finding(config_file, 0, UNTRAINED, Severity.NOTE, message, hint),)


def unread_exports(root: Path) -> tuple[Finding, ...]:
    """A warning for each file among the mentions whose name is not that of an export."""
    message = "this file is not read: its name is not that of an export"
    hint = "use .csv, .json, .jsonl, .xlsx or .parquet, compressed as .gz or .zst or not"
    return tuple(
        Finding(path, 0, "unread-export", Severity.WARNING, message, hint)
        for path in source_files.walk(root, MENTIONS_FOLDER).paths
        if not is_export(path) and not path.lower().endswith(".md")
    )


def private_synonyms(language: str, names: Sequence[str]) -> tuple[Finding, ...]:
    """A note if synonyms are left out: ``names`` are those that name what is not released."""
    if not names:
        return ()
    path = f"content/synonyms/{language}.txt"
    count = "a synonym is" if len(names) == 1 else f"{len(names)} synonyms are"
    message = (
        f"{count} left out of customers' search, like “{names[0]}”: only articles that are not released are named so"
    )
    hint = "they count as soon as one is released, or as a released article has the word"
    return (Finding(path, 0, "private-synonym", Severity.NOTE, message, hint),)
