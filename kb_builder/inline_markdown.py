"""Python-Markdown's inline patterns, tried only on text that has a character they can't match without.

Most text of a help article is plain, and trying sixteen patterns on each piece of it takes a fifth of a conversion.
"""

from collections.abc import Callable
from typing import Final

from markdown import Markdown, inlinepatterns, util
from markdown.treeprocessors import InlineProcessor

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
    r"\*|_": ("*", "_"),
    r"\[\^([^\]]*)\]": ("[^",),
    r"(:[+\-\w]+:)": (":",),
}


class QuickInline(InlineProcessor):
    """The tree processor named ``inline``, with the same results in less time."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        patterns = [md.inlinePatterns[number] for number in range(len(md.inlinePatterns))]
        self._apply: Callable[..., tuple[str, bool, int]] = getattr(self, "_InlineProcessor__applyPattern")  # noqa: B009
        self._patterns = [(one, _NEEDED.get(one.getCompiledRegExp().pattern)) for one in patterns]

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        """What the base class does under this name, for each pattern that can match."""
        if isinstance(data, util.AtomicString):
            return data
        for number in range(patternIndex, len(self._patterns)):
            pattern, needed = self._patterns[number]
            start, matched = 0, needed is None or any(text in data for text in needed)
            while matched:
                data, matched, start = self._apply(pattern, data, number, start)
        return data


def quicken(markdown: Markdown) -> None:
    """Let ``markdown`` try fewer patterns. Extensions must have put theirs in place before."""
    markdown.treeprocessors.register(QuickInline(markdown), "inline", 20)
