"""Fenced code in Markdown: the lines that are text as it is, whatever is in them."""

import re
from collections.abc import Iterator
from typing import Final

_FENCE: Final = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})[^`\n]*$")
"""Code begins and ends at any indentation: what is too much depends on the list around it."""


def lines_of(text: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it belongs to fenced code; its fences do."""
    fence = ""
    for line in text.split("\n"):
        if fence:
            yield line, True
            bare = line.strip(" \t>")
            fence = "" if bare.startswith(fence) and not bare.strip(fence[0]) else fence
        else:
            mark = _FENCE.match(line)
            fence = mark[1] if mark else ""
            yield line, bool(fence)
