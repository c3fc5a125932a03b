"""Anchors of headings: made from the heading's own words in any script, unique on the page, independent of position.

An explicit ``{#anchor}`` always wins. The first heading of a text keeps the anchor that Python-Markdown's ``toc`` makes
of its Latin words. What ``toc`` can only number (headings in other scripts, repeated headings) gets an anchor of its
own, and the numbered form stays on the page as a second id.
"""

import hashlib
import html
import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Final
from xml.etree.ElementTree import Element

from markdown import Markdown, util
from markdown.extensions import Extension
from markdown.extensions.toc import TocExtension, remove_fnrefs, render_inner_html, slugify, strip_tags, unique
from markdown.treeprocessors import Treeprocessor

from kb_builder.markdown.slugs import words_anchor

_OPENING_WORDS: Final = 4
_NOT_RENDERED: Final = re.compile(f"[&<>{util.STX}]")
_LATIN: Final = re.compile("[a-z]")
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class HeadingIds(Extension):
    """Gives every heading of Markdown its id before ``toc`` does, which then keeps it."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: dict[str, tuple[str, ...]] = {}
        """Of the last text: anchor of a heading → anchors it would have if headings above it, made of the same words,
        had not taken them. Headings that say their anchor take none."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Adds a treeprocessor, and has :meth:`reset` called before each text."""
        md.registerExtension(self)
        # After attr_list (8), which reads {#anchor}, and before toc (5).
        md.treeprocessors.register(_HeadingIds(md, self.taken), "kb_heading_ids", 7)

    def reset(self) -> None:
        """Forgets the anchors of the last text."""
        self.taken.clear()


class _HeadingIds(Treeprocessor):
    def __init__(self, md: Markdown, taken: dict[str, tuple[str, ...]]) -> None:
        super().__init__(md)
        self._taken = taken

    def run(self, root: Element) -> None:
        elements = list(root.iter())
        for element in elements:
            if not element.get("id", "none"):  # of an empty {#}
                del element.attrib["id"]
        headings = [element for element in elements if element.tag in _HEADINGS]
        if not headings:
            return
        # Asked for ``attrib``, an element without attributes makes room for some.
        explicit = {self._plain(id) for element in elements if (id := element.get("id"))}
        slug = self._slug
        numbered, used = _Numbered(explicit), _Numbered(explicit)
        above: list[tuple[int, str]] = []
        seconds: list[tuple[Element, str]] = []
        texts: list[str] = []
        for number, heading in enumerate(headings):
            level = int(heading.tag[1])
            while above and above[-1][0] >= level:
                above.pop()
            if "id" in heading.attrib:
                above.append((level, self._plain(heading.attrib["id"])))
                continue
            name = self._name(heading)
            latin = slug(name)
            by_toc = numbered.unique(latin)
            own = latin if _LATIN.search(latin) else words_anchor(name) or latin or f"section-{_digest(name)}"
            anchor, before = own, list[str]()
            if own in used.ids:
                texts = texts or _section_texts(elements, headings)
                anchor, before = _free(own, [parent for _, parent in above], texts[number], used)
            if taken := tuple(other for other in before if other not in explicit):
                self._taken[anchor] = taken
            used.ids.add(anchor)
            above.append((level, anchor))
            heading.set("id", anchor)
            if by_toc != anchor:
                seconds.append((heading, by_toc))
        for heading, second in seconds:
            if second not in used.ids:
                _add_second_id(heading, second)

    @cached_property
    def _slug(self) -> Callable[[str], str]:
        """The function that ``toc`` is set up with."""
        for extension in self.md.registeredExtensions:
            if isinstance(extension, TocExtension):
                settings: dict[str, Any] = extension.getConfigs()
                return lambda name: str(settings["slugify"](name, settings["separator"]))
        return lambda name: slugify(name, "-")

    def _plain(self, id: str) -> str:
        """An id as it will be on the page: backslash escapes are resolved only after this processor."""
        return str(self.md.treeprocessors["unescape"].unescape(id)) if util.STX in id else id  # type: ignore[attr-defined]

    def _name(self, heading: Element) -> str:
        """The text of a heading as ``toc`` reads it."""
        text = heading.text or ""
        if not len(heading) and not _NOT_RENDERED.search(text):
            return " ".join(text.split())
        return html.unescape(strip_tags(render_inner_html(remove_fnrefs(heading), self.md)))


def _section_texts(elements: Iterable[Element], headings: Iterable[Element]) -> list[str]:
    """The text between each heading and the next one."""
    texts: list[list[str]] = []
    own = set(map(id, headings))
    inside: set[int] = set()
    for element in elements:
        if id(element) in own:
            texts.append([element.tail or ""])
            inside = {id(part) for part in element.iter()}
        elif texts and id(element) not in inside:
            texts[-1] += (element.text or "", " ", element.tail or "")
    return [" ".join("".join(parts).split()) for parts in texts]


class _Numbered:
    """Ids of a page. What is repeated is numbered from where it was left, not from the start."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.ids = set(ids)
        self._last: dict[str, str] = {}

    def unique(self, id: str) -> str:
        """``id``, or as the ``unique`` of ``toc`` numbers it."""
        found = self._last[id] = unique(self._last.get(id, id), self.ids)
        return found


def _free(own: str, parents: list[str], section: str, used: _Numbered) -> tuple[str, list[str]]:
    """``own``, which another heading has, with what tells them apart: the headings above, or how the text of its
    ``section`` begins; and the anchors before it in this order, which other headings have."""
    opening = words_anchor(" ".join(section.split()[:_OPENING_WORDS]))
    candidates = [own, *(f"{parent}-{own}" for parent in reversed(parents))]
    candidates += [f"{own}-{opening}"] if opening else []
    candidates += [f"{own}-{_digest(section)}"]
    for place, candidate in enumerate(candidates):
        if candidate not in used.ids:
            return candidate, candidates[:place]
    # Sections that are the same word for word may be numbered: which is which makes no difference to a reader.
    return used.unique(candidates[-1]), []


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _add_second_id(heading: Element, id: str) -> None:
    span = Element("span", {"id": id})
    span.tail, heading.text = heading.text, ""
    heading.insert(0, span)
