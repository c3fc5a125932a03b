"""Findings as text, as annotations of GitHub and GitLab, and as JSON."""

import json

from kb_builder.commands.cli_findings import FORMATS
from kb_builder.errors import Finding, Severity

FINDINGS = (
    Finding("content/a,b.md", 3, "unknown-key", Severity.ERROR, 'unknown key "100%"', "did you\nmean it?"),
    Finding("content/c.md", 0, "no-owner", Severity.NOTE, "the article has no owner"),
)


def shown(form: str, findings: tuple[Finding, ...] = FINDINGS) -> str:
    return "\n".join(FORMATS[form](findings))


def test_text_is_the_usual_shape() -> None:
    import click

    assert click.unstyle(shown("text")) == "\n".join(map(str, FINDINGS))


def test_many_findings_of_a_kind_come_after_a_summary() -> None:
    import click

    many = tuple(
        Finding(f"content/{number:03}.md", 4, "unknown-key", Severity.ERROR, 'unknown key "layout"')
        for number in range(300)
    )
    lines = click.unstyle(shown("text", (*many, FINDINGS[1]))).splitlines()
    assert lines[0] == '   300 × error unknown-key: content/000.md:4: unknown key "layout"'
    assert lines[-1] == lines[0], "the end is what a terminal shows"
    assert lines[1] == ""
    assert len(lines) == 305


def test_github_annotations_are_escaped() -> None:
    first, second = shown("github").splitlines()
    assert first == (
        '::error file=content/a%2Cb.md,line=3,title=unknown-key::unknown key "100%25"%0Adid you%0Amean it?'
    )
    assert second == "::notice file=content/c.md,line=1,title=no-owner::the article has no owner"


def test_gitlab_fingerprints_are_unique_and_survive_other_lines() -> None:
    moved = Finding("content/c.md", 9, "no-owner", Severity.NOTE, "the article has no owner")
    report, later = json.loads(shown("gitlab", (*FINDINGS, moved))), json.loads(shown("gitlab", (moved,)))
    assert [one["severity"] for one in report] == ["critical", "info", "info"]
    assert len({one["fingerprint"] for one in report}) == 3
    assert report[1]["fingerprint"] == later[0]["fingerprint"]
    assert report[0]["location"] == {"path": "content/a,b.md", "lines": {"begin": 3}}
    assert json.loads(shown("gitlab", ())) == []


def test_json_has_every_field() -> None:
    (first, _) = json.loads(shown("json"))["findings"]
    assert list(first) == ["path", "line", "code", "severity", "message", "hint"]
