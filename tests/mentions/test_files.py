"""Every kind of file, dialect and damage: a row is read, or costs itself and nothing else."""

import json
import os
import traceback
from pathlib import Path

import duckdb
import pytest

from kb_builder.errors import InputError
from kb_builder.mentions.settings import TrendingSettings
from tests.made_mentions import LAST, TOPICS, customers, people, read, row, stream, write_csv, write_jsonl

A, B = TOPICS[:2]


# Kinds of file


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_csv_dialects(tmp_path: Path, delimiter: str, ending: str, mark: bytes) -> None:
    lines = [delimiter.join(("id", "time", "customer_id", "article_id", "text"))]
    for number in range(4):
        text = f'"one{ending}two, three; four"' if number else '"say ""hi"""'
        lines.append(delimiter.join((str(number), f"{LAST}T08:00:00Z", f"c{number}", A, text)))
    path = tmp_path / "m.csv"
    path.write_bytes(mark + ending.join(lines).encode())
    assert people(path) == 4


@pytest.mark.parametrize("name", ["export [1].csv", "what*.jsonl", "it's “new”?.csv"])
def test_special_characters_in_file_names(tmp_path: Path, name: str) -> None:
    write = write_csv if name.endswith(".csv") else write_jsonl
    assert people(write(tmp_path / name, [row(LAST, "ann", A)])) == 1


