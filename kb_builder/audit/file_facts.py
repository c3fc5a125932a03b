"""Facts about a finished file: links, anchors, outline, resources a browser loads, code a policy must allow.

Computed from the bytes alone, so that they can be cached under their hash. Shares no code with the rendering; HTML is
parsed by a browser's parser (lexbor).
"""

import base64
import hashlib
import posixpath
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kb_builder.audit.text_runs import inflate

_COMPRESSIBLE = frozenset({".html", ".css", ".mjs", ".js", ".svg", ".json", ".xml", ".txt", ".md"})
READ: Final = frozenset({".html", ".css", ".mjs", ".js", ".xml", ".json", ".txt", ".md", ".gz"})
"""Suffixes of the files about which there are other facts than a size."""
_DATA_BLOCKS = frozenset({"application/ld+json", "application/json", "text/plain", "speculationrules"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_URLS: Final = {
    "a": "href", "area": "href", "form": "action", "link": "href",
    "script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src", "embed": "src",
}  # fmt: skip
"""Element → the attribute with the URL that it links to or loads."""
_READ_ELEMENTS: Final = frozenset({*_URLS, *_HEADINGS, "meta", "style", "title"})
_MARKED: Final = frozenset({"class", "id", "style", "data-kb", "data-article", "data-languages"})
_MOST_KNOWN: Final = 1000
"""Elements whose marks a process keeps: some megabytes."""
_COMMON: Final = b"abcdefghijklmnopqrstuvwxyz0123456789 \n<>/=\"'-.:,_#ACDEFILMPRST"
"""As many characters as have codes of six bits beside longer codes for the others."""
_QUICKLY: Final = 1
"""The level of zlib that takes half as long as the level at which hosts compress."""
_RENDERED = frozenset({"stylesheet", "icon", "modulepreload", "preload"})
"""Relations of a ``<link>`` whose file a browser fetches to show the page."""

# Browsers skip control characters and blanks in front of and inside a scheme.
_SCRIPT_LINK = re.compile(r"[\x00-\x20]*" + r"[\t\n\r]*".join("javascript") + r"[\t\n\r]*:", re.IGNORECASE)
_ABSOLUTE = re.compile(r"""https?://[^\s"'<>()\[\]{}\\|]+""")
_RUN = re.compile(rb"""https?://[^\s\x1c-\x1f"'<>()\[\]{}\\|]+""")
"""One or more of them: in text beyond ASCII there may be other white space, and only what is found is decoded."""
_IMPORTS = re.compile(r"""^\s*(?:import|export)\s*(?:[\w*${}\s,]+?\sfrom\s*)?["']([^"']+)["']""", re.MULTILINE)
_CSS_LOADS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about one file. URLs are as written. Files other than HTML have only a size, links and loads."""

    size: int
    """Bytes; of a page that is no redirect, a little more than hosts send (:func:`wire_size`), or what is enough to
    know that it is not too heavy."""
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


@lru_cache(maxsize=1_000)
def suffix_of(path: str) -> str:
    """The lower-case suffix, such as ``.html``; empty if there is none."""
    return posixpath.splitext(path)[1].lower()


def facts_of_all(files: Sequence[tuple[str, bytes]], spare: int = 0) -> list[Facts]:
    """The facts of each file (path, bytes); only the suffix of a path matters. Pages that can't be more than ``spare``
    bytes on the wire are not compressed to know how many.

    All are read before all are weighed, which is an eighth faster (decision 46).
    """
    read = [_read(path, data) for path, data in files]
    return [_weighed(facts, data, spare) for facts, (_, data) in zip(read, files, strict=True)]


def _weighed(facts: Facts, data: bytes, spare: int) -> Facts:
    if not facts.html or facts.redirect:
        return facts
    most = most_sent(data)
    return replace(facts, size=most if most <= spare else len(zlib.compress(data, _QUICKLY)))


def most_sent(data: bytes) -> int:
    """More than zlib makes of ``data``: as much as a code of six bits for common characters and 14 for others, which
    is better than none and worse than the one that zlib finds. Takes a tenth of the time of compressing."""
    others = len(data.translate(None, _COMMON))
    return (6 * len(data) + 8 * others) // 8 + len(data) // 100 + 200


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
        return Facts(size, links=_unique(url.rstrip(".,;:!?") for url in _absolute_urls(data)))
    return Facts(size)


def _absolute_urls(data: bytes) -> Iterator[str]:
    for run in _RUN.findall(data):
        text = run.decode("utf-8", "replace").replace("&amp;", "&")
        if text.isascii():
            yield text
        else:
            yield from _ABSOLUTE.findall(text)


def wire_size(path: str, data: bytes) -> int:
    """Bytes that a host sends for a file; compressed for the types that hosts compress."""
    compressed = suffix_of(path) in _COMPRESSIBLE
    return len(zlib.compress(data, 6)) if compressed else len(data)


def _page(data: bytes) -> Facts:
    root = LexborHTMLParser(data).root
    marks = _marks_of_page(root) if root else defaultdict(list)
    ids = sorted(marks["id"])
    return Facts(
        len(data),
        links=_unique(marks["link"]),
        loads=_unique(marks["load"]),
        html=True,
        redirect="redirect" in marks,
        article="article" in marks,
        language=_value(root.attributes, "lang") if root else "",
        title=next(iter(marks["title"]), ""),
        described="described" in marks,
        contact="contact" in marks,
        levels=tuple(map(int, marks["level"])),
        anchors=_unique(ids),
        repeated=_unique(one for one, same in pairwise(ids) if one == same),
        scripts=_unique(marks["script"]),
        styles=_unique(marks["style"]),
        refused=_unique(marks["refused"]),
    )


_Attributes: TypeAlias = Mapping[str, str | None]
_Marks: TypeAlias = defaultdict[str, list[str]]
"""What facts are made of: the values of each kind, in the order of the elements."""


def _marks_of_page(root: LexborNode) -> _Marks:
    marks: _Marks = defaultdict(list)
    _add_marks(marks, [root])
    for part in root.iter():
        if part.tag == "head":
            _add_marks(marks, part.traverse())
            continue
        _add_marks(marks, [part])
        for element in part.iter():
            if element.tag == "main":
                _add_marks(marks, element.traverse())
            else:  # What is in front of <main> and behind it is the same on many pages.
                for kind, values in _known_marks(element).items():
                    marks[kind] += values
    return marks


_known: Final[dict[str | None, _Marks]] = {}


def _known_marks(element: LexborNode) -> _Marks:
    """The marks of an element and all in it. Elements that are written the same have the same."""
    written = element.html
    if written not in _known:
        if len(_known) == _MOST_KNOWN:
            _known.clear()
        _add_marks(_known.setdefault(written, defaultdict(list)), element.traverse())
    return _known[written]


def _add_marks(marks: _Marks, elements: Iterable[LexborNode]) -> None:
    for node in elements:
        tag, attributes = node.tag or "", node.attributes
        for name, value in attributes.items():
            if name in _MARKED or name[:2] == "on":
                _mark_attribute(marks, tag, name, value or "")
        if tag not in _READ_ELEMENTS:
            continue
        if tag in _URLS and _URLS[tag] in attributes:
            kind, value = _url_mark(tag, attributes)
            marks[kind].append(value)
        elif tag in _HEADINGS:
            marks["level"].append(tag[1])
        elif tag == "meta":
            if _value(attributes, "http-equiv").lower() == "refresh":
                marks["redirect"].append(tag)
            if _value(attributes, "name") == "description" and _value(attributes, "content").strip():
                marks["described"].append(tag)
        elif tag == "style":
            marks["style"].append(_policy_hash(node))
        elif tag == "script" and _value(attributes, "type").lower() not in _DATA_BLOCKS:
            marks["script"].append(_policy_hash(node))
        elif tag == "title" and node.parent is not None and node.parent.tag == "head":
            marks["title"].append(node.text().strip())


def _mark_attribute(marks: _Marks, tag: str, name: str, value: str) -> None:
    if name == "class":
        # Staff's own tools offer no channels; the same articles are checked on the public site.
        if "kb-internal" in value.split():
            marks["contact"].append(value)
    elif name == "id":
        marks["id"].append(value)
    elif name == "data-kb":
        if value == "contact":
            marks["contact"].append(value)
    elif name == "data-article":
        marks["article"].append(value)
    elif name == "data-languages":
        if tag == "main":
            marks["redirect"].append(value)
    else:
        what = "a style attribute" if name == "style" else name
        marks["refused"].append(f"{what} on <{tag}>")


def _url_mark(tag: str, attributes: _Attributes) -> tuple[str, str]:
    url = _value(attributes, _URLS[tag])
    if tag == "link":
        loaded = not _RENDERED.isdisjoint(_value(attributes, "rel").split())
    else:
        loaded = _URLS[tag] == "src" and _value(attributes, "loading") != "lazy"
    if loaded:
        return "load", url
    return ("refused", "a javascript: link") if _SCRIPT_LINK.match(url) else ("link", url)


def _value(attributes: _Attributes, name: str) -> str:
    return attributes.get(name) or ""


def _policy_hash(node: LexborNode) -> str:
    """CSP level 3, section 2.3.1: the base64 of the SHA-256 of the element's text, as UTF-8."""
    return f"sha256-{base64.b64encode(hashlib.sha256(node.text().encode()).digest()).decode()}"


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
