"""Facts about a finished file: links, anchors, outline, resources a browser loads, code a policy must allow.

Computed from the bytes alone, so that they can be cached under their hash. Shares no code with the rendering; HTML is
parsed by a browser's parser (lexbor).
"""

import base64
import hashlib
import posixpath
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kb_builder.audit.text_runs import inflate

_COMPRESSIBLE = frozenset({".html", ".css", ".mjs", ".js", ".svg", ".json", ".xml", ".txt", ".md"})
_DATA_BLOCKS = frozenset({"application/ld+json", "application/json", "text/plain", "speculationrules"})

# Browsers skip control characters and blanks in front of and inside a scheme.
_SCRIPT_LINK = re.compile(r"[\x00-\x20]*" + r"[\t\n\r]*".join("javascript") + r"[\t\n\r]*:", re.IGNORECASE)
# Only behind what separates attributes: a search from each “on” of a long word would take time with its square.
_HANDLER = re.compile(rb"(?<=[ \t\n\f\r\"'/])on[a-z]+\s*=")
_ABSOLUTE = re.compile(r"""https?://[^\s"'<>()\[\]{}\\|]+""")
_IMPORTS = re.compile(r"""^\s*(?:import|export)\s*(?:[\w*${}\s,]+?\sfrom\s*)?["']([^"']+)["']""", re.MULTILINE)
_CSS_LOADS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about one file. URLs are as written. Files other than HTML have only a size, links and loads."""

    size: int
    """Bytes; of a page that is no redirect, as hosts send them."""
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
    """What our policy blocks: style attributes, event handlers, ``javascript:`` links."""


def suffix_of(path: str) -> str:
    """The lower-case suffix, such as ``.html``; empty if there is none."""
    return posixpath.splitext(path)[1].lower()


def facts_of(path: str, data: bytes) -> Facts:
    """The facts of a file; only the suffix of its path matters."""
    suffix = suffix_of(path)
    size = len(data)
    if suffix == ".gz":
        text = inflate(data)  # A sitemap, or what an author attached.
        return replace(facts_of("sitemap.xml", text), size=size) if text.startswith(b"<?xml") else Facts(size)
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
    tree = LexborHTMLParser(data)
    links: list[str] = []
    loads: list[str] = []
    refused: list[str] = []
    for node in tree.css("a[href], area[href], form[action]"):
        url = _attribute(node, "href") or _attribute(node, "action")
        if _SCRIPT_LINK.match(url):
            refused.append("a javascript: link")
        else:
            links.append(url)
    for node in tree.css("link[href]"):
        relation = _attribute(node, "rel").split()
        if {"stylesheet", "icon", "modulepreload", "preload"} & set(relation):
            loads.append(_attribute(node, "href"))
        else:
            links.append(_attribute(node, "href"))
    for node in tree.css("script[src], img[src], iframe[src], source[src], video[src], audio[src], embed[src]"):
        (links if _attribute(node, "loading") == "lazy" else loads).append(_attribute(node, "src"))
    scripts = [
        _policy_hash(node)
        for node in tree.css("script:not([src])")
        if _attribute(node, "type").lower() not in _DATA_BLOCKS
    ]
    styled = tree.css("[style]")
    refused += [f"a style attribute on <{node.tag}>" for node in styled]
    if _HANDLER.search(data.lower()):
        refused += _handlers(tree)
    ids = [_attribute(node, "id") for node in tree.css("[id]")]
    root = tree.css_first("html")
    title = tree.css_first("head > title")
    redirect = bool(tree.css("meta[http-equiv='refresh' i], main[data-languages]"))
    return Facts(
        len(data) if redirect else wire_size("index.html", data),
        links=_unique(links),
        loads=_unique(loads),
        html=True,
        redirect=redirect,
        article=bool(tree.css("[data-article]")),
        language=_attribute(root, "lang") if root else "",
        title=title.text().strip() if title else "",
        described=any(_attribute(node, "content").strip() for node in tree.css("meta[name='description']")),
        # Staff's own tools offer no channels; the same articles are checked on the public site.
        contact=bool(tree.css("[data-kb='contact'], .kb-internal")),
        levels=tuple(int(str(node.tag)[1]) for node in tree.css("h1, h2, h3, h4, h5, h6")),
        anchors=tuple(sorted(set(ids))),
        repeated=tuple(sorted({one for one in ids if ids.count(one) > 1})) if len(set(ids)) < len(ids) else (),
        scripts=_unique(scripts),
        styles=_unique(_policy_hash(node) for node in tree.css("style")),
        refused=_unique(refused),
    )


def _attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def _policy_hash(node: LexborNode) -> str:
    """CSP level 3, section 2.3.1: the base64 of the SHA-256 of the element's text, as UTF-8."""
    return f"sha256-{base64.b64encode(hashlib.sha256(node.text().encode()).digest()).decode()}"


def _handlers(tree: LexborHTMLParser) -> list[str]:
    found = []
    for node in tree.css("*"):
        found += [f"{name} on <{node.tag}>" for name in node.attributes if name.startswith("on")]
    return found


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
