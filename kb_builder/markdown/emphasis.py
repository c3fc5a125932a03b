"""Stars and underscores as Python-Markdown pairs them, without the letters that it loses.

Where a star or underscore stays unpaired, it pairs the rest of the text in advance and takes the next sign that it
meets for the next pair. When that sign is another one, as the underscores in ``***a** file_name **b**``, the pair is
cut out of the wrong place, and letters of the text are gone. So they are where one sign closes two, and where pairs
cross.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias, cast
from xml.etree.ElementTree import Element

from markdown import Markdown, util
from markdown.extensions import Extension
from markdown.inlinepatterns import Delimiter, DelimiterProcessor, InlineProcessor

from kb_builder.markdown import autolinks

_Pair: TypeAlias = tuple[int, int, int, int, tuple[str, str], int]
"""Where the opening signs begin and end, where the closing ones do, their elements, and how many signs they are."""

_AHEAD: Final = 32


class SteadyPairs(DelimiterProcessor):
    """Takes a pair that was found in advance only at its own place, and only signs for signs."""

    _text = ""
    """The text when its pairs were found. An element that replaces a pair has another length."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        """Element, start and end in ``data`` of the pair at a sign; three times None where none begins."""
        moved = len(data) - len(self._text)
        here = m.start() - moved
        if self.regions and not (here <= self.regions[self.cache_index][0] and self._is_at(here, data, m.start())):
            self.reset()  # of another text, or behind the next pair
        if not self.regions:
            self._text = data
            return super().handleMatch(m, data)
        start, end = self.regions[self.cache_index][0], self.regions[self.cache_index][3]
        if here < start:
            run = cast("re.Match[str]", re.compile(re.escape(m[0]) + "+").match(data, m.start()))
            return None, run.start(), min(run.end(), start + moved)
        element, count = self._build_element(data, self.cache_index, moved)
        self.increment_next_position(start, count)
        return element, start + moved, end + moved

    def _is_at(self, place: int, data: str, start: int) -> bool:
        """Whether ``data`` goes on from ``start`` as the text from ``place``."""
        return place >= 0 and self._text[place : place + _AHEAD] == data[start : start + _AHEAD]

    def add_region(self, delim: Delimiter, a: int, b: int, c: int, d: int, size: int) -> None:
        """Adds a pair of ``size`` signs, at ``a`` to ``b`` and ``c`` to ``d``, unless either place has other text."""
        if size > 0 and self._text[a:b] == self._text[c:d] == delim.token * size:
            super().add_region(delim, a, b, c, d, size)

    def _build_element(self, data: str, start: int = 0, offset: int = 0) -> tuple[Element, int]:
        if not start:
            self.regions[:] = _nested(self.regions)
        build: Callable[..., tuple[Element, int]] = getattr(super(), "_build_element")  # noqa: B009  # not in the stubs
        return build(data, start, offset)


def _nested(pairs: Iterable[_Pair]) -> Iterator[_Pair]:
    """Those of ``pairs``, in the order of their beginnings, that cross none before them."""
    around: list[_Pair] = []
    for pair in pairs:
        while around and around[-1][3] <= pair[0]:
            around.pop()
        if not around or (around[-1][1] <= pair[0] and pair[3] <= around[-1][2]):
            around.append(pair)
            yield pair


class SteadyEmphasis(Extension):
    """Puts :class:`SteadyPairs` in the place of Python-Markdown's own. First of all: others add signs of theirs."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Replaces the pattern ``em_strong``, and adds ``bare_address``."""
        pairs = SteadyPairs("*", "strong,em", md)
        pairs.add("_", "strong,em", smart=True)
        md.inlinePatterns.register(pairs, "em_strong", 60)
        # After HTML and entities, before emphasis.
        md.inlinePatterns.register(_WholeAddress(autolinks.EXPRESSION, md), "bare_address", 78)


class _WholeAddress(InlineProcessor):
    """An address without brackets as text that no other pattern looks at: its signs are no emphasis."""

    def handleMatch(  # type: ignore[override]  # noqa: N802
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[Element | str | None, int | None, int | None]:
        found = m[0]
        for stand_in in util.HTML_PLACEHOLDER_RE.finditer(found):
            raw = self.md.htmlStash.rawHtmlBlocks[int(stand_in[1])]
            if not (isinstance(raw, str) and raw.startswith("&")):
                found = found[: stand_in.start()]
                break
        found = autolinks.trimmed(found)
        return (found, m.start(), m.start() + len(found)) if found else (None, None, None)
