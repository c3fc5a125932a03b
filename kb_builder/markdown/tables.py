"""Widths of table cells: a short cell stays on one line, a long one keeps a width that can be read."""

import html
import re
from typing import Final

SHORT: Final = 14
"""Characters: a price, a date, "2 to 4 days". That is about the width which a long cell keeps, too."""
_CELL: Final = re.compile(r"<(t[dh])((?:\s[^<>]*)?)>([^<]*(?:<(?!/?t[dh]\b)[^<]*)*)")
_TAG: Final = re.compile(r"<[^>]*>")


def with_long_cells(source: str) -> str:
    """``source``, sanitised HTML, whose cells with more than :data:`SHORT` characters have ``data-long``."""
    return _CELL.sub(_marked, source) if "<table" in source else source


def _marked(cell: re.Match[str]) -> str:
    tag, attributes, content = cell.groups()
    text = " ".join(html.unescape(_TAG.sub("", content)).split())
    return f"<{tag}{attributes} data-long>{content}" if len(text) > SHORT else cell[0]
