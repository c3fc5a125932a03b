"""The structure of a text: lists, tables, code and headings in document order, as ``ul 1``, ``table``, ``pre``, ``h2``.

That of CommonMark's blocks, which GitHub shows, is compared with that of the HTML which customers see.
"""

import re
from collections.abc import Sequence
from typing import Final

from markdown_it.token import Token

_TAGS: Final = re.compile(r"<(/?)(ul|ol|table|pre|h[1-6])\b", re.I)
_ASIDES: Final = re.compile(r'<div class="(?:footnote|toc)">.*?</div>', re.S)


def of_blocks(tokens: Sequence[Token]) -> tuple[list[str], list[int]]:
    """The structure of CommonMark's blocks, and the line of each part, counted from 0."""
    found: list[str] = []
    lines: list[int] = []
    depth = 0
    in_footnote = False
    for token in tokens:
        names: list[str] = []
        if token.type == "inline":
            in_footnote = token.content.startswith("[^")
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
            names = [f"{token.tag} {depth}"]
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type in ("fence", "code_block") and not in_footnote:
            names = ["pre"]
        elif token.type in ("table_open", "heading_open"):
            names = [token.tag]
        elif token.type == "html_block":
            names = of_html(token.content)
        found += names
        lines += [token.map[0] if token.map else 0] * len(names)
    return found, lines


def of_html(html: str) -> list[str]:
    """The structure of converted HTML."""
    found: list[str] = []
    depth = 0
    for closing, name in _TAGS.findall(_ASIDES.sub("", html)):
        tag = name.lower()
        if tag in ("ul", "ol"):
            depth += -1 if closing else 1
            if not closing:
                found.append(f"{tag} {depth}")
        elif not closing:
            found.append(tag)
    return found
