"""Rewrites GitHub-flavoured Markdown so that Python-Markdown, which reads lists, tables and code differently, gives the
structure that GitHub shows.

The block structure comes from ``markdown-it-py`` (CommonMark and tables). What belongs to a list item is indented by
four spaces a level, and blocks are separated by blank lines. Material's blocks (``!!!``, ``???``, ``===``) are
indented code or paragraphs to CommonMark and keep their indentation.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from kb_builder.markdown.block_faults import block_faults
from kb_builder.markdown.structure import of_blocks

_MARKER: Final = re.compile(r"( {0,3})(?:([-+*])|(\d{1,9})[.)])( *)")
_QUOTE: Final = re.compile(r" {0,3}> ?")
_MATERIAL: Final = re.compile(r"(?:!!!|\?\?\?\+?|===[+!]?) ?[\"\w]")
_BEFORE: Final = re.compile(r"[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*")
_ALERT: Final = re.compile(r"(\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\])[ \t]+(\S.*)", re.I)
_NO_HEADING: Final = re.compile(r" {0,3}#")
_LIST_LIKE: Final = re.compile(r"(\s*)(?:([-+*])|(\d+)([.)]))(?=\s)")
_CODE_SPAN: Final = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_CONTAINER: Final = re.compile(r"\s*<(details|div|section|article|aside|figure|blockquote)\b(?![^>]*\bmarkdown=)", re.I)
_ANY: Final = re.compile(
    r"^[ \t]*(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)|^[ \t]*[|>`~<]|^[ \t]*\|?[ \t]*:?-+:?[ \t]*\|"
    r"|^ {0,3}#|\\$|^ {1,3}\S|^---[ \t]*\n\w+:",
    re.M,
)
_LISTS: Final = ("ul 1", "ol 1")
_MOST_QUOTES: Final = 20
_ACROSS_BLANKS: Final = re.compile(r"```|~~~|<(?:[!?]|pre|script|style|textarea)|^ {0,3}\[.*\]:", re.I | re.M)
"""Lines that may open a block that no blank line ends, or may be no block at all."""
_MAY_OPEN: Final = ("```", "~~~", "<", "]:")
_BLANKS: Final = re.compile(r"(\n\n+)")
_WORDS: Final = r"(?:[^\W\d_]|[*_]{1,3}[^\s*_]|\d+(?![\d.)])|\[(?:[^]^\n][^]\n]*\]\(|[ x]\] )|[(\"“]).*"
"""A line that starts no block but a paragraph."""
_SIMPLE: Final = re.compile(
    rf"(?P<plain>(?:{_WORDS}(?<!\\)\n)+)|(?P<heading>#{{1,6}}) \S.*\n"
    rf"|(?P<bullet>[-*+]) {_WORDS}\n(?:(?P=bullet) {_WORDS}\n)*|(?:\d{{1,9}}\. {_WORDS}\n)+"
)
"""Blocks that CommonMark and Python-Markdown read alike: a paragraph, a heading, a list of lines."""
_READ_INFO: Final = re.compile(r"[\w#.+-]*[ \t]*(?:\{[^{}\n]*\})?")
_OPTIONS: Final = re.compile(r"(?:\s*[a-z_]+=(?:\"[^\"\n]*\"|'[^'\n]*'))+\s*")


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable("table")
    # Python-Markdown sees every list an author can nest; a low limit would leave the inner ones as text.
    parser.options["maxNesting"] = 60
    return parser


_PARSER: Final = _parser()


@dataclass(slots=True)
class Rewritten:
    """``text`` for Python-Markdown, and the ``structure`` that GitHub shows; None for a text with Material's blocks,
    which mean nothing to GitHub."""

    text: str
    structure: list[str] | None
    lines: list[int] = field(default_factory=list)
    """Line of each part of ``structure``, counted from 0 in the source."""
    faults: list[tuple[int, str]] = field(default_factory=list)
    """Blocks that are read otherwise than they were meant: line, counted from 0 in the source, and code."""


def rewrite(text: str) -> Rewritten:
    """``text`` for Python-Markdown, and its structure."""
    if not _ANY.search(text):
        return Rewritten(text, None)
    structure: list[str] = []
    places: list[int] = []
    faults: list[tuple[int, str]] = []
    out: list[str] = []
    first = 0
    before: str | None = None
    for part, tag in _parts(text):
        found, lines = ([tag], [0]) if tag else ([], [])
        rewritten = part
        if tag is None:
            rewritten, tokens = _parsed(part)
            found, lines = of_blocks(tokens)
            faults += [(first + line, code) for line, code in block_faults(part.split("\n"), tokens)]
        elif tag in _LISTS and before in _LISTS:
            out.append("<!-- -->\n\n")
        out.append(rewritten)
        structure += found
        places += [first + line for line in lines]
        before = tag
        first += part.count("\n")
    return Rewritten("".join(out), None if _has_material(text) else structure, places, faults)


def _has_material(text: str) -> bool:
    if not any(mark in text for mark in ("!!!", "???", "===")):
        return False
    return any(_MATERIAL.match(_BEFORE.sub("", line, count=1)) for line in text.split("\n"))


def _parts(text: str) -> list[tuple[str, str | None]]:
    """``text`` in parts that are read independently, each with its structure: empty for paragraphs and blank lines,
    None for what must be parsed, which takes long."""
    if any(mark in text for mark in _MAY_OPEN) and _ACROSS_BLANKS.search(text):
        return [(text, None)]
    start = len(text) - len(text.lstrip("\n"))
    parts: list[tuple[str, str | None]] = [(text[:start], "")]
    pieces = _BLANKS.split(text[start:])
    marker: str | None = ""
    """Of the list that the last part is; empty for another part, None for one that must be parsed."""
    for block, blanks in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        match = _SIMPLE.fullmatch(block if block.endswith("\n") else f"{block}\n")
        part, last = block + blanks, marker
        if match and (match["plain"] or match["heading"]):
            parts.append((part, f"h{len(match['heading'])}" if match["heading"] else ""))
            marker = ""
            continue
        marker = (match["bullet"] or "1") if match and last is not None else None
        if marker is None:
            # It may belong to the last item of the lists before it.
            while parts[-1][1] in (*_LISTS, None):
                part = parts.pop()[0] + part
        elif marker == last:
            part = parts.pop()[0] + part
        parts.append((part, None if marker is None else "ol 1" if marker == "1" else "ul 1"))
    return parts


def _parsed(text: str) -> tuple[str, Sequence[Token]]:
    """``text`` for Python-Markdown, and its blocks."""
    lines = [_without_tabs(line) for line in text.split("\n")]
    tokens = _blocks("\n".join(lines))
    return "\n".join(_rewritten(lines, tokens)), tokens


def _without_tabs(line: str) -> str:
    """Leading tabs as spaces, at tab stops of four."""
    body = line.lstrip(" \t")
    return line[: len(line) - len(body)].expandtabs(4) + body


def _blocks(text: str) -> list[Token]:
    state = StateBlock(text, _PARSER, {}, [])
    _PARSER.block.tokenize(state, state.line, state.lineMax)
    return state.tokens


@dataclass(slots=True)
class _Item:
    first: int
    offset: int
    """Columns before the item's content."""
    marker: str


