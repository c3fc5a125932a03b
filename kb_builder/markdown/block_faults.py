"""Blocks that GitHub and this page read alike, but probably not as their author meant."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

_HEADER_KEY: Final = re.compile(
    r"(?:answer|audience|author|categories|date|description|draft|id|layout|owner|slug|tags|title|weight):(?:\s|$)"
)
_LONGEST_HEADER: Final = 100


def block_faults(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """(line, code) of code without an end, of headings without words, of table rows whose last cells are not shown, and
    of a second header.

    ``tokens`` are the blocks of ``lines``.
    """
    columns = 0
    for place, token in enumerate(tokens):
        if token.map is None:
            columns += token.type == "th_open"
            continue
        first, last = token.map
        if token.type == "fence" and token.content.count("\n") >= last - first - 1:
            yield first, "open-code"
        elif token.type == "heading_open" and not tokens[place + 1].content.strip():
            yield first, "empty-heading"
        elif token.type == "hr" and _is_header(lines, first):
            yield first, "second-header"
        elif token.type == "table_open":
            columns = 0
        elif token.type == "tr_open" and 0 < columns < _cells(lines[first]):
            yield first, "cut-row"


def _is_header(lines: Sequence[str], first: int) -> bool:
    """Whether a line of hyphens and the lines after it are the header of an article."""
    if lines[first].strip() != "---" or first + 1 >= len(lines) or not _HEADER_KEY.match(lines[first + 1]):
        return False
    following = (line.rstrip() for line in lines[first + 2 : first + 2 + _LONGEST_HEADER])
    return "---" in takewhile(bool, following)


def _cells(row: str) -> int:
    """How many cells of a row have text or come before one that has."""
    cells = [cell.strip(" >\t") for cell in escapedSplit(row.strip())]
    while cells and not cells[-1]:
        cells.pop()
    return len(cells) - (bool(cells) and not cells[0])
