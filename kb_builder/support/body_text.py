"""The HTML of a body as plain text for messages: numbered lists stay numbered, table rows become lines."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from kb_builder.support.pointers import without_pointers

Kind: TypeAlias = Literal["heading", "text", "numbered", "bullets", "table", "menu"]
_TEXT: Final = frozenset(("p", "li", "td", "th", "dt", "dd", "summary", "figcaption", "pre", "blockquote"))
_HEADINGS: Final = frozenset(("h2", "h3", "h4", "h5", "h6"))
_SILENT: Final = frozenset(("script", "style", "svg"))
_ENDS: Final = ".!?…:;"
_FOOTNOTE_MARKS: Final = "*†‡ "
"""At the end of a cell they point at a note below the table."""
_OPEN, _CLOSE = "\0", "\1"
"""Around the words of a link to another page of the help centre."""
_ONLY_A_LINK: Final = re.compile(rf"(?:(?<=[.!?…] )|^){_OPEN}[^{_OPEN}{_CLOSE}]*{_CLOSE}(?:[.!?](?: |$)|$)")
"""A sentence that is a link; one that only begins with a link says something."""

_SEE_A_LINK: Final = re.compile(
    rf"(?:(?<=[.!?…] )|^)[^.!?…{_CLOSE}]*\b(?:see|refer to|siehe|voir|véase|vedi|zie|zobacz|انظر)(?: also| the| our)?"
    rf" {_OPEN}[^{_OPEN}{_CLOSE}]*{_CLOSE}[.!?]?(?: |$)",
    re.IGNORECASE,
)
"""“If you can't sign in, see [I forgot my password](…).”"""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading or a paragraph with one line, or a list or table with a line for each item or row.

    A menu is a table or a list that leads elsewhere: what it says is no answer without the links.
    """

    kind: Kind
    lines: tuple[str, ...]
    anchor: str = ""
    """Of a heading."""
    level: int = 0
    """Of a heading: 2 to 6."""


def blocks(html: str) -> tuple[Block, ...]:
    """The blocks of canonical HTML, in reading order. The absolute address of a link follows its first mention."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_text()
    return tuple(reader.found)


def section(found: Sequence[Block], anchor: str) -> tuple[Block, ...]:
    """The blocks below the heading ``anchor``, those of its subsections included; empty if there is none."""
    start = next((place for place, block in enumerate(found) if block.anchor == anchor), None)
    if start is None:
        return ()
    level = found[start].level
    end = next((place for place in range(start + 1, len(found)) if 0 < found[place].level <= level), len(found))
    return tuple(found[start + 1 : end])


def steps(found: Sequence[Block]) -> tuple[Block, ...]:
    """The first numbered list with the heading or the sentence that introduces it, or else the first table; or none.

    The text above the first heading is what the article is about, so a table there comes first too. With what
    follows a step that ends in a colon.
    """
    above = next((place for place, block in enumerate(found) if block.kind == "heading"), len(found))
    for kinds, until in ((("numbered", "table"), above), (("numbered",), len(found)), (("table",), len(found))):
        for place, block in enumerate(found[:until]):
            if block.kind in kinds:
                before = found[place - 1 : place] if place else ()
                introduces = before if before and before[0].kind in ("heading", "text") else ()
                after = found[place + 1 : place + 2] if block.lines[-1].endswith(":") else ()
                return (*introduces, block, *(one for one in after if one.kind != "heading"))
    return ()


def as_paragraphs(found: Iterable[Block]) -> str:
    """Text of several lines: an empty line between blocks, but none below a heading."""
    parts: list[str] = []
    for block in _finished(found):
        if block.kind == "heading":
            parts.append(_headline(block.lines[0]) + "\n")
        else:
            marks = {"numbered": "{}. ", "bullets": "- "}.get(block.kind, "")
            lines = [marks.format(number) + line for number, line in enumerate(block.lines, start=1)]
            parts.append("\n".join(lines) + "\n\n")
    return "".join(parts).strip()


