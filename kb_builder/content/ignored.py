"""``<!-- kb-ignore CODE reason -->`` in an article: a finding that the team accepts."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from kb_builder.errors import Finding, Severity
from kb_builder.model import Announcement, Article

_IGNORE: Final = re.compile(r"<!--\s*kb-ignore\s+([a-z0-9-]+)([^\n]*?)-->")


def without_ignored(
    findings: Iterable[Finding], items: Iterable[Article | Announcement], *, notes: bool = True
) -> Iterator[Finding]:
    """``findings`` except those that a comment in the body of their article ignores; errors can't be ignored.

    A comment before the first text of the body is about the whole file, any other one about its line and the next line
    with text. With ``notes`` one without a reason, or about nothing, is a finding itself.
    """
    ignores: dict[str, list[tuple[int, str, frozenset[int], str]]] = {}
    for item in items:
        if "kb-ignore" in item.body:
            ignores[item.path] = list(_ignores(item.body, item.body_line))
    used: set[tuple[str, int]] = set()
    for finding in findings:
        comments = () if finding.severity is Severity.ERROR else ignores.get(finding.path, ())
        about = ((line, meant) for line, code, meant, _ in comments if code == finding.code)
        comment = next((line for line, meant in about if not meant or finding.line in meant), None)
        if comment is None:
            yield finding
        else:
            used.add((finding.path, comment))
    for path, written in ignores.items() if notes else ():
        for line, code, _, reason in written:
            if not reason:
                hint = f"write why: <!-- kb-ignore {code} reason -->"
                message = f'"{code}" is ignored without a reason'
                yield Finding(path, line, "ignored-without-reason", Severity.NOTE, message, hint)
            elif (path, line) not in used:
                message = f'there is no "{code}" to ignore here'
                yield Finding(path, line, "ignored-nothing", Severity.NOTE, message, "remove the comment")


def _ignores(body: str, body_line: int) -> Iterator[tuple[int, str, frozenset[int], str]]:
    """Line, code, lines that are meant (none for the whole file) and reason of each comment."""
    lines = body.split("\n")
    in_head = True
    for place, text in enumerate(lines):
        match = _IGNORE.search(text)
        rest = _IGNORE.sub("", text).strip()
        in_head = in_head and not rest
        if match:
            after = next((at for at in range(place + 1, len(lines)) if lines[at].strip()), place)
            meant = frozenset() if in_head else frozenset((body_line + place, body_line + after))
            yield body_line + place, match[1], meant, match[2].strip()
