"""Search quality measured with labelled queries."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from kb_builder.errors import InputError
from kb_builder.support.evaluation import Query, evaluate, read_queries
from tests.centres import put


@dataclass
class Hit:
    id: str


@dataclass
class Results:
    hits: list[Hit]


class Fixed:
    """Returns fixed results for each query."""

    def __init__(self, **found: str) -> None:
        self.found = found

    def search(self, query: str, limit: int = 10) -> Results:
        return Results([Hit(id) for id in self.found.get(query, "")][:limit])


def test_scores_use_the_first_relevant_article() -> None:
    reader = Fixed(one="abc", two="bac", four="xyza", none="")
    queries = [Query("one", ("a",)), Query("two", ("a",)), Query("four", ("a", "q")), Query("none", ("a",))]
    scores = evaluate(reader, queries)
    assert scores.queries == 4
    assert scores.success_at_1 == 0.25
    assert scores.success_at_3 == 0.5
    assert scores.mrr_at_10 == round((1 + 1 / 2 + 1 / 4) / 4, 4)
    assert scores.no_result == 0.25


def test_csv_and_json_lines_give_the_same_queries(tmp_path: Path) -> None:
    table = put(tmp_path, "q.csv", 'text,article_id\n"Hello, you",greet\n"where?",here|there\n')
    lines = put(
        tmp_path, "q.jsonl",
        '{"text": "Hello, you", "article_id": "greet"}\n\n{"text": "where?", "article_id": "here|there"}\n',
    )  # fmt: skip
    assert read_queries(table) == read_queries(lines) == (
        Query("Hello, you", ("greet",)),
        Query("where?", ("here", "there")),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("q.csv", "question,id\nx,y\n", "q.csv:1"),
        ("q.csv", "text,article_id\nok,a\nalone\n", "q.csv:3"),
        ("q.csv", "text,article_id\n,a\n", "q.csv:2"),
        ("q.csv", "text,article_id\n", "q.csv"),
        ("q.jsonl", '{"text": "x", "article_id": "a"}\n{oops\n', "q.jsonl:2"),
        ("q.jsonl", "[1, 2]\n", "q.jsonl:1"),
        ("q.jsonl", '{"text": "x", "article_id": 7}\n', "q.jsonl:1"),
    ],
)
def test_invalid_rows_are_reported_with_their_line(tmp_path: Path, name: str, text: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        read_queries(put(tmp_path, name, text))
    assert caught.value.where.endswith(place)
    assert caught.value.hint


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_queries(tmp_path / "gone.csv")
