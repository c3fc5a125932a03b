"""The text of an authored file; errors in reading it become findings."""

from collections.abc import Callable, Iterable
from pathlib import Path

from kb_builder.errors import Finding, InputError, Severity
from kb_builder.system import source_files


def read(root: Path, path: str) -> str:
    """The text of ``path``. Raises InputError whose findings are never empty."""
    try:
        return source_files.read_text(root, path)
    except InputError as error:
        raise InputError.of(findings_of(error)) from None


def read_optional(root: Path, path: str) -> str:
    """The text of a file that may be missing."""
    return read(root, path) if (root / path).exists() else ""


def findings_of(error: InputError, code: str = "unreadable") -> tuple[Finding, ...]:
    """The findings of ``error``, or the error itself as a finding with its place; never empty."""
    if error.findings:
        return error.findings
    path, _, line = error.where.rpartition(":")
    if not path or not line.isdecimal():
        path, line = error.where, "0"
    return (Finding(path, int(line), code, Severity.ERROR, error.problem, error.hint),)


def findings_in(parts: Iterable[Callable[[], Iterable[Finding]]]) -> tuple[Finding, ...]:
    """The findings of each part, or the error that a part raises as a finding."""
    found: list[Finding] = []
    for part in parts:
        try:
            found += part()
        except InputError as error:
            found += findings_of(error, "unusable")
    return tuple(found)
