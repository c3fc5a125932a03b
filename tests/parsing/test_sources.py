"""What is wrong with a file is a finding with its place."""

from pathlib import Path

import pytest

from kb_builder.errors import Finding, InputError, Severity
from kb_builder.parsing import sources


def findings_of(root: Path, path: str) -> tuple[Finding, ...]:
    with pytest.raises(InputError) as caught:
        sources.read(root, path)
    return caught.value.findings


def test_text_is_returned(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbfone\r\ntwo")
    assert sources.read(tmp_path, "a.md") == "one\ntwo"


def test_a_line_is_named_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"one\n\xff\n")
    (finding,) = findings_of(tmp_path, "a.md")
    assert (finding.path, finding.line, finding.severity) == ("a.md", 2, Severity.ERROR)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (finding,) = findings_of(tmp_path, "a:b.md")
    assert (finding.path, finding.line, finding.message) == ("a:b.md", 0, "no such file")


@pytest.mark.parametrize(
    ("where", "path", "line"),
    [("a.csv:7", "a.csv", 7), ("a:b.csv:7", "a:b.csv", 7), ("a:b.csv", "a:b.csv", 0), ("2026", "2026", 0), ("", "", 0)],
)
def test_an_error_becomes_a_finding_with_its_place(where: str, path: str, line: int) -> None:
    (finding,) = sources.findings_of(InputError("no such file", where=where))
    assert (finding.path, finding.line) == (path, line)
