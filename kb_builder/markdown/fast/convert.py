"""Python-Markdown with the same results in less time: a text is spared what can't do anything to it.

Each of Python-Markdown's fifty processors looks for its own notation in every text, and most texts have hardly any. A
processor that we know is left out where the characters are missing without which it changes nothing; one that we don't
know always runs. ``fast_markdown: false`` in ``mkdocs.yml`` does without this package. ``tests/markdown/fast`` compares
the two; decision 46 has the reasons.
"""

import html
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final
from xml.etree.ElementTree import Element

from markdown import Markdown, util
from markdown.extensions.toc import (
    TocExtension,
    TocTreeprocessor,
    remove_fnrefs,
    render_inner_html,
    strip_tags,
    unique,
)
from markdown.preprocessors import NormalizeWhitespace
from markdown.treeprocessors import UnescapeTreeprocessor

from kb_builder.markdown.fast.blocks import QuickParser, name_of
from kb_builder.markdown.fast.inline import QuickInline
from kb_builder.markdown.limits import LimitedMarkdown

# Keyed by the very class: an extension may put one of its own, or a subclass, in the place of ours.
_NEEDED: Final = {
    "markdown.extensions.fenced_code.FencedBlockPreprocessor": ("```", "~~~"),
    "pymdownx.superfences.SuperFencesBlockPreprocessor": ("```", "~~~"),
    "markdown.preprocessors.HtmlBlockPreprocessor": ("<", "&#"),
    "markdown.extensions.md_in_html.HtmlBlockPreprocessor": ("<", "&#"),
    "pymdownx.tasklist.TasklistTreeprocessor": ("[ ]", "[x]", "[X]"),
    "markdown.extensions.attr_list.AttrListTreeprocessor": ("{",),
}
_ALL: Final = ("",)
_READ_PLACEHOLDERS: Final = frozenset(
    (
        "markdown.postprocessors.RawHtmlPostprocessor",
        "markdown.extensions.md_in_html.MarkdownInHTMLPostprocessor",
        "markdown.extensions.footnotes.FootnotePostprocessor",
        "markdown.postprocessors.AndSubstitutePostprocessor",
    )
)
"""Postprocessors that change nothing in a text without a placeholder."""
_RENDERED: Final = re.compile(f"[&<>{util.STX}]")
_MANY_HEADINGS: Final = 100


class QuickMarkdown(LimitedMarkdown):
    """Takes what its base class takes. Everything there is must be among its extensions: later ones would be missed.

    It makes no table of contents (``toc``, ``toc_tokens``) for a text that shows none: they are not used.
    """

    inline_processor = QuickInline

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        # As a list it is gone through for every element of every tree.
        self.block_level_elements = frozenset(self.block_level_elements)  # type: ignore[assignment]
        self.is_block_level = lru_cache(self.is_block_level)  # type: ignore[method-assign]
        quick: dict[type, Any] = {NormalizeWhitespace: _Whitespace(self), UnescapeTreeprocessor: _Unescape(self)}
        for extension in self.registeredExtensions:
            if isinstance(extension, TocExtension):
                quick[TocTreeprocessor] = _Toc(self, extension.getConfigs())
        self._on_lines = [(quick.get(type(one), one), _NEEDED.get(name_of(one), _ALL)) for one in self.preprocessors]
        self._on_trees = [(quick.get(type(one), one), _NEEDED.get(name_of(one), _ALL)) for one in self.treeprocessors]
        self.parser.prepare()

    def build_parser(self) -> "QuickMarkdown":
        """As in the base class, with our block parser."""
        super().build_parser()
        self.parser: QuickParser = QuickParser(self, self.parser)
        return self

    def convert(self, source: str) -> str:
        """The steps of the base class, for each processor that can do something."""
        if not source.strip():
            return ""
        self.lines = source.split("\n")
        for preprocessor, needed in self._on_lines:
            if any(map(source.__contains__, needed)):
                self.lines = preprocessor.run(self.lines)
                source = "\n".join(self.lines)
        root = self.parser.parseDocument(self.lines).getroot()
        assert root is not None
        for treeprocessor, needed in self._on_trees:
            if needed is _ALL or _says(root, needed):
                changed = treeprocessor.run(root)
                root = root if changed is None else changed
        output = self.serializer(root)
        opening, closing = f"<{self.doc_tag}>", f"</{self.doc_tag}>"
        output = output[output.index(opening) + len(opening) : output.rindex(closing)].strip()
        for postprocessor in self.postprocessors:
            output = postprocessor.run(output)
        return output.strip()


def _says(root: Element, marks: Sequence[str]) -> bool:
    """Whether one of ``marks`` may be in the text of an element, or in what follows one."""
    return any(map("".join(root.itertext()).__contains__, marks))


class _Whitespace(NormalizeWhitespace):
    """Changes only the end of a text that has no tab, no carriage return, no placeholder and no line of spaces."""

    def run(self, lines: list[str]) -> list[str]:
        source = "\n".join(lines) + "\n\n"
        if any(mark in source for mark in ("\t", "\r", util.STX, util.ETX)) or (" \n" in source and "\n " in source):
            return super().run(lines)
        return source.split("\n")


class _Unescape(UnescapeTreeprocessor):
    """Searches only what has the first character of an escape."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if (text := element.text) and util.STX in text and element.tag != "code":
                element.text = self.unescape(text)
            if (tail := element.tail) and util.STX in tail:
                element.tail = self.unescape(tail)
            for key, value in element.items():
                if value and util.STX in value:
                    element.set(key, self.unescape(value))


class _Toc(TocTreeprocessor):
    """Gives headings their ids, and does the rest of the base class's work where a text or a setting asks for it."""

    def __init__(self, markdown: Markdown, settings: dict[str, Any]) -> None:
        super().__init__(markdown, settings)
        self._adds_links = self.use_anchors or self.use_permalinks not in (False, None)
        self._reads_plain = all(name_of(one) in _READ_PLACEHOLDERS for one in markdown.postprocessors)

    def run(self, doc: Element) -> None:
        elements = list(doc.iter())
        headings = [one for one in elements if isinstance(one.tag, str) and one.tag[:1] in "hH"]
        headings = [one for one in headings if self.header_rgx.match(one.tag)]
        if (
            self._adds_links
            or (self.marker and _says(doc, (self.marker,)))
            or any("data-toc-label" in heading.attrib for heading in headings)
            # Of so many some may be equal, which the base class is better at.
            or len(headings) > _MANY_HEADINGS
        ):
            super().run(doc)
            return
        for heading in headings:
            self.set_level(heading)
        without = [heading for heading in headings if "id" not in heading.attrib]
        used = {one.attrib["id"] for one in elements if "id" in one.attrib} if without else set()
        for heading in without:
            heading.set("id", unique(self.slugify(self._name(heading), self.sep), used))

    def _name(self, heading: Element) -> str:
        """The text of a heading, which for most is just that."""
        text = heading.text or ""
        if self._reads_plain and not len(heading) and not _RENDERED.search(text):
            return " ".join(text.split())
        return html.unescape(strip_tags(render_inner_html(remove_fnrefs(heading), self.md)))
