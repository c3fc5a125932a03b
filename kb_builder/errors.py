"""Errors, the findings they carry, and the text form of both."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from operator import attrgetter
from typing import ClassVar, Final

_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
GUIDES: Final = "https://github.com/kb-builder/kb-builder/blob/main/docs"
"""Where messages send their readers for more: a wheel carries no guides."""


def printable(text: str) -> str:
    """``text`` on one line: control characters, bidi controls and stray bytes as ``\\uXXXX``."""
    return text if text.isascii() and text.isprintable() else _UNPRINTABLE.sub(escaped, text)


def escaped(match: re.Match[str]) -> str:
    """The matched character as ``\\uXXXX``."""
    return f"\\u{ord(match[0]):04x}"


def clip(text: str, width: int = 60) -> str:
    """``text`` on one line and short enough to be quoted in a message."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def counted(count: int, noun: str, of_one: str = "", of_many: str = "") -> str:
    """``1 problem`` or ``1,234 problems``, for messages, and the verb ``of_one`` or ``of_many``."""
    words = (f"{count:,}", noun, of_one) if count == 1 else (f"{count:,}", f"{noun}s", of_many)
    return " ".join(filter(None, words))


def nearest(word: str, known: Iterable[str]) -> str:
    """The ``known`` word that ``word`` was probably meant to be, or an empty string. Case doesn't matter."""
    folded = {name.casefold().replace("-", "_"): name for name in known}
    found = get_close_matches(word.casefold().replace("-", "_"), folded, n=1, cutoff=0.65)
    return folded[found[0]] if found else ""


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """The hint that names the nearest of the ``known`` words, or ``otherwise`` where none is near."""
    meant = nearest(word, known)
    return f'did you mean "{meant}"?' if meant else otherwise


class Severity(StrEnum):
    """How much a finding matters: errors stop a build, warnings are counted, notes are advice."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an author should know, with the place to fix it.

    ``path`` is relative to the project folder, in POSIX form; ``line`` counts from 1, and 0 means the whole file.
    ``code`` is a stable, short, kebab-case name (``unknown-key``). Nothing in it may quote a mention.
    """

    path: str
    line: int
    code: str
    severity: Severity
    message: str
    hint: str = ""

    @property
    def where(self) -> str:
        """``path:line``, or the path where there is no line."""
        return f"{self.path}:{self.line}" if self.line else self.path

    def __str__(self) -> str:
        head = f"{printable(self.where)}: {self.severity}: {printable(self.message)}"
        return f"{head}\n  {printable(self.hint)}" if self.hint else head


_sort_key = attrgetter("path", "line", "code", "message", "severity", "hint")


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings sorted by path and line, each once."""
    found = {_sort_key(finding): finding for finding in findings}
    return tuple(found[key] for key in sorted(found))


class KbError(Exception):
    """A known failure: one clear line with its place and a hint, never a traceback."""

    exit_code: ClassVar[int] = 2

    def __init__(self, problem: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        head = f"{self.where}: error: {self.problem}" if self.where else f"error: {self.problem}"
        return "\n".join(map(printable, head.split("\n"))) + (f"\n  {printable(self.hint)}" if self.hint else "")


class InputError(KbError):
    """Input that can't be trusted. Carries every finding, so that an author can fix all of them at once."""

    exit_code = 2

    def __init__(self, problem: str, *, where: str = "", hint: str = "", findings: Iterable[Finding] = ()) -> None:
        super().__init__(problem, where=where, hint=hint)
        self.findings = in_order(findings)

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> "InputError":
        """One error for several findings, which are shown in the order of their files."""
        found = in_order(findings)
        return cls(f"{counted(len(found), 'problem')} to fix", findings=found)

    def __str__(self) -> str:
        return "\n".join(map(str, self.findings)) if self.findings else super().__str__()


def notes_as_warnings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """``findings`` with notes raised to warnings, as ``--strict`` does."""
    return tuple(
        replace(finding, severity=Severity.WARNING) if finding.severity is Severity.NOTE else finding
        for finding in findings
    )


def refuse_errors(findings: Iterable[Finding]) -> None:
    """Raises :class:`InputError` with every error among ``findings``."""
    if errors := [finding for finding in findings if finding.severity is Severity.ERROR]:
        raise InputError.of(errors)


class FindingsError(KbError):
    """``--strict`` found warnings; nothing is published."""

    exit_code = 1

    def __init__(self, problem: str, *, findings: Iterable[Finding] = ()) -> None:
        super().__init__(problem)
        self.findings = in_order(findings)


class LeakError(KbError):
    """The finished site would have shown something that was not released."""

    exit_code = 3


class LockedError(KbError):
    """Another build holds the lock of this site."""

    exit_code = 4


class StaleError(KbError):
    """Only what trends change can't be published: there is no build to start from, or more has changed."""

    exit_code = 6


BUILD_FIRST = "publish all of it: kb build"


class PublishError(KbError):
    """The finished site could not be put in place; the published one is untouched."""

    exit_code = 5
