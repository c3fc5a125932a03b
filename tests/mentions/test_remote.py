"""Exports in other places: read by their address, which is never shown whole."""

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from kb_builder.commands.cli import commands
from kb_builder.errors import InputError
from kb_builder.mentions import remote
from kb_builder.mentions.remote import fetch, is_address, shown
from tests.centres import CLOCK, SMALL, put, write
from tests.made_mentions import read, write_csv

SECRET = "https://me:pass@127.0.0.1:1/counts.csv?X-Amz-Signature=abc#part"


@pytest.mark.parametrize(
    ("text", "address"),
    [("s3://bucket/a.parquet", True), ("file:///tmp/a.csv", True), ("exports/*.csv", False), ("C:/a.csv", False)],
)
def test_what_is_an_address(text: str, address: bool) -> None:
    assert is_address(text) is address


def test_a_file_is_read_where_it_is(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "my counts.csv", [])
    assert fetch(f"file://{tmp_path}/my%20counts.csv", tmp_path / "none") == [path]
    assert fetch(f"file://{tmp_path}/*.csv", tmp_path / "none") == [path]
    assert not (tmp_path / "none/.kb").exists()
    with pytest.raises(InputError, match="there is no such file"):
        fetch(f"file://{tmp_path}/other.csv", tmp_path)


def test_remote_exports_are_copied_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB's own reader serves, with a local path for the address."""
    source = tmp_path / "hours.parquet"
    duckdb.connect().execute(
        f"COPY (SELECT 'topic-a' AS topic, '' AS segment, DATE '2026-04-29' AS day, 7 AS customers) TO '{source}'"
    )
    whole = remote._read
    monkeypatch.setattr(remote, "_read", lambda address, where: whole(address.replace("s3:/", str(tmp_path)), where))
    (found,) = fetch("s3://hours.parquet", tmp_path)
    assert found.parent == tmp_path / ".kb/exports"
    assert found.read_bytes() == source.read_bytes()
    assert read(found).table(0).sum() == 7
    with pytest.raises(InputError, match="there is no such file"):
        fetch("s3://nothing*.parquet", tmp_path)
    put(tmp_path, "notes.pdf", "x")
    with pytest.raises(InputError, match="not that of an export"):
        fetch("s3://notes.pdf", tmp_path)


def test_no_error_shows_a_secret(tmp_path: Path) -> None:
    assert shown(SECRET) == "https://127.0.0.1:1/counts.csv"
    with pytest.raises(InputError) as caught:
        fetch(SECRET, tmp_path)
    told = f"{caught.value} {caught.value.hint} {caught.value.__cause__}"
    assert "https://127.0.0.1:1/counts.csv: error: can't be read" in told
    assert not any(secret in told for secret in ("pass", "me:", "abc", "Amz"))


def test_the_commands_take_addresses(tmp_path: Path) -> None:
    root = write(tmp_path / "centre", SMALL)
    path = write_csv(tmp_path / "elsewhere.csv", [{"id": "1", "time": "2026-11-20T10:00:00Z", "text": "Where?"}])
    address = f"file://{path}"

    def kb(*arguments: str) -> str:
        command = [*arguments, "-f", str(root / "mkdocs.yml"), "--clock", CLOCK]
        return CliRunner().invoke(commands, command).output

    assert "1 row in 1 file" in kb("trends", "--mentions", address)
    put(root, "content/trending.yml", f"sources: [{address!r}]\n")
    assert "1 row in 1 file" in kb("trends")
    put(root, "content/trending.yml", "sources: [elsewhere.csv]\n")
    assert '"sources" must be addresses' in kb("trends")