def as_sentences(found: Iterable[Block]) -> str:
    """Text of one line: items and rows as sentences, items that go on with the one before them as parts of it."""
    return " ".join(
        _headline(line) if block.kind == "heading" else line if line[-1:] in _ENDS else f"{line}."
        for block in _finished(found)
        for line in (_in_a_row(block.lines) if _goes_on(block) else block.lines)
    )


def _goes_on(block: Block) -> bool:
    return block.kind == "bullets" and all(line[0].islower() and not line.endswith(".") for line in block.lines)


def _in_a_row(lines: Sequence[str]) -> tuple[str]:
    return ("; ".join(line.rstrip(",;") for line in lines),)


def as_written(block: Block) -> str:
    """A paragraph, the colon at its end included; items and rows as sentences, and nothing of a heading or a menu."""
    if block.kind in ("heading", "menu"):
        return ""
    return block.lines[0] if block.kind == "text" else as_sentences([block])


def _finished(found: Iterable[Block]) -> Iterator[Block]:
    """The blocks, without colons that announce what text can't show, such as a picture."""
    for block, after in pairwise((*found, None)):
        assert block is not None
        goes_on = after is not None and after.kind != "heading"
        last = len(block.lines) - 1
        lines = (
            f"{line[:-1].rstrip()}." if line.endswith(":") and not (goes_on and at == last) else line
            for at, line in enumerate(block.lines)
        )
        yield block if block.kind == "heading" else replace(block, lines=tuple(lines))


def _headline(text: str) -> str:
    return text if text.endswith(("?", "!", ":", ".")) else f"{text}:"


@dataclass(slots=True)
class _List:
    kind: Kind
    items: list[str] = field(default_factory=list)
    links: int = 0
    """Items that are nothing but a link within the help centre."""


@dataclass(slots=True)
class _Table:
    header: tuple[str, ...] = ()
    rows: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    leading: int = 0
    """Cells after the first of their row that begin with a link to another page."""
    literal: bool = False
    """The first cell of the row is code, in which case matters."""


