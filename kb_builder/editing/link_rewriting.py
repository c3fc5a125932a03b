"""Replaces the targets of links and images in Markdown; the rest of the text stays as typed."""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote, unquote

from kb_builder.parsing.fenced_code import lines_of

_MARKDOWN: Final = r"<[^<>\n]*>|[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*"
_TARGET: Final = re.compile(
    rf"(?P<before>\]\([ \t]*|^[ ]{{0,3}}\[[^\]\n]+\]:[ \t]*)(?P<target>{_MARKDOWN})"
    r"|(?P<attribute>\b(?:href|src)[ ]?=[ ]?(?P<quote>[\"']))(?P<value>.*?)(?=(?P=quote))"
)


def rewrite_links(text: str, change: Callable[[str], str | None]) -> str:
    """``text`` with each target replaced by ``change(target)``; None leaves it.

    Covers inline links and images, reference definitions and ``href``/``src`` of raw HTML; skips fenced code.
    ``change`` takes and returns targets without percent-encoding and angle brackets.
    """

    def replace(match: re.Match[str]) -> str:
        before, written = match["before"] or match["attribute"], match["target"] or match["value"]
        bracketed = written.startswith("<")
        path, mark, fragment = written.strip("<>").partition("#")
        changed = change(unquote(path)) if path else None
        if changed is None:
            return match[0]
        target = changed if bracketed else quote(changed, safe="/.-_~")
        made = f"{target}{mark}{fragment}"
        return before + (f"<{made}>" if bracketed else made)

    return "\n".join(line if code else _TARGET.sub(replace, line) for line, code in lines_of(text))