def test_line_endings_may_be_mixed(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    rows = [f"{n},{LAST}T08:00:00Z,c{n},{A}" + ("\r\n" if n % 2 else "\n") for n in range(10)]
    path.write_text("".join(["id,time,customer_id,article_id\n", *rows]), newline="")
    assert people(path) == 10


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(f"id,time,customer_id,article_id\n\n1,{LAST},c1,{A}\n\n\n2,{LAST},c2,{A}\n\n")
    mentions = read(path)
    assert (mentions.reading.rows, mentions.reading.bad) == (2, 0)


def test_jsonl_with_blank_lines_and_values_of_every_kind(tmp_path: Path) -> None:
    path = write_jsonl(
        tmp_path / "m.jsonl",
        [
            {"id": 1, "time": 1777536000, "customer_id": 7, "article_id": A, "tag": None, "text": "a\u0000b"},
            {"id": 2, "time": 1777536000123, "customer_id": 8, "article_id": A, "tag": ["x"], "text": "<b>é</b>"},
        ],
    )
    path.write_text(path.read_text() + "\n\n")
    mentions = read(path)
    assert (mentions.reading.rows, mentions.reading.bad) == (2, 0)
    assert customers(mentions, A) == {LAST: 2}


def test_a_key_that_only_later_lines_have_is_read(tmp_path: Path) -> None:
    rows = [{"id": str(n), "time": f"{LAST}T08:00:00Z", "customer_id": f"c{n}", "text": "x"} for n in range(1500)]
    path = write_jsonl(tmp_path / "m.ndjson", [*rows, {**rows[0], "id": "z", "customer_id": "z", "article_id": A}])
    assert people(path) == 1


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "m.parquet"
    duckdb.execute(
        f"COPY (SELECT range AS id, TIMESTAMPTZ '{LAST} 08:00:00+00' AS time, 'c' || range AS customer_id,"
        f" '{A}' AS article_id, ['x', 'y'] AS tag FROM range(6)) TO '{path}' (FORMAT parquet)"
    )
    assert people(path) == 6


def test_the_same_mentions_in_three_kinds_of_file_are_the_same(tmp_path: Path) -> None:
    rows = stream(days=10)
    csv = write_csv(tmp_path / "m.csv", rows)
    jsonl = write_jsonl(tmp_path / "m.jsonl", rows)
    parquet = tmp_path / "m.parquet"
    duckdb.execute(f"COPY (FROM read_csv('{csv}', all_varchar = true)) TO '{parquet}' (FORMAT parquet)")
    tables = [read(path).table(0) for path in (csv, jsonl, parquet)]
    assert (tables[0] == tables[1]).all()
    assert (tables[0] == tables[2]).all()
    assert (read(csv, jsonl, parquet).table(0) == tables[0]).all()


def test_parquet_with_structs_is_read_like_json(tmp_path: Path) -> None:
    path = tmp_path / "m.parquet"
    source = "{'type': 'email', 'body': 'hi', 'author': {'type': kind, 'id': kind}}"
    duckdb.execute(
        f"COPY (SELECT kind AS id, TIMESTAMP '{LAST} 08:00:00' AS created_at, {source} AS source, {{'tags': [{{'name':"
        " 'vip'}, {'name': 'late'}]} AS tags FROM (SELECT unnest(['user', 'lead', 'admin']) AS kind))"
        f" TO '{path}' (FORMAT parquet)"
    )
    mentions = read(path, settings=TrendingSettings(tags={"late": A}))
    assert customers(mentions, A) == {LAST: 2}
    assert (mentions.reading.not_from_customers, mentions.reading.unknown_channels) == (1, 0)


@pytest.mark.parametrize(
    "time",
    [
        f"TIMESTAMP '{LAST} 08:00:00'",
        f"TIMESTAMP_NS '{LAST} 08:00:00.123456789'",
        f"DATE '{LAST}'",
        "1777536000",
        "1777536000123",
        "1777536000123456789",
        "1777536000.5::DOUBLE",
        "1777536000123456.0::DOUBLE",
    ],
)
def test_parquet_with_times_of_any_type(tmp_path: Path, time: str) -> None:
    path = tmp_path / "m.parquet"
    select = f"SELECT range AS id, {time} AS time, 'c' || range AS customer_id, '{A}' AS article_id FROM range(3)"
    duckdb.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    assert customers(read(path), A) == {LAST: 3}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("endings", [(b"\n", b"\n"), (b"\r\n", b"\r\n"), (b"\r\n", b"\n")])
def test_json_lines_of_apis(tmp_path: Path, mark: bytes, endings: tuple[bytes, bytes]) -> None:
    lines = [json.dumps(row(LAST, f"c{n}", A)).encode() + endings[n % 2] for n in range(6)]
    path = tmp_path / "m.jsonl"
    path.write_bytes(mark + b"".join(lines))
    mentions = read(path)
    assert (mentions.reading.rows, mentions.reading.bad) == (6, 0)


def test_values_are_stripped(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(f"id, time, customer_id, article_id, segment\n1, {LAST}T08:00:00Z, c1, {A}, Islands \n")
    mentions = read(path, segments=["islands"])
    assert customers(mentions, A, 1) == {LAST: 1}
    assert mentions.reading.naive == 0


def test_columns_are_named_in_any_script(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(f"番号,日時,顧客,記事\n1,{LAST}T08:00:00Z,c1,{A}\n2,{LAST}T08:00:00Z,c2,{A}\n")
    columns = {"id": "番号", "time": "日時", "customer_id": "顧客", "article_id": "記事"}
    assert customers(read(path, settings=TrendingSettings(columns=columns)), A) == {LAST: 2}


# What can't be read


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(path, root=path.parent)
    assert "canary" not in "".join(traceback.format_exception(caught.value))
    return str(caught.value)


def test_unsupported_files(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "m.docx").write_bytes(b"x")
    (tmp_path / "latin.csv").write_bytes("id,time,text,Größe\n".encode("latin-1"))
    (tmp_path / "m.parquet").write_bytes(b"PAR1 canary PAR1")
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    assert refused(tmp_path / "none.csv") == "none.csv: error: no such file"
    assert "the file is empty" in refused(tmp_path / "empty.csv")
    assert "not a supported export format" in refused(tmp_path / "m.docx")
    assert "header is not UTF-8" in refused(tmp_path / "latin.csv")
    assert "content is not of the format" in refused(tmp_path / "m.parquet")
    assert "not a regular file" in refused(tmp_path / "folder.csv")
    assert "not a regular file" in refused(tmp_path / "pipe.csv")


def test_a_missing_header_is_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("canary,2026-04-01T00:00:00Z,canary\n" * 3)
    message = refused(path)
    assert "the first line has values" in message
    assert "with a header" in message


@pytest.mark.parametrize("header", ["time,customer_id", "id,text,tag", "a,b,c"])
def test_missing_columns(tmp_path: Path, header: str) -> None:
    path = tmp_path / "m.csv"
    path.write_text(f"{header}\n1,2,3\n")
    assert "no column for" in refused(path)


def test_json_lines_that_lack_a_time(tmp_path: Path) -> None:
    assert "no column for a time" in refused(write_jsonl(tmp_path / "m.jsonl", [{"id": 1, "text": "canary"}] * 3))


def test_a_header_and_no_rows_is_a_note(tmp_path: Path) -> None:
    mentions = read(write_csv(tmp_path / "m.csv", []))
    assert [finding.code for finding in mentions.findings] == ["no-mentions"]


# What is bad costs itself


def many(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "m.csv", [row(LAST, f"c{n}", A, id=str(n)) for n in range(200)])


def test_an_unterminated_quote_at_the_end_costs_one_row(tmp_path: Path) -> None:
    path = many(tmp_path)
    path.write_bytes(path.read_bytes() + f'x,{LAST}T00:00:00Z,email,,z,{A},,"half a sen'.encode())
    mentions = read(path)
    assert (mentions.reading.rows, mentions.reading.bad) == (201, 1)
    assert customers(mentions, A) == {LAST: 200}
    assert mentions.findings[0].hint.endswith("row 202")


def test_an_unterminated_quote_in_the_middle(tmp_path: Path) -> None:
    path = many(tmp_path)
    lines = path.read_text().splitlines(keepends=True)
    lines[100] = lines[100].replace(f",{A},", f',{A},"')
    for number in range(len(lines) // 2, len(lines)):
        lines[number] = lines[number].replace(",email,", ',"email",')
    path.write_text("".join(lines))
    assert 190 <= people(path) < 200


def test_nuls_and_bytes_that_are_no_utf8(tmp_path: Path) -> None:
    path = many(tmp_path)
    good = f"y,{LAST}T00:00:00Z,email,,y,{A},,nul\x00nul\n".encode()
    path.write_bytes(path.read_bytes() + good + f"z,{LAST}T00:00:00Z,email,,z,{A},,".encode() + b"\xff\xfe\n")
    mentions = read(path)
    assert mentions.reading.bad == 1
    assert customers(mentions, A) == {LAST: 201}


def test_bad_lines_of_json_are_named(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "m.jsonl", [row(LAST, f"c{n}", A, id=str(n)) for n in range(100)])
    lines = path.read_text().splitlines()
    lines[4], lines[50], lines[70] = '{"canary": ', "[1, 2]", '"canary"'
    path.write_text("\n".join(lines) + "\n")
    mentions = read(path)
    assert mentions.findings[0].hint == "no readable record: line 5, 51, 71"
    assert customers(mentions, A) == {LAST: 97}


def test_a_line_of_many_megabytes_costs_itself(tmp_path: Path) -> None:
    path = many(tmp_path)
    path.write_bytes(path.read_bytes() + f"x,{LAST},email,,z,{A},,".encode() + b"x" * 5_000_000 + b"\n")
    assert read(path).reading.bad == 1
