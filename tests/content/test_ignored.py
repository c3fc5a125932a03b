"""Findings that a comment in an article ignores."""

import pytest

from kb_builder.content.ignored import without_ignored
from kb_builder.errors import Finding, Severity
from kb_builder.model import Article

PATH = "content/articles/a.md"


def left(body: str, *findings: tuple[str, int], severity: Severity = Severity.WARNING) -> list[tuple[str, int]]:
    item = Article(id="a", path=PATH, url="a/", title="A", body=body, body_line=5)
    made = [Finding(PATH, line, code, severity, "message") for code, line in findings]
    return [(finding.code, finding.line) for finding in without_ignored(made, [item])]


def test_a_comment_is_about_its_line_and_the_next_one_with_text() -> None:
    body = "Text.\n<!-- kb-ignore unknown-tag it is a product -->\n\nCall <name>.\nCall <name>.\n"
    found = [("unknown-tag", 6), ("unknown-tag", 8), ("unknown-tag", 9), ("empty-link", 8)]
    assert left(body, *found) == [("unknown-tag", 9), ("empty-link", 8)]


def test_a_comment_before_the_text_is_about_the_whole_file() -> None:
    body = "<!-- kb-ignore no-owner it has none -->\n<!-- kb-ignore unknown-tag a product -->\nText.\n"
    assert left(body, ("no-owner", 1), ("unknown-tag", 7), ("no-answer", 1)) == [("no-answer", 1)]


def test_an_error_cannot_be_ignored() -> None:
    body = "<!-- kb-ignore placeholder later -->\nText.\n"
    found = left(body, ("placeholder", 6), severity=Severity.ERROR)
    assert found == [("placeholder", 6), ("ignored-nothing", 5)]


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("<!-- kb-ignore unknown-tag -->", "ignored-without-reason"),
        ("<!-- kb-ignore empty-link x -->", "ignored-nothing"),
    ],
)
def test_a_comment_without_a_reason_or_a_finding_is_a_note(comment: str, code: str) -> None:
    assert (code, 5) in left(f"{comment}\nCall <name>.\n", ("unknown-tag", 6))


def test_findings_of_other_files_stay() -> None:
    other = Finding("content/contact.yml", 3, "no-owner", Severity.NOTE, "message")
    assert list(without_ignored([other], [])) == [other]
