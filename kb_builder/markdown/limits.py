"""Limits in front of the parts of Python-Markdown whose time grows with the square of the input.

An opening bracket, an unclosed tag or a run of blanks is tried against all that follows it. What is beyond a limit that
no article reaches is shown as the text it is, with a finding. Limits count characters, never time.

A character that is meant as text gets a stand-in until the text is HTML: an entity, or a backslash, would be one more
match in the same paragraph, each of which copies all of it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

from markdown import Markdown, util
from markdown.treeprocessors import InlineProcessor

BODY: Final = 1_000_000
"""Characters of a body."""
_OPENINGS: Final = 200
"""Opening brackets in one paragraph, or unclosed tags in one body, that are still read as markup."""
_INLINE: Final = 2_000
"""Marks of inline markup in one paragraph, cell or item that are still read as such."""
_MARKS: Final = "[\\<&*_`~:=^+"
_STAND_INS: Final = {ord(mark): chr(0xFDD0 + number) for number, mark in enumerate(_MARKS)}
"""Noncharacters. No body has one: they count as control characters."""
_MEANT: Final = {
    ord(stand_in): {"<": "&lt;", "&": "&amp;"}.get(chr(mark), chr(mark)) for mark, stand_in in _STAND_INS.items()
}
BRACKET: Final = _STAND_INS[ord("[")]
_DEFINITIONS: Final = 300
"""Abbreviations, and terms of one list of definitions."""
_BLOCKS: Final = 1_000
"""Tabs, and fences of code."""
_BLANKS: Final = 200
"""Spaces and tabs in a row."""

_TAGS: Final = re.compile(r"(</?[A-Za-z][A-Za-z0-9-]*(?=[\s/>]))")
_UNCLOSED_BY_DESIGN: Final = frozenset(
    "area base br col dd dt embed hr img input li link meta option p source tbody td th thead tr track wbr".split()
)
_TAB: Final = re.compile(r"^[ \t>]*===[+!]* ", re.MULTILINE)
_FENCE: Final = re.compile(r"^[ \t>]*(?:```|~~~)", re.MULTILINE)
_EACH_MARK: Final = re.compile(f"[{re.escape(_MARKS)}]|  \n")
_BRACKETS: Final = re.compile(r"([\[\]])")
_LONG_RUN: Final = " " * _BLANKS
_RUN: Final = re.compile(rf"[ \t]{{{_BLANKS},}}")
_ABBREVIATION: Final = re.compile(r"^\*\[[^\]\n]*\]:", re.MULTILINE)
_TERM: Final = re.compile(r"^:[ \t]", re.MULTILINE)
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class Limited(NamedTuple):
    """The result of :func:`limited`."""

    text: str
    reasons: tuple[tuple[str, int], ...]
    """Each limit that was reached, and the position in the source at which its text begins."""


def limited(text: str) -> Limited:
    """``text`` in which nothing takes more time than its length, and that has no control characters."""
    reasons: list[tuple[str, int]] = []
    if len(text) > BODY:
        reasons.append((f"more than {BODY:,} characters", BODY))
        text = text[:BODY]
    if _may_have_controls(text) and (found := _CONTROL.search(text)):
        reasons.append(("control characters", found.start()))
        text = _CONTROL.sub("", text)
    text = _without_long_runs(text, reasons)
    for pattern, marks, most, what in (
        (_ABBREVIATION, ("*[",), _DEFINITIONS, "abbreviations"),
        (_TERM, (":",), _DEFINITIONS, "terms"),
        (_TAB, ("===",), _BLOCKS, "tabs"),
        (_FENCE, ("```", "~~~"), _BLOCKS, "fences"),
    ):
        if sum(map(text.count, marks)) > most:
            text = _each_beyond(text, pattern, most, what, reasons)
    return Limited(_nested_tags(_unclosed_tags(text, reasons), reasons), tuple(reasons))


def limited_inline(text: str) -> tuple[str, str]:
    """The text of one paragraph, cell or item without markup beyond the limits; and what was limited, or nothing."""
    reason = ""
    if text.count("[") > _OPENINGS:
        reason = f"more than {_OPENINGS} opening brackets in one paragraph"
        first, rest = _split_after(_without_unmatched(text), "[", _OPENINGS)
        text = first + rest.replace("[", BRACKET)
    if len(text) > _INLINE and sum(map(text.count, (*_MARKS, "  \n"))) > _INLINE:
        reason = reason or f"more than {_INLINE:,} marks in one paragraph"
        end = next(islice(_EACH_MARK.finditer(text), _INLINE, None)).start()
        text = text[:end] + text[end:].translate(_STAND_INS).replace("  \n", " \n")
    return text, reason


def as_meant(html: str) -> str:
    """``html`` with the characters that had stand-ins."""
    return html.translate(_MEANT) if any(stand_in in html for stand_in in _STAND_INS.values()) else html


def printable(text: str) -> str:
    """``text`` without control characters, which HTML may contain as entities."""
    return _CONTROL.sub("", text) if _may_have_controls(text) else text


def _may_have_controls(text: str) -> bool:
    """Far quicker than a search: Python counts control characters and blanks among what can't be printed."""
    return not text.replace("\n", "").isprintable()


