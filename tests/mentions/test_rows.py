from pathlib import Path

import duckdb
import pytest

from kb_builder.mentions.rows import LONGEST_TEXT, clean_sql
from tests.made_mentions import LAST, customers, read, row, write_csv

A = "topic-a"


def test_problems_are_described_without_quotes(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "m.csv", [row(LAST, f"c{n}", A, id=str(n)) for n in range(200)])
    two_lines = f'y,{LAST}T00:00:00Z,email,,y,{A},,"one\ntwo"\n'
    broken = [
        f"x,{LAST}T00:00:00Z,canary\n",
        f"x,{LAST}T00:00:00Z,email,,z,{A},,a,canary\n",
        f"x,canary,email,,z,{A},,a\n",
        f'x,{LAST}T00:00:00Z,email,,z,{A},,"canary" b\n',
    ]
    path.write_bytes(path.read_bytes() + two_lines.encode() + "".join(broken).encode() + b"x,,,,,,,\xff\n")
    (finding,) = (finding for finding in read(path).findings if finding.code == "bad-mentions")
    assert finding.hint == (
        "too few columns: row 203; too many columns: row 204; no usable time in the column time: row 205;"
        " a quote that does not end, or is inside a value: row 206; not UTF-8: row 207;"
        " export it as UTF-8; a spreadsheet calls that CSV UTF-8"
    )


def test_invalid_counts_are_bad_rows(tmp_path: Path) -> None:
    columns = ("topic", "segment", "day", "customers")
    rows = [{"topic": "topic-a", "day": str(LAST), "customers": str(number)} for number in range(60)]
    rows += [{"topic": "topic-a", "day": str(LAST), "customers": value} for value in ("2.5", "-3")]
    rows += [{"topic": "topic-a", "day": "soon", "customers": "5"}]
    mentions = read(write_csv(tmp_path / "m.csv", rows, columns))
    assert mentions.reading.bad == 3
    assert mentions.findings[0].hint == "no usable customers: row 62, 63; no usable day: row 64"


def test_counts_of_data_frames_with_a_decimal_point(tmp_path: Path) -> None:
    rows = [{"topic": "topic-a", "day": f"{LAST} 00:00:00", "customers": "12.0"}]
    path = write_csv(tmp_path / "m.csv", rows, ("topic", "segment", "day", "customers"))
    assert customers(read(path), "topic-a") == {LAST: 12}


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("mot " * 499 + "mots canary", ("mot " * 499 + "mots").strip()),
        ("mot " * 499 + "mots", "mot " * 499 + "mots"),
        ("mot " * 499 + "motsuffix", ("mot " * 499).strip()),
        ("né " * 600, "né " * 599 + "né "),
        ("né " * 600 + "canary", "né " * 600 + "canary"),
        ("無" * 3_000, "無" * LONGEST_TEXT),
        ("a@b.example " + "x" * 2_100, "x" * LONGEST_TEXT),
    ],
)
def test_a_long_text_ends_with_a_whole_word(text: str, cleaned: str) -> None:
    """The beginning of a rare word may be a common one."""
    found = duckdb.execute(f"SELECT {clean_sql('text')} FROM (SELECT ? AS text)", [text]).fetchone()
    assert found is not None
    assert found[0].strip() == cleaned.strip()
