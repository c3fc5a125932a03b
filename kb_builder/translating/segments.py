"""Markdown as a translator's tool shows it: one segment for each heading, paragraph, list item and table cell.

The pieces of a text joined together are the text, byte for byte. What is not a segment (fences and code, markers,
comments, blocks for staff) is never shown to a translator and stays as it is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kb_builder.content.staff_notes import end_of_block
from kb_builder.translating.inline_codes import has_words, spans

Kind: TypeAlias = Literal["", "heading", "text", "item", "cell", "title"]

_INDENT: Final = " \t>"
_ITEM: Final = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_HEADING: Final = re.compile(r"(?P<mark>#{1,6}[ \t]+)(?P<text>.*?)(?P<end>[ \t]*#*[ \t]*(?:\{[^{}]*\})?[ \t]*)$")
_FENCE: Final = re.compile(r"(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
_RAW: Final = re.compile(r"<(?P<tag>script|style|pre|svg)\b", re.IGNORECASE)
_BOX: Final = re.compile(r"(?P<mark>(?:!!!|\?\?\?\+?|===[!+]?)[^\"\n]*\")(?P<text>[^\"\n]+)(?P<end>\"[ \t]*)$")
_BARE_BOX: Final = re.compile(r"(?:!!!|\?\?\?\+?)[ \t]*[\w-]")
_DEFINED: Final = re.compile(r"\[[^\]]+\]:[ \t]")
_NOTE: Final = re.compile(r"(?:\[\^[^\]]+\]|\*\[[^\]]+\]):[ \t]+|:[ \t]+")
_RULE: Final = re.compile(r"(?:[-*_=][ \t]*){2,}$|=+$|-+$")
_DELIMITERS: Final = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_CONTAINER: Final = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)]|!!!|\?\?\?|===|\[\^)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: a segment, or the text between two of them (its ``kind`` is empty)."""

    kind: Kind
    text: str
    line: int
    """The line, counted from 0, on which it begins."""


def pieces(text: str) -> tuple[Piece, ...]:
    """``text`` taken apart; neighbours without words are one piece."""
    found: list[Piece] = []
    for piece in _Reader(text).read():
        kind: Kind = piece.kind if has_words(piece.text) else ""
        if not kind and found and not found[-1].kind:
            found[-1] = Piece("", found[-1].text + piece.text, found[-1].line)
        elif piece.text:
            found.append(Piece(kind, piece.text, piece.line))
    return tuple(found)


def segments(text: str) -> tuple[Piece, ...]:
    """The segments of a Markdown text, without the parts between them."""
    return tuple(piece for piece in pieces(text) if piece.kind)


def with_segments(text: str, translated: Sequence[str]) -> str:
    """``text`` with the text of each segment replaced, in order."""
    left = iter(translated)
    return "".join(next(left) if piece.kind else piece.text for piece in pieces(text))


