"""Limits in front of the parts of Python-Markdown whose time grows with the square of the input.

An opening bracket, an unclosed tag or a run of blanks is tried against all that follows it. What is beyond a limit that
no article reaches is shown as the text it is, with a finding. Limits count characters, never time.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

BODY: Final = 1_000_000
"""Characters of a body."""
_OPENINGS: Final = 200
"""Opening brackets in one paragraph, or unclosed tags in one body, that are still read as markup."""
BRACKET: Final = "\ufdd0"
"""Stands for a bracket that is text, until the text is HTML. No body has this noncharacter: it counts as a control
character. An entity would be one more match in the same paragraph, each of which copies all of it."""
_DEFINITIONS: Final = 300
"""Abbreviations, and terms of one list of definitions."""
_BLANKS: Final = 200
"""Spaces and tabs in a row."""

_PARAGRAPH: Final = re.compile(r"(\n[ \t]*\n)")
_FENCE: Final = re.compile(r"^[ \t>]*(?:```|~~~)", re.MULTILINE)
_BRACKETS: Final = re.compile(r"([\[\]])")
_RUN: Final = re.compile(rf"[ \t]{{{_BLANKS},}}")
_ABBREVIATION: Final = re.compile(r"^\*\[[^\]\n]*\]:", re.MULTILINE)
_TERM: Final = re.compile(r"^:[ \t]", re.MULTILINE)
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class Limited(NamedTuple):
    text: str
    reasons: tuple[tuple[str, int], ...]
    """What was limited, and the position in the source at which it begins."""


def limited(text: str) -> Limited:
    """``text`` in which nothing takes more time than its length, and that has no control characters."""
    reasons: list[tuple[str, int]] = []
    if len(text) > BODY:
        reasons.append((f"more than {BODY:,} characters", BODY))
        text = text[:BODY]
    if found := _CONTROL.search(text):
        reasons.append(("control characters", found.start()))
        text = _CONTROL.sub("", text)
    if found := _RUN.search(text):
        reasons.append((f"more than {_BLANKS} blanks in a row", found.start()))
        text = _RUN.sub(" " * _BLANKS, text)
    for pattern, what in ((_ABBREVIATION, "abbreviations"), (_TERM, "terms")):
        text = _each_beyond(text, pattern, _DEFINITIONS, lambda match: f"\\{match[0]}", what, reasons)
    text = _unclosed_tags(text, reasons)
    return Limited(_brackets(text, reasons), tuple(reasons))


def printable(text: str) -> str:
    """``text`` without control characters, which HTML may contain as entities."""
    return _CONTROL.sub("", text)


def _each_beyond(
    text: str, pattern: re.Pattern[str], most: int, write: Callable[[re.Match[str]], str], what: str,
    reasons: list[tuple[str, int]],
) -> str:  # fmt: skip
    """``text`` with every match after the first ``most`` written otherwise."""
    matches = pattern.finditer(text)
    last = next((match for number, match in enumerate(matches) if number == most), None)
    if last is None:
        return text
    reasons.append((f"more than {most} {what}", last.start()))
    return text[: last.start()] + pattern.sub(write, text[last.start() :])


def _unclosed_tags(text: str, reasons: list[tuple[str, int]]) -> str:
    """Tags, comments and sections that nothing closes are text, where there are many of them."""
    count = text.count("<")
    if count - text.count(">") <= _OPENINGS:
        return text
    out, opened, beyond = [], 0, 0
    for part, is_code in _parts(text):
        pieces = part.split("<")
        for at, piece in enumerate(pieces):
            if at:
                unclosed = ">" not in piece and piece[:1] not in ("", " ", "\n", "=")
                opened += unclosed
                beyond += unclosed and opened > _OPENINGS
                out.append("&lt;" if unclosed and opened > _OPENINGS and not is_code else "<")
            out.append(piece)
    if beyond:
        reasons.append((f"more than {_OPENINGS} tags that nothing closes", text.find("<")))
    return "".join(out)


def _brackets(text: str, reasons: list[tuple[str, int]]) -> str:
    if text.count("[") <= _OPENINGS:
        return text
    out: list[str] = []
    position = 0
    for part, is_code in _parts(text):
        for paragraph in _PARAGRAPH.split(part):
            length = len(paragraph)
            if not is_code and paragraph.count("[") > _OPENINGS:
                beyond = len(_split_after(paragraph, "[", _OPENINGS)[0])
                reasons.append((f"more than {_OPENINGS} opening brackets in one paragraph", position + beyond))
                first, rest = _split_after(_without_unmatched(paragraph), "[", _OPENINGS)
                paragraph = first + rest.replace("[", BRACKET)
            out.append(paragraph)
            position += length
    return "".join(out)


def _without_unmatched(paragraph: str) -> str:
    """``paragraph`` in which brackets that nothing closes are text, which they would be anyway: Python-Markdown reads
    on to the end of the paragraph for each."""
    pieces = _BRACKETS.split(paragraph)
    opened: list[int] = []
    for place in range(1, len(pieces), 2):
        if pieces[place] == "[":
            opened.append(place)
        elif opened:
            opened.pop()
    for place in opened:
        pieces[place] = BRACKET
    return "".join(pieces)


def _split_after(text: str, mark: str, count: int) -> tuple[str, str]:
    """``text`` up to and with the mark of that number, and the rest."""
    parts = text.split(mark, count)
    end = len(text) - len(parts[-1])
    return text[:end], text[end:]


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Pieces of a text, and whether each is the inside of a fence."""
    start, inside = 0, False
    for fence in _FENCE.finditer(text):
        yield text[start : fence.start()], inside
        start, inside = fence.start(), not inside
    yield text[start:], False if not inside else "\n" in text[start:]
