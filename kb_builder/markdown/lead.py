"""The lead of a body: its first paragraph as plain text."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

_SENTENCE: Final = re.compile(r".+?(?:[.!?:]\s+|$)", re.S)


def plain_text(parts: Sequence[str]) -> str:
    """``parts`` joined, with single spaces."""
    return " ".join("".join(parts).split())


class Lead:
    """The first paragraph of a body as plain text. One that ends in a colon is continued by the list, code or paragraph
    after it. A table of contents is skipped, together with the sentence before it."""

    def __init__(self) -> None:
        self._text = ""
        self._items: list[tuple[int, list[str]]] = []
        """The depth of each item's list, and its text."""
        self._part: list[str] | None = None
        self._depth = self._own_links = 0
        self.done = False

    @property
    def plain(self) -> str:
        """The text so far; items of a list are joined by semicolons."""
        items = [(depth, text.rstrip(" .;,")) for depth, parts in self._items if (text := plain_text(parts))]
        listed = ""
        for (depth, item), (next_depth, _) in pairwise((*items, (0, ""))):
            # An item ends in a colon before a list of its own, or before a picture, which a text has not.
            announces = item.endswith(":") and next_depth > depth
            listed += f"{item} " if announces else f"{item.rstrip(' :')}; "
        return f"{self._text} {listed[:-2]}." if items else self._text

    def text(self, plain: str) -> None:
        """Adds text between two tags, without markup."""
        if self._part is not None:
            self._part.append(plain)

    def tag(self, tag: str, closing: bool, attributes: Mapping[str, str]) -> None:
        """Adds a tag, by its lower-case name."""
        if self._depth or (self._text and tag in ("ul", "ol", "pre")):
            self._list(tag, closing, attributes)
        elif tag == "p" and not closing and "admonition-title" not in attributes.get("class", ""):
            self._part = []
        elif tag == "p" and self._part is not None:
            self._text = " ".join(filter(None, (self._text, plain_text(self._part))))
            self._part = None
            self.done = bool(self._text) and not self._text.endswith(":")
        elif self._text and tag[0] == "h" and self._part is None:
            self.done = True

    def _list(self, tag: str, closing: bool, attributes: Mapping[str, str]) -> None:
        if tag in ("ul", "ol", "pre"):
            self._depth += -1 if closing else 1
        if not closing and tag in ("li", "pre"):
            self._part = []
            self._items.append((self._depth, self._part))
        self._own_links += not closing and tag == "a" and attributes.get("href", "").startswith("#")
        if not self._depth:
            contents = self._own_links >= len(self._items)
            self.done, self._part = not contents, None
            if contents:
                self._items, self._own_links = [], 0
                self._text = "".join(_SENTENCE.findall(self._text)[:-1]).strip()
                self.done = bool(self._text)
