"""Python-Markdown's inline patterns, tried only on text that has a character they can't match without.

Most text of a help article is plain, and trying sixteen patterns on each piece of it takes a fifth of a conversion.
"""

import re
from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element

from markdown import Markdown, inlinepatterns, util

from kb_builder.markdown import autolinks
from kb_builder.markdown.limits import LimitedInline

# Keyed by the expression, not by the name: an extension may put one of its own in the place of ours.
_NEEDED: Final = {
    inlinepatterns.BACKTICK_RE: ("`",),
    inlinepatterns.ESCAPE_RE: ("\\",),
    inlinepatterns.REFERENCE_RE: ("[",),
    inlinepatterns.LINK_RE: ("[",),
    inlinepatterns.IMAGE_LINK_RE: ("![",),
    inlinepatterns.IMAGE_REFERENCE_RE: ("![",),
    inlinepatterns.AUTOLINK_RE: ("<",),
    inlinepatterns.AUTOMAIL_RE: ("<",),
    inlinepatterns.LINE_BREAK_RE: ("  \n",),
    inlinepatterns.HTML_RE: ("<",),
    inlinepatterns.ENTITY_RE: ("&",),
    r"\[\^([^\]]*)\]": ("[^",),
    r"(:[+\-\w]+:)": (":",),
    autolinks.EXPRESSION: ("://", "www."),
}


_REFERRING: Final = frozenset(
    (
        inlinepatterns.ReferenceInlineProcessor,
        inlinepatterns.ShortReferenceInlineProcessor,
        inlinepatterns.ImageReferenceInlineProcessor,
        inlinepatterns.ShortImageReferenceInlineProcessor,
    )
)
"""Those that look for ``[what is defined elsewhere]``; the blocks, which define it, are read before."""
_ALWAYS: Final = ("",)


def _needed(expression: str) -> tuple[str, ...]:
    """What a text must have one of to match; that of a ``DelimiterProcessor`` is its signs: ``\\*|_``."""
    parts = expression.split("|")
    if all(part == re.escape(part[-1:]) and not part.isalnum() for part in parts):
        return tuple(part[-1:] for part in parts)
    return _NEEDED.get(expression, _ALWAYS)


class QuickInline(LimitedInline):
    """With the same results in less time."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self._apply: Callable[..., tuple[str, bool, int]] = getattr(self, "_InlineProcessor__applyPattern")  # noqa: B009
        self._patterns = [
            (number, pattern, _needed(pattern.getCompiledRegExp().pattern))
            for number, pattern in enumerate(md.inlinePatterns)
        ]
        self._marks = tuple(dict.fromkeys(mark for _, _, needed in self._patterns for mark in needed))
        self._without_references = [step for step in self._patterns if type(step[1]) not in _REFERRING]

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """Leave out texts without a mark, which stay as they are."""
        plain = [
            (one, text) for one in tree.iter() if (text := one.text) and not any(map(text.__contains__, self._marks))
        ]
        for element, _ in plain:
            element.text = None
        tree = super().run(tree, ancestors)
        for element, text in plain:
            element.text = text
        return tree

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        """Override the method of this name: only patterns that can match are tried.

        What a pattern finds is replaced by a placeholder, so that no marks are added.
        """
        there = {mark for mark in self._marks if mark in data}
        if isinstance(data, util.AtomicString) or not there:
            return data
        if not patternIndex:
            data = self.limited(data)
        for number, pattern, needed in self._patterns if self.md.references else self._without_references:
            start, matched = 0, number >= patternIndex and not there.isdisjoint(needed)
            while matched:
                data, matched, start = self._apply(pattern, data, number, start)
        return data
