"""Python-Markdown's block processors, tried only on blocks that have something they can't match without.

Most blocks are plain paragraphs, headings and items of lists, and showing each of them to twenty-two processors takes
a third of a conversion.
"""

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown, util
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor

_HEADINGS: Final = "markdown.blockprocessors.HashHeaderProcessor"
_DIGIT: Final = "0"
"""Stands for every decimal digit of any script."""
_CELL: Final = "|"
"""Stands for one anywhere. The line below the header of a table starts with it, a space, a colon or a hyphen."""
# Keyed by the very class: an extension may put one of its own, or a subclass, in the place of ours.
_NEEDED: Final = {
    name: frozenset(starts or ("",))
    for name, starts in {
        "markdown.extensions.admonition.AdmonitionProcessor": " !",
        "markdown.extensions.md_in_html.MarkdownInHtmlProcessor": util.STX,
        "pymdownx.details.DetailsProcessor": " ?",
        "pymdownx.tabbed.TabbedProcessor": " =",
        "markdown.blockprocessors.EmptyBlockProcessor": "",
        "markdown.blockprocessors.ListIndentProcessor": " ",
        "markdown.extensions.def_list.DefListIndentProcessor": " ",
        "markdown.blockprocessors.CodeBlockProcessor": " ",
        "pymdownx.superfences.SuperFencesCodeBlockProcessor": " ",
        "markdown.extensions.tables.TableProcessor": _CELL,
        _HEADINGS: "#",
        "markdown.blockprocessors.SetextHeaderProcessor": "=-",
        "markdown.blockprocessors.HRProcessor": " -_*",
        "markdown.blockprocessors.OListProcessor": f" {_DIGIT}",
        "markdown.extensions.sane_lists.SaneOListProcessor": f" {_DIGIT}",
        "markdown.blockprocessors.UListProcessor": " -+*",
        "markdown.extensions.sane_lists.SaneUListProcessor": " -+*",
        "markdown.extensions.def_list.DefListProcessor": " :",
        "markdown.blockprocessors.BlockQuoteProcessor": " >",
        "pymdownx.quotes.QuotesProcessor": " >",
        "markdown.extensions.footnotes.FootnoteBlockProcessor": " [",
        "markdown.extensions.abbr.AbbrBlockprocessor": "*",
        "markdown.blockprocessors.ReferenceProcessor": " [",
    }.items()
}
"""A processor leaves a block alone unless one of its lines starts with one of these; empty is an empty line."""
_OTHER: Final = rf"[^\d\n{re.escape(''.join(frozenset[str]().union(*_NEEDED.values())))}].*"
_PARAGRAPH: Final = re.compile(rf"{_OTHER}(?:\n{_OTHER})*")
"""A block that none of them wants."""
_LAST: Final = "markdown.blockprocessors.ParagraphProcessor"
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
        self._steps: list[tuple[BlockProcessor, frozenset[str] | None]] = []
        self._paragraph: BlockProcessor | None = None

    def prepare(self) -> None:
        """Look up what each processor needs. Plain blocks have a short way only if we know every one of them."""
        processors = list(self.blockprocessors)
        names = [name_of(one) for one in processors]
        self._steps = [(one, _NEEDED.get(name)) for one, name in zip(processors, names, strict=True)]
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
                if _PARAGRAPH.fullmatch(block):
                    self._paragraph.run(parent, blocks)
                    continue
                # A single line that starts so is nothing for those that come before the processor of headings.
                if heading := _PLAIN_HEADING.fullmatch(block):
                    del blocks[0]
                    SubElement(parent, f"h{len(heading[1])}").text = heading[2].strip()
                    continue
            starts = _starts(block)
            for processor, needed in self._steps:
                if (needed is None or not needed.isdisjoint(starts)) and processor.test(parent, block):
                    if processor.run(parent, blocks) is not False:
                        break
                    # A processor outside the table may have changed what it declined.
                    block = blocks[0]
                    starts = _starts(block)


def _starts(block: str) -> set[str]:
    starts = {line[:1] for line in block.split("\n")}
    if any(map(str.isdecimal, starts)):
        starts.add(_DIGIT)
    if _CELL in block:
        starts.add(_CELL)
    return starts