def _named(name: str, cell: str) -> str:
    """A cell with the head of its column, which may be a question."""
    if not (name and cell):
        return cell
    return f"{name} {cell}" if name.endswith("?") else f"{name}: {cell}"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self._text: list[str] = []
        self._lists: list[_List] = []
        self._table: _Table | None = None
        self._heading: tuple[str, int] | None = None
        self._silent = 0
        self._link = ""
        self._inside = False
        self._titled = False
        self._title = ""
        self._given: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag in _SILENT or (values.get("class") or "") in ("headerlink", "footnote-ref"):
            self._silent += 1
        elif tag == "a":
            href = values.get("href") or ""
            self._link = href if href.startswith(("https://", "http://")) else ""
            self._inside = bool(href) and ":" not in href
            if self._inside:
                self._text.append(_OPEN)
        elif tag == "code" and self._table is not None and not self._table.cells:
            self._table.literal = True
        elif tag == "br":
            self._text.append(" ")
        elif tag in _HEADINGS:
            self.end_text()
            self._heading = (values.get("id") or "", int(tag[1]))
        elif tag in ("ol", "ul"):
            self.end_text()
            if self._title:
                self.found.append(Block("text", (self._title,)))
                self._title = ""
            self._lists.append(_List("numbered" if tag == "ol" else "bullets"))
        elif tag == "table":
            self.end_text()
            self._table = _Table()
        elif tag == "li" or (tag in _TEXT and not self._lists and self._table is None):
            self.end_text()
            self._titled = "admonition-title" in (values.get("class") or "")
        elif tag in _TEXT:
            self._text.append(" ")
            self._titled = "admonition-title" in (values.get("class") or "")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and (tag in _SILENT or tag == "a"):
            self._silent -= 1
        elif tag == "a":
            if self._link and self._link not in self._given:
                self._given.add(self._link)
                if self._link.partition("://")[2] not in "".join(self._text):
                    self._text.append(f" ({self._link})")
            self._link = ""
            if self._inside:
                self._text.append(_CLOSE)
                self._inside = False
        elif tag in _HEADINGS and self._heading is not None:
            anchor, level = self._heading
            self._heading = None
            if line := self._taken():
                self.found.append(Block("heading", (line,), anchor, level))
        elif tag == "li" and self._lists:
            self.end_text()
        elif tag in ("ol", "ul") and self._lists:
            self.end_text()
            ended = self._lists.pop()
            kind, items = ended.kind, ended.items
            if kind == "bullets" and 2 * ended.links > len(items):
                kind = "menu"
            if self._lists and items:
                # A list in a list goes on with the item that holds it.
                outer = self._lists[-1].items
                inner = "; ".join(item.rstrip(" .;:") for item in items) + "."
                outer.append(f"{outer.pop()} {inner}" if outer else inner)
            elif items:
                self.found.append(Block(kind, tuple(items)))
        elif tag in ("td", "th") and self._table is not None:
            self._table.leading += bool(self._table.cells) and "".join(self._text).lstrip().startswith(_OPEN)
            self._table.cells.append(self._taken().rstrip(_FOOTNOTE_MARKS))
        elif tag == "tr" and self._table is not None:
            self._end_row(self._table)
        elif tag == "table" and self._table is not None:
            if rows := tuple(self._table.rows):
                self.found.append(Block("menu" if 2 * self._table.leading > len(rows) else "table", rows))
            self._table = None
        elif self._titled and tag == "p":
            self._titled = False
            title = _headline("".join(self._text).strip())
            if self._lists or self._table is not None:
                self._text = [title]
            else:
                self._title, self._text = title, []
        elif tag in _TEXT and not self._lists and self._table is None:
            self.end_text()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text.append(data)

    def end_text(self) -> None:
        only_a_link = _ONLY_A_LINK.fullmatch("".join(self._text).strip())
        if line := self._taken():
            if self._lists:
                self._lists[-1].items.append(line)
                self._lists[-1].links += only_a_link is not None
            else:
                self.found.append(Block("text", (f"{self._title} {line}".lstrip(),)))
                self._title = ""

    def _end_row(self, table: _Table) -> None:
        """``Islands: 5 working days``; with three columns or more ``Islands: £5.95; Arrives: in 5 days``.

        The first cell beside the name needs no head, unless it is empty. The line begins with a capital
        though its cell may complete the head of the column.
        """
        cells, table.cells = table.cells, []
        literal, table.literal = table.literal, False
        if not table.header:
            table.header = tuple(cells)
            return
        first, *rest = cells or [""]
        if not literal and not first[1:2].isupper():
            first = first[:1].upper() + first[1:]
        if len(rest) > 1:
            named = zip(("", *table.header[2:]) if first else table.header[1:], rest, strict=False)
            rest = [_named(name, cell) for name, cell in named]
        further = "; ".join(filter(None, rest))
        between = ": " if len(rest) < 2 or rest[0] else " – "
        if first or further:
            table.rows.append(between.join(filter(None, (first, further))))

    def _taken(self) -> str:
        """The text so far, without sentences that only lead to another page, and brackets that point at this one.

        Where a step begins with one, and in a cell, it is what to do, not a pointer: it stays.
        """
        text = re.sub(r"\s+([.,;:!?])", r"\1", " ".join("".join(self._text).split()))
        self._text = []
        if self._table is None:
            first = _ONLY_A_LINK.match(text) if self._lists else None
            begun = first.end() if first else 0
            text = text[:begun] + _ONLY_A_LINK.sub("", text[begun:]) or text
            text = _SEE_A_LINK.sub("", text) or (text if self._lists else "")
        text = without_pointers(text)
        return text.replace(_OPEN, "").replace(_CLOSE, "").strip()
