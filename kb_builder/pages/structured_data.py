"""JSON-LD (schema.org) for content that is visible on the page."""

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

from markupsafe import Markup

from kb_builder.model import Article
from kb_builder.pages.elements import Crumb

Node: TypeAlias = dict[str, Any]

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def document(nodes: Sequence[Node]) -> Markup:
    """One JSON-LD document, safe inside a script element."""
    content: Node = nodes[0] if len(nodes) == 1 else {"@graph": list(nodes)}
    text = _ENCODER.encode({"@context": "https://schema.org", **content})
    # Inside a script element only these characters could close it or open a comment.
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def breadcrumbs(crumbs: Sequence[Crumb], site_url: str) -> Node:
    """BreadcrumbList of a page; ``crumbs`` are site-relative. The last one is the page itself and has no URL."""
    items = [
        {"@type": "ListItem", "position": place, "name": crumb.title, "item": site_url + crumb.url}
        for place, crumb in enumerate(crumbs, start=1)
    ]
    del items[-1]["item"]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def article(item: Article, canonical: str, publisher: str) -> Node:
    """An Article node."""
    node: Node = {
        "@type": "Article",
        "headline": item.title,
        "url": canonical,
        "publisher": {"@type": "Organization", "name": publisher},
    }
    if updated := item.last_reviewed_on or item.effective_date:
        node["dateModified"] = updated.isoformat()
    return node


def question(item: Article) -> Node:
    """A FAQPage node for an article whose short answer is visible on the page."""
    answer = {"@type": "Answer", "text": item.answer}
    return {"@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": item.title, "acceptedAnswer": answer}]}
