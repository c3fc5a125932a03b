"""Facts about a finished file: links, anchors, outline, resources a browser loads, code a policy must allow.

Computed from the bytes alone, so that they can be cached under their hash. Shares no code with the rendering; HTML is
parsed by a browser's parser (lexbor).
"""

import base64
import hashlib
import posixpath
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kb_builder.audit.text_runs import inflate

_COMPRESSIBLE = frozenset({".html", ".css", ".mjs", ".js", ".svg", ".json", ".xml", ".txt", ".md"})
_DATA_BLOCKS = frozenset({"application/ld+json", "application/json", "text/plain", "speculationrules"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_URLS: Final = {
    "a": "href", "area": "href", "form": "action", "link": "href",
    "script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src", "embed": "src",
}  # fmt: skip
"""Element → the attribute with the URL that it links to or loads."""
_QUICKLY: Final = 1
"""The level of zlib that takes half as long as the level at which hosts compress."""
_RENDERED = frozenset({"stylesheet", "icon", "modulepreload", "preload"})
"""Relations of a ``<link>`` whose file a browser fetches to show the page."""

# Browsers skip control characters and blanks in front of and inside a scheme.
_SCRIPT_LINK = re.compile(r"[\x00-\x20]*" + r"[\t\n\r]*".join("javascript") + r"[\t\n\r]*:", re.IGNORECASE)
_ABSOLUTE = re.compile(r"""https?://[^\s"'<>()\[\]{}\\|]+""")
_IMPORTS = re.compile(r"""^\s*(?:import|export)\s*(?:[\w*${}\s,]+?\sfrom\s*)?["']([^"']+)["']""", re.MULTILINE)
_CSS_LOADS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about one file. URLs are as written. Files other than HTML have only a size, links and loads."""

    size: int
    """Bytes; of a page that is no redirect, compressed quickly: a tenth more than hosts send (:func:`wire_size`)."""
    links: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()
    """Resources a browser fetches to show or run this file: styles, modules, static imports, images, the icon."""
    html: bool = False
    redirect: bool = False
    """Whether the page redirects: with ``<meta http-equiv=refresh>``, or by a script to a language."""
    article: bool = False
    language: str = ""
    title: str = ""
    described: bool = False
    contact: bool = False
    levels: tuple[int, ...] = ()
    """Levels of the headings, in order."""
    anchors: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    """Ids that occur more than once."""
    scripts: tuple[str, ...] = ()
    """``sha256-…`` of each inline script, as a Content-Security-Policy names it."""
    styles: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """Markup that our content security policy blocks: style attributes, event handlers, ``javascript:`` links."""


def suffix_of(path: str) -> str:
    """The lower-case suffix, such as ``.html``; empty if there is none."""
    return posixpath.splitext(path)[1].lower()


def facts_of_all(files: Sequence[tuple[str, bytes]]) -> list[Facts]:
    """The facts of each file (path, bytes); only the suffix of a path matters.

    All are read before all are weighed, which is an eighth faster (decision 46).
    """
    read = [_read(path, data) for path, data in files]
    return [_weighed(facts, data) for facts, (_, data) in zip(read, files, strict=True)]


def _weighed(facts: Facts, data: bytes) -> Facts:
    sent_as_page = facts.html and not facts.redirect
    return replace(facts, size=len(zlib.compress(data, _QUICKLY))) if sent_as_page else facts


def _read(path: str, data: bytes) -> Facts:
    suffix = suffix_of(path)
    size = len(data)
    if suffix == ".gz":
        text = inflate(data)  # A sitemap, or what an author attached.
        return replace(_read("sitemap.xml", text), size=size) if text.startswith(b"<?xml") else Facts(size)
    if suffix == ".html":
        return _page(data)
    if suffix in (".mjs", ".js"):
        return Facts(size, loads=_unique(_IMPORTS.findall(data.decode("utf-8", "replace"))))
    if suffix == ".css":
        loads = (one or other for one, other in _CSS_LOADS.findall(data.decode("utf-8", "replace")))
        return Facts(size, loads=_unique(url for url in loads if not url.startswith("data:")))
    if suffix in (".xml", ".json", ".txt", ".md"):
        found = _ABSOLUTE.findall(data.decode("utf-8", "replace").replace("&amp;", "&"))
        return Facts(size, links=_unique(url.rstrip(".,;:!?") for url in found))
    return Facts(size)


def wire_size(path: str, data: bytes) -> int:
    """Bytes that a host sends for a file; compressed for the types that hosts compress."""
    compressed = suffix_of(path) in _COMPRESSIBLE
    return len(zlib.compress(data, 6)) if compressed else len(data)


def _page(data: bytes) -> Facts:
    root = LexborHTMLParser(data).root
    seen = _Elements()
    # One walk over all elements takes as long as two searches by a selector.
    for node in root.traverse() if root else ():
        seen.add(node)
    return Facts(
        len(data),
        links=_unique(seen.links),
        loads=_unique(seen.loads),
        html=True,
        redirect=seen.redirect,
        article=seen.article,
        language=_value(root.attributes, "lang") if root else "",
        title=seen.titles[0] if seen.titles else "",
        described=seen.described,
        contact=seen.contact,
        levels=tuple(seen.levels),
        anchors=tuple(sorted(set(seen.ids))),
        repeated=tuple(sorted(one for one, count in Counter(seen.ids).items() if count > 1)),
        scripts=_unique(seen.scripts),
        styles=_unique(seen.styles),
        refused=_unique(seen.refused),
    )


_Attributes: TypeAlias = Mapping[str, str | None]


class _Elements:
    """The facts of a page, in the order of its elements. See :class:`Facts`."""

    def __init__(self) -> None:
        self.links: list[str] = []
        self.loads: list[str] = []
        self.titles: list[str] = []
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.refused: list[str] = []
        self.redirect = self.article = self.described = self.contact = False

    def add(self, node: LexborNode) -> None:
        tag, attributes = str(node.tag), node.attributes
        for name, value in attributes.items():
            self._add_attribute(tag, name, value or "")
        if tag in _URLS and _URLS[tag] in attributes:
            self._add_url(tag, attributes)
        elif tag in _HEADINGS:
            self.levels.append(int(tag[1]))
        elif tag == "meta":
            self.redirect |= _value(attributes, "http-equiv").lower() == "refresh"
            if _value(attributes, "name") == "description":
                self.described |= bool(_value(attributes, "content").strip())
        elif tag == "style":
            self.styles.append(_policy_hash(node))
        elif tag == "script" and _value(attributes, "type").lower() not in _DATA_BLOCKS:
            self.scripts.append(_policy_hash(node))
        elif tag == "title" and node.parent is not None and node.parent.tag == "head":
            self.titles.append(node.text().strip())

    def _add_attribute(self, tag: str, name: str, value: str) -> None:
        if name == "class":
            # Staff's own tools offer no channels; the same articles are checked on the public site.
            self.contact |= "kb-internal" in value.split()
        elif name == "id":
            self.ids.append(value)
        elif name == "data-kb":
            self.contact |= value == "contact"
        elif name == "data-article":
            self.article = True
        elif name == "data-languages":
            self.redirect |= tag == "main"
        elif name == "style":
            self.refused.append(f"a style attribute on <{tag}>")
        elif name.startswith("on"):
            self.refused.append(f"{name} on <{tag}>")

    def _add_url(self, tag: str, attributes: _Attributes) -> None:
        url = _value(attributes, _URLS[tag])
        if tag == "link":
            loaded = not _RENDERED.isdisjoint(_value(attributes, "rel").split())
        else:
            loaded = _URLS[tag] == "src" and _value(attributes, "loading") != "lazy"
        if loaded:
            self.loads.append(url)
        elif _SCRIPT_LINK.match(url):
            self.refused.append("a javascript: link")
        else:
            self.links.append(url)


def _value(attributes: _Attributes, name: str) -> str:
    return attributes.get(name) or ""


def _policy_hash(node: LexborNode) -> str:
    """CSP level 3, section 2.3.1: the base64 of the SHA-256 of the element's text, as UTF-8."""
    return f"sha256-{base64.b64encode(hashlib.sha256(node.text().encode()).digest()).decode()}"


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
