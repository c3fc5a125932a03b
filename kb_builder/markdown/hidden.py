"""Elements that an author hid from readers. The sanitiser removes the attributes that hide them, so they go first."""

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

_HIDDEN_STYLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_WORDS: Final = ("hidden", "display", "visibility")
_LIKELY: Final = re.compile(r"<[^<>]*(?:\shidden[\s=>/]|display|visibility)", re.IGNORECASE)


def _may_hide(html: str) -> bool:
    lowered = html.lower()
    return any(word in lowered for word in _WORDS) and _LIKELY.search(html) is not None


def is_hidden(node: LexborNode) -> bool:
    """Whether readers don't see the element: ``hidden``, or a style that does the same."""
    attributes = node.attributes
    style = attributes.get("style")
    return "hidden" in attributes or (style is not None and bool(_HIDDEN_STYLE.search(style.lower())))


def hides(attributes: str) -> bool:
    """The same of attributes as they are written in a tag."""
    if not _may_hide(f"<x {attributes}>"):
        return False
    body = LexborHTMLParser(f"<body><div {attributes}></div>").body
    node = body.css_first("div") if body else None
    return node is not None and is_hidden(node)


def without_hidden(html: str) -> str:
    """``html``, a body that is not sanitised yet, without hidden elements and what is inside them."""
    if not _may_hide(html):
        return html
    body = LexborHTMLParser(f"<body>{html}").body
    if body is None:
        return html
    hidden = [node for node in body.css("[hidden], [style]") if is_hidden(node)]
    for node in hidden:
        node.remove()
    return (body.inner_html or "") if hidden else html
