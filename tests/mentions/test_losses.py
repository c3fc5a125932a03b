import json
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb_builder.errors import InputError
from kb_builder.mentions.losses import MOST, Losses
from tests.made_mentions import LAST, PARTS, Row, read, row, write_csv, write_jsonl

DAY: Final = timedelta(days=1)


def made(good: int, untimed: int, far: int, shared: int) -> list[Row]:
    rows = [row(LAST, f"c{number}", "topic-a", id=f"m{number}") for number in range(good)]
    rows += [{**row(LAST, f"u{number}", "topic-a", id=f"u{number}"), "time": "soon"} for number in range(untimed)]
    rows += [
        {**row(LAST, f"f{number}", "topic-a", id=f"f{number}"), "time": f"20{60 + number}-01-01T10:00:00Z"}
        for number in range(far)
    ]
    return rows + [row(LAST - number * DAY, f"s{number}", "topic-a", id="3609310") for number in range(shared + 1)]


def write(path: Path, rows: list[Row], broken: int, announced: int) -> Path:
    """The same rows as CSV, JSON lines, or the page of an API."""
    if path.suffix == ".csv":
        write_csv(path, rows)
        path.write_text(path.read_text() + "x,y\n" * broken)
    elif path.suffix == ".jsonl":
        write_jsonl(path, [*rows, *["not a row"] * broken])
    else:
        path.write_text(json.dumps({"count": announced, "mentions": [*rows, *["not a row"] * broken]}))
    return path


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([".csv", ".jsonl", ".json"]),
    st.integers(30, 150),
    *[st.sampled_from([0, 0, 1, 2, 4]) for _ in range(4)],
    st.sampled_from([0, 0, 3]),
)
def test_one_sum_of_losses_decides_whatever_the_reason_and_the_format(
    tmp_path: Path, suffix: str, good: int, untimed: int, far: int, shared: int, broken: int, missing: int
) -> None:
    rows = made(good, untimed, far, shared)
    missing *= suffix == ".json"
    expected = len(rows) + broken + missing
    lost = untimed + far + shared + broken + missing
    path = write(tmp_path / f"m{suffix}", rows, broken, expected)
    if lost > expected * MOST:
        with pytest.raises(InputError, match=rf"\b{lost} of {expected} rows\b.*, more than 5%"):
            read(path)
        return
    reading = read(path).reading
    assert (reading.bad, reading.shared_ids, reading.missing) == (untimed + far + broken, shared, missing)
    assert reading.rows == expected == sum(getattr(reading, part) for part in PARTS)


def test_each_reason_below_the_bound_is_too_much_together(tmp_path: Path) -> None:
    rows = made(good=90, untimed=2, far=2, shared=2)
    with pytest.raises(InputError) as caught:
        read(write_csv(tmp_path / "m.csv", rows))
    assert "6 of 97 rows are lost: 4 can't be used, 2 share their id with rows of other customers" in str(caught.value)


def test_a_file_that_lost_most_of_its_rows_is_refused_beside_a_large_one(tmp_path: Path) -> None:
    large = write_csv(tmp_path / "a.csv", made(good=800, untimed=0, far=0, shared=0))
    small = write_csv(tmp_path / "b.csv", [{**each, "id": f"b{each['id']}"} for each in made(2, 9, 0, 0)])
    with pytest.raises(InputError, match=r"b\.csv: error: 9 of 12 rows can't be used"):
        read(large, small)
    # One broken row of a day with few tickets does not stop the pins.
    few = write_csv(tmp_path / "b.csv", [{**each, "id": f"b{each['id']}"} for each in made(2, 1, 0, 0)])
    assert read(large, few).reading.bad == 1


def test_rounded_ids_of_one_day_are_lost_rows_too(tmp_path: Path) -> None:
    rows = [row(LAST, f"c{number}", "topic-a", id="360931000000") for number in range(40)]
    with pytest.raises(InputError, match="39 of 40 rows share their id"):
        read(write_csv(tmp_path / "m.csv", rows))
    # A ticket that was given to another customer between two exports of a day is one ticket.
    moved = [row(LAST, customer, "topic-a", id="1") for customer in ("ann", "bob")]
    assert read(write_csv(tmp_path / "m.csv", moved)).reading.duplicates == 1


def test_pages_of_two_tools_do_not_make_up_for_each_other(tmp_path: Path) -> None:
    def page(name: str, key: str, tickets: int, more: dict[str, object], announced: int) -> Path:
        found = [
            {"id": f"{key}{number}", "subject": "late", "created_at": f"{LAST}T10:00:00Z", **more}
            for number in range(tickets)
        ]
        path = tmp_path / name
        path.write_text(json.dumps({key: found, "count": announced}))
        return path

    zendesk = [page(f"z{number}.json", "tickets", 100, {"requester_id": str(number)}, 200) for number in range(2)]
    with pytest.raises(InputError, match="200 of 500 rows are announced") as caught:
        read(page("front.json", "_results", 100, {"recipient": {"handle": "a@b.example"}}, 300), *zendesk)
    assert caught.value.where.endswith("front.json")


def test_nothing_is_reported_where_nothing_is_lost() -> None:
    assert not Losses(0).too_many
    assert list(Losses(12).reasons()) == []