@dataclass(slots=True)
class _Plan:
    """The changes to make, by line."""

    items: list[tuple[_Item, ...]]
    before: set[int] = field(default_factory=set)
    """Lines with a blank line before them."""
    separated: set[int] = field(default_factory=set)
    """First lines of lists that Python-Markdown would join with the list before."""
    dedent: dict[int, int] = field(default_factory=dict)
    quotes: dict[int, int] = field(default_factory=dict)
    """First line of each outermost quotation → the line after it."""
    replaced: dict[int, str] = field(default_factory=dict)
    """Lines whose content, without indentation, is another."""
    dropped: set[int] = field(default_factory=set)
    after: dict[int, list[str]] = field(default_factory=dict)
    """Lines added after a line, at its indentation."""


def _rewritten(lines: list[str], tokens: Sequence[Token], level: int = 0) -> list[str]:
    plan = _plan(lines, tokens)
    out: list[str] = []
    number = deepest = 0
    while number < len(lines):
        items = plan.items[number]
        depth = sum(item.first < number for item in items)
        # Python-Markdown takes a block whole: after an indented first line the rest of it is read as indented too.
        if out and out[-1].strip() and (number in plan.before or (depth < deepest and lines[number].strip())):
            out.append("")
        if not out or not out[-1].strip():
            deepest = depth
        if number in plan.separated:
            out += [f"{'    ' * depth}<!-- -->", ""]
        if (end := plan.quotes.get(number)) is not None:
            inner = [_QUOTE.sub("", _content(lines[at], items), count=1) for at in range(number, end)]
            if len(inner) == 1 and (alert := _ALERT.fullmatch(inner[0])):
                # The whole text on the line of its type: GitHub makes no alert of it, but one is meant.
                inner = [alert[1], alert[2]]
            quoted = _rewritten(inner, _blocks("\n".join(inner)), level + 1) if level < _MOST_QUOTES else inner
            first, rest = _prefix(items, number), "    " * len(items)
            out += [f"{rest if place else first}> {line}".rstrip() for place, line in enumerate(quoted)]
            number = end
            continue
        if number not in plan.dropped:
            content = plan.replaced.get(number)
            if content is None:
                content = _content(lines[number], items)
                extra = plan.dedent.get(number, 0)
                content = content[min(extra, len(content) - len(content.lstrip(" "))) :]
            prefix = _prefix(items, number)
            out.append(f"{prefix}{content}" if content.strip() or prefix.strip() else "")
        out += [f"{'    ' * len(items)}{line}" if line else "" for line in plan.after.get(number, ())]
        number += 1
    return out


