"""Findings for people and for the tools that show them: text, GitHub annotations, GitLab code quality, JSON."""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Final

import click

from kb_builder.errors import Finding, Severity, printable

_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_GITHUB: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_GITLAB: Final = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}
_MANY: Final = 30
"""So many findings begin with a summary."""
_SCREENS: Final = 100
"""So many are followed by the summary too, where a terminal stops."""
_REPEATED: Final = 5
"""So many findings of one kind are a line of the summary."""


def as_text(findings: Sequence[Finding]) -> Iterator[str]:
    """One finding an entry; many of them after a summary, which several screens of them are followed by, too.

    A terminal also shows colours and codes.
    """
    codes = sys.stdout.isatty()
    summary: list[str] = []
    if len(findings) >= _MANY:
        kinds = Counter((finding.severity, finding.code) for finding in findings)
        often = [(kind, count) for kind, count in kinds.most_common() if count >= _REPEATED]
        for (severity, code), count in often:
            first = next(one for one in findings if (one.severity, one.code) == (severity, code))
            kind = f"{_coloured(severity)} {code}"
            summary.append(f"{count:>6,} × {kind}: {printable(first.where)}: {printable(first.message)}")
    if summary:
        yield from (*summary, "")
    for finding in findings:
        place = click.style(printable(finding.where), bold=True)
        text = f"{place}: {_coloured(finding.severity)}: {printable(finding.message)}" + f" [{finding.code}]" * codes
        yield f"{text}\n  {printable(finding.hint)}" if finding.hint else text
    if summary and len(findings) >= _SCREENS:
        yield from ("", *summary)


def _coloured(severity: Severity) -> str:
    return click.style(severity, fg=_COLOURS[severity], bold=severity is Severity.ERROR)


def as_github(findings: Sequence[Finding]) -> Iterator[str]:
    """Workflow commands that GitHub Actions shows as annotations."""
    for finding in findings:
        place = f"file={_property(finding.path)},line={max(1, finding.line)},title={_property(finding.code)}"
        text = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
        yield f"::{_GITHUB[finding.severity]} {place}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def as_gitlab(findings: Sequence[Finding]) -> Iterator[str]:
    """GitLab's code quality report, a subset of Code Climate's format."""
    report = []
    seen: Counter[tuple[str, str, str]] = Counter()
    for finding in findings:
        # Without the line, so that a finding keeps its fingerprint when lines above it change.
        key = (finding.path, finding.code, finding.message)
        seen[key] += 1
        fingerprint = hashlib.sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "replace")).hexdigest()
        report.append(
            {
                "description": f"{finding.message}: {finding.hint}" if finding.hint else finding.message,
                "check_name": finding.code,
                "fingerprint": fingerprint,
                "severity": _GITLAB[finding.severity],
                "location": {"path": finding.path, "lines": {"begin": max(1, finding.line)}},
            }
        )
    yield json.dumps(report, ensure_ascii=False, indent=2)


def as_json(findings: Sequence[Finding]) -> Iterator[str]:
    """One JSON object: ``{"findings": [{path, line, code, severity, message, hint}]}``."""
    yield json.dumps({"findings": [asdict(finding) for finding in findings]}, ensure_ascii=False, indent=2)


FORMATS: Final[Mapping[str, Callable[[Sequence[Finding]], Iterator[str]]]] = {
    "text": as_text,
    "github": as_github,
    "gitlab": as_gitlab,
    "json": as_json,
}
