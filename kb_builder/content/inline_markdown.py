"""Inline Markdown of a header's text as plain text: what is counted, searched, and sent in replies."""

import re
from typing import Final

_ESCAPE: Final = re.compile(r"\\([\\`*_{}\[\]()#+.!~<>-])")
_CODE: Final = re.compile(r"(`+)\s?(.+?)\s?\1(?!`)")
_LINK: Final = re.compile(
    r"!?\[([^\[\]]*)\](?:\(\s*<?[^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*>?(?:\s+[\"'][^\"']*[\"'])?\s*\)|\[[^\[\]]*\])"
)
_AUTOLINK: Final = re.compile(r"<((?:https?://|mailto:)[^<>\s]+|[^<>\s@]+@[^<>\s@]+)>")
_STRONG: Final = re.compile(r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS: Final = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])(.+?)(?<=[^\s*_])\1(?![\w*])")
_KEPT: Final = "\ue000{}\ue001"


def plain_text(markdown: str) -> str:
    """``markdown`` without its marks: links and images become their text, code and emphasis their text."""
    if not any(mark in markdown for mark in "\\`*_[<~"):
        return markdown
    markdown = markdown.replace("\ue000", "")
    kept: list[str] = []

    def keep(text: str) -> str:
        kept.append(text)
        return _KEPT.format(len(kept) - 1)

    text = _CODE.sub(lambda match: keep(match[2]), markdown)
    text = _ESCAPE.sub(lambda match: keep(match[1]), text)
    text = _AUTOLINK.sub(lambda match: match[1].removeprefix("mailto:"), text)
    text = _LINK.sub(r"\1", text)
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(r"\2", text)
    return re.sub("\ue000(\\d+)\ue001", lambda match: kept[int(match[1])], text)