def _content(line: str, items: Sequence[_Item]) -> str:
    """``line`` without the indentation, or the markers, of the list items it belongs to."""
    for place, item in enumerate(items):
        blank = len(line) - len(line.lstrip(" "))
        start = items[place - 1].offset if place else 0
        if blank < item.offset - start and not _MARKER.match(line):
            return line.lstrip(" ")
        line = line[item.offset - start :]
    return line


def _prefix(items: Sequence[_Item], number: int) -> str:
    return "".join(item.marker if item.first == number else "    " for item in items)


def _plan(lines: list[str], tokens: Sequence[Token]) -> _Plan:
    plan = _Plan([()] * len(lines))
    stack: list[_Item] = []
    quote: int | None = None
    previous: Token | None = None
    first_paragraph = False
    material = 0
    for token in tokens:
        if quote is not None:
            # Quoted text is rewritten by itself.
            if token.type == "blockquote_close" and token.level == quote:
                quote, previous = None, token
            continue
        if token.type == "list_item_close":
            stack.pop()
        if token.map is None or token.type in ("inline", "thead_open", "tbody_open", "tr_open"):
            previous = token if token.nesting == -1 else previous
            continue
        first, last = token.map
        if token.type == "list_item_open":
            stack.append(_item(lines, first, stack))
            for number in range(first, last):
                plan.items[number] = tuple(stack)
            previous = token
            continue
        starts_item = previous is not None and previous.type == "list_item_open"
        # Python-Markdown needs no blank line before a list right after the first paragraph of its item.
        after_paragraph = previous is not None and previous.type == "paragraph_close"
        tight = first_paragraph and after_paragraph and token.type.endswith("_list_open")
        if previous is not None and not starts_item and not tight:
            plan.before.add(first)
        first_paragraph = starts_item and token.type == "paragraph_open"
        if token.type == "blockquote_open":
            plan.quotes[first] = _without_blanks(lines, first, last)
            quote = token.level
        elif token.type.endswith("_list_open"):
            if previous is not None and previous.type.endswith("_list_close"):
                plan.separated.add(first)
        else:
            material = _leaf(token, lines, plan, stack, material)
        previous = token
    return plan


