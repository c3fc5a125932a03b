"""Python-Markdown's block processors, tried only on blocks that have something they can't match without.

Most blocks are plain paragraphs, headings and items of lists, and showing each of them to twenty-two processors takes
a third of a conversion.
"""

import re
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown, util
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor


class _Needs(NamedTuple):
    """A processor leaves a block alone unless it starts with one of ``starts`` or has one of ``marks`` in it."""

    starts: tuple[str, ...] = ()
    """Characters; ``0`` is any decimal digit, an empty text the start of an empty block."""
    marks: tuple[str, ...] = ()


_HEADINGS: Final = "markdown.blockprocessors.HashHeaderProcessor"
_INDENTED: Final = _Needs((" ",))
# Keyed by the very class: an extension may put one of its own, or a subclass, in the place of ours.
_NEEDED: Final = {
    "markdown.extensions.admonition.AdmonitionProcessor": _Needs((" ",), ("!!!",)),
    "markdown.extensions.md_in_html.MarkdownInHtmlProcessor": _Needs((util.STX,)),
    "pymdownx.details.DetailsProcessor": _Needs((" ",), ("???",)),
    "pymdownx.tabbed.TabbedProcessor": _Needs((" ",), ("===",)),
    "markdown.blockprocessors.EmptyBlockProcessor": _Needs(("", "\n")),
    "markdown.blockprocessors.ListIndentProcessor": _INDENTED,
    "markdown.extensions.def_list.DefListIndentProcessor": _INDENTED,
    "markdown.blockprocessors.CodeBlockProcessor": _INDENTED,
    "pymdownx.superfences.SuperFencesCodeBlockProcessor": _INDENTED,
    "markdown.extensions.tables.TableProcessor": _Needs((), ("|",)),
    _HEADINGS: _Needs((), ("#",)),
    "markdown.blockprocessors.SetextHeaderProcessor": _Needs((), ("\n=", "\n-")),
    "markdown.blockprocessors.HRProcessor": _Needs((" ", "-", "_", "*"), ("\n ", "\n-", "\n_", "\n*")),
    "markdown.blockprocessors.OListProcessor": _Needs((" ", "0")),
    "markdown.extensions.sane_lists.SaneOListProcessor": _Needs((" ", "0")),
    "markdown.blockprocessors.UListProcessor": _Needs((" ", "-", "+", "*")),
    "markdown.extensions.sane_lists.SaneUListProcessor": _Needs((" ", "-", "+", "*")),
    "markdown.extensions.def_list.DefListProcessor": _Needs((), (": ",)),
    "markdown.blockprocessors.BlockQuoteProcessor": _Needs((), (">",)),
    "pymdownx.quotes.QuotesProcessor": _Needs((), (">",)),
    "markdown.extensions.footnotes.FootnoteBlockProcessor": _Needs((), ("[^",)),
    "markdown.extensions.abbr.AbbrBlockprocessor": _Needs((), ("*[",)),
    "markdown.blockprocessors.ReferenceProcessor": _Needs((), ("]:",)),
}
_LAST: Final = "markdown.blockprocessors.ParagraphProcessor"
_UNKNOWN: Final = _Needs((), ("",))
_MARKS: Final = tuple(dict.fromkeys(mark for needs in _NEEDED.values() for mark in needs.marks))
_LINES: Final = 300
_ALONE: Final = re.compile(
    r"(?:(?<=\n)|^)"
    r"((?:#{1,6}[^\n]*|!!! [^\n]*|\?\?\?\+? [^\n]*|===[+!]* [^\n]*|(?:[^\n]+\n)?(?:-+|=+|_{3,}|\*{3,})[ \t]*))\n"
)
"""Lines of a long block that are blocks by themselves, headings with their underline included."""
_PLAIN_HEADING: Final = re.compile(r"(#{1,6})([^#\\\n]*)")


def name_of(processor: object) -> str:
    """The full name of the class of a processor."""
    return f"{type(processor).__module__}.{type(processor).__qualname__}"


class QuickParser(BlockParser):
    """The parser with the same results in less time, once :meth:`prepare` was called with all processors in place."""

    def __init__(self, markdown: Markdown, slow: BlockParser) -> None:
        """Takes the place of ``slow``, with its processors."""
        super().__init__(markdown)
        self.blockprocessors = slow.blockprocessors
        for processor in self.blockprocessors:
            processor.parser = self
        self._steps: list[tuple[BlockProcessor, tuple[str, ...], tuple[str, ...]]] = []
        self._paragraph: BlockProcessor | None = None

    def prepare(self) -> None:
        """Look up what each processor needs. Plain blocks have a short way only if we know every one of them."""
        processors = list(self.blockprocessors)
        names = [name_of(one) for one in processors]
        self._steps = [(one, *_NEEDED.get(name, _UNKNOWN)) for one, name in zip(processors, names, strict=True)]
        if names[-1] == _LAST and _HEADINGS in names and all(name in _NEEDED for name in names[:-1]):
            self._paragraph = processors[-1]

    def parseBlocks(self, parent: Element, blocks: list[str]) -> None:  # noqa: N802
        """Override the method of this name: only processors that can match are tried."""
        while blocks:
            block = blocks[0]
            if block.count("\n") > _LINES and len(parts := _ALONE.split(block)) > 1:
                # Each of them would take one line and copy the rest.
                blocks[:1] = filter(None, parts)
                continue
            if self._paragraph:
                # No processor but the last has a letter among its ``starts``.
                if block[:1].isalpha():
                    for mark in _MARKS:
                        if mark in block:
                            break
                    else:
                        self._paragraph.run(parent, blocks)
                        continue
                # A single line that starts so is nothing for those that come before the processor of headings.
                elif heading := _PLAIN_HEADING.fullmatch(block):
                    del blocks[0]
                    SubElement(parent, f"h{len(heading[1])}").text = heading[2].strip()
                    continue
            start = _start(block)
            for processor, starts, marks in self._steps:
                if start not in starts:
                    for mark in marks:
                        if mark in block:
                            break
                    else:
                        continue
                if processor.test(parent, block):
                    if processor.run(parent, blocks) is not False:
                        break
                    # A processor outside the table may have changed what it declined.
                    block = blocks[0]
                    start = _start(block)


def _start(block: str) -> str:
    start = block[:1]
    return "0" if start.isdecimal() else start
