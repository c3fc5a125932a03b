"""Whatever a tool exports becomes CSV, JSON lines or Parquet, or is refused by the name of its problem."""

import csv
import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.errors import InputError
from kb_builder.mentions.conversion import converted
from kb_builder.mentions.engine_file import EngineFile

ROWS = [{"id": number, "created_at": "2026-04-28T10:00:00Z", "subject": f"späte {number}"} for number in range(3)]
HEADER = "id,created_at,text\n"


def engine_file(folder: Path, name: str, data: bytes) -> EngineFile:
    (folder / "in").mkdir(exist_ok=True)
    (folder / "scratch").mkdir(exist_ok=True)
    path = folder / "in" / name
    path.write_bytes(data)
    return converted(path, name, folder / "scratch", 1, are_columns)


def are_columns(names: Iterable[str]) -> bool:
    return "created_at" in {name.strip().lower() for name in names}


def rows(made: EngineFile) -> list[object]:
    return [json.loads(line) for line in made.path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "wrap",
    [
        lambda rows: rows,
        lambda rows: {"tickets": rows, "count": 3},
        lambda rows: {"zendesk_tickets": rows},
        lambda rows: {"_embedded": {"conversations": rows}, "page": {"number": 1}},
        lambda rows: {"next": "x", "_results": rows},
        lambda rows: {"data": {"items": rows}},
    ],
    ids=["array", "tickets", "wrapped", "embedded", "results", "deep"],
)
@pytest.mark.parametrize("suffix", [".json", ".jsonl"])
def test_json_of_any_wrapping_is_one_row_a_line(tmp_path: Path, suffix: str, wrap, indent) -> None:
    made = engine_file(tmp_path, f"m{suffix}", json.dumps(wrap(ROWS), indent=indent).encode())
    assert rows(made) == ROWS
    assert made.rows == 3


def test_lines_of_rows_are_left_as_they_are_and_pages_on_lines_are_opened(tmp_path: Path) -> None:
    lines = "".join(json.dumps(row) + "\n" for row in ROWS)
    assert engine_file(tmp_path, "a.jsonl", lines.encode()).path == tmp_path / "in" / "a.jsonl"
    pages = "".join(json.dumps({"tickets": [row], "count": 9}) + "\n" for row in ROWS)
    made = engine_file(tmp_path, "b.jsonl", pages.encode())
    assert rows(made) == ROWS
    assert made.announced == 9


@pytest.mark.parametrize("data", [b'{"tickets": [], "count": 0}', b"[]", b'{"results": []}'])
def test_an_empty_answer_is_no_rows(tmp_path: Path, data: bytes) -> None:
    made = engine_file(tmp_path, "m.json", data)
    assert (made.rows, rows(made)) == (0, [])


def test_a_count_after_the_rows_is_found(tmp_path: Path) -> None:
    data = json.dumps({"tickets": ROWS, "next_page": None, "count": 200}).encode()
    assert engine_file(tmp_path, "m.json", data).announced == 200


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("m.json", b'{"error": "Couldn\'t authenticate you"}', "an error message of the API"),
        ("m.jsonl", b'{"errors": [{"message": "x"}]}', "an error message of the API"),
        ("m.json", b"<!doctype html><title>Sign in</title>", "perhaps a login page"),
        ("m.csv", b"<html><body>Log in</body></html>", "perhaps a login page"),
        ("m.json", b'{"tickets": [{"created_at": 1}, {"id": 2', "ends in the middle, after 1 row"),
        ("m.json", b'{"tick', "ends in the middle"),
        ("m.json", b"nothing", "not JSON"),
        ("m.csv.gz", gzip.compress(b"id,created_at\n1,2\n", mtime=0)[:-9], "damaged or cut off"),
        ("m.csv.zst", b"nothing", "damaged or cut off"),
        ("m.xlsx", b"nothing", "can't be read as a spreadsheet"),
    ],
)
def test_what_can_not_be_read_is_refused_by_its_name(tmp_path: Path, name: str, data: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as refused:
        engine_file(tmp_path, name, data)
    assert refused.value.where == name
    assert "nothing" not in str(refused.value)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress], ids=["gz", "zst"])
def test_compressed_files(tmp_path: Path, pack) -> None:
    suffix = ".gz" if pack is gzip.compress else ".zst"
    made = engine_file(tmp_path, f"m.csv{suffix}", pack(f"{HEADER}1,2,é\n".encode()))
    assert made.path.read_text("utf-8") == f"{HEADER}1,2,é\n"
    made = engine_file(tmp_path, f"m.json{suffix}", pack(json.dumps(ROWS).encode()))
    assert rows(made) == ROWS


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("before", ["", "sep=,\n", "Report: tickets\nMade today\n\n", "\n\n"])
def test_csv_in_any_encoding_and_with_lines_before_its_header(tmp_path: Path, before: str, encoding: str) -> None:
    made = engine_file(tmp_path, "m.csv", f"{before}{HEADER}1,2,é\n".encode(encoding))
    assert made.path.read_text("utf-8-sig") == f"{HEADER}1,2,é\n"


def test_a_separator_line_names_the_delimiter(tmp_path: Path) -> None:
    made = engine_file(tmp_path, "m.csv", b"sep=;\r\nid;created_at;text\r\n1;2;a,b\r\n")
    assert made.path.read_text("utf-8").splitlines() == ["id;created_at;text", "1;2;a,b"]


def test_a_header_with_line_breaks_is_put_on_one_line(tmp_path: Path) -> None:
    made = engine_file(tmp_path, "m.csv", b'id,created_at,"Score\n(1-5)"\n1,2,5\n')
    assert made.path.read_text("utf-8") == "id,created_at,Score (1-5)\n1,2,5\n"


@given(
    st.lists(st.text(alphabet='ab,;"\n x', min_size=1, max_size=6), max_size=4),
    st.lists(st.text("xy \n", max_size=8).filter(lambda line: "created_at" not in line), max_size=3),
)
def test_rows_survive_whatever_stands_before_and_in_the_header(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], before: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    path = folder / "source.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(f"{line.replace(chr(10), ' ')}\n" for line in before)
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["created_at", *names])
        writer.writerow(["2026", *names])
    made = engine_file(folder, "m.csv", path.read_bytes())
    with made.path.open(encoding="utf-8", newline="") as stream:
        found = list(csv.reader(stream))
    assert found[-1] == ["2026", *names]
    assert found[0][0] == "created_at"


def test_a_spreadsheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["A note, which is no export"])
    sheet = book.create_sheet("Tickets")
    sheet.append(["Tickets of April"])
    sheet.append(["ID", "created_at", "text"])
    sheet.append([360931076425, "2026-04-28 10:00", "late"])
    (tmp_path / "in").mkdir()
    book.save(tmp_path / "in" / "t.xlsx")
    made = engine_file(tmp_path, "t.xlsx", (tmp_path / "in" / "t.xlsx").read_bytes())
    assert made.path.read_text("utf-8") == "ID,created_at,text\n360931076425,2026-04-28 10:00,late\n"
    assert (made.rows, made.others) == (1, 0)
