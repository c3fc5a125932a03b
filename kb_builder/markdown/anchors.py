"""The heading that the fragment of a link refers to."""

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from kb_builder.markdown.slugs import words_anchor
from kb_builder.model import Outline

_COMPARED: Final = 200
"""Anchors that a hint is looked for among."""
_GITHUB_COUNT: Final = re.compile(r"(.+)-(\d+)")


def find_anchor(outline: Outline, fragment: str) -> str | None:
    """The anchor of ``outline`` that the percent-encoded ``fragment`` of a link refers to; None if there is none.

    Besides an id of the page, the words of a heading are accepted, as typed or in the form that GitHub makes of them.
    """
    wanted = unicodedata.normalize("NFC", unquote(fragment))
    if wanted in _names(_Same(outline))[2]:
        return wanted
    words = words_anchor(wanted)
    if not words:
        return None
    by_words, folded, _ = _names(_Same(outline))
    if words in by_words:
        return by_words[words]
    numbered = _GITHUB_COUNT.fullmatch(words)
    return folded.get(words) or (folded.get(f"{numbered[1]}_{numbered[2]}") if numbered else None)


class _Same:
    """An outline that is equal only to itself, which is quicker to find again."""

    __slots__ = ("outline",)

    def __init__(self, outline: Outline) -> None:
        self.outline = outline

    def __hash__(self) -> int:
        return id(self.outline)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.outline is self.outline


@lru_cache(maxsize=64)
def _names(same: _Same) -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    """Anchors by the words of their heading and by themselves, in small letters; and all anchors."""
    by_words: dict[str, str] = {}
    for heading in same.outline.headings:
        if heading.anchor:
            by_words.setdefault(words_anchor(heading.text), heading.anchor)
            by_words.setdefault(heading.anchor.casefold(), heading.anchor)
    folded = {anchor.casefold(): anchor for anchor in reversed(same.outline.anchors)}
    return by_words, folded, frozenset(same.outline.anchors)


def nearest_anchor(outline: Outline, fragment: str) -> str:
    """A hint for a fragment that no heading has."""
    near = get_close_matches(unquote(fragment).lower(), outline.anchors[:_COMPARED], n=1)
    return f'did you mean "#{near[0]}"?' if near else "headings are linked by their anchor, as the page shows it"