class _Reader:
    """Goes through the lines of a text once."""

    def __init__(self, text: str) -> None:
        self.lines = re.findall(r"[^\n]*\n|[^\n]+", text)
        self.at = 0
        self.in_container = False

    def read(self) -> Iterator[Piece]:
        plain = [line.rstrip("\n") for line in self.lines]
        while self.at < len(self.lines):
            start = self.at
            line = plain[start]
            rest = line.lstrip(_INDENT)
            indent = line[: len(line) - len(rest)]
            end = self._end_of_literal(plain, start, indent, rest)
            if end > start:
                yield Piece("", "".join(self.lines[start:end]), start)
                self.at = end
            elif start + 1 < len(plain) and "|" in line and _is_delimiters(plain[start + 1]):
                yield from self._table(plain)
            else:
                if not indent.strip(" \t") and len(indent.expandtabs(4)) < 4:
                    self.in_container = bool(_CONTAINER.match(rest))
                yield from self._block(plain, indent, rest)

    def _end_of_literal(self, plain: list[str], start: int, indent: str, rest: str) -> int:
        """The line after what is left out of the work, or ``start``."""
        if not rest.strip() or _RULE.fullmatch(rest) or (_DEFINED.match(rest) and not rest.startswith("[^")):
            return start + 1
        if (end := end_of_block(plain, start)) > start:
            return end
        if fence := _FENCE.match(rest):
            closing = re.compile(rf"[ \t>]*{re.escape(fence['mark'][0])}{{{len(fence['mark'])},}}[ \t]*$")
            return next((at + 1 for at in range(start + 1, len(plain)) if closing.match(plain[at])), len(plain))
        if raw := _RAW.match(rest):
            closing = re.compile(rf"</{raw['tag']}\s*>", re.IGNORECASE)
            return next((at + 1 for at in range(start, len(plain)) if closing.search(plain[at])), len(plain))
        if rest.startswith("<!--"):
            return next((at + 1 for at in range(start, len(plain)) if "-->" in plain[at]), len(plain))
        if len(indent.expandtabs(4)) >= 4 and not self.in_container and (not start or not plain[start - 1].strip()):
            end = start
            while end < len(plain) and (not plain[end].strip() or plain[end].startswith(("    ", "\t"))):
                end += 1
            return end
        return start

    def _table(self, plain: list[str]) -> Iterator[Piece]:
        while self.at < len(plain) and "|" in plain[self.at]:
            line = plain[self.at]
            if _is_delimiters(line):
                yield Piece("", line, self.at)
            else:
                for part in _cells(line):
                    yield from _trimmed("cell", part, self.at)
            yield Piece("", self.lines[self.at][len(line) :], self.at)
            self.at += 1

    def _block(self, plain: list[str], indent: str, rest: str) -> Iterator[Piece]:
        """A heading, the title of a box, or a paragraph behind its markers."""
        start = self.at
        newline = self.lines[start][len(plain[start]) :]
        yield Piece("", indent, start)
        kind: Kind = "text"
        while marker := _ITEM.match(rest) or _NOTE.match(rest):
            kind = "item"
            yield Piece("", marker[0], start)
            rest = rest[marker.end() :]
        if found := _HEADING.fullmatch(rest) or _BOX.fullmatch(rest):
            yield Piece("", found["mark"], start)
            yield Piece("heading" if found["mark"].startswith("#") else "title", found["text"], start)
            yield Piece("", found["end"] + newline, start)
            self.at += 1
            return
        self.at += 1
        if _BARE_BOX.match(rest) or _FENCE.match(rest):
            yield Piece("", rest + newline, start)
            return
        text = rest
        last = newline
        while self.at < len(plain) and self._goes_on(plain, self.at):
            text += last + plain[self.at]
            last = self.lines[self.at][len(plain[self.at]) :]
            self.at += 1
        yield from _trimmed(kind, text, start)
        yield Piece("", last, start)

    def _goes_on(self, plain: list[str], at: int) -> bool:
        """Whether the line ``at`` belongs to the paragraph above it."""
        rest = plain[at].lstrip(_INDENT)
        if not rest.strip() or _RULE.fullmatch(rest) or rest.startswith(("<!--", "#")) or _RAW.match(rest):
            return False
        if _ITEM.match(rest) or _NOTE.match(rest) or _FENCE.match(rest) or _BARE_BOX.match(rest) or _BOX.match(rest):
            return False
        if _DEFINED.match(rest) or end_of_block(plain, at) > at:
            return False
        return not (at + 1 < len(plain) and "|" in plain[at] and _is_delimiters(plain[at + 1]))


def _is_delimiters(line: str) -> bool:
    return "|" in line and "-" in line and _DELIMITERS.fullmatch(line) is not None


def _trimmed(kind: Kind, text: str, line: int) -> Iterator[Piece]:
    """``text`` as a segment, white space around it apart; the bar of a table is no segment."""
    inner = text.strip(" \t|" if kind == "cell" else " \t\n")
    at = text.find(inner) if inner else 0
    yield Piece("", text[:at], line)
    yield Piece(kind, inner, line)
    yield Piece("", text[at + len(inner) :], line)


def _cells(line: str) -> Iterator[str]:
    """The parts of a line of a table, each with the bar behind it; joined they are the line."""
    protected = [(start, end) for start, end, _ in spans(line)]
    start = 0
    for at, character in enumerate(line):
        if character == "|" and (at == 0 or line[at - 1] != "\\") and not any(a <= at < b for a, b in protected):
            yield line[start : at + 1]
            start = at + 1
    yield line[start:]
