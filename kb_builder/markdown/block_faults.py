"""Blocks that GitHub and this page read alike, and hardly as their author meant them."""

from collections.abc import Iterator, Sequence

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token


def block_faults(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """(line, code) of code without an end, of headings without words, and of table rows whose last cells are not shown.

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
        elif token.type == "table_open":
            columns = 0
        elif token.type == "tr_open" and 0 < columns < _cells(lines[first]):
            yield first, "cut-row"


def _cells(row: str) -> int:
    """How many cells of a row say something or stand before one that does."""
    cells = [cell.strip(" >\t") for cell in escapedSplit(row.strip())]
    while cells and not cells[-1]:
        cells.pop()
    return len(cells) - (bool(cells) and not cells[0])