def _each_beyond(text: str, pattern: re.Pattern[str], most: int, what: str, reasons: list[tuple[str, int]]) -> str:
    """``text`` in which every match after the first ``most`` is no markup."""
    last = next((match for number, match in enumerate(pattern.finditer(text)) if number == most), None)
    if last is None:
        return text
    reasons.append((f"more than {most:,} {what}", last.start()))
    return text[: last.start()] + pattern.sub(lambda match: match[0].translate(_STAND_INS), text[last.start() :])


def _without_long_runs(text: str, reasons: list[tuple[str, int]]) -> str:
    """``text`` without the rest of long runs of blanks. They matter in code and at the start of a line only: a
    table whose columns are lined up with them is the same table."""
    if not (_LONG_RUN in text or ("\t" in text and _RUN.search(text))):
        return text
    out, start, reported = [], 0, False
    for part, is_code in _parts(text):
        for run in _RUN.finditer(part):
            meant = is_code or part[run.start() - 1 : run.start()] in ("", "\n")
            if meant and not reported:
                reasons.append((f"more than {_BLANKS} blanks in a row", start + run.start()))
                reported = True
        out.append(_RUN.sub(" " * _BLANKS, part))
        start += len(part)
    return "".join(out)


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


def _nested_tags(text: str, reasons: list[tuple[str, int]]) -> str:
    """Elements within elements of their own name are text beyond a depth that no page has."""
    if text.count("<") <= _OPENINGS:
        return text
    out: list[str] = []
    position = 0
    for part, is_code in _parts(text):
        depth: Counter[str] = Counter()
        for at, piece in enumerate(_TAGS.split(part)):
            name = piece[1:].strip("/").lower() if at % 2 else ""
            if name and not is_code and name not in _UNCLOSED_BY_DESIGN:
                depth[name] = max(0, depth[name] - 1) if piece[1] == "/" else depth[name] + 1
                if depth[name] > _OPENINGS:
                    if depth[name] == _OPENINGS + 1:
                        reasons.append((f"more than {_OPENINGS} elements <{name}> within each other", position))
                    out.append(piece.translate(_STAND_INS))
                    position += len(piece)
                    continue
            out.append(piece)
            position += len(piece)
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


class LimitedInline(InlineProcessor):
    """The tree processor named ``inline``, which looks for marks within paragraphs, cells and items."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.beyond: list[tuple[str, str]] = []
        """Each limit that was reached so far, and the beginning of the text that reached it."""

    def limited(self, data: str) -> str:
        """``data`` within the limits."""
        data, reason = limited_inline(data)
        if reason:
            self.beyond.append((reason, data[:40]))
        return data

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        """Override the method of this name, within the limits."""
        if not patternIndex and not isinstance(data, util.AtomicString):
            data = self.limited(data)
        found: str = super()._InlineProcessor__handleInline(data, patternIndex)  # type: ignore[misc]
        return found


class LimitedMarkdown(Markdown):
    """Python-Markdown with the limits of a paragraph. Takes what its base class takes."""

    inline_processor: type[LimitedInline] = LimitedInline

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._inline: LimitedInline | None = None
        # An extension may have put its own in this place.
        if "inline" in self.treeprocessors and type(self.treeprocessors["inline"]) is InlineProcessor:
            self._inline = self.inline_processor(self)
            self.treeprocessors.register(self._inline, "inline", 20)

    def beyond(self) -> list[tuple[str, str]]:
        """Return and clear the limits that were reached, each with the beginning of its text."""
        found: list[tuple[str, str]] = []
        if self._inline is not None:
            found, self._inline.beyond = self._inline.beyond, found
        return found
