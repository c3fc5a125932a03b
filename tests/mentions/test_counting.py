from pathlib import Path

import pytest

from tests.made_mentions import LAST, customers, read, row, stream, write_csv


def test_a_customer_in_two_segments_is_one_customer(tmp_path: Path) -> None:
    mentions = read(
        write_csv(tmp_path / "m.csv", [row(LAST, "ann", "topic-a", segment=name) for name in ("islands", "plus")]),
        segments=["islands", "plus"],
    )
    assert [customers(mentions, "topic-a", segment) for segment in (0, 1, 2)] == [{LAST: 1}] * 3


def test_many_mentions_are_counted_in_parts_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(tmp_path / "m.csv", stream(days=20))
    whole = read(path).table(0)
    monkeypatch.setattr("kb_builder.mentions.counting._AT_ONCE", 300)
    assert (read(path).table(0) == whole).all()