def _item(lines: list[str], first: int, stack: Sequence[_Item]) -> _Item:
    content = _content(lines[first], stack)
    start = stack[-1].offset if stack else 0
    match = _MARKER.match(content)
    assert match is not None
    spaces = len(match[4])
    text = content[match.end() :]
    width = match.end() - (spaces - 1 if spaces > 4 or not text else 0) if spaces else match.end() + 1
    marker = f"{match[2] or '-'} " if match[3] is None else f"{match[3]}. "
    return _Item(first, start + width, marker)


def _leaf(token: Token, lines: list[str], plan: _Plan, stack: Sequence[_Item], material: int) -> int:
    """Plans the lines of a block without blocks in it; returns the indentation of Material's block it belongs to."""
    assert token.map is not None
    first, last = token.map
    items = tuple(stack)
    content = _content(lines[first], items)
    extra = len(content) - len(content.lstrip(" "))
    last = _without_blanks(lines, first, last)
    if token.type == "code_block":
        plan.dedent |= dict.fromkeys(range(first, last), material)
        return material
    plan.dedent |= dict.fromkeys(range(first, last), extra)
    opens_material = token.type == "paragraph_open" and _MATERIAL.match(content.lstrip(" ")) is not None
    if token.type == "paragraph_open" and not opens_material:
        _paragraph(lines, first, last, items, plan)
    elif token.type == "heading_open" and token.markup in ("=", "-") and last - first > 2:
        words = " ".join(_content(lines[number], items).strip() for number in range(first, last - 1))
        plan.replaced[first] = f"{'#' * int(token.tag[1])} {words}"
        plan.dropped.update(range(first + 1, last))
    elif token.type == "table_open":
        for number in range(first, last):
            plan.replaced[number] = _CODE_SPAN.sub(
                lambda span: span[0].replace("\\|", "|"), _content(lines[number], items).lstrip(" ")
            )
    elif token.type == "fence":
        plan.replaced[first] = token.markup + _language(token.info.strip())
        closing = _content(lines[last - 1], items).strip()
        if last - 1 == first or not closing.startswith(token.markup) or closing.strip(token.markup[0]):
            plan.after.setdefault(last - 1, []).append(token.markup)
        else:
            # Python-Markdown ends code only by a mark of the same length.
            plan.replaced[last - 1] = token.markup
    elif token.type == "html_block" and (tag := _CONTAINER.match(content)):
        name = tag[1].lower()
        if len(re.findall(rf"<{name}\b", token.content, re.I)) > len(re.findall(rf"</{name}\b", token.content, re.I)):
            # GitHub reads Markdown after a blank line inside of it.
            plan.replaced[first] = f'{content[: tag.end(1)]} markdown="1"{content[tag.end(1) :]}'.lstrip(" ")
    if token.type != "paragraph_open" and last < len(lines) and lines[last].strip():
        plan.before.add(last)
    return extra if opens_material else 0


def _language(info: str) -> str:
    """The info string of a code block as Python-Markdown reads it: its first word, as on GitHub."""
    if _READ_INFO.fullmatch(info):
        return info
    word, _, options = info.partition(" ")
    word = word if _READ_INFO.fullmatch(word) else ""
    return f"{{.{word} {options.strip()}}}" if word and _OPTIONS.fullmatch(options) else word


def _paragraph(lines: list[str], first: int, last: int, items: tuple[_Item, ...], plan: _Plan) -> None:
    """Text that Python-Markdown would take for a heading or a list is escaped; a backslash breaks a line."""
    for number in range(first, last):
        content = changed = _content(lines[number], items)
        if number + 1 < last and changed.endswith("\\") and not changed.endswith("\\\\"):
            changed = f"{changed[:-1]}  "
        if _NO_HEADING.match(changed):
            changed = changed.replace("#", "\\#", 1)
        elif number > first and items and (match := _LIST_LIKE.match(changed)):
            place = match.start(2) if match[2] else match.start(4)
            changed = f"{changed[:place]}\\{changed[place:]}"
        if changed != content:
            plan.replaced[number] = changed.lstrip(" ")


def _without_blanks(lines: Sequence[str], first: int, last: int) -> int:
    while last > first + 1 and not lines[last - 1].strip(" >"):
        last -= 1
    return last
