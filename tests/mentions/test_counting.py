from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.made_mentions import LAST, PARTS, customers, read, row, stream, write_csv


def test_a_customer_in_two_segments_is_one_customer(tmp_path: Path) -> None:
    mentions = read(
        write_csv(tmp_path / "m.csv", [row(LAST, "ann", "topic-a", segment=name) for name in ("islands", "plus")]),
        segments=["islands", "plus"],
    )
    assert [customers(mentions, "topic-a", segment) for segment in (0, 1, 2)] == [{LAST: 1}] * 3


def test_many_mentions_are_counted_in_parts_with_the_same_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = stream(days=70)
    # Rows of two exports, a record that changed between them, and one whose customer is another's in the same file.
    again = [
        *rows[::40],
        rows[3] | {"article_id": "topic-b"},
        rows[5] | {"customer_id": "x", "time": f"{LAST}T13:00:00Z"},
    ]
    paths = [write_csv(tmp_path / "m.csv", [*rows, *again[-2:]]), write_csv(tmp_path / "again.csv", again)]
    whole = read(*paths)
    assert (whole.reading.duplicates, whole.reading.shared_ids) == (len(again) + 1, 1)
    for module in ("rows", "counting"):
        monkeypatch.setattr(f"kb_builder.mentions.{module}.AT_ONCE", 300)
    parts = read(*paths)
    assert parts.reading == whole.reading
    for name in ("counts", "hours"):
        one, other = getattr(parts, name), getattr(whole, name)
        assert all(np.array_equal(*columns) for columns in zip(one, other, strict=True)), name


@pytest.mark.parametrize("segment", ["", "islands", "undeclared"])
def test_days_and_hours_of_a_warehouse_together_count_nobody_twice(tmp_path: Path, segment: str) -> None:
    """The two tables of one warehouse are beside each other in the folder; one of them may be older."""
    days, hours, before = tmp_path / "days.csv", tmp_path / "hours.csv", LAST - timedelta(days=1)
    lines = [f"topic-a,{segment},{LAST}T{hour:02}:00:00Z,{count}" for hour, count in ((8, 3), (9, 4))]
    hours.write_text("\n".join(["topic,segment,hour,customers", *lines, ""]))
    lines = [f"topic-a,{segment},{day},{count}" for day, count in ((LAST, 7), (before, 5))]
    days.write_text("\n".join(["topic,segment,day,customers", *lines, f"topic-b,{segment},{LAST},2", ""]))
    both = read(days, hours, segments=["islands"])
    assert customers(both, "topic-a") == {before: 5, LAST: 7}
    assert customers(both, "topic-b") == {LAST: 2}
    assert both.hours.customers[both.hours.segment == 0].sum() == 7
    assert both.reading.rows == 5 == sum(getattr(both.reading, part) for part in PARTS)
    if segment == "islands":
        assert customers(both, "topic-a", 1) == {before: 5, LAST: 7}
    days.write_text(days.read_text().replace(f"{LAST},7", f"{LAST},9"))
    assert customers(read(days, hours, segments=["islands"]), "topic-a") == {before: 5, LAST: 9}
    days.write_text(days.read_text().replace(f"{LAST},9", f"{LAST},1"))
    assert customers(read(days, hours, segments=["islands"]), "topic-a") == {before: 5, LAST: 7}
