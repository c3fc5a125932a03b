"""Measures search quality with labelled queries: success@1, success@3, MRR@10."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kb_builder.errors import InputError
from kb_builder.system import source_files
from search_index.reader import Reader

_DEPTH: Final = 10
_HINT: Final = "each row has a query and the id of its article: text,article_id"


@dataclass(frozen=True, slots=True)
class Query:
    """A query and the ids of the articles that answer it."""

    text: str
    article_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares of the queries, 0 to 1. ``mrr_at_10`` is the mean reciprocal rank of the first relevant article (Voorhees,
    TREC-8 1999); ranks below 10 count as 0."""

    queries: int
    success_at_1: float
    success_at_3: float
    mrr_at_10: float
    no_result: float


def read_queries(path: Path) -> tuple[Query, ...]:
    """The queries of a CSV or JSON-lines file.

    ``article_id`` may name several articles, separated by ``|``. Raises :class:`InputError` with ``path:line``.
    """
    folder, name = path.parent, path.name
    if not path.is_file():
        raise InputError("no such file", where=str(path), hint=_HINT)
    text = source_files.read_text(folder, name)
    rows = _json_lines(text, path) if path.suffix in (".jsonl", ".ndjson") else _csv_rows(text, path)
    queries = tuple(Query(words, tuple(filter(None, (part.strip() for part in ids.split("|"))))) for words, ids in rows)
    if not queries:
        raise InputError("the file has no queries", where=str(path), hint=_HINT)
    return queries


def _csv_rows(text: str, path: Path) -> Iterator[tuple[str, str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if not {"text", "article_id"} <= set(reader.fieldnames or ()):
        raise InputError("the header must be text,article_id", where=f"{path}:1", hint=_HINT)
    try:
        for row in reader:
            yield _pair(row, path, reader.line_num)
    except csv.Error:
        raise InputError("this line is not valid CSV", where=f"{path}:{reader.line_num}", hint=_HINT) from None


def _json_lines(text: str, path: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError:
                raise InputError("this line is not valid JSON", where=f"{path}:{number}", hint=_HINT) from None
            yield _pair(row if isinstance(row, dict) else {}, path, number)


def _pair(row: dict[str, Any], path: Path, line: int) -> tuple[str, str]:
    words, ids = row.get("text"), row.get("article_id")
    if not (isinstance(words, str) and isinstance(ids, str) and words.strip() and ids.strip()):
        raise InputError("the text or the article_id is missing", where=f"{path}:{line}", hint=_HINT)
    return words, ids


def evaluate(reader: Reader, queries: Sequence[Query]) -> Scores:
    """Runs every query and counts the rank of the first right article."""
    return evaluate_all([(reader, queries)])


def evaluate_all(runs: Sequence[tuple[Reader, Sequence[Query]]]) -> Scores:
    """The scores over all queries, each asked of its own reader."""
    at_1 = at_3 = without_result = 0
    reciprocal = 0.0
    for reader, queries in runs:
        for query in queries:
            hits = reader.search(query.text, limit=_DEPTH).hits
            without_result += not hits
            rank = next((place for place, hit in enumerate(hits, start=1) if hit.id in query.article_ids), 0)
            at_1 += rank == 1
            at_3 += 1 <= rank <= 3
            reciprocal += 1 / rank if rank else 0
    count = sum(len(queries) for _, queries in runs)
    return Scores(
        queries=count,
        success_at_1=round(at_1 / count, 4),
        success_at_3=round(at_3 / count, 4),
        mrr_at_10=round(reciprocal / count, 4),
        no_result=round(without_result / count, 4),
    )
