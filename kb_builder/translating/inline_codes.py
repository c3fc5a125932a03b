"""The codes of a segment, which a translator must not change: link targets, code, pictures, tags, line breaks.

A segment is a list of texts and codes; joined they are the segment, byte for byte.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, Literal, TypeAlias

Role: TypeAlias = Literal["alone", "begin", "end"]

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_ALONE: Final = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<comment><!--.*?-->)"
    r"|(?P<tag></?[A-Za-z][^<>]*>)"
    r"|(?P<footnote>\[\^[^\]\s]+\])"
    r"|(?P<attributes>\{[ \t]*(?:[:.#]|[\w-]+=)[^{}\n]*\})"
    r"|(?P<icon>:[a-z][a-z0-9_+-]*:)"
    r"|(?P<address>https?://[^\s<>()\[\]]+)"
    r"|(?P<entity>&(?:#\d+|#x[0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*);)"
    r"|(?P<break>[ \t]{2,}\n[ \t>]*|\\\n[ \t>]*|\n[ \t>]+)"
    rf"|(?P<control>{_CONTROL.pattern})",
    re.DOTALL,
)
_SLOT: Final = re.compile(rf"\Asubject:[ \t]*|\{{[^{{}}\n]*\}}|{_CONTROL.pattern}", re.IGNORECASE)
_TARGET: Final = re.compile(
    r"\]\((?:[^()\\\n]|\\.|\((?:[^()\\\n]|\\.)*\))*\)(?:\{[ \t]*[:.#][^{}\n]*\})?|\]\[[^\[\]\n]*\]"
)
_DEEPEST: Final = 4
"""Links and pictures inside one another; what is deeper is text."""


@dataclass(frozen=True, slots=True)
class Code:
    """A part that is not translated. ``number`` is that of its pair, for the two ends of a link."""

    number: int
    role: Role
    native: str

    @property
    def optional(self) -> bool:
        """Whether it is a line break, which a translation may place elsewhere or leave out."""
        return "\n" in self.native and not self.native.strip(" \t\\\n>")


Token: TypeAlias = str | Code


def tokens(text: str) -> list[Token]:
    """``text`` as texts and codes."""
    found: list[Token] = []
    at = 0
    numbers = count(1)
    opened: list[int] = []
    for start, end, role in spans(text):
        number = opened.pop() if role == "end" else next(numbers)
        if role == "begin":
            opened.append(number)
        found += [text[at:start], Code(number, role, text[start:end])]
        at = end
    return [token for token in (*found, text[at:]) if token]


def plain_tokens(text: str) -> list[Token]:
    """``text`` that is no Markdown: a code is what no translator's tool could hold."""
    return _tokens(text, _CONTROL)


def slot_tokens(text: str) -> list[Token]:
    """The template of a reply: what is filled in is a code."""
    return _tokens(text, _SLOT)


def _tokens(text: str, codes: re.Pattern[str]) -> list[Token]:
    found: list[Token] = []
    at = 0
    for number, code in enumerate(codes.finditer(text), start=1):
        found += [text[at : code.start()], Code(number, "alone", code[0])]
        at = code.end()
    return [token for token in (*found, text[at:]) if token]


def spans(text: str) -> list[tuple[int, int, Role]]:
    """Start, end and role of every code, in order; none overlaps another."""
    return list(_spans(text, 0, len(text), 0))


def _spans(text: str, start: int, end: int, depth: int) -> Iterator[tuple[int, int, Role]]:
    at = start
    while at < end:
        found = _ALONE.match(text, at, end)
        if found and found.end() > at:
            if found.lastgroup != "escape" and not found["escape"]:
                yield at, found.end(), "alone"
            at = found.end()
            continue
        opening = 2 if text.startswith("![", at) else 1 if text[at] == "[" else 0
        close = _closing(text, at + opening, end) if opening and depth < _DEEPEST else None
        if close is None:
            at += 1
            continue
        inner, after = close
        yield at, at + opening, "begin"
        yield from _spans(text, at + opening, inner, depth + 1)
        yield inner, after, "end"
        at = after


def _closing(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the label that begins at ``start`` ends, and where its target does; None if it is no link."""
    depth, at = 1, start
    while at < end:
        found = _ALONE.match(text, at, end)
        if found and found.end() > at:
            at = found.end()
            continue
        if text[at] == "[":
            depth += 1
        elif text[at] == "]":
            depth -= 1
            if not depth:
                target = _TARGET.match(text, at, end)
                return (at, target.end()) if target else None
        at += 1
    return None


def has_words(text: str) -> bool:
    """Whether there is anything to translate in ``text``."""
    return any(isinstance(token, str) and any(map(str.isalpha, token)) for token in tokens(text))


def joined(found: Iterable[Token]) -> str:
    """The Markdown of a segment from its words and codes."""
    return "".join(token if isinstance(token, str) else token.native for token in found)


def changed_codes(source: Sequence[Token], target: Sequence[Token]) -> tuple[list[str], list[str]]:
    """The codes that the target lacks, and those that it has and the source has not; line breaks don't matter."""
    needed = Counter(token.native for token in source if isinstance(token, Code) and not token.optional)
    given = Counter(token.native for token in target if isinstance(token, Code) and not token.optional)
    return sorted((needed - given).elements()), sorted((given - needed).elements())
